"""The first process of a container, tried without one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nbkata.child.shell import in_container

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="containers are made on Linux")


@pytest.fixture(name="line")
def fixture_line(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "line")
    return tmp_path / "line"


def _started(line: Path, script: str) -> "subprocess.Popen[str]":
    command = [
        sys.executable,
        "-I",
        "-S",
        in_container.__file__,
        str(line),
        "/bin/sh",
        "-c",
        script,
    ]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


@pytest.mark.parametrize(("script", "code"), [("exit 3", 3), ("kill -9 $$", 137), ("exit 125", 1)])
def test_its_exit_code_is_the_commands(line: Path, script: str, code: int):
    held = os.open(line, os.O_RDWR)
    with _started(line, script) as process:
        assert process.wait(20) == code
    os.close(held)
    assert not line.exists()


def test_it_ends_when_nobody_holds_the_line(line: Path):
    held = os.open(line, os.O_RDWR)
    with _started(line, "echo begun; read -r x") as process:
        assert process.stdout and process.stdout.readline() == "begun\n"
        os.close(held)
        assert process.wait(20) == in_container.GONE


def test_it_begins_nothing_if_nobody_holds_the_line_any_more(line: Path):
    with _started(line, "echo begun") as process:
        assert process.communicate(timeout=20) == ("", "")
        assert process.returncode == in_container.GONE


def test_a_process_that_the_system_ended_for_its_memory_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    events = tmp_path / "memory.events"
    monkeypatch.setattr(in_container, "MEMORY", (str(tmp_path / "none"), str(events)))
    found = []
    for text in ("oom 0\noom_kill 0\n", "oom 2\noom_kill 1\n"):
        events.write_text(text, encoding="ascii")
        found.append(in_container.out_of_memory())
    assert found == [False, True]
