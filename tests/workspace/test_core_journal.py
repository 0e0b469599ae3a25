"""workspace/core/journal.py: progress derived from what was checked."""

from kata.test_core_kata import GOOD, read

from nbkata.kata.core.lights import Light, Verdict
from nbkata.kata.core.progress import current_step, entry_of, hints_shown, last_check, was_green
from nbkata.workspace.core.journal import Entry, Event, Hinted, Move, events_in, line_of

GREEN = Entry("2026-11-21T09:00:00+00:00", "00-run", True, True, 8.1)
RED = Entry("2026-11-21T09:05:00+00:00", "01-tidy", True, False, 2.0)
DONE = Entry("2026-11-21T09:06:00+00:00", "01-tidy", True, True, 1.0)
ON = Move("2026-11-21T09:01:00+00:00", "01-tidy", "next")
BACK = Move("2026-11-21T09:07:00+00:00", "00-run", "catch-up")
HINT = Hinted("2026-11-21T09:04:00+00:00", "01-tidy", 2)


def test_what_is_written_is_read_back():
    events: list[Event] = [GREEN, ON, HINT, RED]
    assert events_in("".join(map(line_of, events))) == tuple(events)


def test_a_torn_last_line_is_passed_over():
    assert events_in(line_of(GREEN) + line_of(RED)[:20]) == (GREEN,)


def test_lines_of_another_kind_are_passed_over():
    assert events_in('[]\n{"step": "00-run"}\nhello\n' + line_of(RED)) == (RED,)


def test_a_green_step_is_left_by_a_move():
    kata = read(GOOD)
    assert current_step(kata, []) == kata.steps[0]
    assert current_step(kata, [GREEN]) == kata.steps[0]
    assert current_step(kata, [GREEN, ON, RED]) == kata.steps[1]
    assert current_step(kata, [GREEN, ON, RED, BACK]) == kata.steps[0]


def test_a_look_at_a_later_step_moves_nobody_but_a_green_one_does():
    kata = read(GOOD)
    assert current_step(kata, [GREEN, RED]) == kata.steps[0]
    assert current_step(read(GOOD), [DONE]) is None


def test_after_the_last_green_there_is_no_current_step_until_one_goes_back():
    kata = read(GOOD)
    assert current_step(kata, [GREEN, ON, DONE]) is None
    assert current_step(kata, [GREEN, ON, DONE, BACK]) == kata.steps[0]


def test_a_step_that_is_gone_from_the_kata_is_passed_over():
    kata = read(GOOD)
    assert current_step(kata, [Move("t", "77-gone", "next")]) == kata.steps[0]


def test_the_last_check_of_a_step_is_forgotten_when_one_goes_there_anew():
    step = read(GOOD).steps[1]
    assert last_check(step, [ON, RED, HINT]) == RED
    assert last_check(step, [RED, ON]) is None


def test_hints_and_greens_are_remembered():
    tidy = read(GOOD).steps[1]
    assert hints_shown(tidy, [HINT, RED]) == 2
    assert hints_shown(tidy, [RED]) == 0
    assert was_green(tidy, [DONE, RED]) and not was_green(tidy, [RED])


def test_an_entry_keeps_a_verdicts_lights():
    verdict = Verdict("00-run", Light(True, ("same",)), Light(False, ("not yet",)), 1.23456)
    assert entry_of(verdict, "now") == Entry("now", "00-run", True, False, 1.235)
