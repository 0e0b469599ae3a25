"""Markdown on a terminal: rendered for whoever looks, plain lines in a pipe."""

import shutil
import sys
from pathlib import Path

import pytest

from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import create_workspace
from nbkata.terminal.filled import as_lines


@pytest.fixture(name="workspace")
def fixture_workspace(tmp_path: Path) -> Path:
    kit = load_kit()
    assert isinstance(kit, Kit)
    return create_workspace(tmp_path / "workspace", kit).path


needs_terminal = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pty module")


def test_paragraphs_and_lists_are_filled_and_code_is_left_alone():
    text = "## Why\n\nOne **two**\nthree [four](x.md).\n\n1. five\n   six\n\n   ```python\n   x = 1\n   ```\n2. seven\n"
    assert as_lines(text, 12) == [
        *("Why", "", "One two", "three four.", "", "1. five six", ""),
        *("       x = 1", "2. seven"),
    ]


def test_a_table_reads_as_items():
    text = "| net | catches | use it |\n|---|---|---|\n| both nets | **80** % | always |\n"
    assert as_lines(text, 22) == [
        *("- net: catches; use it", "- both nets: 80 %;", "  always"),
    ]


def test_stars_in_code_stay():
    assert as_lines("Not `2**3**4`, but **this**.", 80) == ["Not `2**3**4`, but this."]


@needs_terminal
def test_a_hint_is_rendered_on_a_terminal_and_plain_where_there_is_no_colour(workspace: Path):
    from support.terminal import Terminal  # pylint: disable=import-outside-toplevel # POSIX only

    shown = {}
    for name, environment in (("colour", {}), ("dumb", {"TERM": "dumb"})):
        terminal = Terminal("hint", "04", cwd=workspace, **environment)
        shown[name] = terminal.wait_for(" hint")
        assert terminal.end() == 0
    assert "\x1b[36mtrain()" in shown["colour"] and "`" not in shown["colour"]
    assert "`def train(path):`" in shown["dumb"] and "\x1b" not in shown["dumb"]


@needs_terminal
@pytest.mark.skipif(not shutil.which("less"), reason="there is no less on this machine")
def test_a_guide_longer_than_the_screen_waits_in_a_pager(workspace: Path):
    from support.terminal import Terminal  # pylint: disable=import-outside-toplevel # POSIX only

    terminal = Terminal("guide", "04", cwd=workspace)
    first = terminal.wait_for("\n:")
    assert "Goal" in first and "When behaviour goes red" not in first
    terminal.press("G")
    assert "git commit -m" in terminal.wait_for("(END)")
    terminal.press("q")
    assert terminal.end() == 0
