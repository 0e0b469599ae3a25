"""Killed at any moment, a command leaves the old files or the new ones, and loses nothing."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

MEMORY = Path("/dev/shm")
RUNS = 125
"""For each of four commands."""


@pytest.fixture(scope="module", name="killed")
def fixture_killed() -> Iterator[dict[str, Any]]:
    """What 500 runs that were killed left. In memory where that is there: ten times as quick."""
    home = MEMORY if os.access(MEMORY, os.W_OK) else None
    folder = tempfile.mkdtemp(prefix="nbkata-kill-", dir=home)
    driver = Path(__file__).parents[1] / "support" / "kill_driver.py"
    done = subprocess.run(
        [sys.executable, str(driver), folder, "20261121", str(RUNS)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    shutil.rmtree(folder, ignore_errors=True)
    assert done.returncode == 0, done.stderr
    yield json.loads(done.stdout)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here to kill children of")
@pytest.mark.parametrize("command", ["start", "catch-up", "reset", "undo"])
def test_a_command_that_is_killed_leaves_the_old_files_or_the_new(
    killed: dict[str, Any], command: str
):
    found = killed["found"][command]
    assert found["broken"] == 0, killed["problems"]
    assert found["old"] + found["new"] == RUNS
    assert found["old"] > 10 and found["new"] > 0, "no run was killed early, or none late"
    assert found["ran to its end"] < RUNS / 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here to kill children of")
def test_snapshots_are_whole_and_the_journal_readable_after_each_kill(killed: dict[str, Any]):
    assert killed["problems"] == []
