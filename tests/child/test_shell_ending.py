"""Nothing that a command started outlives it, whatever ends the command or what it started."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nbkata.child.shell import launch as launching
from nbkata.child.shell.launch import launch
from nbkata.kata.core.kata import Step
from nbkata.kata.shell.checkpoint import lay_out
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import create_workspace

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/cwd").exists(), reason="processes are found by their folder"
)

STARTS_SLEEPS = """
import subprocess
for _ in range(20):
    subprocess.Popen(["sleep", "300"])
"""
LEAVE_THEIR_GROUP = """
import os
subprocess.Popen(["sleep", "300"], start_new_session=True)
if not os.fork():
    os.setsid()
    if not os.fork():
        os.execvp("sleep", ["sleep", "300"])
    os._exit(0)
"""
NEVER_ENDS = f"""{STARTS_SLEEPS}{LEAVE_THEIR_GROUP}
open("started", "w").close()
while True:
    pass
"""
NOTEBOOK_RUN = """
import nbformat, sys
cell = nbformat.v4.new_code_cell(open("endless.py").read())
nbformat.write(nbformat.v4.new_notebook(cells=[cell]), "endless.ipynb")
"""
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL]


def left(here: str, within_s: float = 10) -> list[str]:
    """The command lines of processes at work below the folder, or that have their temporary files
    there, that still run after so many seconds.
    """
    end = time.monotonic() + within_s
    while True:
        found = [text for path in Path("/proc").glob("[0-9]*") if (text := _command_in(path, here))]
        if not found or time.monotonic() > end:
            return found
        time.sleep(0.05)


def _command_in(process: Path, here: str) -> str:
    try:
        is_below = Path(os.readlink(process / "cwd")).is_relative_to(here)
        if is_below or f"TMPDIR={here}".encode() in (process / "environ").read_bytes():
            return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:  # it has ended, or is somebody else's
        pass
    return ""


@pytest.fixture(name="here")
def fixture_here(tmp_path: Path) -> str:
    return os.path.realpath(tmp_path)


def test_what_a_run_left_behind_is_ended_though_the_run_itself_has_ended(tmp_path: Path, here: str):
    (tmp_path / "starts.py").write_text(STARTS_SLEEPS, "utf-8")
    run = launch("starts", (), folder=tmp_path, environment=os.environ)
    assert run.wait(60)
    assert len(left(here, 0)) == 20
    run.end()
    assert not left(here)


def test_what_a_thread_launches_while_all_is_ended_is_ended_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "endless.py").write_text("while True: pass", "utf-8")
    leaving, ends = threading.Event(), launching.end_all

    def end_all() -> None:
        ends()
        was_leaving = leaving.is_set()
        leaving.set()
        if not was_leaving:
            raise KeyboardInterrupt  # and Ctrl-C comes once more

    def work() -> bool:
        assert leaving.wait(60)
        return launch("endless", (), folder=tmp_path, environment=os.environ).wait(60)

    with pytest.raises(KeyboardInterrupt), launching.thread_ending_with_all() as submit:
        future = submit(work)
        monkeypatch.setattr(launching, "end_all", end_all)
        raise ValueError
    assert future.done() and future.result()


def test_what_a_recorded_script_left_behind_is_ended(
    tmp_path: Path, here: str, nbkata: Callable[..., "subprocess.CompletedProcess[str]"]
):
    (tmp_path / "starts.py").write_text(STARTS_SLEEPS + LEAVE_THEIR_GROUP, "utf-8")
    done = nbkata("record", "starts.py")
    assert done.returncode == 0, done.stderr
    assert not left(here)


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("what", ["endless.py", "endless.ipynb"])
def test_however_a_recording_is_ended_nothing_goes_on(
    tmp_path: Path, here: str, what: str, number: signal.Signals
):
    (tmp_path / "endless.py").write_text(NEVER_ENDS, "utf-8")
    if what.endswith(".ipynb"):
        subprocess.run([sys.executable, "-c", NOTEBOOK_RUN], cwd=tmp_path, check=True)
    message = _ended_midway(tmp_path, number, "record", what)
    assert not left(here)
    assert number == signal.SIGKILL or "Traceback" not in message


def _ended_midway(folder: Path, number: int, *arguments: str) -> str:
    with _begun(folder, *arguments) as process:
        try:
            _await((folder / "started").exists)
            process.send_signal(number)
            return process.communicate(timeout=60)[1]
        finally:
            process.kill()


def _begun(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "nbkata", *arguments],
        cwd=folder,
        env={**os.environ, "TMPDIR": os.path.realpath(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def _await(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("number", [None, *SIGNALS])
def test_however_a_check_of_an_endless_train_is_ended_nothing_goes_on(
    tmp_path: Path, here: str, number: int | None
):
    kit = load_kit()
    assert isinstance(kit, Kit)
    step = kit.kata.step("05")
    assert isinstance(step, Step)
    workspace = create_workspace(tmp_path / "workspace", kit).path
    lay_out(kit, step, workspace)
    started = str(tmp_path / "started")
    leaves = f"subprocess.Popen(['sleep', '300'], cwd={here!r}, start_new_session=True)"
    endless = (
        f"import subprocess\n\n\ndef train(path):\n    {leaves}\n    open({started!r}, 'w').close()\n"
        "    while True:\n        pass\n"
    )
    (workspace / "src" / "train.py").write_text(endless, "utf-8")
    arguments = ("check", "06", "--workspace", str(workspace), "--timeout", "1")
    if number is None:
        with _begun(tmp_path, *arguments) as process:
            errors = process.communicate(timeout=60)[1]
        assert (process.returncode, "it did not end within 1 s" in errors) == (2, True), errors
    else:
        _ended_midway(tmp_path, number, *arguments[:-2])
    assert not left(here)
