"""common/shell/temporary.py: what a command needs while it runs is gone afterwards, however it ended."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from support.builders import notebook_of, write_json

from nbkata.common.shell.files import STALE_S, write_atomically
from nbkata.common.shell.temporary import YOUNG_S, TemporaryFolder

HOLDS_ONE = """
from pathlib import Path
from nbkata.common.shell.temporary import TemporaryFolder
with TemporaryFolder(Path.cwd()) as folder:
    Path(folder, "copy").mkdir()
    Path(folder, "copy", "data.csv").touch()
    print(folder, flush=True)
    input()
"""


def made_long_ago(path: Path, age_s: float = YOUNG_S) -> None:
    """Let it look so: who looks leaves alone what may be in the making."""
    then = path.stat().st_mtime - age_s - 1
    os.utime(path, (then, then))


def holder(home: Path) -> tuple["subprocess.Popen[str]", Path]:
    """Return a process that has a folder, and all of that folder."""
    process = subprocess.Popen(  # pylint: disable=consider-using-with # each test ends it
        [sys.executable, "-c", HOLDS_ONE],
        cwd=home,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip()).parent


def test_a_folder_is_gone_when_its_block_ends(tmp_path: Path):
    with TemporaryFolder(tmp_path) as folder:
        Path(folder, "a").touch()
        assert Path(folder).is_relative_to(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_folder_into_which_something_still_writes_when_its_block_ends_is_gone_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    cleanup = tempfile.TemporaryDirectory.cleanup

    def written_meanwhile(folder: "tempfile.TemporaryDirectory[str]") -> None:
        cleanup(folder)
        Path(folder.name).mkdir()
        Path(folder.name, "late").touch()

    monkeypatch.setattr(tempfile.TemporaryDirectory, "cleanup", written_meanwhile)
    with TemporaryFolder(tmp_path) as folder:
        Path(folder, "a").touch()
    assert not list(tmp_path.iterdir())


def test_what_a_killed_process_left_is_removed_by_the_next_and_what_a_living_one_has_is_not(
    tmp_path: Path,
):
    killed, left = holder(tmp_path)
    living, kept = holder(tmp_path)
    try:
        killed.kill()
        killed.communicate()
        for folder in (left, kept):
            made_long_ago(folder)
        TemporaryFolder(tmp_path).cleanup()
        assert list(tmp_path.iterdir()) == [kept]
        assert (Path(kept) / "w" / "copy" / "data.csv").is_file()
    finally:
        living.communicate("\n")
    assert not list(tmp_path.iterdir())


def test_one_that_is_being_made_is_left_alone(tmp_path: Path):
    killed, left = holder(tmp_path)
    killed.kill()
    killed.communicate()
    TemporaryFolder(tmp_path).cleanup()
    assert list(tmp_path.iterdir()) == [left]


def test_a_folder_of_such_a_name_that_is_somebody_s_is_left_alone(tmp_path: Path):
    mine = tmp_path / "nbkata-workshop"
    (mine / "lock").mkdir(parents=True)
    (tmp_path / "nbkata-a_lesson" / "src").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "lock").touch()
    (tmp_path / "nbkata-abcd1234").symlink_to(tmp_path / "elsewhere")
    for path in tmp_path.iterdir():
        made_long_ago(path)
    before = sorted(tmp_path.rglob("*"))
    TemporaryFolder(tmp_path).cleanup()
    assert sorted(tmp_path.rglob("*")) == before


def test_half_a_file_that_a_killed_write_left_goes_with_the_next_write(tmp_path: Path):
    path = tmp_path / "report.xml"
    stale, fresh, other = (
        tmp_path / f".{name}.{sign}.tmp"
        for name, sign in (("report.xml", "a" * 8), ("report.xml", "b" * 8), ("page.html", "a" * 8))
    )
    for left in (stale, fresh, other):
        left.touch()
    for left in (stale, other):
        made_long_ago(left, STALE_S)
    write_atomically(path, b"new")
    assert set(tmp_path.iterdir()) == {path, fresh, other}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has none of these signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"])
def test_whatever_ends_a_run_nothing_of_it_is_left(tmp_path: Path, name: str):
    code = "import time; open('runs', 'w'); time.sleep(600)"
    write_json(tmp_path / "a.ipynb", notebook_of(code))
    home = tmp_path / "home"
    variables = {
        **os.environ,
        **{"TMPDIR": str(home / "tmp"), "JUPYTER_RUNTIME_DIR": str(home / "runtime")},
        **{"XDG_RUNTIME_DIR": str(home / "runtime"), "HOME": str(home)},
    }
    (home / "tmp").mkdir(parents=True)
    command = [sys.executable, "-m", "nbkata", "record", "a.ipynb"]
    with subprocess.Popen(command, cwd=tmp_path, env=variables, stderr=subprocess.PIPE) as process:
        while not (tmp_path / "runs").exists():
            assert process.poll() is None
        assert list((home / "tmp").iterdir())
        process.send_signal(getattr(signal, name))
        process.communicate(timeout=60)
    for folder in (home / "tmp").iterdir():
        assert name == "SIGKILL"
        made_long_ago(folder)
    TemporaryFolder(home / "tmp").cleanup()
    left = [path for path in home.rglob("*") if path.is_file() and "cache" not in str(path)]
    assert not left and not list((home / "tmp").iterdir())


def test_ctrl_c_while_a_folder_is_removed_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tempfile.TemporaryDirectory._rmtree", interrupted)
    folder = TemporaryFolder(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        folder.cleanup()
    assert not list(tmp_path.iterdir())
