"""`nbkata catch-up`, `reset` and `undo` as a learner meets them: what they print and exit with."""

import errno
import os
from pathlib import Path

import pytest
from support.builders import output_of

from nbkata.kata.core.lights import Light, Verdict
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import Workspace, create_workspace
from nbkata.workspace.core.journal import Move
from nbkata.workspace.core.workspace import MARKER
from nbkata.workspace.shell.kept_writes import write_kept

TRAIN = Path("src", "train.py")
OWN_TEST = "def test_mine():\n    assert True\n"


@pytest.fixture(name="here", autouse=True)
def fixture_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new workspace, with the current folder in it."""
    kit = load_kit()
    assert isinstance(kit, Kit)
    monkeypatch.chdir(create_workspace(tmp_path / "dojo", kit).path)
    monkeypatch.setenv("COLUMNS", "100")
    return Path()


def files(root: Path) -> dict[str, bytes]:
    """Without the kit's own folder."""
    paths = [path for path in root.rglob("*") if path.is_file() and MARKER not in path.parts]
    return {path.as_posix(): path.read_bytes() for path in paths}


def test_catch_up_says_what_it_did_file_by_file_and_undo_brings_all_back(here: Path):
    before = files(here)
    code, output, _ = output_of("catch-up", "06")
    assert code == 0
    assert output.startswith("06  Extract the titles")
    assert "  notebooks/titanic.ipynb          removed\n" in output
    assert "  src/train.py                     new\n" in output
    assert "undo brings back what was there (it is kept as number 1)." in " ".join(output.split())
    assert output.rstrip().endswith("check")
    assert TRAIN.is_file() and "06-titles" not in TRAIN.read_text("utf-8")

    code, output, _ = output_of("status")
    assert output.startswith("06  Extract the titles")

    code, output, _ = output_of("undo")
    assert code == 0
    assert output.startswith("Your files are as they were before catch-up 06-titles.")
    assert "  notebooks/titanic.ipynb          brought back\n" in output
    assert "  src/train.py                     removed again: it was not there\n" in output
    assert "You are at step 00 again: run it." in output
    assert files(here) == before


def test_undo_is_undone_by_the_next_undo(here: Path):
    output_of("catch-up", "06")
    TRAIN.write_text("mine = 1\n", encoding="utf-8")
    mine = files(here)
    output_of("undo")
    code, output, _ = output_of("undo")
    assert code == 0
    assert "Your files are as they were before undo of 1 (catch-up 06-titles)." in output
    assert "You are at step 06 again" in output
    assert files(here) == mine


def test_undo_to_an_earlier_write_and_the_list_of_them(here: Path):
    before = files(here)
    output_of("catch-up", "05")
    output_of("catch-up", "8")
    code, output, _ = output_of("undo", "--list")
    lines = [line.split() for line in output.splitlines() if line.strip()]
    assert code == 0
    assert [(line[0], *line[2:]) for line in lines[:2]] == [
        ("2", "catch-up", "08-impute", "2", "files"),
        ("1", "catch-up", "05-dead-code", "8", "files"),
    ]
    code, output, _ = output_of("undo", "1")
    assert "before catch-up 05-dead-code and 1 later." in output
    assert files(here) == before


def test_what_a_drill_overwrites_is_undone_in_the_same_way():
    output_of("drill", "11")
    mine = Path("drills", "11-rename", "titles.py")
    mine.write_text("mine = 1\n", encoding="utf-8")
    output_of("drill", "reset")
    assert mine.read_text("utf-8") != "mine = 1\n"
    assert "drill reset 11-rename" in output_of("undo", "--list")[1]
    assert "before drill reset 11-rename." in output_of("undo")[1]
    assert mine.read_text("utf-8") == "mine = 1\n"


def test_what_another_command_wrote_into_the_workspace_is_undone_as_well(here: Path):
    notebook = here / "notebooks" / "titanic.ipynb"
    before = notebook.read_bytes()
    code, _, output = output_of("smells", str(notebook), "--annotate", "--in-place")
    assert code == 1 and "annotations written" in output
    assert notebook.read_bytes() != before
    assert "smells --annotate titanic.ipynb" in output_of("undo", "--list")[1]
    assert output_of("undo")[0] == 0
    assert notebook.read_bytes() == before
    assert not list(notebook.parent.glob("*.bak"))


def test_files_elsewhere_are_written_and_removed_without_a_workspace(tmp_path: Path):
    (tmp_path / "old").write_bytes(b"1")
    assert write_kept({tmp_path / "new": b"2", tmp_path / "old": None}, "a test") is None
    assert [(p.name, p.read_bytes()) for p in tmp_path.glob("[no]*")] == [("new", b"2")]


def test_keep_mine_keeps_my_function_my_test_and_my_file():
    output_of("catch-up", "07")
    TRAIN.write_text(TRAIN.read_text("utf-8").replace("add_derived_title", "with_title"), "utf-8")
    tests = Path("tests", "test_features.py")
    tests.write_text(tests.read_text("utf-8").replace("add_derived_title", "with_title"), "utf-8")
    Path("tests", "test_mine.py").write_text(OWN_TEST, "utf-8")
    code, output, _ = output_of("catch-up", "08", "--keep-mine")
    assert code == 0
    assert "Your files are nearest to the start of step 07: merged from there." in output
    rows = dict(line.split(maxsplit=1) for line in output.splitlines() if line.startswith("  "))
    assert rows["src/train.py"].strip() == "yours and the kit's, merged"
    assert rows["tests/test_mine.py"].strip() == "yours, as it was"
    merged = TRAIN.read_text("utf-8")
    assert "def with_title" in merged and "def add_is_alone" in merged
    assert "add_derived_title" not in merged and "<<<<" not in merged


def test_keep_mine_says_where_the_kits_lines_won():
    output_of("catch-up", "07")
    TRAIN.write_text(
        "def train(path):\n    return mine(path)\n\n\ndef mine(path):\n    return {}\n", "utf-8"
    )
    code, output, _ = output_of("catch-up", "08", "--keep-mine")
    assert code == 0
    assert "src/train.py             the kit's now, and of yours mine" in output
    text = TRAIN.read_text("utf-8")
    assert "def add_is_alone" in text and "def mine(path):" in text and "<<<<" not in text


def test_reset_begins_the_current_step_again(here: Path):
    output_of("catch-up", "06")
    start = files(here)
    TRAIN.write_text("a mess", encoding="utf-8")
    Path("tests", "test_mine.py").write_text(OWN_TEST, "utf-8")
    code, output, _ = output_of("reset")
    assert code == 0
    assert output.startswith("06  Extract the titles")
    assert "  src/train.py         the kit's now\n" in output
    assert "  tests/test_mine.py   removed\n" in output
    assert files(here) == start
    code, output, _ = output_of("reset")
    assert (code, "Nothing to do: your files are as this step starts." in output) == (0, True)


def test_reset_brings_my_own_files_back_and_the_kits_where_i_ask_for_them(here: Path):
    output_of("catch-up", "05")
    start = files(here)
    TRAIN.write_text("mine, when I left step 05", encoding="utf-8")
    green = Light(True, ("fine",))
    Workspace(here).keep(Verdict("05-dead-code", green, green, 1.0))
    Workspace(here).note(Move("2026-11-21T10:00:00Z", "06-titles", "next"))
    TRAIN.write_text("a mess", encoding="utf-8")
    Workspace(here).keep(Verdict("05-dead-code", green, green, 1.0))  # looked back at: not kept
    code, output, _ = output_of("reset")
    assert code == 0
    assert "  src/train.py   yours, as the step began\n" in output
    assert TRAIN.read_text("utf-8") == "mine, when I left step 05"
    output_of("undo")
    assert TRAIN.read_text("utf-8") == "a mess"
    code, output, _ = output_of("reset", "--kit")
    assert "  src/train.py   the kit's now\n" in output
    output_of("catch-up", "05")
    assert files(here) == start


def test_reset_takes_back_what_was_approved_in_the_step_and_golden_files_of_any_kind():
    output_of("catch-up", "13")
    golden, approvals = Path("tests", "golden", "pred.npy"), Path("tests", "approvals.txt")
    golden.write_bytes(b"1")
    approvals.write_text("1234  bug 1\n", "utf-8")
    code, output, _ = output_of("reset")
    assert code == 0
    assert [line.split() for line in output.splitlines() if "removed" in line] == [
        ["tests/approvals.txt", "removed"],
        ["tests/golden/pred.npy", "removed"],
    ]
    assert not golden.exists() and not approvals.exists()
    output_of("undo")
    assert golden.read_bytes() == b"1" and approvals.read_text("utf-8") == "1234  bug 1\n"


def test_catch_up_leaves_files_alone_that_the_kata_is_not_about():
    for name in ("notes.txt", "src/model.joblib", "notebooks/scratch.ipynb", "data/more.csv"):
        Path(name).write_text("mine", encoding="utf-8")
    output_of("catch-up", "09")
    for name in ("notes.txt", "src/model.joblib", "notebooks/scratch.ipynb", "data/more.csv"):
        assert Path(name).read_text(encoding="utf-8") == "mine"


def test_catch_up_and_undo_fix_a_half_deleted_workspace():
    Path("data", "titanic.csv").unlink()
    Path("notebooks", "titanic.ipynb").unlink()
    assert output_of("check")[0] == 2
    code, output, _ = output_of("catch-up", "04")
    assert code == 0
    assert "  data/titanic.csv   new\n" in output
    assert output_of("status")[0] == 0


@pytest.mark.parametrize("command", [("catch-up", "06"), ("reset",), ("undo",), ("undo", "--list")])
def test_without_a_workspace_each_says_how_to_make_one(tmp_path: Path, command: tuple[str, ...]):
    code, message, complaint = output_of(*command, "--workspace", str(tmp_path))
    assert (code, message) == (2, "")
    assert "there is no workspace here. Make one: nbkata start" in complaint


def test_unknown_steps_and_writes_are_refused(here: Path):
    code, output, complaint = output_of("catch-up", "77")
    assert (code, output) == (2, "")
    assert "there is no step '77'. The steps are: 00-run," in complaint
    code, output, complaint = output_of("undo")
    assert (code, output) == (2, "")
    assert "nothing was written since the start, so there is nothing to undo." in complaint
    output_of("catch-up", "06")
    code, output, complaint = output_of("undo", "7")
    assert (code, output) == (2, "")
    assert "there is no write 7. See nbkata undo --list" in complaint
    assert output_of("undo", "seven")[0] == 2
    assert files(here)


def test_nothing_to_undo_is_no_error_in_the_list():
    assert output_of("undo", "--list")[:2] == (
        0,
        "The kit has written nothing since the start: there is nothing to undo.\n",
    )


@pytest.mark.parametrize("command", [("catch-up", "06"), ("reset",), ("undo",)])
@pytest.mark.parametrize(
    ("number", "message"),
    [(errno.ENOSPC, "the disk is full."), (errno.EROFS, "this may not be written.")],
)
def test_a_full_or_read_only_disk_is_refused_and_nothing_is_lost(
    here: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], number: int, message: str
):
    output_of("catch-up", "04")
    TRAIN.write_text("mine", encoding="utf-8")
    before = files(here)

    def failing(*_: object) -> None:
        raise OSError(number, os.strerror(number), "src/train.py")

    moves: list[object] = []
    for module in ("shell.catch_up", "commands.undo"):
        report = f"nbkata.kata.{module}.report_place"
        monkeypatch.setattr(report, lambda *place: moves.append(place))
    monkeypatch.setattr(os, "fsync", failing)
    code, shown, complaint = output_of(*command)
    assert (code, shown) == (2, "")
    assert f"src/train.py: {message} Nothing was changed." in complaint
    assert files(here) == before and not moves


def test_a_kept_file_that_is_gone_is_refused_with_its_name(here: Path):
    output_of("catch-up", "06")
    kept = Path(MARKER, "snapshots", "0001", "before", "notebooks", "titanic.ipynb")
    kept.unlink()
    before = files(here)
    code, _, complaint = output_of("undo")
    assert code == 2
    assert "a kept file cannot be read (No such file or directory)." in complaint
    assert files(here) == before


def test_what_a_killed_command_left_is_put_back_by_the_next_one_and_said(here: Path):
    output_of("catch-up", "06")
    snapshots = Path(MARKER, "snapshots")
    (snapshots / "0001").rename(snapshots / "0001.doing")
    (snapshots / "0001.doing" / "after").mkdir()
    code, output, complaint = output_of("status")
    assert code == 0
    assert "catch-up 06-titles was stopped halfway; everything is as it was before it." in complaint
    assert output.startswith("00  Run it")
    assert (here / "notebooks" / "titanic.ipynb").is_file() and not TRAIN.exists()
