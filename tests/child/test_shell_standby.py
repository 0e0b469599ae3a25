"""Where a process cannot be forked (macOS, Windows), runs begin in spares that are warm: forced here."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from nbkata.child.shell import standby, warm
from nbkata.child.shell.launch import launch

TELLS = """
import os, sys
print("nbkata.child.shell.standby_process" in sys.orig_argv, os.getcwd(), *sys.argv[1:], os.environ["TOLD"])
for line in sys.stdin:
    print("heard", line.strip(), flush=True)
sys.exit(3)
"""
STARTS_ONE = """
import os
from pathlib import Path
from nbkata.child.shell.launch import launch

def test_what_a_run_starts():
    here = Path(__file__).parent
    run = launch("tells", ("inside",), folder=here, environment=os.environ, output=here / "said.txt")
    assert run.wait(60)
    run.end()
"""


@pytest.fixture(name="folder")
def fixture_folder(tmp_path: Path) -> Path:
    """With a module that tells how it was started, and says what it hears."""
    (tmp_path / "tells.py").write_text(TELLS, "utf-8")
    return tmp_path


@pytest.fixture(name="environment")
def fixture_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """With spares that wait, though this system may fork; they import little, to be quick."""
    monkeypatch.setattr(warm, "CAN_FORK", False)
    monkeypatch.delenv("NBKATA_WARM", raising=False)
    process = warm.WarmProcess(())
    process.begin()
    assert process.ready.is_set()
    yield {**os.environ, "TOLD": "by environment"}
    process.end()


def test_a_run_begins_in_a_spare_and_after_that_in_a_new_process(
    folder: Path, environment: dict[str, str]
):
    output = folder / "said.txt"
    for is_standby in (True, False):
        run = launch("tells", ("a", "b"), folder=folder, environment=environment, output=output)
        assert run.wait(60)
        run.end()
        assert output.read_text("utf-8").split() == [
            *(str(is_standby), str(folder.resolve()), "a", "b", "by", "environment")
        ]


def test_a_run_in_a_spare_talks(folder: Path, environment: dict[str, str]):
    run = launch("tells", (), folder=folder, environment=environment, talks=True)
    assert run.requests is not None and run.answers is not None
    run.requests.write("one\ntwo\n")
    run.requests.flush()
    assert run.answers.readline().startswith("True")
    assert [run.answers.readline() for _ in range(2)] == ["heard one\n", "heard two\n"]
    run.end()


def test_what_the_shape_tests_start_finds_a_spare_of_their_own(
    folder: Path, environment: dict[str, str]
):
    test = folder / "test_it.py"
    test.write_text(STARTS_ONE, "utf-8")
    run = launch("pytest", (str(test), "-p", "no:nbval"), folder=folder, environment=environment)
    assert run.wait(60)
    run.end()
    assert (folder / "said.txt").read_text("utf-8").startswith("True")


def test_a_spare_that_died_is_passed_over(folder: Path, environment: dict[str, str]):
    standby.end()
    standby.keep((False,), (), {"PATH": "", "PYTHONHOME": str(folder)})  # it cannot even start
    output = folder / "said.txt"
    run = launch("tells", ("x",), folder=folder, environment=environment, output=output)
    assert run.wait(60)
    run.end()
    assert output.read_text("utf-8").startswith("False")
