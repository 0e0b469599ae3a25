"""Finding, making and fixing a workspace, without losing anything in it."""

import os
from pathlib import Path

import pytest

from nbkata.cli import main
from nbkata.common.core.refusal import Refusal
from nbkata.kata.core.lights import Light, Verdict
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import (
    Workspace,
    create_workspace,
    find_workspace,
    look_at,
    nobody,
    restore_workspace,
)
from nbkata.workspace.core.workspace import MARKER, Folder, StartPlan, start_plan
from nbkata.workspace.shell.snapshots import LEFT_OVER


@pytest.fixture(name="kit")
def fixture_kit() -> Kit:
    kit = load_kit()
    assert isinstance(kit, Kit)
    return kit


def test_an_empty_place_is_made_into_a_workspace():
    assert start_plan(Folder("dojo"), restore=False) is StartPlan.CREATE


def test_a_whole_workspace_is_continued_even_when_asked_to_restore():
    whole = Folder("dojo", entries={MARKER, "notebooks"})
    assert start_plan(whole, restore=False) is StartPlan.CONTINUE
    assert start_plan(whole, restore=True) is StartPlan.CONTINUE


def test_a_half_deleted_workspace_is_refused_with_the_command_that_fixes_it():
    half = Folder("dojo", entries={MARKER}, missing=("data/titanic.csv",))
    assert str(start_plan(half, restore=False)) == (
        "dojo: data/titanic.csv is missing. nbkata start dojo --restore brings back what is missing "
        "and leaves the rest alone."
    )
    assert start_plan(half, restore=True) is StartPlan.RESTORE


def test_a_folder_with_other_things_in_it_is_never_taken():
    refusal = start_plan(Folder("home", entries={"thesis.docx"}), restore=True)
    assert "home: this folder is not empty, and not a workspace." in str(refusal)


def test_a_file_is_never_taken():
    assert "notes.txt: this is a file." in str(start_plan(Folder("notes.txt", is_file=True), False))


def test_a_new_workspace_is_an_ordinary_project_with_the_kits_files(tmp_path: Path, kit: Kit):
    path = create_workspace(tmp_path / "my kata é", kit).path
    assert {entry.name for entry in path.iterdir()} == {
        *("notebooks", "data", "src", "tests", MARKER),
        "pyproject.toml",
    }
    assert look_at(path, kit).missing == ()
    for name, source in kit.start_files.items():
        assert (path / name).read_bytes() == source.read_bytes()
    assert [entry.name for entry in tmp_path.iterdir()] == ["my kata é"]


def test_a_failed_creation_leaves_nothing(
    tmp_path: Path, kit: Kit, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    folder = tmp_path / "dojo"
    moves = "rename" if os.name == "nt" else "link"
    for function in ("fsync", moves):  # while the files are put together, and on their way
        with monkeypatch.context() as patch, pytest.raises(OSError, match="No space left"):
            patch.setattr(os, function, full)
            create_workspace(folder, kit)
        assert not list(folder.iterdir())


def test_an_empty_folder_keeps_its_repository_and_is_not_replaced(tmp_path: Path, kit: Kit):
    (tmp_path / ".git").mkdir()
    number = tmp_path.stat().st_ino
    assert start_plan(look_at(tmp_path, kit), restore=False) is StartPlan.CREATE
    create_workspace(tmp_path, kit)
    assert (tmp_path / ".git").is_dir()
    assert tmp_path.stat().st_ino == number, "a shell that stands in it would stand nowhere"


def test_what_a_killed_start_left_is_no_workspace_and_in_nobodys_way(tmp_path: Path, kit: Kit):
    (tmp_path / f"{LEFT_OVER}abc" / "snapshots").mkdir(parents=True)
    assert start_plan(look_at(tmp_path, kit), restore=False) is StartPlan.CREATE
    create_workspace(tmp_path, kit)
    assert not list(tmp_path.glob(f"{LEFT_OVER}*"))


def test_restoring_brings_back_what_is_missing_and_leaves_the_rest(tmp_path: Path, kit: Kit):
    path = create_workspace(tmp_path / "dojo", kit).path
    (path / kit.kata.notebook).write_text("mine", encoding="utf-8")
    (path / "data/titanic.csv").unlink()
    missing = look_at(path, kit).missing
    assert missing == ("data/titanic.csv",)
    assert restore_workspace(Workspace(path), kit, missing, nobody) is None
    assert look_at(path, kit).missing == ()
    assert (path / kit.kata.notebook).read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("where", [".", "notebooks", ".."])
def test_the_workspace_is_found_from_in_it_and_from_above(
    tmp_path: Path, kit: Kit, monkeypatch: pytest.MonkeyPatch, where: str
):
    made = create_workspace(tmp_path / "workspace", kit)
    monkeypatch.chdir(made.path / where)
    found = find_workspace(kit, None)
    assert isinstance(found, Workspace)
    assert found.path.resolve() == made.path.resolve()


def test_a_workspace_asked_for_that_is_none_is_refused(tmp_path: Path, kit: Kit):
    refusal = find_workspace(kit, tmp_path)
    assert isinstance(refusal, Refusal)
    assert "there is no workspace here. Make one: nbkata start" in str(refusal)


def test_a_workspace_that_lost_a_file_is_refused_when_found(tmp_path: Path, kit: Kit):
    path = create_workspace(tmp_path / "dojo", kit).path
    (path / kit.kata.notebook).unlink()
    assert "notebooks/titanic.ipynb is missing." in str(find_workspace(kit, path))


def test_a_notebook_that_became_a_script_is_not_missing_wherever_that_was_put(
    tmp_path: Path, kit: Kit
):
    path = create_workspace(tmp_path / "dojo", kit).path
    (path / "notebooks" / "titanic.ipynb").unlink()
    assert isinstance(find_workspace(kit, path), Refusal)
    (path / "train.py").write_text("print(1)\n", encoding="utf-8")
    assert not isinstance(find_workspace(kit, path), Refusal)


def test_verdicts_are_appended_and_a_lost_journal_is_no_error(tmp_path: Path, kit: Kit):
    workspace = create_workspace(tmp_path / "dojo", kit)
    assert workspace.entries == ()
    verdict = Verdict("00-run", Light(True, ("same",)), Light(False, ("not yet",)), 1.0)
    workspace.keep(verdict)
    workspace.keep(verdict)
    assert [entry.step for entry in workspace.entries] == ["00-run", "00-run"]
    workspace.journal.unlink()
    workspace.keep(verdict)
    assert len(workspace.entries) == 1


def test_a_folder_without_write_permission_is_refused_in_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def barred(**_: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("tempfile.mkdtemp", barred)  # a mode would not stop the tests' root
    assert main(["start", str(tmp_path / "locked" / "dojo")]) == 2
    output = " ".join(capsys.readouterr().err.split())
    assert "the workspace cannot be made here (Permission denied)." in output
    assert output.endswith("Name a folder you may write to: nbkata start DIR")


def test_a_file_in_the_way_is_refused_in_one_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "notes.txt").write_bytes(b"mine")
    assert main(["start", str(tmp_path / "notes.txt" / "dojo")]) == 2
    assert "the workspace cannot be made here" in " ".join(capsys.readouterr().err.split())
    assert (tmp_path / "notes.txt").read_bytes() == b"mine"
