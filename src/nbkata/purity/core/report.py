"""A purity check's answer: as a document, and as lines to read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nbkata.common.core.counting import counted
from nbkata.purity.core.verdict import CheckedFunction, Verdict


@dataclass(frozen=True, slots=True)
class Problem:
    """A module that could not be judged by running it."""

    path: str
    line: int | None
    message: str


@dataclass(frozen=True, slots=True)
class PurityReport:
    """All that a purity check found."""

    functions: tuple[CheckedFunction, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()  # what the reader should know of the run: failed tests, no tests
    tests_s: float = 0.0
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """1 where something is impure, 2 where a module cannot be imported."""
        if self.problems:
            return 2
        return int(any(checked.verdict is Verdict.IMPURE for checked in self.functions))


def document(report: PurityReport) -> dict[str, Any]:
    """For ``--json``."""
    return {
        "functions": [_function(checked) for checked in report.functions],
        "errors": [
            {"path": problem.path, "line": problem.line, "message": problem.message}
            for problem in report.problems
        ],
        "notes": list(report.notes),
        "seconds": round(report.seconds, 3),
        "tests_seconds": round(report.tests_s, 3),
    }


def _function(checked: CheckedFunction) -> dict[str, Any]:
    return {
        "module": checked.module,
        "name": checked.name,
        "verdict": checked.verdict.value,
        "path": checked.path,
        "line": checked.line,
        "calls": checked.calls,
        "reasons": [
            {"line": reason.line, "message": reason.message, "fix": reason.fix}
            for reason in checked.reasons
        ],
        "cleared": [{"line": reason.line, "message": reason.message} for reason in checked.cleared],
    }


def count_line(functions: Sequence[CheckedFunction]) -> str:
    """``6 functions: 4 pure, 1 impure, 1 not exercised``."""
    counts = Counter(checked.verdict for checked in functions)
    names = {Verdict.PURE: "pure", Verdict.IMPURE: "impure", Verdict.UNEXERCISED: "not exercised"}
    parts = [f"{counts[verdict]} {name}" for verdict, name in names.items() if counts[verdict]]
    return f"{counted(len(functions), 'function')}: {', '.join(parts) or 'nothing to judge'}"


def failure_text(report: PurityReport, *, allow_unexercised: bool) -> str:
    """Why a test that says "this is pure" fails; empty if it passes."""
    lines = [_problem_line(problem) for problem in report.problems]
    for checked in report.functions:
        bad = checked.verdict is Verdict.IMPURE
        unknown = checked.verdict is Verdict.UNEXERCISED and not allow_unexercised
        if not bad and not unknown:
            continue
        word = "is impure" if bad else "is not proven pure"
        lines += [f"{checked.module}.{checked.name} {word}:"]
        lines += [f"  {checked.path}:{reason.line}: {reason.message}" for reason in checked.reasons]
        fixes = dict.fromkeys(reason.fix for reason in checked.reasons if reason.fix)
        lines += [f"  {fix}" for fix in fixes]
    return "\n".join(lines)


def _problem_line(problem: Problem) -> str:
    where = problem.path if problem.line is None else f"{problem.path}:{problem.line}"
    return f"{where}: {problem.message}"
