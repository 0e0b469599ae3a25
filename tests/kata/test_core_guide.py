"""Guides and hints: their parts, and how they read in a terminal."""

from pathlib import Path

import pytest
from support.builders import ROOT

from nbkata.kata.core.guide import commit_message, hints_in
from nbkata.terminal.filled import as_lines

STEPS = sorted((ROOT / "exercises" / "refactoring").glob("[0-9]*"))


@pytest.mark.parametrize("step", STEPS, ids=lambda path: path.name)
def test_every_step_has_three_hints_and_a_commit_message(step: Path):
    hints = hints_in((step / "hints.md").read_text("utf-8"))
    assert [(hint.tier, hint.of) for hint in hints] == [(1, 3), (2, 3), (3, 3)]
    assert all(hint.text and hint.title for hint in hints)
    message = commit_message((step / "README.md").read_text("utf-8"))
    assert message and message[0].isupper() and len(message) <= 72


@pytest.mark.parametrize("step", STEPS, ids=lambda path: path.name)
def test_guides_fit_80_columns_but_for_code(step: Path):
    for name in ("README.md", "hints.md"):
        text = (step / name).read_text("utf-8")
        for line in as_lines(text, 80):
            assert len(line) <= 80 or line.startswith("    ") or "`" in line, line
        words = text.replace("**", "").replace("|", " ").split()
        assert len(" ".join(as_lines(text, 80)).split()) > 0.85 * len(words), "words got lost"


def test_a_file_without_headings_holds_no_hint_and_no_message():
    assert hints_in("Think.") == ()
    assert commit_message("Think.") == ""
