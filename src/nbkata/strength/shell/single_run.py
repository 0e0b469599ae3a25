"""One run of the learner's tests in a process that ends with it: a verdict on one mutant."""

import io
import os
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import redirect_stderr
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from pathlib import Path
from typing import Any

import pytest

from nbkata.child.shell.confine import confine, limit, seed_hidden_state
from nbkata.child.shell.pytest_options import pytest_arguments, without_tracebacks
from nbkata.strength.shell.line_trace import LineTrace, Trace
from nbkata.strength.shell.oracle import FOOTER, Oracle


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker is asked to do."""

    root: str  # the copy of the learner's folder that the run may use up
    original: str  # the learner's own folder: paths into it are turned into paths into the copy
    tests: tuple[str, ...]
    files: tuple[tuple[str, str], ...] = ()  # sources to write first, by their path in the copy
    # A target to run as a script after the tests, where they show nothing of it themselves.
    script: str = ""
    # For random numbers that the code itself leaves unseeded; none takes fresh ones.
    seed: int | None = 0
    trace: bool = False  # whether to note which lines of the copy's files were run
    cpu_s: int = 0
    # What the unchanged code showed: given only to say whether this run shows the same.
    events: "Events | None" = None


class Lost(Enum):
    """Why a run has no outcome."""

    LATE = auto()
    # Its process, and another one can take its place.
    DIED = auto()
    # The worker itself.
    GONE = auto()
    # The mutant cannot be planted there.
    UNPLANTED = auto()


# Where something was seen, and its digest; an empty one for what differs by itself.
Events = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run of the tests gave."""

    code: int  # pytest's exit code
    seconds: float
    failed: str  # the first test that failed, or empty
    message: str  # why it failed
    crashed: bool  # whether the code under test raised it
    same: bool = False  # whether the run showed what the unchanged code shows, if that was asked
    oracle: str = ""  # the oracle's document, unless the run showed the same
    # Seconds of each test, if they were collected before.
    took: Mapping[str, float] = field(default_factory=dict)
    trace: Trace | None = None  # if lines were traced
    spawned: bool = False  # whether the tests started other processes, if lines were traced
    settled: bool = False  # of a fork server: whether no other run is needed to trust it
    stays: bool = False  # whether the process that ran them can run others


def run_job(job: Job) -> Outcome:
    """Run the tests as the job says, in this process, which must not be used again."""
    confine(job.root, job.original)
    limit(job.cpu_s)
    seed_hidden_state(job.seed)
    for path, source in job.files:
        Path(job.root, path).write_bytes((source + FOOTER).encode("utf-8"))
    oracle, watcher = Oracle(), FailureWatcher(job.root, dict(job.files))
    sys.modules["_nbkata_oracle"] = oracle
    started = time.perf_counter()
    trace = LineTrace(job.root) if job.trace else None
    if trace:
        sys.addaudithook(watcher.audit)
    code = _run_pytest(job, watcher, [watcher, *([trace] if trace else [])])
    if code == 0 and job.script:
        _run_script(job, watcher)
    traced = trace.stop() if trace else None
    outcome = outcome_of(code, time.perf_counter() - started, watcher, oracle, job.events)
    return replace(outcome, spawned=watcher.spawned, trace=traced)


def outcome_of(
    code: int, seconds: float, watcher: "FailureWatcher", oracle: Oracle, events: Events | None
) -> Outcome:
    """One run's; compared with ``events`` if there are some to compare with."""
    same = events is not None and code == 0 and _same(events, oracle.events)
    shown = oracle.as_json() if events is None or code == 0 and not same else ""
    return Outcome(code, seconds, watcher.failed, watcher.message, watcher.crashed, same, shown)


def _same(golden: Events, now: list[tuple[str, str]]) -> bool:
    """An empty digest stands for what differed between runs of the unchanged code."""
    return len(golden) == len(now) and all(
        old[0] == new[0] and old[1] in ("", new[1]) for old, new in zip(golden, now, strict=True)
    )


def _run_pytest(job: Job, watcher: "FailureWatcher", plugins: list[object]) -> int:
    with redirect_stderr(io.StringIO()) as text:
        try:
            code = int(pytest.main(pytest_arguments(job.root, job.tests), plugins=plugins))
        except SystemExit:
            code = int(pytest.ExitCode.INTERNAL_ERROR)
        except Exception as error:  # pylint: disable=broad-exception-caught # a setting of theirs
            code, watcher.message = int(pytest.ExitCode.USAGE_ERROR), str(error)
    if code == pytest.ExitCode.USAGE_ERROR and not watcher.message:
        watcher.message = _reason(text.getvalue().replace(job.root + os.sep, ""))
    return code


def _reason(message: str) -> str:
    """Of what pytest says where it cannot begin: what was raised, after the usage, or at first."""
    lines = [line.removeprefix("ERROR: ") for line in message.splitlines() if line]
    wrong = [line.partition(": error: ")[2] for line in lines if ": error: " in line]
    raised = [line[2:].strip() for line in lines if line.startswith("E ")]
    if raised and lines:
        return f"{lines[0].rstrip('.')}: {raised[-1]}"
    return next(iter((*wrong, *lines)), "")


def _run_script(job: Job, watcher: "FailureWatcher") -> None:
    import runpy  # pylint: disable=import-outside-toplevel

    sys.argv = [str(Path(job.root, job.script))]
    sys.path.insert(0, str(Path(job.root, job.script).parent))
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    except (Exception, SystemExit):  # pylint: disable=broad-exception-caught # learners' code
        watcher.crashed = True


class FailureWatcher:
    """A pytest plugin: the first failure, and whether the code under test raised it."""

    def __init__(self, root: str, targets: Iterable[str]) -> None:
        self.targets = {str(Path(root, path)) for path in targets}
        self.spawned = False
        self.forget()

    def forget(self) -> None:
        """Begin anew, for another run."""
        self.failed = ""
        self.message = ""
        self.crashed = False

    def audit(self, event: str, _: tuple[Any, ...]) -> None:
        """Note whether the tests start other processes, whose lines nobody counts."""
        if event in ("subprocess.Popen", "os.posix_spawn", "os.exec", "os.system"):
            self.spawned = True

    def pytest_collection_finish(self, session: Any) -> None:
        """Let a failed test say its exception alone."""
        without_tracebacks(session.items)

    def pytest_exception_interact(self, node: Any, call: Any) -> None:
        """The first failing test or file."""
        if self.failed:
            return
        self.failed = node.nodeid
        if call.excinfo is not None:
            self.message = call.excinfo.exconly(tryshort=True)[:2000]
            self.crashed = self._raised_by_target(call.excinfo.value)

    def _raised_by_target(self, error: BaseException) -> bool:
        """Whether it came out of the code under test: whoever runs that sees it fail."""
        cause: BaseException | None = error
        while cause is not None:
            frame = cause.__traceback__
            while frame is not None:
                if frame.tb_frame.f_code.co_filename in self.targets:
                    return True
                frame = frame.tb_next
            cause = cause.__cause__ or cause.__context__
        return False
