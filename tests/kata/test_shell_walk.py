"""common/shell/walk.py and its users: what editors and systems leave in a folder is passed over."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.builders import notebook_of, output_of, write_json
from support.litter import UNPRIVILEGED, clear, litter

from nbkata.adopt.core.path_plan import Copy
from nbkata.adopt.shell.data_files import copy_data
from nbkata.child.shell.scratch_copy import ScratchCopy
from nbkata.common.shell.walk import but, copy_files, files_in, walk
from nbkata.kata.shell.checkpoint import lay_out
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import Workspace, create_workspace
from nbkata.watch.shell.watch_files import WatchedFiles

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="pipes, devices and dead links are other things there"
)


@pytest.fixture(name="folder")
def fixture_folder(tmp_path: Path) -> Iterator[Path]:
    """Two modules and a table among all that does not count."""
    folder = tmp_path / "project"
    left = litter(folder / "src") + litter(folder, ".csv")
    (folder / "src" / "train.py").write_text("x = 1\n", "utf-8")
    (folder / "src" / "more").mkdir()
    (folder / "src" / "more" / "features.py").write_text("y = 2\n", "utf-8")
    (folder / "table.csv").write_text("a\n1\n", "utf-8")
    yield folder
    clear(left)


def in_a_process_without_rights(code: str) -> str:
    """What a program prints that may not read what it has no permission for."""
    command = [*UNPRIVILEGED, sys.executable, "-c", code]
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", timeout=60, check=True, env=os.environ
    )
    return done.stdout


def _is_closed(name: str) -> bool:
    """Whether it depends on who runs the tests: root may read it."""
    return "secret" in name or "closed" in name


def names(folder: Path) -> list[str]:
    paths = [path.relative_to(folder).as_posix() for path in files_in(folder)]
    return [name for name in paths if not _is_closed(name)]


def test_of_all_that_lies_there_the_files_are_found(folder: Path):
    code = (
        "from nbkata.common.shell.walk import files_in\nfor path in files_in("
        f"{str(folder)!r}): print(path.relative_to({str(folder)!r}).as_posix())"
    )
    assert in_a_process_without_rights(code).split() == [
        *("src/more/features.py", "src/train.py", "table.csv")
    ]


def test_names_that_are_left_out_are_left_out_with_what_is_in_them(folder: Path):
    found = [one.name for one in walk(folder / "src", but({"more", "closed", "secret.py"}))]
    assert [name for name in found if name.isascii()] == ["train.py"]


def test_a_copy_holds_the_files_and_goes_through_links_that_do_not_lead_round(
    folder: Path, tmp_path: Path
):
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "empty").mkdir(parents=True)
    (elsewhere / "big.csv").write_text("b\n2\n", "utf-8")
    (folder / "data").symlink_to(elsewhere)
    copy_files(folder, tmp_path / "copy", but({"closed", "secret.py", "secret.csv"}))
    copied = {path.relative_to(tmp_path / "copy") for path in (tmp_path / "copy").rglob("*")}
    assert {path.as_posix() for path in copied if path.as_posix().isascii()} == {
        *("data", "data/big.csv", "data/empty", "src", "src/more", "src/more/features.py"),
        *("src/train.py", "table.csv"),
    }
    if sys.platform == "linux":
        assert len(copied) == 10  # code may read files whose names are no text


def test_a_copy_that_a_run_littered_is_restored(folder: Path, tmp_path: Path):
    scratch = ScratchCopy(folder, tmp_path / "slot")
    left = litter(scratch.root / "src" / "more")
    scratch.restore()
    clear(left)
    copy_files(folder, tmp_path / "fresh")
    assert names(scratch.root) == names(tmp_path / "fresh")


def test_watch_looks_at_files_alone(folder: Path):
    watched = WatchedFiles(folder)
    found = {name for name in watched.contents if name.isascii() and not _is_closed(name)}
    assert found == {"src/train.py", "src/more/features.py", "table.csv"}
    (folder / "src" / "train.py").write_text("x = 2\n", "utf-8")
    assert watched.change(while_running=False).names == ("src/train.py",)


def test_an_adopted_notebooks_data_is_copied_without_what_is_no_file(folder: Path, tmp_path: Path):
    assert copy_data([Copy(str(folder), "data")], tmp_path / "new", None) == []
    copied = names(tmp_path / "new" / "data")
    assert {"src/train.py", "table.csv"} <= set(copied)
    assert not any("pipe" in name or "device" in name or "up" in name for name in copied)


@pytest.fixture(name="dojo")
def fixture_dojo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace as step 06 leaves it."""
    kit = load_kit()
    assert isinstance(kit, Kit)
    path = create_workspace(tmp_path / "dojo", kit).path
    lay_out(kit, kit.kata.steps[6], path)
    monkeypatch.setenv("NBKATA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    return path


TOOK = re.compile(r"in \d+ s, |in \d+ s; |\([\d.]+ s\)|\s+")
"""How long it took, and how a line was broken after that."""
COMMANDS = (
    ("check", "06"),
    ("smells", "."),
    ("purity", "src", "--static"),
    ("diff", "06", "workspace"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_command_says_of_a_littered_workspace_what_it_says_of_a_clean_one(
    dojo: Path, command: tuple[str, ...]
):
    def message() -> tuple[int, str]:
        done = subprocess.run(
            [*UNPRIVILEGED, sys.executable, "-m", "nbkata", *command],
            cwd=dojo, capture_output=True, encoding="utf-8", timeout=280, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return done.returncode, TOOK.sub("took", done.stdout + done.stderr)

    before = message()
    left = litter(dojo / "src") + litter(dojo / "tests") + litter(dojo / "notebooks", ".ipynb")
    left += litter(dojo / "data", ".csv")
    after = message()
    clear(left)
    assert before[0] < 2
    assert after == before


def test_the_files_that_hooks_look_at_are_files(dojo: Path):
    before = Workspace(dojo).files()
    left = litter(dojo / "src")
    after = Workspace(dojo).files()
    clear(left)
    assert tuple(name for name in after if not _is_closed(name)) == before
    assert "src/train.py" in before


NAMED = (
    ("smells", "FILE.py"),
    ("smells", "FILE.ipynb"),
    ("purity", "FILE.py"),
    ("extract", "FILE.py"),
    ("extract", "FILE.ipynb"),
    ("record", "FILE.py"),
    ("record", "FILE.ipynb"),
    ("compare", "FILE.json"),
    ("characterize", "FILE.py"),
    ("characterize", "FILE.ipynb"),
    ("diff", "FILE.txt", "FILE.txt"),
    ("adopt", "FILE.ipynb"),
    ("adopt", "FILE.py"),
    ("strength", "--target", "FILE.py"),
)


@pytest.mark.parametrize("device", [False, True], ids=["pipe", "device"])
@pytest.mark.parametrize("words", NAMED, ids=lambda words: words[0] + words[-1][4:])
def test_a_pipe_or_a_device_that_is_named_is_refused_and_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], device: bool
):
    monkeypatch.chdir(tmp_path)
    name = words[-1]
    if device:
        Path(name).symlink_to(os.devnull)
    else:
        os.mkfifo(name)
    waits = signal.signal(signal.SIGALRM, _is_waited_for)
    signal.alarm(60)
    try:
        code, _, complaint = output_of(*words)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, waits)
    assert code == 2
    assert (name in complaint or os.devnull in complaint) and "Traceback" not in complaint
    assert "mistake of its own" not in complaint
    assert os.listdir(tmp_path) == [name]


def _is_waited_for(*_: object) -> None:
    raise TimeoutError("it is waited for")


def test_catch_up_does_not_wait_for_a_pipe_in_the_place_of_a_file(dojo: Path):
    (dojo / "src" / "train.py").unlink()
    os.mkfifo(dojo / "src" / "train.py")
    done = subprocess.run(
        [sys.executable, "-m", "nbkata", "catch-up", "06"],
        cwd=dojo, capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "this cannot be written (it is a pipe or a device" in " ".join(done.stderr.split())


def test_a_notebook_beside_litter_is_recorded(tmp_path: Path):
    left = litter(tmp_path / "here", ".ipynb")
    path = write_json(tmp_path / "here" / "small.ipynb", notebook_of("x = 1"))
    done = subprocess.run(
        [sys.executable, "-m", "nbkata", "record", path.name],
        cwd=path.parent, capture_output=True, encoding="utf-8", timeout=100, check=False,
    )  # fmt: skip
    clear(left)
    assert done.returncode == 0
