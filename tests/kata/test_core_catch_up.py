"""What becomes of each file in a catch-up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbkata.kata.core.catch_up import Fate, merged, nearest, replaced

FEATURES = b'"""Features."""\n\n\ndef add_title(df):\n    return df\n'
THEIRS = FEATURES + b"\n\ndef add_age(df):\n    return df\n"


def fates(outcomes: object) -> dict[str, Fate]:
    return {outcome.name: outcome.fate for outcome in outcomes}  # type: ignore[attr-defined]


def test_replacing_adds_replaces_and_removes_and_leaves_out_what_is_the_same():
    mine = {"a.py": b"mine", "b.py": b"same\r\n", "c.py": b"mine"}
    kits = {"a.py": b"kit", "b.py": b"same\n", "d.py": b"kit"}
    outcomes = replaced(mine, kits)
    assert fates(outcomes) == {"a.py": Fate.REPLACED, "c.py": Fate.REMOVED, "d.py": Fate.ADDED}
    assert {o.name: o.content for o in outcomes} == {"a.py": b"kit", "c.py": None, "d.py": b"kit"}


def only(base: bytes | None, mine: bytes | None, kits: bytes | None, name: str = "a.py"):
    states = [{name: content} if content is not None else {} for content in (base, mine, kits)]
    outcomes = merged(*states)
    return outcomes[0] if outcomes else None


@pytest.mark.parametrize(
    ("base", "mine", "kits", "fate", "content"),
    [
        (b"a\n", b"a\n", b"b\n", Fate.REPLACED, b"b\n"),
        (b"a\n", b"a\n", None, Fate.REMOVED, None),
        (None, None, b"b\n", Fate.ADDED, b"b\n"),
        (b"a\n", b"m\n", b"a\n", Fate.YOURS, b"m\n"),
        (None, b"m\n", None, Fate.YOURS, b"m\n"),
        (b"a\n", None, b"b\n", Fate.ADDED, b"b\n"),
        (b"a\n", b"m\n", None, Fate.GONE, None),
        (b"a\n", b"m\n", b"b\n", Fate.CONFLICT, b"b\n"),
        (b"a\n", b"\xff\n", b"b\n", Fate.CONFLICT, b"b\n"),
    ],
)
def test_merging_decides_file_by_file(base, mine, kits, fate, content):
    outcome = only(base, mine, kits)
    assert outcome is not None
    assert (outcome.fate, outcome.content) == (fate, content)


def test_a_file_that_both_left_or_both_deleted_is_not_named():
    assert only(b"a", b"b", b"b") is None
    assert only(b"a", None, b"a") is None
    assert only(b"a", None, None) is None


def test_my_name_stays_where_the_kit_changed_another_function():
    mine = FEATURES.replace(b"add_title", b"with_title")
    outcome = only(FEATURES, mine, THEIRS)
    assert outcome.fate is Fate.MERGED
    assert b"def with_title" in outcome.content and b"def add_age" in outcome.content


def test_merged_code_keeps_my_line_ends():
    mine = FEATURES.replace(b"add_title", b"with_title").replace(b"\n", b"\r\n")
    outcome = only(FEATURES, mine, THEIRS)
    assert outcome.fate is Fate.MERGED
    assert outcome.content.count(b"\r\n") == outcome.content.count(b"\n") > 5


def test_my_tests_stay_beside_the_kits_where_both_wrote_the_file():
    mine = b"from train import x\n\n\ndef test_mine():\n    assert x\n"
    kits = b"from train import y\n\n\ndef test_theirs():\n    assert y\n"
    outcome = only(None, mine, kits, "tests/test_features.py")
    assert outcome.fate is Fate.ENRICHED
    assert outcome.message == "the kit's now, and of yours test_mine"
    assert b"from train import x" in outcome.content and b"def test_theirs" in outcome.content
    compile(outcome.content, "merged", "exec")


def test_half_a_table_or_notebook_is_never_made():
    base, mine, kits = b"1\n2\n3\n", b"0\n2\n3\n", b"1\n2\n4\n"
    assert only(base, mine, kits, "tests/golden/rows.csv").fate is Fate.CONFLICT
    assert only(base, mine, kits, "notebooks/titanic.ipynb").fate is Fate.CONFLICT


def test_code_that_would_not_run_is_never_made():
    base = b"x = (\n    1\n)\n\n\n\ny = 2\n"
    mine = b"x = 1\n\n\n\ny = 2\n"
    kits = b"x = (\n    1\n)\n\n\n\ny = 2\nz = 3\n"
    outcome = only(base, mine, kits)
    compile(outcome.content, "merged", "exec")


@given(*[st.sampled_from([None, b"a\n", b"b\n", b"a\nb\n", b"c\nb\n", b"x = (\n"])] * 3)
def test_no_merge_holds_markers_or_invents_lines(base, mine, kits):
    outcome = only(base, mine, kits)
    if outcome is not None and outcome.content is not None:
        lines = set(outcome.content.splitlines())
        assert lines <= {line for text in (base, mine, kits) if text for line in text.splitlines()}


def test_the_nearest_state_is_the_base_and_of_equals_the_later():
    states = {"04": {"a.py": b"1\n2\n"}, "05": {"a.py": b"1\n"}, "06": {"a.py": b"1\n"}}
    assert nearest({"a.py": b"1\n2\n3\n"}, states) == "04"
    assert nearest({"a.py": b"1\nmine\n"}, states) == "06"
