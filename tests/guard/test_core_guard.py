"""guard/core: seeded commits, 40 from before the guard and more against it; and what is said of each."""

from pathlib import Path

import pytest
from support.builders import ROOT
from support.guard_cases import CHEATING, HONEST, MORE_CHEATING, MORE_HONEST, PROJECT, Commit

from nbkata.guard.core.approvals import approval_line
from nbkata.guard.core.finding import Finding, Kind, Place
from nbkata.guard.core.guard import findings
from nbkata.guard.core.paths import APPROVALS

SOLUTIONS = ROOT / "solutions" / "refactoring"


@pytest.mark.parametrize("commit", HONEST + MORE_HONEST, ids=lambda commit: commit.what)
def test_an_honest_commit_passes(commit: Commit):
    assert [str(one) for one in findings(PROJECT, commit.on(PROJECT))] == []


@pytest.mark.parametrize("commit", CHEATING + MORE_CHEATING, ids=lambda commit: commit.what)
def test_a_cheating_commit_is_named(commit: Commit):
    found = findings(PROJECT, commit.on(PROJECT))
    assert commit.kind in {one.kind for one in found}, found
    assert all(one.before or one.after for one in found)


def test_the_katas_own_steps_are_honest_until_the_other_hat_which_wants_an_approval():
    folders = [folder for folder in sorted(SOLUTIONS.iterdir()) if folder.is_dir()]
    for one, other in zip(folders, folders[1:]):
        before, after = _files(one), _files(other)
        if other.name == "13-other-hat":
            assert {one.kind for one in findings(before, after)} == {Kind.GOLDEN, Kind.EXPECTED}
            after |= {APPROVALS: approval_line(after, "the five bugs of BUGS.md")}
        assert findings(before, after) == ()


def _files(folder: Path) -> dict[str, str]:
    paths = [
        path for path in folder.rglob("*") if path.suffix in (".py", ".json", ".csv", ".ipynb")
    ]
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}


def test_a_finding_whose_place_is_the_same_before_and_after_names_it_once():
    place = Place("tests/golden/rows.csv", 4)
    assert str(Finding(Kind.WEAKER, "why", place, place)).startswith("tests/golden/rows.csv:4: ass")


def test_findings_name_both_places_in_text_json_and_for_github():
    finding = Finding(Kind.WEAKER, "50 % of it", Place("tests/a.py", 3), Place("tests/b, c.py", 9))
    assert str(finding) == "tests/a.py:3 -> tests/b, c.py:9: assertion weaker: 50 % of it"
    assert finding.as_json() == {
        "kind": "weaker",
        "message": "50 % of it",
        "before": {"path": "tests/a.py", "line": 3},
        "after": {"path": "tests/b, c.py", "line": 9},
    }
    assert finding.as_github() == (
        "::error file=tests/b%2C c.py,line=9,title=nbkata guard%3A assertion weaker"
        "::50 %25 of it It was at tests/a.py:3."
    )


@pytest.mark.parametrize(
    ("instead", "says"),
    [
        (
            "",
            "tests/test_a.py:1: test deleted: test_a_gap_stays is gone, and no test does its work.",
        ),
        (
            "def test_the_oldest_have_a_band():\n    assert band([80, 70]) == [4, 4]\n",
            "tests/test_a.py:1 -> tests/test_a.py:5: test deleted: test_a_gap_stays is gone; "
            "test_the_oldest_have_a_band is new there, and asks something else.",
        ),
    ],
)
def test_a_test_that_is_gone_has_a_second_place_only_where_another_is_new(instead: str, says: str):
    gone = "def test_a_gap_stays():\n    assert isnan(fill(None))\n\n\n"
    kept = "def test_b():\n    assert band([3]) == [0]\n\n\n"
    found = findings({"tests/test_a.py": gone + kept}, {"tests/test_a.py": kept + instead})
    assert [str(one) for one in found] == [says]


def test_a_test_that_asks_the_same_code_in_another_file_is_named_beside_the_one_that_is_gone():
    code = {"src/a.py": "def main(paths):\n    return paths\n"}
    gone = "def test_the_program_prints():\n    assert main([3, 4]) == [3]\n"
    new = "def test_the_program_saves():\n    found = main([])\n    assert found == []\n"
    other = "def test_apart():\n    assert True\n"
    found = findings(
        {**code, "tests/test_shell.py": gone},
        {**code, "tests/test_a.py": other, "tests/test_train.py": other + new},
    )
    assert [str(one) for one in found] == [
        "tests/test_shell.py:1 -> tests/test_train.py:3: test deleted: test_the_program_prints is "
        "gone; test_the_program_saves is new in tests/test_train.py, and asks something else."
    ]


def test_a_new_class_of_tests_with_an_attribute_of_the_same_name_weakens_nothing():
    first = (
        "class Titles(TestCase):\n    people = frame('Name\\nAlder, Mr. Finn')\n\n"
        "    def test_each(self):\n        assert titled(self.people) == 'Mr'\n\n\n"
    )
    second = first.replace("Titles", "Alone").replace("Name\\nAlder, Mr. Finn", "SibSp\\n0")
    assert findings({"tests/test_a.py": first}, {"tests/test_a.py": first + second}) == ()
    other = first.replace("Alder", "Elm").replace("Finn", "Ida")
    changed = findings(
        {"src/a.py": "A = 1\n", "tests/test_a.py": first + second},
        {"src/a.py": "A = 2\n", "tests/test_a.py": other + second},
    )
    assert [one.kind for one in changed] == [Kind.EXPECTED]


PIN = "def test_ages_over_64_keep_their_years():\n    banded = band([70, 64])\n    assert banded == [70, 3]\n"
FIXED = (
    "def test_who_is_older_has_a_band_of_their_own():\n"
    "    found = [number for number in band(pd.Series([64, 64.5, 80]))]\n    assert found == [3, 4, 4]\n"
)
CODE = "def band(ages):\n    return ages\n"


def _after(test: str, code: str = CODE.replace("ages\n", "ages + 1\n")) -> list[Kind]:
    before = {"src/a.py": CODE, "tests/test_a.py": PIN}
    return [one.kind for one in findings(before, {"src/a.py": code, "tests/test_a.py": test})]


def test_a_pinned_bug_that_is_fixed_may_have_a_test_of_another_name_if_that_is_approved():
    assert _after(FIXED) == [Kind.EXPECTED]
    before = {"src/a.py": CODE, "tests/test_a.py": PIN}
    after = {"src/a.py": CODE.replace("ages\n", "ages + 1\n"), "tests/test_a.py": FIXED}
    after |= {APPROVALS: approval_line(after, "bug 2")}
    assert findings(before, after) == ()


def test_a_pin_is_deleted_if_the_new_test_asks_less_or_other_code_or_the_code_is_as_it_was():
    assert _after(FIXED, CODE) == [Kind.DELETED]
    assert _after(FIXED.replace("found == [3, 4, 4]", "len(found) > 2")) == [Kind.DELETED]
    assert _after(FIXED.replace("band(pd", "list(pd")) == [Kind.DELETED]
    two = PIN + PIN.replace("over_64", "over_70").replace("70, 64", "71, 64")
    before = {"src/a.py": CODE, "tests/test_a.py": two}
    after = {"src/a.py": CODE.replace("ages\n", "ages + 1\n"), "tests/test_a.py": FIXED}
    assert {one.kind for one in findings(before, after)} == {Kind.EXPECTED, Kind.DELETED}


CASES = (
    "@pytest.mark.parametrize('name, title', [('Dr', 'Other')])\n"
    "def test_title(name, title):\n    assert titles([name]) == [title]\n"
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title", "other_title"),  # a parameter's name is no value that is expected
        (
            "titles([name])",
            "dict(FEATURES[:1])['Title']([name])",
        ),  # a part of a table is what is tested
    ],
)
def test_the_same_question_in_other_words_is_as_strong(old: str, new: str):
    before = {"src/a.py": CODE, "tests/test_a.py": CASES}
    code = CODE.replace("ages\n", "ages + 1\n")

    found = findings(before, {"src/a.py": code, "tests/test_a.py": CASES.replace(old, new)})

    assert found == ()


def test_a_part_of_the_answer_is_weaker():
    before = {"src/a.py": CODE, "tests/test_a.py": CASES}
    after = CASES.replace("titles([name])", "titles([name])[:1]")
    found = findings(before, {**before, "tests/test_a.py": after})
    assert ["a slice" in one.message for one in found] == [True]


WHOLE = "def whole(ages):\n    return ages.astype(int)\n\n\ndef features(rows):\n    return whole(rows.Age)\n"


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ("def features(rows):\n    return rows.Age\n", []),
        (WHOLE.replace("whole", "integers"), [Kind.DELETED]),
        (WHOLE.replace("return whole(rows.Age)", "return rows.Age"), [Kind.DELETED]),
    ],
    ids=["what it tested is gone", "it has another name", "it is still there"],
)
def test_a_test_goes_with_what_it_tested(code: str, kinds: list[Kind]):
    before = {
        "src/a.py": WHOLE,
        "tests/test_a.py": "def test_whole():\n    assert whole(one()) == 1\n",
    }

    assert [
        one.kind for one in findings(before, {"src/a.py": code, "tests/test_a.py": ""})
    ] == kinds


def test_a_test_of_two_functions_does_not_go_with_one():
    test = "def test_whole():\n    assert whole(one()) == features(one())\n"
    before = {"src/a.py": WHOLE, "tests/test_a.py": test}
    after = {"src/a.py": "def features(rows):\n    return rows.Age\n", "tests/test_a.py": ""}

    assert [one.kind for one in findings(before, after)] == [Kind.DELETED]
