"""`nbkata hint`, `guide` and `solution` as a learner meets them."""

from pathlib import Path

import pytest
from support.builders import said_by

from nbkata.cli import QUICK
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import create_workspace
from nbkata.workspace.core.workspace import MARKER

JOURNAL = Path(MARKER, "journal.jsonl")


@pytest.fixture(name="kit", autouse=True)
def fixture_kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kit:
    """A new workspace, with the current folder in it."""
    kit = load_kit()
    assert isinstance(kit, Kit)
    monkeypatch.chdir(create_workspace(tmp_path / "dojo", kit).path)
    monkeypatch.setenv("COLUMNS", "80")
    return kit


def test_hints_come_tier_by_tier_and_are_remembered():
    heads = []
    for _ in range(4):
        code, said, complaint = said_by("hint")
        assert (code, complaint) == (0, "")
        assert said.startswith("00  Run it\n\nHint ")
        heads.append((said.splitlines()[2], said.splitlines()[-1].split(":")[0].strip()))
    assert heads == [
        ("Hint 1 of 3: nudge", "2 more, each says more than the last"),
        ("Hint 2 of 3: plan", "One more"),
        ("Hint 3 of 3: nearly the answer", "That was the last hint. The solution"),
        ("Hint 3 of 3: nearly the answer", "There is no further hint. The solution"),
    ]
    assert len(JOURNAL.read_text("utf-8").splitlines()) == 3


def test_seen_hints_can_be_read_again_without_a_new_one():
    said_by("hint")
    said_by("hint")
    code, said, _ = said_by("hint", "--again")
    assert code == 0
    assert [line for line in said.splitlines() if line.startswith("Hint")] == [
        "Hint 1 of 3: nudge",
        "Hint 2 of 3: plan",
    ]
    assert len(JOURNAL.read_text("utf-8").splitlines()) == 2


def test_each_step_remembers_its_own_hints():
    said_by("hint")
    assert "06  Extract the titles\n\nHint 1 of 3" in said_by("hint", "6")[1]
    assert "Hint 2 of 3" in said_by("hint")[1]


def test_a_hint_on_a_disk_that_cannot_be_written_is_shown_all_the_same():
    JOURNAL.mkdir()
    code, said, complaint = said_by("hint")
    assert code == 2 or "Hint 1 of 3" in said
    assert "Traceback" not in complaint


def test_no_guide_and_no_hint_shows_a_placeholder(kit: Kit):
    for step in kit.kata.steps:
        code, said, _ = said_by("guide", step.number)
        assert code == 0 and "{{" not in said
        for _ in range(3):
            assert "{{" not in said_by("hint", step.number)[1]


def test_the_guide_shows_the_keys_that_were_chosen_once():
    said_by("drill", "keys", "extract_method", "--ide", "pycharm", "--os", "mac")
    guide = said_by("guide", "06")[1]
    assert "mark the lines, Alt+Cmd+M." in " ".join(guide.split())
    said_by("drill", "keys", "extract_method", "--ide", "pycharm", "--os", "linux")
    assert "mark the lines, Ctrl+Alt+M." in " ".join(said_by("guide", "06")[1].split())


def test_the_solution_waits_for_green_or_for_peek():
    code, said, complaint = said_by("solution", "06")
    assert (code, said) == (2, "")
    assert "step 06 is not green yet." in complaint and "solution 06 --peek" in complaint
    code, said, _ = said_by("solution", "06", "--peek")
    assert code == 0
    assert "+def add_derived_title(passengers" in said
    assert "--- (new)" in said and "+++ tests/test_features.py" in said
    assert "titanic.csv" not in said


def test_a_green_step_shows_its_solution():
    JOURNAL.write_text(
        '{"time": "t", "step": "01-remove-noise", "behaviour": true, "shape": true, "seconds": 1}\n',
        "utf-8",
    )
    code, said, _ = said_by("solution", "01")
    assert code == 0
    assert "-df.head()" in said or "-train_df.head()" in said or ".head()" in said
    assert '"cell_type"' not in said, "a notebook's solution is its code"


@pytest.mark.parametrize("command", ["hint", "guide", "solution"])
def test_unknown_steps_and_missing_workspaces_are_refused(tmp_path: Path, command: str):
    code, said, complaint = said_by(command, "77")
    assert (code, said) == (2, "")
    assert "there is no step '77'. The steps are: 00-run," in complaint
    code, said, complaint = said_by(command, "--workspace", str(tmp_path))
    assert (code, said) == (2, "")
    assert "there is no workspace here. Make one: nbkata start" in complaint


def test_an_edited_kata_is_refused_by_the_quick_commands_too(
    kit: Kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "kit" / "exercises" / "refactoring"
    folder.mkdir(parents=True)
    text = (kit.exercises / "kata.toml").read_text("utf-8")
    (folder / "kata.toml").write_text(text.replace("[[step]]", "[[step", 1), "utf-8")
    monkeypatch.setattr("nbkata.kata.shell.kit.kit_root", lambda: tmp_path / "kit")
    for command in QUICK:
        code, said, complaint = said_by(command)
        assert (code, said) == (2, "")
        assert "this is not TOML" in complaint


def test_quick_commands_say_the_same_with_and_without_options():
    for command in QUICK:
        quick = said_by(command)
        JOURNAL.unlink(missing_ok=True)
        assert quick == said_by(command, "--workspace", ".")
        JOURNAL.unlink(missing_ok=True)
