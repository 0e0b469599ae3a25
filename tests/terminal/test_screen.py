"""terminal/: text of notebooks, files and programs reaches the terminal as text."""

import io
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.table import Table
from rich.text import Text

import nbkata
from nbkata.common.core.refusal import Refusal
from nbkata.terminal import plain, screen
from nbkata.terminal.screen import PlainConsole
from nbkata.terminal.visible import visible

CLEARS = "a\x1b[2J\x1b]0;title\x07b\x9b31mc\rd"
MARKS = "KeyError: \"None of [Index(['x'])] are in the [columns]\" [/nope] [bold] :smile:"


def printed(renderable: object) -> str:
    console = PlainConsole()
    console.file, console.width = io.StringIO(), 200
    console.print(renderable)
    return console.file.getvalue()


def test_a_bar_shows_one_slow_thing_at_a_time_with_its_count():
    console = PlainConsole()
    console.file, console.width = io.StringIO(), 100
    with screen.slow_progress() as progress:
        for work, done, total in (("planting", 0, None), ("planting", 7, 40), ("running", 1, 20)):
            screen.show_slow(progress, work, done, total)
            console.print(progress.get_renderable())
    first, second, third = console.file.getvalue().splitlines()
    assert "planting" in first and " of " not in first
    assert "planting" in second and "7 of 40" in second
    assert "running" in third and "1 of 20" in third and "planting" not in third


def in_a_table(text: str) -> Table:
    table = Table.grid()
    table.add_row(text)
    return table


@pytest.mark.parametrize("made", [str, Text, in_a_table])
def test_brackets_and_colons_in_a_text_are_no_markup(made: Callable[[str], object]):
    assert printed(made(MARKS)).rstrip() == MARKS


@pytest.mark.parametrize("made", [str, Text, in_a_table])
def test_what_would_steer_the_terminal_is_shown(made: Callable[[str], object]):
    shown = printed(made(CLEARS))
    assert "a\\x1b[2J\\x1b]0;title" in shown and "b\\x9b31mc" in shown
    assert not set(shown) & {"\x1b", "\x07", "\x9b", "\r"}


def test_plain_lines_notes_and_refusals_show_it_too(capsys: pytest.CaptureFixture[str]):
    plain.show([CLEARS])
    plain.note(CLEARS)
    plain.refuse(Refusal("it is wrong.", CLEARS))
    screen.refuse(Refusal("it is wrong.", "[/nope]"))
    output = capsys.readouterr()
    assert "a\\x1b[2J\\x1b]0;title\\x07b\\x9b31mc\\x0dd" in output.out
    assert output.err.count("a\\x1b[2J") == 2 and "[/nope]" in output.err
    assert "\x1b" not in output.out + output.err


def test_a_coloured_line_keeps_its_colour_and_nothing_else(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    plain.show([plain.coloured("red\x1b[2J", "31")])
    start, end = ("\x1b[31m", "\x1b[0m") if sys.platform != "win32" else ("", "")
    assert capsys.readouterr().out == f"{start}red\\x1b[2J{end}\n"


def test_line_ends_and_tabs_stay():
    assert visible("a\tb\r\nc\n") == "a\tb\nc\n"


def test_forced_colour_makes_no_terminal_of_a_pipe(monkeypatch: pytest.MonkeyPatch):
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.setenv(name, "1")
    console = PlainConsole()
    console.file = io.StringIO()
    assert console.is_terminal and not console.is_watched
    for path in Path(nbkata.__file__).parent.rglob("*.py"):
        assert ".is_terminal" not in path.read_text(encoding="utf-8"), path


def test_a_command_with_a_path_and_a_long_path_stay_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    for command in (
        'git checkout --ours "/home/ada/my work/src/train.py"',
        "python -c \"from pathlib import Path; Path('a b.py')\"",
        "black src/titanic/features.py",
    ):
        for columns in range(12, 60):
            lines = plain.wrapped(f"This is so. Now: {command} and then go on.", columns)
            assert any(command in line for line in lines), (columns, lines)
            assert " ".join(lines) == f"This is so. Now: {command} and then go on."
    path = f"/home/ada/{'long/' * 20}train.py"
    monkeypatch.setattr(screen.out, "_width", 40)
    screen.print_hanging(Text(f"  cell 3: see {path} and what is in there"), 2)
    assert path in capsys.readouterr().out


def test_hanging_lines_break_between_words_and_begin_indented(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(screen.out, "_width", 40)
    screen.print_hanging(Text("  cell 3: " + "a word or two, " * 6 + "and the end"), 10)
    first, *others = capsys.readouterr().out.splitlines()
    assert first.startswith("  cell 3: a word") and len(others) == 3
    assert all(re.match(r" {10}\S", line) and len(line) <= 40 for line in others)
