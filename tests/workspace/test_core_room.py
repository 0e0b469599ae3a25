"""The lines that a learner who joined a room sends: what they may hold, and what is believed of them."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbkata.workspace.core.room import (
    MOST_LINE,
    MOST_NAME,
    OLDEST,
    RoomLine,
    call_in,
    cleaned_name,
    head_of,
    id_of,
    line_in,
    name_in,
    nearest_mistake,
    shifted,
    text_of,
)

CHECK = RoomLine(
    "2030-01-31T10:00:00+00:00", "refactoring", "06-titles", True, False, 3.25, 1, "no unit test"
)
ARRIVED = datetime(2030, 1, 31, 12, 0, tzinfo=UTC)


def test_a_line_comes_back_as_it_was_sent():
    hand = RoomLine("2030-01-31T10:00:00+00:00", "refactoring", "06-titles", help=True)
    for line in (CHECK, hand, hand._replace(help=False)):
        assert line_in(text_of(line)) == line


def test_a_line_holds_nothing_but_what_was_promised():
    assert set(json.loads(text_of(CHECK))) == {
        *("time", "kata", "step", "behaviour", "shape", "seconds", "hints", "mistake"),
    }
    assert set(json.loads(text_of(CHECK._replace(behaviour=None, shape=None, mistake="")))) == {
        *("time", "kata", "step", "hints"),
    }


@pytest.mark.parametrize(
    "change",
    [
        {"time": "yesterday"},
        {"time": "2030-01-31T10:00:00"},
        {"time": "0001-01-01T00:00:00+23:59"},
        {"time": 5},
        {"kata": "../../etc"},
        {"kata": ""},
        {"step": "06 titles"},
        {"step": "a" * 100},
        {"step": ["06-titles"]},
        {"behaviour": 1},
        {"shape": "true"},
        {"help": 0},
        {"seconds": -1},
        {"seconds": float("nan")},
        {"seconds": float("inf")},
        {"seconds": True},
        {"hints": "1"},
        {"mistake": "two\nlines"},
        {"mistake": "a" * 200},
        {"mistake": {"name": "no unit test"}},
        {"extra": "a" * MOST_LINE},
    ],
    ids=str,
)
def test_a_line_with_a_wrong_value_is_none(change: dict[str, object]):
    document = json.loads(text_of(CHECK))
    assert line_in(json.dumps(document)) == CHECK
    assert line_in(json.dumps(document | change)) is None


def test_what_else_a_line_holds_is_dropped():
    document = json.loads(text_of(CHECK)) | {"code": "import os", "file": "train.py"}
    assert line_in(json.dumps(document)) == CHECK


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "[" * 500, '"\\ud800"', "9" * 500])
def test_what_is_no_object_is_no_line_and_no_name(text: str):
    assert line_in(text) is None
    assert name_in(text) == ""


@given(st.text())
def test_a_name_becomes_short_and_printable(name: str):
    cleaned = cleaned_name(name)
    assert len(cleaned) <= MOST_NAME and (cleaned.isprintable() or not cleaned)
    assert cleaned == cleaned_name(cleaned)
    assert name_in(head_of(name)) == cleaned


def test_a_name_keeps_its_letters_and_loses_what_steers_a_terminal_or_turns_text_around():
    assert cleaned_name("  Zoë \n Ångström ") == "Zoë Ångström"
    assert cleaned_name("Ada\x1b[31m\u202egnp") == "Ada [31m gnp"
    assert cleaned_name("a" * 10_000_000) == "a" * MOST_NAME


def test_a_clock_that_is_an_hour_off_is_put_right_and_intervals_stay():
    theirs = ARRIVED + timedelta(hours=1)
    lines = [CHECK._replace(time=(theirs - timedelta(minutes=m)).isoformat()) for m in (20, 5)]
    ours = [shifted(line, ARRIVED - theirs, ARRIVED).time for line in lines]
    assert ours == ["2030-01-31T11:40:00+00:00", "2030-01-31T11:55:00+00:00"]


@pytest.mark.parametrize("year", [1, 9999])
def test_no_line_is_from_the_future_or_older_than_a_day_in_a_workshop(year: int):
    line = CHECK._replace(time=f"{year:04}-06-01T00:00:00+00:00")
    for by in (timedelta(), timedelta(days=900_000), timedelta(days=-900_000)):
        moment = datetime.fromisoformat(shifted(line, by, ARRIVED).time)
        assert ARRIVED - OLDEST <= moment <= ARRIVED


def test_nobody_can_guess_a_token_from_its_identity():
    token = "a-token-of-a-learner"
    assert id_of(token) == id_of(token) != id_of(token + "s")
    assert len(id_of(token)) == 16 and token not in id_of(token)


@pytest.mark.parametrize(
    ("text", "step"), [("07-alone", "07-alone"), ("", ""), (None, ""), ("<b>", ""), ({}, "")]
)
def test_a_call_is_the_name_of_a_step_or_nothing(text: object, step: str):
    assert call_in(text) == step


KNOWN = (
    (
        "no unit test",
        "add_derived_title (train.py, line 16) has no unit test yet: there are only the tests of train(). "
        "Write one in tests/test_features.py that calls it on a few made-up rows.",
    ),
    ("another median", "[...]"),
)


def test_a_message_of_the_kits_is_known_though_the_names_in_it_are_the_learners():
    message = KNOWN[0][1].replace("add_derived_title", "titleOf2").replace("16", "133")
    assert nearest_mistake(message, KNOWN) == "no unit test"


@pytest.mark.parametrize(
    "message",
    [
        "NameError: name 'salary_of_ada' is not defined",
        "[...]",
        "",
        "No function derives the titles yet: while train() ran, none was called.",
        "salary_of_ada has no unit test yet: there are only the tests of Ada and of her salary in it.",
    ],
)
def test_nothing_is_sent_of_any_other_message(message: str):
    assert nearest_mistake(message, KNOWN) == ""
