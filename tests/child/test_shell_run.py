"""A run of other people's code has an answer, or one of four ways in which it failed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nbkata.child.core.ended import Failed, Failure, Finished
from nbkata.child.shell.bounds import memory_limit_gb, share_memory
from nbkata.child.shell.run import ask, run

ANSWERS = """
from nbkata.child.shell import bounds
from nbkata.child.shell.run import answer
{given}

def work(request):
    {work}

answer(work)
"""
# Enough to print a traceback, and not for a thousand million numbers.
LITTLE_MEMORY, LITTLE_OUTPUT = "bounds.MEMORY_SHARE = 0.02", "bounds.OUTPUT_MB = 1"


def asked(folder: Path, work: str, given: str = "", timeout_s: float = 60) -> object:
    (folder / "answers.py").write_text(ANSWERS.format(work=work, given=given), encoding="utf-8")
    environment = dict(os.environ)
    return ask("answers", [1, 2], folder=folder, environment=environment, timeout_s=timeout_s)


def test_a_request_is_answered(tmp_path: Path):
    assert asked(tmp_path, "return {'sum': sum(request)}") == {"sum": 3}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
@pytest.mark.parametrize(
    ("work", "given", "failure", "reason"),
    [
        ("import os; os._exit(3)", "", Failure.DIED, "it died"),
        ("1 / 0", "", Failure.DIED, "ZeroDivisionError: division by zero"),
        ("open('answer.json', 'w').write('{')", "", None, ""),
        (
            "return [0] * 10**9",
            LITTLE_MEMORY,
            Failure.OUT_OF_MEMORY,
            "it needed more memory than it may",
        ),
        ("print('x' * 10**7)", LITTLE_OUTPUT, Failure.TOO_MUCH_OUTPUT, "it wrote more than"),
    ],
)
def test_each_way_to_fail_has_its_name_and_its_reason(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    work: str,
    given: str,
    failure: Failure | None,
    reason: str,
):
    if given == LITTLE_OUTPUT:
        monkeypatch.setattr("nbkata.child.shell.run.OUTPUT_MB", 1)
    answer = asked(tmp_path, work, given)
    if failure is None:
        assert answer is None  # what it writes elsewhere is no answer
    else:
        assert isinstance(answer, Failed), answer
        assert answer.failure is failure and answer.reason.startswith(reason), answer


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit for the size of a file")
def test_a_mutant_that_prints_without_end_does_not_fill_the_disk(tmp_path: Path):
    """pytest captures in a file; a hole in it stands for what was printed."""
    code = (
        "from nbkata.child.shell.confine import limit\nlimit(5)\nfile = open('printed', 'wb', 0)\n"
    )
    code += "file.seek(101 * 1024**2)\nfile.write(b'x')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stderr.endswith("OSError: [Errno 27] File too large\n")


def test_what_does_not_end_is_stopped(tmp_path: Path):
    answer = asked(tmp_path, "while True: pass", timeout_s=2)
    assert answer == Failed(Failure.TIMED_OUT, "it did not end within 2 s")


def test_a_fresh_run_has_the_hash_seed_that_it_is_given_and_says_how_it_ended(tmp_path: Path):
    (tmp_path / "says.py").write_text("print(hash('a')); raise SystemExit(7)", encoding="utf-8")
    environment = {**os.environ, "PYTHONHASHSEED": "5"}
    runs = [
        run("says", (), folder=tmp_path, environment=environment, timeout_s=60, fresh=True)
        for _ in range(2)
    ]
    assert all(isinstance(one, Finished) and one.code == 7 for one in runs)
    assert runs[0].last_line == runs[1].last_line != ""  # type: ignore[union-attr]


@pytest.mark.skipif(sys.platform != "linux", reason="others look every 50 ms whether it has ended")
def test_the_end_of_a_run_is_noticed_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    naps: list[float] = []
    monkeypatch.setattr("subprocess.time.sleep", naps.append)
    (tmp_path / "waits.py").write_text("import select; select.select([], [], [], 0.1)", "utf-8")
    ended = run("waits", (), folder=tmp_path, environment=dict(os.environ), timeout_s=60)
    assert isinstance(ended, Finished) and ended.code == 0
    assert not naps


def test_runs_at_the_same_time_share_the_memory():
    resource = pytest.importorskip("resource", reason="no such limits here")
    before, whole = resource.getrlimit(resource.RLIMIT_DATA), memory_limit_gb()
    try:
        share_memory(4)
        assert memory_limit_gb() == pytest.approx(whole / 4)
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Popen looks")
def test_the_end_is_seen_on_a_system_that_does_not_tell_of_it_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def unknown(_: int) -> int:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr("os.pidfd_open", unknown)
    answer = asked(tmp_path, "1 / 0", "")
    assert isinstance(answer, Failed) and answer.failure is Failure.DIED
    monkeypatch.delattr("os.pidfd_open")
    assert asked(tmp_path, "return 3", "") == 3
