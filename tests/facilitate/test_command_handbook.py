"""The handbook for facilitators: its commands are there, and its figures are those of the run sheet."""

import re

import pytest
from conftest import Nbkata
from support.builders import ROOT

from nbkata.cli import COMMANDS, WORDS_OF
from nbkata.facilitate.commands.handbook import HANDBOOK

TEXT = (ROOT / HANDBOOK).read_text(encoding="utf-8")


@pytest.fixture(name="nbkata")
def fixture_nbkata(nbkata_inside: Nbkata) -> Nbkata:
    """In this process: none of these tests asks how one begins and ends."""
    return nbkata_inside


def test_it_is_shown_from_anywhere_and_leads_to_the_run_sheet(nbkata: Nbkata):
    done = nbkata("facilitate", "handbook")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Leading a workshop\n")
    assert done.stdout.endswith("then    nbkata facilitate run-sheet\n")


def test_the_commands_that_it_names_exist():
    named = re.findall(r"nbkata ([a-z-]+)(?: ([a-z-]+))?", TEXT)
    assert len(named) > 12
    assert not [
        words
        for words in named
        if words[0] not in COMMANDS or (words[0] in WORDS_OF and words[1] not in WORDS_OF[words[0]])
    ]


@pytest.mark.parametrize(("hours", "said"), [("3", "Three hours"), ("6", "six hours")])
def test_as_many_steps_fit_as_it_says(hours: str, said: str, nbkata: Nbkata):
    (count,) = re.findall(rf"{said} are enough for (\d+)", TEXT)
    sheet = nbkata("facilitate", "run-sheet", "--hours", hours).stdout
    assert len(re.findall(r"^  \d\d:\d\d to \d\d:\d\d  \d\d ", sheet, re.MULTILINE)) == int(count)
