"""The warm process serves on, whatever becomes of the runs that are forked from it."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("runs are forked on Linux only", allow_module_level=True)
from nbkata.child.shell.launch import Forked, launch
from nbkata.child.shell.warm import WarmProcess


def test_a_run_that_ends_just_when_it_is_ended_leaves_the_warm_process_alive(tmp_path: Path):
    (tmp_path / "sleeps.py").write_text("import time\ntime.sleep(600)\n", encoding="utf-8")
    warm = WarmProcess(())
    warm.begin()
    try:
        warm.ready.wait()
        run = launch("sleeps", (), folder=tmp_path, environment={"PYTHONPATH": str(tmp_path)})
        assert isinstance(run, Forked) and warm.process is not None
        os.kill(warm.process.pid, signal.SIGSTOP)  # it will learn of both in one look
        os.kill(run.pid, signal.SIGKILL)
        ending = threading.Thread(target=run.end)
        ending.start()
        time.sleep(0.1)  # until the line is hung up
        os.kill(warm.process.pid, signal.SIGCONT)
        ending.join()
        with pytest.raises(subprocess.TimeoutExpired):
            warm.process.wait(0.5)
    finally:
        warm.end()
