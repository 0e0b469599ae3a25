"""AGENTS.md, one for authors and one for workspaces: small, true, and the same for every assistant.

`python tests/kit/test_agents.py` writes the copies anew that are for tools with files of their own.
"""

import re
from pathlib import Path

import pytest
from support.builders import ROOT, output_of

from nbkata.cli import COMMANDS, WORDS_OF
from nbkata.kata.shell.kit import ASSISTANT_FILES, load_kit
from nbkata.kata.shell.settings import settings_for

OURS = ROOT / "AGENTS.md"
THEIRS = ROOT / "exercises" / "workspace" / "AGENTS.md"
# Most lines and characters: an assistant reads it before each task.
MOST = (50, 3000)
CHECKPOINT = ROOT / "solutions" / "refactoring" / "12-model-tests"
# Of a workspace, but in no checkpoint.
MADE = ("PLAN.md", "TASKS.md", "kata/", ".nbkata/", "tests/approvals.txt")


@pytest.mark.parametrize("path", [OURS, THEIRS], ids=["authors", "workspaces"])
def test_it_is_small(path: Path):
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= MOST[0] and len(text) <= MOST[1]


@pytest.mark.parametrize("name", ASSISTANT_FILES)
def test_every_assistant_gets_the_same_text(name: str):
    assert (ROOT / name).read_bytes() == OURS.read_bytes()


def test_a_new_workspace_gets_it_for_every_assistant(tmp_path: Path):
    kit = load_kit()
    files = settings_for(kit, tmp_path)  # type: ignore[arg-type]
    assert {files[name] for name in ASSISTANT_FILES} == {THEIRS.read_bytes()}


@pytest.mark.parametrize("path", [OURS, THEIRS], ids=["authors", "workspaces"])
def test_every_command_in_it_exists_with_its_options(path: Path):
    asked = re.findall(r"\bnbkata ([a-z][a-z-]+)((?: (?:--)?[a-z][a-z-]*)*)", _code(path))
    assert len(asked) >= (1 if path == OURS else 7)
    for command, rest in asked:
        assert command in COMMANDS and command not in WORDS_OF
        _, help_text, _ = output_of(command, "--help")
        assert all(word in help_text for word in rest.split()), (command, rest)


def test_every_path_in_it_exists():
    places = re.findall(r"`([\w./-]+(?:/|\.md|\.py|\.txt))[` ]", OURS.read_text("utf-8"))
    inside = (
        "kata/shell/",
        "child/",
        "core/",
        "shell/",
        "commands/",
        "workspace/",
    )  # of src/nbkata
    assert len(places) > 8
    for place in places:
        assert (ROOT / place).exists() or place.startswith(inside), place
    for place in re.findall(r"`([\w./]+(?:/|\.md|\.py|\.txt))`", THEIRS.read_text("utf-8")):
        assert (CHECKPOINT / place).exists() or place in MADE, place


def _code(path: Path) -> str:
    found = re.findall(r"`([^`\n]+)`|^    (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return "\n".join(one or other for one, other in found)


if __name__ == "__main__":
    for copy in ASSISTANT_FILES:
        (ROOT / copy).parent.mkdir(exist_ok=True)
        (ROOT / copy).write_bytes(OURS.read_bytes())
