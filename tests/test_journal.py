"""core/journal.py: progress derived from what was checked."""

from test_kata import GOOD, read

from nbkata.core.journal import Entry, current_step, entries_in, entry_of, line_of
from nbkata.core.lights import Light, Verdict

GREEN = Entry("2026-11-21T09:00:00+00:00", "00-run", True, True, 8.1)
RED = Entry("2026-11-21T09:05:00+00:00", "01-tidy", True, False, 2.0)


def test_what_is_written_is_read_back():
    assert entries_in(line_of(GREEN) + line_of(RED)) == (GREEN, RED)


def test_a_torn_last_line_is_passed_over():
    assert entries_in(line_of(GREEN) + line_of(RED)[:20]) == (GREEN,)


def test_lines_of_another_kind_are_passed_over():
    assert entries_in('[]\n{"step": "00-run"}\nhello\n' + line_of(RED)) == (RED,)


def test_the_current_step_is_the_first_that_was_never_green():
    kata = read(GOOD)
    assert current_step(kata, []) == kata.steps[0]
    assert current_step(kata, [GREEN, RED]) == kata.steps[1]


def test_without_a_step_left_there_is_no_current_step():
    done = Entry(RED.time, "01-tidy", True, True, 1.0)
    assert current_step(read(GOOD), [GREEN, done]) is None


def test_an_entry_keeps_a_verdicts_lights():
    verdict = Verdict("00-run", Light(True, ("same",)), Light(False, ("not yet",)), 1.23456)
    assert entry_of(verdict, "now") == Entry("now", "00-run", True, False, 1.235)
