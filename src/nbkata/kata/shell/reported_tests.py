"""Running the kit's own tests of a learner's work in a process, and hearing each verdict."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nbkata.child.shell.environ import child_environment
from nbkata.child.shell.launch import launch
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.kata.shell.kit import Kit

# So many times as long as the quick tests may the slow ones take: they loop over many runs.
SLOW_TIMES: float = 4
# Between two looks at what the tests have said so far.
LOOK_S = 0.05


@dataclass(frozen=True, slots=True)
class ReportedTest:
    """What one test said."""

    test: str
    folder: str
    ok: bool
    message: str
    note: str = ""  # what to read though it is green: a count
    # Whether it came to no verdict by its own choice, ``message`` says why; then it is not ok.
    skipped: bool = False


def red(tests: Sequence[ReportedTest]) -> tuple[str, ...]:
    """Why tests of one step or drill make its light red. Empty if each of them passed.

    A test may be skipped only if another one says what is wrong.
    """
    messages = [test.message for test in tests if not test.ok and not test.skipped]
    failed = tuple(dict.fromkeys(messages))  # several ask first whether the learner's tests pass
    skipped = tuple(
        f"The check {test.test} was skipped: {test.message}. What is not checked is not green."
        for test in tests
        if test.skipped
    )
    return failed or skipped


@dataclass(frozen=True, slots=True)
class Report:
    """What the tests have said so far, or in all."""

    tests: tuple[ReportedTest, ...]
    # The tests that there are, as folder and name, from before the first was run.
    collected: tuple[tuple[str, str], ...] = ()
    # Once the quick tests have spoken: what the slow ones do, that take their time.
    slow: tuple[str, ...] = ()
    # How far the slow one that is at work has come, 10 of 40, and what it has found so far.
    progress: tuple[int, int, str] | None = None
    work: str = ""
    ended: bool = False
    late: bool = False  # whether it was stopped, as it took too long
    output: str = ""  # the last lines of a run that did not come to its end


OnReport = Callable[[Report], None]


def run_reported(
    kit: Kit,
    tests: Sequence[Path],
    options: Sequence[str],
    timeout_s: float,
    on_progress: OnReport = lambda report: None,
) -> Report:
    """Run test files of the kit by pytest, without the settings and plugins of anybody else.

    ``on_progress`` is called when the quick tests have all reported and slow ones still run, and again
    whenever these have come further.
    """
    with TemporaryFolder() as folder:
        path, output = Path(folder, "report.jsonl"), Path(folder, "said.txt")
        arguments = [
            *map(str, tests),
            *("-c", str(kit.exercises / "pytest.ini")),
            *("-p", "nbkata.shape_tests.shell.pytest_plugin"),
            *(f"--nbkata-report={path}", *options),
        ]
        environment = {
            **child_environment(),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTEST_ADDOPTS": "",
            # What the run leaves behind goes with the folder, also if it is ended midway.
            **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder),
        }
        end, answer = time.monotonic() + timeout_s, Report(())
        run = launch(
            "pytest",
            arguments,
            folder=kit.exercises,
            environment=environment,
            output=output,
            is_kits=True,
        )
        try:
            while not run.wait(LOOK_S):
                report = _report(path)
                if report.slow and not answer.slow:
                    end = time.monotonic() + SLOW_TIMES * timeout_s
                if (report.work, report.progress) != (answer.work, answer.progress):
                    answer = report
                    on_progress(report)
                if time.monotonic() > end:
                    return Report((), slow=report.slow, late=True)
        finally:
            run.end()
        report = _report(path)
        if report.ended and run.code in (ALL_PASSED, SOME_FAILED):
            return replace(report, tests=counted(report))
        lines = output.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        last = " ".join(line for line in lines[-3:] if line.strip("."))  # dots: tests that passed
        verdicts = counted(report, f" ({last})" if last else "")
        return replace(report, tests=verdicts, ended=bool(verdicts), output=last)


# The exit codes of a pytest that came to its end.
ALL_PASSED, SOME_FAILED = 0, 1


def counted(report: Report, why: str = "") -> tuple[ReportedTest, ...]:
    """One verdict for each test that was collected: red if there is none, or more than one, or of a
    test that was not collected.
    """
    verdicts: dict[tuple[str, str], list[ReportedTest]] = {place: [] for place in report.collected}
    for test in report.tests:
        verdicts.setdefault((test.folder, test.test), []).append(test)
    return tuple(
        (
            found[0]
            if len(found) == 1 and place in report.collected
            else _miscounted(place, found, why)
        )
        for place, found in verdicts.items()
    )


def _miscounted(place: tuple[str, str], found: Sequence[ReportedTest], why: str) -> ReportedTest:
    for verdict in found:  # what came after its own verdict failed, say
        if not verdict.ok:
            return verdict
    what = {
        0: f"came to no verdict: Python ended first{why}",
        1: "is not one of those that were collected",
    }.get(len(found), f"came to {len(found)} verdicts, and one was due")
    folder, name = place
    return ReportedTest(name, folder, False, f"The check {name} {what}.")


def _report(path: Path) -> Report:
    """What is in the file; a line that is half-written does not count yet.

    If a line is none of ours, nothing counts.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        messages = [json.loads(line) for line in lines if line.endswith("\n")]
        last = {name: line[name] for line in messages for name in line}
        progress = None
        for line in messages:
            if "work" in line or "progress" in line:
                progress = line.get("progress")
        return Report(
            tuple(ReportedTest(**line) for line in messages if "test" in line),
            collected=tuple((f, n) for line in messages for f, n in line.get("collected", ())),
            slow=tuple(last.get("slow", ())),
            work=last.get("work", ""),
            progress=progress and (progress[0], progress[1], str(progress[2])),
            ended=any("end" in line for line in messages),
        )
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return Report(())
