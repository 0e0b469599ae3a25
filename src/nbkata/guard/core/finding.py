"""What the guard finds, and the forms it is printed in."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from nbkata.common.core.github import annotation


class Kind(Enum):
    """What happened to the safety net."""

    GOLDEN = "golden record changed"
    EXPECTED = "net and code changed together"
    DELETED = "test deleted"
    SKIPPED = "test skipped"
    UNCOLLECTED = "test not collected"
    REMOVED = "assertion removed"
    WEAKER = "assertion weaker"
    TOLERANCE = "tolerance widened"
    SWALLOWED = "failure swallowed"
    KNOWS = "code knows its tests"
    BEHAVIOUR = "behaviour moved"


# What may be right, and is if somebody says why.
TO_APPROVE = (Kind.GOLDEN, Kind.EXPECTED)


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file."""

    path: str
    line: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One weakening, as it was and as it is now; None if there is no such place."""

    kind: Kind
    message: str
    before: Place | None
    after: Place | None

    def __str__(self) -> str:
        places = " -> ".join(dict.fromkeys(str(at) for at in (self.before, self.after) if at))
        return f"{places}{': ' if places else ''}{self.kind.value}: {self.message}"

    def as_json(self) -> dict[str, Any]:
        """For `--format json`."""
        return {
            "kind": self.kind.name.lower(),
            "message": self.message,
            "before": _as_json(self.before),
            "after": _as_json(self.after),
        }

    def as_github(self) -> str:
        """An annotation for a pull request: GitHub shows it at the line."""
        place = self.after or self.before
        was = f" It was at {self.before}." if self.before and self.before != place else ""
        there = {"file": place.path, "line": place.line} if place else {}
        title = f"nbkata guard: {self.kind.value}"
        return annotation("error", f"{self.message}{was}", **there, title=title)


def _as_json(place: Place | None) -> dict[str, Any] | None:
    return None if place is None else {"path": place.path, "line": place.line}


def unapproved(findings: Iterable[Finding]) -> Finding | None:
    """The first golden file that is another than it was, or gone, and that nobody has approved."""
    return next((one for one in findings if one.kind is Kind.GOLDEN), None)
