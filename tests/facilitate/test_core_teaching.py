"""What is said of a step, and how long a room took for it."""

import pytest

from nbkata.facilitate.core.teaching import first_sentence, minutes_taken, teaching_of
from nbkata.kata.core.kata import Step
from nbkata.workspace.core.journal import Entry, Event, Hinted, Move

STEP = Step("04-s", "Step", 30, "The goal.", ())
KNOWN = (("a mistake", "No test sees it. Write one."), ("a mistake", "Behaviour moved."))


def test_a_step_without_a_table_is_opened_by_its_goal():
    taught = teaching_of({}, KNOWN, STEP)
    assert (taught.say, taught.worth, taught.mistakes) == ("The goal.", 2, ())


def test_a_common_mistake_has_the_first_message_of_its_wrong_state():
    (mistake,) = teaching_of({"mistakes": ["a mistake"]}, KNOWN, STEP).mistakes
    assert (mistake.name, mistake.message) == ("a mistake", "No test sees it. Write one.")


@pytest.mark.parametrize(
    ("table", "complaint"),
    [({"mistakes": ["another"]}, "no wrong state"), ({"worth": 4}, "worth must be 1, 2 or 3")],
)
def test_a_table_that_does_not_fit_is_named(table: dict[str, object], complaint: str):
    with pytest.raises(ValueError, match=complaint):
        teaching_of(table, KNOWN, STEP)


@pytest.mark.parametrize(
    ("message", "first"),
    [
        ("No test sees it. Write one.", "No test sees it."),
        ("[...] mean_fare is gone.", "mean_fare is gone."),
        (
            "src/train.py, line 49 marks a cell (# %%). Delete it.",
            "src/train.py, line 49 marks a cell (# %%).",
        ),
        ("It differs in 85.67 % of them", "It differs in 85.67 % of them"),
        ("Not yet:\nmore", "Not yet:"),
    ],
)
def test_the_first_sentence_ends_where_a_reader_would_say(message: str, first: str):
    assert first_sentence(message) == first


def at(minute: int) -> str:
    return f"2030-01-31T10:{minute:02}:00+00:00"


def test_minutes_count_until_the_first_green_check_without_long_gaps():
    events: list[Event] = [
        Move(at(0), "04-s", "next"),
        Hinted(at(5), "04-s", 1),
        Entry("no time", "04-s", True, True, 1),
        Entry(at(20), "04-s", True, True, 1),
        Entry(at(50), "04-s", True, True, 1),
        Entry("2030-02-01T10:00:00+00:00", "05-t", True, False, 1),
        Entry("2030-02-01T10:07:00+00:00", "05-t", True, True, 1),
        Move("2030-02-01T10:08:00+00:00", "06-u", "next"),
    ]
    assert minutes_taken(events) == {"04-s": 20, "05-t": 7}
