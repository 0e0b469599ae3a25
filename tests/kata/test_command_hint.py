"""`nbkata hint`, `guide` and `solution` as a learner meets them."""

from pathlib import Path

import pytest
from support.builders import output_of

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
        code, output, complaint = output_of("hint")
        assert (code, complaint) == (0, "")
        assert output.startswith("00  Run it\n\nHint ")
        heads.append((output.splitlines()[2], output.splitlines()[-1].split(":")[0].strip()))
    assert heads == [
        ("Hint 1 of 3: nudge", "2 more, each says more than the last"),
        ("Hint 2 of 3: plan", "One more"),
        ("Hint 3 of 3: nearly the answer", "That was the last hint. The solution"),
        ("Hint 3 of 3: nearly the answer", "There is no further hint. The solution"),
    ]
    assert len(JOURNAL.read_text("utf-8").splitlines()) == 3


def test_seen_hints_can_be_read_again_without_a_new_one():
    output_of("hint")
    output_of("hint")
    code, output, _ = output_of("hint", "--again")
    assert code == 0
    assert [line for line in output.splitlines() if line.startswith("Hint")] == [
        "Hint 1 of 3: nudge",
        "Hint 2 of 3: plan",
    ]
    assert len(JOURNAL.read_text("utf-8").splitlines()) == 2


def test_each_step_remembers_its_own_hints():
    output_of("hint")
    assert "06  Extract the titles\n\nHint 1 of 3" in output_of("hint", "6")[1]
    assert "Hint 2 of 3" in output_of("hint")[1]


def test_a_hint_on_a_disk_that_cannot_be_written_is_shown_all_the_same():
    JOURNAL.mkdir()
    code, output, complaint = output_of("hint")
    assert code == 2 or "Hint 1 of 3" in output
    assert "Traceback" not in complaint


def test_no_guide_and_no_hint_shows_a_placeholder(kit: Kit):
    for step in kit.kata.steps:
        code, output, _ = output_of("guide", step.number)
        assert code == 0 and "{{" not in output
        for _ in range(3):
            assert "{{" not in output_of("hint", step.number)[1]


def test_the_guide_shows_the_keys_that_were_chosen_once():
    output_of("drill", "--ide", "pycharm", "--os", "mac")
    guide = output_of("guide", "06")[1]
    assert "let the editor do it: Alt+Cmd+M." in " ".join(guide.split())
    output_of("drill", "keys", "extract_method", "--ide", "vscode", "--os", "linux")  # only a look
    assert "let the editor do it: Alt+Cmd+M." in " ".join(output_of("guide", "06")[1].split())
    output_of("drill", "--os", "linux")
    assert "let the editor do it: Ctrl+Alt+M." in " ".join(output_of("guide", "06")[1].split())


def test_the_solution_waits_for_green_or_for_peek():
    code, output, complaint = output_of("solution", "06")
    assert (code, output) == (2, "")
    assert "step 06 is not green yet." in complaint and "solution 06 --peek" in complaint
    code, output, _ = output_of("solution", "06", "--peek")
    assert code == 0
    assert "+def add_derived_title(passengers" in output
    assert "--- (new)" in output and "+++ tests/test_features.py" in output
    assert "titanic.csv" not in output


def test_a_green_step_shows_its_solution():
    JOURNAL.write_text(
        '{"time": "t", "step": "01-remove-noise", "behaviour": true, "shape": true, "seconds": 1}\n',
        "utf-8",
    )
    code, output, _ = output_of("solution", "01")
    assert code == 0
    assert "-df.head()" in output or "-train_df.head()" in output or ".head()" in output
    assert '"cell_type"' not in output, "a notebook's solution is its code"


@pytest.mark.parametrize("command", ["hint", "guide", "solution"])
def test_unknown_steps_and_missing_workspaces_are_refused(tmp_path: Path, command: str):
    code, message, complaint = output_of(command, "77")
    assert (code, message) == (2, "")
    assert "there is no step '77'. The steps are: 00-run," in complaint
    code, message, complaint = output_of(command, "--workspace", str(tmp_path))
    assert (code, message) == (2, "")
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
        code, output, complaint = output_of(command)
        assert (code, output) == (2, "")
        assert "this is not TOML" in complaint


def test_quick_commands_say_the_same_with_and_without_options():
    for command in QUICK:
        quick = output_of(command)
        JOURNAL.unlink(missing_ok=True)
        assert quick == output_of(command, "--workspace", ".")
        JOURNAL.unlink(missing_ok=True)
