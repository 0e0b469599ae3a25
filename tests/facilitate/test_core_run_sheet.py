"""The plan of a workshop: what fits, what is caught up over, when to rest."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from nbkata.common.core.refusal import Refusal
from nbkata.facilitate.core.calendar_file import as_calendar
from nbkata.facilitate.core.run_sheet import (
    CLOSING,
    LONGEST_STRETCH,
    Kind,
    Part,
    clock_time,
    run_sheet,
)
from nbkata.kata.core.kata import Step


def steps(*minutes: int) -> list[Step]:
    return [Step(f"{n:02}-s", f"Step {n}", m, "Goal.", ()) for n, m in enumerate(minutes)]


def sheet(minutes: list[int], worth: list[int], length: int, pairs: bool = False) -> list[Part]:
    them = steps(*minutes)
    takes = {step.slug: step.minutes for step in them}
    found = run_sheet(
        them, {s.slug: w for s, w in zip(them, worth, strict=True)}, takes, length, pairs
    )
    assert not isinstance(found, Refusal), found
    return list(found)


def test_the_steps_of_the_least_worth_are_caught_up_over_the_latest_first():
    parts = sheet([30] * 5, [3, 1, 2, 1, 3], 175)
    assert [part.title for part in parts if part.steps] == [
        "00 Step 0",
        "01 Step 1",
        "02 Step 2",
        "Catch up over 03: nbkata catch-up 04",
        "04 Step 4",
    ]
    assert [part.title for part in sheet([30] * 5, [3, 1, 1, 1, 3], 120) if part.steps] == [
        "00 Step 0",
        "Catch up over 01 to 03: nbkata catch-up 04",
        "04 Step 4",
    ]


def test_what_comes_after_the_last_step_that_is_walked_is_for_another_day():
    parts = sheet([30] * 4, [3, 3, 1, 1], 100)
    assert [part.title for part in parts if part.steps] == ["00 Step 0", "01 Step 1"]


def test_a_long_day_has_one_lunch_near_its_half():
    parts = sheet([30] * 10, [3] * 10, 420)
    (lunch,) = [part for part in parts if part.kind is Kind.LUNCH]
    assert 150 <= lunch.begins <= 240


def test_pairs_take_a_quarter_longer_in_steps_of_five_minutes():
    (step,) = [part for part in sheet([20, 20], [3, 3], 120, pairs=True) if part.kind is Kind.STEP][
        :1
    ]
    assert step.ends - step.begins == 25


def test_the_minutes_of_a_catch_up_count_before_a_break():
    parts = sheet([30, 60, 42], [3, 1, 3], 125)  # without them nobody would work for more than 87
    assert [part.kind for part in parts[1:5]] == [Kind.STEP, Kind.BREAK, Kind.CATCH_UP, Kind.STEP]


def test_a_calendar_keeps_every_sign_of_what_to_say():
    say = "Bands; edges, \\d+\nand é" + "é" * 99
    (step,) = steps(30)
    text = as_calendar([Part(Kind.STEP, 0, 30, (step,))], datetime(2030, 1, 31), {step.slug: say})
    folded = text.split("\r\n")
    assert max(len(line.encode()) for line in folded) <= 75
    expected = f"DESCRIPTION:Bands\\; edges\\, \\\\d+\\nand é{'é' * 99}\r\n"
    assert expected in text.replace("\r\n ", "")


def test_too_short_a_workshop_is_refused():
    them = steps(60, 60)
    worth = {step.slug: 3 for step in them}
    found = run_sheet(them, worth, {step.slug: 60 for step in them}, 60)
    assert isinstance(found, Refusal) and str(found).endswith("Ask for more: --hours 3")


@given(
    st.lists(st.tuples(st.integers(5, 60), st.integers(1, 3)), min_size=2, max_size=14),
    st.integers(60, 480),
    st.booleans(),
)
def test_the_parts_fill_the_time_without_gap_or_overlap(
    given_steps: list[tuple[int, int]], length: int, pairs: bool
):
    them = steps(*(minutes for minutes, _ in given_steps))
    worth = {step.slug: w for step, (_, w) in zip(them, given_steps, strict=True)}
    parts = run_sheet(them, worth, {step.slug: step.minutes for step in them}, length, pairs)
    if isinstance(parts, Refusal):
        return
    assert parts[0].begins == 0 and parts[-1].ends == length
    assert parts[-1].ends - parts[-1].begins == CLOSING
    assert all(one.ends == other.begins for one, other in zip(parts, parts[1:], strict=False))
    assert all(part.ends > part.begins for part in parts)
    assert sum(len(part.steps) for part in parts) <= len(them)
    worked = 0
    for part in parts:
        resting = part.kind in (Kind.BREAK, Kind.LUNCH)
        worked = 0 if resting else worked + part.ends - part.begins
        if part.kind is Kind.STEP:
            longest = max(LONGEST_STRETCH, 15 + 5 + part.ends - part.begins)
            assert worked <= longest


def test_clock_times_go_on_past_midnight():
    assert [clock_time("09:30", minutes) for minutes in (0, 45, 15 * 60)] == [
        "09:30",
        "10:15",
        "00:30",
    ]
