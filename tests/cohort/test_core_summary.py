"""What the results of a cohort say together."""

import pytest

from nbkata.cohort.core.result import Ended, Result, result_from_json
from nbkata.cohort.core.summary import document, rows, summary_of

RED = Result(
    "ann", Ended.RED, "05-dead", True, False, ("Line 7 is dead.",), steps={"05-dead": False}
)
NOTE = "3 of 4 mutants caught\nSurvived, src/train.py, line 7:\n--- a\n+++ b\n@@ -7 +7 @@\n-a < 1\n+a <= 1"
GREEN = Result(
    *(
        "bob",
        Ended.GREEN,
        "06-titles",
        True,
        True,
        (),
        (NOTE,),
        {"05-dead": True, "06-titles": True},
    ),
    shape_of_code="abc",
)
LIKE_BOB = Result(
    "cid", Ended.RED, "05-dead", False, True, ("Line 12 is dead.",), shape_of_code="abc"
)
LATE = Result(
    "dan", Ended.TIMED_OUT, "05-dead", messages=("Line 1 is dead.",), steps={"05-dead": False}
)


def test_who_is_furthest_comes_first_and_limits_count_as_neither_right_nor_wrong():
    found = summary_of([LATE, RED, GREEN])
    assert [one.id for one in found.results] == ["bob", "ann", "dan"]
    assert [(s.slug, s.green, s.of) for s in found.steps] == [
        ("05-dead", 1, 2),
        ("06-titles", 1, 1),
    ]
    assert [one.id for one in found.limited] == ["dan"]


def test_messages_that_differ_in_numbers_alone_are_counted_together_with_one_example():
    found = summary_of([LIKE_BOB, RED, LATE])
    assert [(m.count, m.example, m.ids) for m in found.messages] == [
        (2, "Line 7 is dead.", ("ann", "cid"))
    ]


def test_that_there_are_more_messages_is_no_message():
    several = Result("eve", Ended.RED, messages=("X, row 7, differs.\nSee it.", "And 12 more."))
    assert [m.example for m in summary_of([several]).messages] == ["X, row 7, differs."]
    assert (several.first_message, GREEN.first_message) == ("X, row 7, differs.", "")


def test_survivors_and_solutions_that_are_alike_are_counted():
    found = summary_of([GREEN, LIKE_BOB, RED])
    assert [(m.count, m.example) for m in found.survivors] == [(1, "-a < 1\n+a <= 1")]
    assert [group.ids for group in found.alike] == [("bob", "cid")]


def test_a_cell_of_the_table_is_no_formula():
    odd = Result("=cmd|' /C calc'!A0", Ended.RED, messages=("+1",))
    (row,) = rows(summary_of([odd]))
    assert (row[0], row[5]) == ("'=cmd|' /C calc'!A0", "'+1")


def test_the_document_names_how_each_ended():
    answer = document(summary_of([LATE]), "2 processes here", "bubblewrap")
    assert [(w["id"], w["ended_by"]) for w in answer["workspaces"]] == [("dan", "timed out")]


@pytest.mark.parametrize(
    "change",
    [{"ended": "won"}, {"messages": [1]}, {"steps": []}, {"files": {"a": 1}}, {"hints": "no"}],
)
def test_a_document_of_another_form_is_no_result(change: dict[str, object]):
    whole = GREEN.as_json()
    assert result_from_json(whole) == GREEN
    with pytest.raises((ValueError, TypeError, AttributeError)):
        result_from_json(whole | change)
