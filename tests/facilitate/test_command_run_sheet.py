"""`nbkata facilitate run-sheet`: the plan of a workshop, on the screen and for calendars."""

import json
from pathlib import Path

import pytest
from conftest import Nbkata


@pytest.fixture(name="nbkata")
def fixture_nbkata(nbkata_inside: Nbkata) -> Nbkata:
    """In this process: none of these tests asks how one begins and ends."""
    return nbkata_inside


def test_a_morning_has_end_times_breaks_and_what_to_say(nbkata: Nbkata):
    done = nbkata("facilitate", "run-sheet", "--start", "09:30", "--hours", "3")
    assert done.returncode == 0, done.stderr
    shown = done.stdout
    for expected in (
        "09:30 to 09:45  Welcome",
        "Break",
        "04 Characterize it",
        "Catch up over 01 to 02: nbkata catch-up 03",
        "mistake  the accuracy forgotten: No test compares accuracy",
        "12:15 to 12:30  What was reached",
    ):
        assert expected in shown, shown
    assert max(map(len, shown.splitlines())) <= 80


def test_a_rooms_journals_say_how_long_its_steps_took(nbkata: Nbkata, tmp_path: Path):
    for name, minutes in (("a", 40), ("b", 50), ("c", 5)):
        (tmp_path / name / ".nbkata").mkdir(parents=True)
        events = [("00", "moved", "start"), (f"{minutes:02}", "behaviour", True)]
        lines = [
            {
                "time": f"2030-01-31T10:{m}:00+00:00",
                "step": "00-run",
                "seconds": 1,
                "shape": True,
                k: v,
            }
            for m, k, v in events
        ]
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (tmp_path / name / ".nbkata" / "journal.jsonl").write_text(text, encoding="utf-8")
    done = nbkata("facilitate", "run-sheet", "--minutes-from", ".", cwd=tmp_path)
    assert "09:45 to 10:25  00 Run it" in done.stdout, done.stdout + done.stderr


def test_the_calendar_has_an_event_for_each_part(nbkata: Nbkata, tmp_path: Path):
    done = nbkata("facilitate", "run-sheet", "--ics", "day.ics", "--date", "2030-01-31")
    assert done.stdout == f"Wrote {tmp_path / 'day.ics'}\n", done.stderr
    text = (tmp_path / "day.ics").read_bytes().decode()
    assert text.count("BEGIN:VEVENT") == text.count("END:VEVENT") >= 9
    assert "DTSTART:20300131T093000\r\nDTEND:20300131T094500\r\nSUMMARY:Welcome\\, and" in text
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--start", "half ten"], "--start: 'half ten' is no time. Write it as 09:30."),
        (["--hours", "nan"], "--hours: nan hours are no workshop. Give 3 for a morning"),
        (["--hours", "-3"], "--hours: -3 hours are no workshop."),
        (["--hours", "300"], "--hours: 300 hours are no workshop."),
        (["--hours", "nine"], "Invalid value for '--hours': "),
        (["--hours", "0.5"], "in 30 minutes there is no time for 2 steps."),
        (["--date", "31.1.", "--ics", "x.ics"], "--date: '31.1.' is no date."),
        (["--kata", "none"], "there is no kata 'none'."),
        (["--minutes-from", "."], "no journal there says how long a step took."),
        (["--minutes-from", "gone.jsonl"], "gone.jsonl: it cannot be read"),
        (["--ics", "mine.txt"], "mine.txt: this exists and was not written by this command"),
    ],
)
def test_what_cannot_be_used_is_named(
    arguments: list[str], complaint: str, nbkata: Nbkata, tmp_path: Path
):
    (tmp_path / "mine.txt").write_text("my notes\n", encoding="utf-8")
    done = nbkata("facilitate", "run-sheet", *arguments)
    assert done.returncode == 2 and complaint in done.stderr, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "my notes\n"
