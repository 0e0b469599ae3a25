"""Ratings: figures become levels by the limits that the screen shows, and answers by their number."""

import pytest

from nbkata.kata.core.figures import Figure, Measured, Values
from nbkata.report.core.health import (
    Check,
    Level,
    as_document,
    judged_ratings,
    measured_ratings,
)

DONE, MISSING = Check("Fixed seeds", True, "each draw has one"), Check("README", False, "none")


def levels(values: Values, *checks: Check) -> dict[str, Level]:
    return {one.title: one.level for one in measured_ratings(values, checks or (DONE,))}


@pytest.mark.parametrize(
    ("caught", "level"),
    [(90, Level.HEALTHY), (89.9, Level.CARE), (60, Level.CARE), (59, Level.RISK)],
)
def test_the_safety_net_is_as_healthy_as_the_share_it_catches(caught: float, level: Level):
    assert levels({Figure.STRENGTH: Measured(caught)})["Safety net"] is level


def test_smells_count_for_each_hundred_lines():
    for lines, level in ((500, Level.HEALTHY), (100, Level.CARE), (50, Level.RISK)):
        values: Values = {Figure.SMELLS: Measured(10), Figure.LINES: Measured(lines)}
        assert levels(values)["Readable code"] is level
    (rating,) = [one for one in measured_ratings(values, [DONE]) if one.title == "Readable code"]
    assert rating.evidence == "10 smells, 20.0 in 100 lines"


def test_what_cannot_be_measured_is_at_risk():
    found = levels({})
    assert [found.pop("Reproducible")] == [Level.HEALTHY]
    assert set(found.values()) == {Level.RISK}


@pytest.mark.parametrize(
    ("done", "missing", "level"),
    [(5, 0, Level.HEALTHY), (3, 2, Level.CARE), (2, 2, Level.RISK), (2, 3, Level.RISK)],
)
def test_the_checklist_is_one_row(done: int, missing: int, level: Level):
    assert levels({}, *[DONE] * done, *[MISSING] * missing)["Reproducible"] is level


def test_answers_are_levels_and_what_is_not_answered_is_not_judged():
    ratings = judged_ratings({"knowledge": 1, "delivery": 3})
    assert not isinstance(ratings, str)
    assert [one.level for one in ratings] == [
        Level.HEALTHY,
        Level.RISK,
        Level.UNKNOWN,
        Level.UNKNOWN,
    ]
    assert ratings[1].evidence == "later, or nobody knows how"


@pytest.mark.parametrize(
    ("answers", "complaint"),
    [
        ({"knowlegde": 1}, "there is no question 'knowlegde'; there are delivery, knowledge"),
        ({"delivery": 4}, "delivery must be 1, 2 or 3, not 4"),
        ({"delivery": True}, "delivery must be 1, 2 or 3, not True"),
    ],
)
def test_a_wrong_answer_is_named(answers: dict[str, object], complaint: str):
    found = judged_ratings(answers)
    assert isinstance(found, str) and found.startswith(complaint)


def test_the_document_has_every_row_and_item():
    document = as_document(measured_ratings({}, [MISSING]), [MISSING])
    assert document["health"][-1] == {
        "row": "Reproducible",
        "level": "at risk",
        "evidence": "0 of 1 on the checklist",
    }
    assert document["reproducibility"] == [{"item": "README", "ok": False, "evidence": "none"}]
