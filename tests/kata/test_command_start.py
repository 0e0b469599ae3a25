"""`nbkata start`, `status` and `check` as a learner meets them: what they print and exit with."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Nbkata
from support.builders import notebook_of, write_json

NOTEBOOK = Path("notebooks", "titanic.ipynb")


@pytest.fixture(name="nbkata")
def fixture_nbkata(nbkata_inside: Nbkata) -> Nbkata:
    """In this process: hardly a test here asks how one begins and ends."""
    return nbkata_inside


@pytest.fixture(name="workspace")
def fixture_workspace(tmp_path: Path) -> Path:
    """A workspace with a notebook of one line in the place of the long one."""
    path = tmp_path / "workspace"
    for folder in (".nbkata", "src", "tests"):
        (path / folder).mkdir(parents=True)
    for name in ("titanic.csv", "README.md"):
        (path / "data").mkdir(exist_ok=True)
        (path / "data" / name).write_text("x", encoding="utf-8")
    (path / "pyproject.toml").write_text("", encoding="utf-8")
    write_json(path / NOTEBOOK, notebook_of("x = 1"))
    return path


def replace_notebook(workspace: Path, *sources: str) -> None:
    write_json(workspace / NOTEBOOK, notebook_of(*sources))


def test_start_runs_the_real_notebook_and_ends_at_step_00(tmp_path: Path, nbkata: Nbkata):
    folder = tmp_path / "a b é"
    folder.mkdir()
    done = nbkata("start", cwd=folder)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "workspace made. Running the notebook, every cell, for real."
    assert "00  Run it" in done.stdout
    assert "behaviour  green" in done.stdout
    assert "shape      red    The saved notebook was not run from top to bottom" in done.stdout
    assert lines[-1].split()[-1] == "check"
    assert max(map(len, lines)) <= 80

    again = nbkata("start", cwd=folder)
    assert again.returncode == 0
    assert again.stdout.startswith("workspace is there already; nothing was changed in it.")
    assert "  then  " in again.stdout


def test_status_before_any_check_shows_step_00_and_the_next_command(
    workspace: Path, nbkata: Nbkata
):
    done = nbkata("status", cwd=workspace)
    assert done.returncode == 0
    assert "00  Run it" in done.stdout
    assert "behaviour  not yet" in done.stdout
    assert done.stdout.rstrip().endswith("check")


def test_status_without_a_workspace_says_how_to_make_one(tmp_path: Path, nbkata: Nbkata):
    done = nbkata("status", "--workspace", str(tmp_path))
    assert done.returncode == 2
    assert "there is no workspace here. Make one: nbkata start" in done.stderr


def test_check_names_results_that_are_gone(workspace: Path, nbkata: Nbkata):
    done = nbkata("check", "--json", cwd=workspace)
    assert done.returncode == 1, done.stderr
    verdict = json.loads(done.stdout)
    assert set(verdict) == {"step", "behaviour", "shape", "lost", "seconds"}
    assert verdict["step"] == "00-run"
    assert verdict["behaviour"]["ok"] is False
    assert "X_train" in verdict["behaviour"]["message"]
    assert verdict["shape"]["messages"] == [
        "The saved notebook was not run from top to bottom: cell 0 (x = 1) was never run. "
        "Restart the kernel, run all cells, save."
    ]


def test_a_checked_step_is_remembered_by_status(
    workspace: Path, nbkata: Nbkata, run_nbkata: Nbkata
):
    nbkata("check", cwd=workspace)
    write_time = '"time": "2026-01-05T23:30:00+00:00"'
    journal = workspace / ".nbkata" / "journal.jsonl"
    journal.write_text(re.sub('"time": "[^"]*"', write_time, journal.read_text("utf-8")), "utf-8")
    shown = run_nbkata("status", cwd=workspace, TZ="Asia/Tokyo").stdout  # read as a process begins
    assert "behaviour  red    at the last check (" in shown
    if hasattr(time, "tzset"):  # Windows does not ask TZ
        assert "(06 Jan 08:30)" in shown


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = 1\n1 / 0", "cell 0, line 2: ZeroDivisionError: division by zero. Fix the cell"),
        ("while True: pass", "cell 0: the cell did not end within 2 s."),
        ("import os; os._exit(1)", "cell 0: the kernel died here"),
        ("import no_such_thing", "cell 0, line 1: No module named 'no_such_thing'. Install it"),
    ],
)
def test_a_notebook_that_cannot_be_run_is_refused_with_the_cell(
    workspace: Path, nbkata: Nbkata, source: str, message: str
):
    replace_notebook(workspace, source)
    done = nbkata("check", "--timeout", "2", cwd=workspace, COLUMNS="200")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{NOTEBOOK}, {message}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty."),
        (b"print(1)", "this is not JSON, so not a notebook."),
        (b"{}", "this is JSON, but not a notebook"),
    ],
)
def test_a_file_that_is_no_notebook_is_refused(
    workspace: Path, nbkata: Nbkata, content: bytes, message: str
):
    (workspace / NOTEBOOK).write_bytes(content)
    done = nbkata("check", cwd=workspace, COLUMNS="200")
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


def test_a_half_deleted_workspace_is_refused_and_restored(workspace: Path, nbkata: Nbkata):
    (workspace / "data" / "titanic.csv").unlink()
    done = nbkata("check", cwd=workspace.parent)
    assert done.returncode == 2
    assert "nbkata start workspace --restore" in " ".join(done.stderr.split())
    done = nbkata("start", "workspace", "--restore", cwd=workspace.parent)
    assert done.returncode == 0, done.stderr
    assert "workspace: brought back data/titanic.csv." in done.stdout
    assert (workspace / "data" / "titanic.csv").stat().st_size > 50_000


def test_start_takes_no_folder_that_holds_other_things(tmp_path: Path, nbkata: Nbkata):
    (tmp_path / "thesis.docx").write_bytes(b"years of work")
    done = nbkata("start", ".")
    assert done.returncode == 2
    assert "this folder is not empty, and not a workspace." in done.stderr
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.docx"]


def test_an_unknown_step_is_refused_with_the_list(workspace: Path, nbkata: Nbkata):
    done = nbkata("check", "77", cwd=workspace)
    assert done.returncode == 2
    assert "there is no step '77'. The steps are: 00-run," in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="SIGINT to one child cannot be sent on Windows")
def test_ctrl_c_while_the_notebook_runs_is_one_message_and_leaves_no_kernel(workspace: Path):
    replace_notebook(
        workspace,
        "import os, pathlib, time\n"
        "pathlib.Path('pid').write_text(str(os.getpid()))\n"
        "open('running', 'w').close()\n"
        "time.sleep(60)",
    )
    fifo = workspace / "notebooks" / "running"
    os.mkfifo(fifo)
    with subprocess.Popen(
        [sys.executable, "-m", "nbkata", "check"],
        cwd=workspace,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        fifo.open().close()  # opens when the cell opens its end: the kernel is in it now
        child.send_signal(signal.SIGINT)
        shown, complaint = child.communicate(timeout=30)
    assert (child.returncode, shown) == (2, "")
    assert complaint == "Stopped. Nothing is half-written. nbkata status shows where you are.\n"
    kernel = int((workspace / "notebooks" / "pid").read_text(encoding="utf-8"))
    with pytest.raises(ProcessLookupError):
        os.kill(kernel, 0)
    assert not (workspace / ".nbkata" / "journal.jsonl").exists()
