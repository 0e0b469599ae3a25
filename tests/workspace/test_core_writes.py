"""workspace/core/writes.py: what undo brings back, and what a stopped write leaves to do."""

import pytest

from nbkata.common.core.refusal import Refusal
from nbkata.workspace.core.writes import (
    Kept,
    Snapshot,
    brought_back,
    snapshot_from_text,
    snapshot_to_text,
    to_put_back,
    to_undo,
    undo_title,
)


def snapshot(number: int, **files: tuple[str | None, str | None]) -> Snapshot:
    kept = {name: Kept(*digests) for name, digests in files.items()}
    return Snapshot(number, "2026-11-21T09:00:00+00:00", f"catch-up {number}", kept)


REPLACED = snapshot(1, lamp=("old", "new"))


def test_what_is_written_is_read_back():
    moved = Snapshot(3, "t", "reset", {"src/a b.py": Kept(None, "x")}, "00-run", "01-tidy")
    assert snapshot_from_text(snapshot_to_text(moved)) == moved


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        snapshot_to_text(snapshot(1, **{"../thesis.docx": (None, "x")})),
        snapshot_to_text(snapshot(1, **{"/etc/passwd": (None, "x")})),
        snapshot_to_text(snapshot(1, **{"C:/boot.ini": (None, "x")})),
        snapshot_to_text(snapshot(1, lamp=(None, "x"))).replace('"x"', "7"),
    ],
)
def test_a_plan_that_is_not_whole_or_leads_outside_is_refused(text: str):
    with pytest.raises(ValueError):
        snapshot_from_text(text)


def test_a_file_that_was_replaced_is_put_back():
    assert to_put_back(REPLACED, {"lamp": "new"}, staged=set()) == ("lamp",)


def test_a_file_that_had_not_been_replaced_yet_is_left_even_when_edited_since():
    assert to_put_back(REPLACED, {"lamp": "old"}, staged={"lamp"}) == ()
    assert to_put_back(REPLACED, {"lamp": "mine"}, staged={"lamp"}) == ()


def test_a_file_that_is_back_already_is_not_put_back_twice():
    assert to_put_back(REPLACED, {"lamp": "old"}, staged=set()) == ()


def test_a_removed_file_is_put_back():
    removed = snapshot(1, lamp=("old", None))
    assert to_put_back(removed, {"lamp": None}, staged=set()) == ("lamp",)
    assert to_put_back(removed, {"lamp": "old"}, staged=set()) == ()


def test_nothing_is_touched_where_a_new_file_was_edited_since():
    both = snapshot(1, lamp=("old", "new"), table=("old", "new"))
    assert to_put_back(both, {"lamp": "mine", "table": "new"}, staged=set()) is None


def test_undo_takes_the_last_write_or_all_since_the_one_asked_for():
    one, two, three = (snapshot(number, lamp=("a", "b")) for number in (1, 2, 3))
    assert to_undo([one, two, three], None) == (three,)
    assert to_undo([one, two, three], 2) == (two, three)


def test_undo_of_nothing_and_of_an_unknown_write_are_refused():
    assert "there is nothing to undo" in str(to_undo([], None))
    refusal = to_undo([REPLACED], 7)
    assert isinstance(refusal, Refusal)
    assert str(refusal) == "there is no write 7. See nbkata undo --list"


def test_a_file_comes_from_the_oldest_write_that_touched_it():
    first = snapshot(1, lamp=("a", "b"))
    second = snapshot(2, lamp=("b", "c"), table=(None, "d"))
    assert brought_back([first, second]) == {"lamp": 1, "table": None}


def test_the_title_of_an_undo_of_an_undo_stays_short():
    title = "catch-up 06-titles"
    for number in range(1, 30):
        title = undo_title([Snapshot(number, "t", title, {})])
    assert len(title) < 70
