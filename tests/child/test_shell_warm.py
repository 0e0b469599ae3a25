"""The warm process serves on, whatever becomes of the runs that are forked from it."""

import os
import select
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("runs are forked on Linux only", allow_module_level=True)
from nbkata.child.shell.launch import CONNECT_S, Forked, launch
from nbkata.child.shell.warm import WarmProcess


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
def test_a_run_that_is_ended_in_its_first_moment_is_ended_at_once(tmp_path: Path):
    for _ in range(20):
        run, begun = started(tmp_path), time.monotonic()
        run.end()
        assert time.monotonic() - begun < CONNECT_S
