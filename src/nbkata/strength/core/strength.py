"""How strong a set of tests is: what it caught of the changes that mattered."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from nbkata.common.core.github import annotation


class MutantStatus(StrEnum):
    """What became of one mutant."""

    CAUGHT = "caught"
    SURVIVED = "survived"
    # It is on a line that no test runs: it survives without being tried.
    UNSEEN = "unseen"
    # The tests pass and the record is the same: no change of behaviour, not counted.
    EQUAL = "equal"
    # The code raises, hangs or dies: whoever runs it sees that, not counted.
    STOPPED = "stopped"


# Behaviour changed, and no test saw it.
MISSED = (MutantStatus.SURVIVED, MutantStatus.UNSEEN)


@dataclass(frozen=True, slots=True)
class MutantResult:
    """One mutant with its verdict."""

    path: str
    line: int
    operator: str
    diff: str
    status: MutantStatus
    seen_by: str = ""  # the assertion that would have seen a survivor
    test: str = ""  # the test that caught it

    def as_github(self) -> str:
        """An annotation for a pull request: GitHub shows it at the line."""
        seen = self.seen_by or "No test runs this line."
        text = f"No test fails if this becomes{self._new_line}. {seen}"
        return annotation(
            "warning",
            text,
            file=self.path,
            line=self.line,
            title=f"nbkata strength: {self.operator}",
        )

    @property
    def _new_line(self) -> str:
        return "".join(f" {line[1:].strip()}" for line in self.diff.splitlines() if line[:1] == "+")


@dataclass(frozen=True, slots=True)
class Strength:
    """All verdicts of one measurement."""

    tested: tuple[MutantResult, ...]
    seconds: float  # wall clock, the two runs of the unchanged tests included
    planted: int = 0  # mutants made; fewer are tested if it was interrupted
    targets: tuple[str, ...] = ()
    flakes: int | None = None
    runs: int = 0
    flaky: tuple[str, ...] = ()  # the unchanged tests that failed in some runs
    never_run: int = 0  # mutants that are set aside: what is held never runs these lines

    def count(self, *kinds: MutantStatus) -> int:
        """How many mutants ended in any of these ways."""
        return sum(one.status in kinds for one in self.tested)

    @property
    def caught(self) -> int:
        """Mutants that made a test fail."""
        return self.count(MutantStatus.CAUGHT)

    @property
    def survivors(self) -> tuple[MutantResult, ...]:
        """Changes of behaviour that no test saw."""
        found = (one for one in self.tested if one.status in MISSED)
        return tuple(sorted(found, key=lambda one: (one.path, one.line, one.diff)))

    @property
    def total(self) -> int:
        """Mutants that changed behaviour."""
        return self.caught + len(self.survivors)

    @property
    def percent(self) -> float:
        """Caught of those that count; 100 where nothing could be changed."""
        return 100 * self.caught / self.total if self.total else 100.0

    def as_json(self) -> dict[str, Any]:
        """The document of ``nbkata strength --json``."""
        return {
            "caught": self.caught,
            "total": self.total,
            "percent": round(self.percent, 1),
            "seconds": round(self.seconds, 2),
            "not_counted": {
                "equal": self.count(MutantStatus.EQUAL),
                "stopped": self.count(MutantStatus.STOPPED),
                **({"never_run": self.never_run} if self.never_run else {}),
            },
            "flakes": self.flakes,
            "runs": self.runs,
            "targets": list(self.targets),
            "survivors": [
                {
                    "path": one.path,
                    "line": one.line,
                    "diff": one.diff,
                    "operator": one.operator,
                    "covered": one.status is MutantStatus.SURVIVED,
                    "seen_by": one.seen_by,
                }
                for one in self.survivors
            ],
        }


def of_what_runs(found: Strength) -> Strength:
    """Return it without the mutants of lines that no test runs: a notebook's net runs what it runs."""
    ran = tuple(one for one in found.tested if one.status is not MutantStatus.UNSEEN)
    return replace(found, tested=ran, never_run=len(found.tested) - len(ran))


def settled(
    tested: Mapping[int, MutantResult], planted: int, enough: float
) -> tuple[MutantResult, ...] | None:
    """The verdicts after which it is certain whether ``enough`` per cent are caught; or none yet.

    ``tested`` is by place in the order of planting, of ``planted`` in all. Only an unbroken row
    from the first on counts, so that the answer does not hang on which worker was quicker.
    """
    caught = missed = 0
    for place in range(planted):
        if place not in tested:
            return None
        kind = tested[place].status
        caught += kind is MutantStatus.CAUGHT
        missed += kind in MISSED
        left = planted - place - 1
        at_most, at_least = caught + left, caught
        counted = caught + missed + left
        if 100 * at_most < enough * counted or 100 * at_least >= enough * counted:
            return tuple(tested[number] for number in range(place + 1))
    return None
