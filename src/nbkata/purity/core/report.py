"""A purity check's answer: as a document, and as lines to read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nbkata.purity.core.verdict import Judged, Verdict


@dataclass(frozen=True, slots=True)
class Problem:
    """A module that could not be judged by running it."""

    path: str
    line: int | None
    message: str


@dataclass(frozen=True, slots=True)
class PurityReport:
    """All that a purity check found."""

    functions: tuple[Judged, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    """What the reader should know of the run: failed tests, no tests."""
    tests_s: float = 0.0
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """1 where something is impure, 2 where a module cannot be imported."""
        if self.problems:
            return 2
        return int(any(judged.verdict is Verdict.IMPURE for judged in self.functions))


def document(report: PurityReport) -> dict[str, Any]:
    """For ``--json``."""
    return {
        "functions": [_function(judged) for judged in report.functions],
        "errors": [
            {"path": problem.path, "line": problem.line, "message": problem.message}
            for problem in report.problems
        ],
        "notes": list(report.notes),
        "seconds": round(report.seconds, 3),
        "tests_seconds": round(report.tests_s, 3),
    }


def _function(judged: Judged) -> dict[str, Any]:
    return {
        "module": judged.module,
        "name": judged.name,
        "verdict": judged.verdict.value,
        "path": judged.path,
        "line": judged.line,
        "calls": judged.calls,
        "reasons": [
            {"line": reason.line, "message": reason.message, "cure": reason.cure}
            for reason in judged.reasons
        ],
        "cleared": [{"line": reason.line, "message": reason.message} for reason in judged.cleared],
    }


def count_line(functions: Sequence[Judged]) -> str:
    """``6 functions: 4 pure, 1 impure, 1 not exercised``."""
    counts = Counter(judged.verdict for judged in functions)
    names = {
        Verdict.PURE: "pure",
        Verdict.IMPURE: "impure",
        Verdict.UNEXERCISED: "not exercised",
    }
    parts = [f"{counts[verdict]} {name}" for verdict, name in names.items() if counts[verdict]]
    plural = "" if len(functions) == 1 else "s"
    return f"{len(functions)} function{plural}: {', '.join(parts) or 'nothing to judge'}"


def failure_text(report: PurityReport, *, allow_unexercised: bool) -> str:
    """Why a test that says "this is pure" fails; empty where it passes."""
    lines = [_problem_line(problem) for problem in report.problems]
    for judged in report.functions:
        bad = judged.verdict is Verdict.IMPURE
        unknown = judged.verdict is Verdict.UNEXERCISED and not allow_unexercised
        if not bad and not unknown:
            continue
        word = "is impure" if bad else "is not proven pure"
        lines += [f"{judged.module}.{judged.name} {word}:"]
        lines += [f"  {judged.path}:{reason.line}: {reason.message}" for reason in judged.reasons]
        cures = dict.fromkeys(reason.cure for reason in judged.reasons if reason.cure)
        lines += [f"  {cure}" for cure in cures]
    return "\n".join(lines)


def _problem_line(problem: Problem) -> str:
    where = problem.path if problem.line is None else f"{problem.path}:{problem.line}"
    return f"{where}: {problem.message}"
