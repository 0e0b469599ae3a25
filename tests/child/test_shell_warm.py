"""The warm process serves on, whatever becomes of the runs that are forked from it."""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("runs are forked on Linux only", allow_module_level=True)
from nbkata.child.core.ended import Finished
from nbkata.child.shell.interpreter import Interpreter, looked_at, used
from nbkata.child.shell.launch import CONNECT_S, WARM, Forked, launch
from nbkata.child.shell.run import run
from nbkata.child.shell.run_request import request_for
from nbkata.child.shell.sandbox import Keeper
from nbkata.child.shell.warm import WarmProcess, kept_warm


@pytest.fixture(name="warm")
def fixture_warm() -> Iterator[WarmProcess]:
    warm = WarmProcess(())
    warm.begin()
    warm.ready.wait()
    yield warm
    warm.end()


def started(folder: Path) -> Forked:
    """A run without an end; only a warm process that is alive can fork it."""
    (folder / "sleeps.py").write_text("import time\ntime.sleep(600)\n", encoding="utf-8")
    run = launch("sleeps", (), folder=folder, environment={"PYTHONPATH": str(folder)})
    assert isinstance(run, Forked)
    return run


def test_a_run_that_ends_just_when_it_is_ended_leaves_the_warm_process_alive(
    tmp_path: Path, warm: WarmProcess
):
    run = started(tmp_path)
    assert warm.process is not None
    os.kill(warm.process.pid, signal.SIGSTOP)  # it will learn of both in one look
    ended = os.pidfd_open(run.pid)
    os.kill(run.pid, signal.SIGKILL)
    select.select([ended], [], [])
    os.close(ended)
    run.line.shutdown(socket.SHUT_WR)  # as `end` begins
    os.kill(warm.process.pid, signal.SIGCONT)
    run.end()
    started(tmp_path).end()


@pytest.mark.usefixtures("warm")
def test_a_run_that_finds_no_way_into_its_sandbox_does_nothing(tmp_path: Path):
    (tmp_path / "writes.py").write_text("open('written', 'w').close()\n", encoding="utf-8")
    request = request_for("writes", (), tmp_path, {})
    with subprocess.Popen(["true"], encoding="utf-8") as gone:
        gone.wait()
    with pytest.raises(ConnectionError):
        Forked(os.environ[WARM], request, False, None, Keeper(gone, gone.pid))
    assert not (tmp_path / "written").exists()
    run = Forked(os.environ[WARM], request, False, None)
    assert run.wait(60) and (tmp_path / "written").exists()
    run.end()


@pytest.mark.usefixtures("warm")
def test_a_run_that_is_ended_in_its_first_moment_is_ended_at_once(tmp_path: Path):
    for _ in range(20):
        run, begun = started(tmp_path), time.monotonic()
        run.end()
        assert time.monotonic() - begun < CONNECT_S


@pytest.fixture(name="said")
def fixture_said(tmp_path: Path) -> Callable[..., tuple[str, str]]:
    """The hash of a text in a run with this hash seed, and whether it was forked from a warm process."""
    code = "import sys\nprint(hash('a'), 'pytest' in sys.modules)\n"
    (tmp_path / "says_hash.py").write_text(code, encoding="utf-8")

    def said(seed: str, fresh: bool = True) -> tuple[str, str]:
        environment = {"PYTHONPATH": str(tmp_path), "PYTHONHASHSEED": seed}
        ended = run(
            "says_hash", (), folder=tmp_path, environment=environment, timeout_s=60, fresh=fresh
        )
        assert isinstance(ended, Finished)
        number, is_warm = ended.output.split()
        return number, is_warm

    return said


def test_a_run_that_asks_for_a_hash_seed_is_forked_from_the_warm_process_that_has_it(
    tmp_path: Path, said: Callable[..., tuple[str, str]]
):
    five, six = said("5")[0], said("6")[0]
    with kept_warm((), seed="5"):
        assert (said("5"), said("6")) == ((five, "True"), (six, "False"))
        assert said("5", fresh=False) == (five, "True")
        with kept_warm((), seed="5"):  # it serves, and goes on when this block ends
            pass
        assert said("5") == (five, "True")
        other = launch("says_hash", (), folder=tmp_path, environment={})
        other.end()
        assert not isinstance(other, Forked)
    assert five != six and said("5") == (five, "False")


def test_runs_in_a_projects_environment_are_forked_from_the_warm_process_there_alone(
    said: Callable[..., tuple[str, str]],
):
    project = looked_at(Path(sys.executable))
    assert isinstance(project, Interpreter)
    with kept_warm((), seed="5"), used(project):
        assert said("5")[1] == "False"
        with kept_warm((), seed="5"):
            assert said("5")[1] == "True"
