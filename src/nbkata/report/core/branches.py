"""Two branches side by side: what each did to behaviour, the safety net and the figures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nbkata.common.core.counting import counted
from nbkata.guard.core.finding import Finding
from nbkata.kata.core.figures import ABOUT, Figure, Row, shown
from nbkata.kata.core.lights import Light

# What is said of a branch; the other figures say little of two that began alike.
FIGURES = (
    *(Figure.LINES, Figure.FUNCTIONS, Figure.WAYS_MOST),
    *(Figure.SMELLS, Figure.STRENGTH, Figure.PURITY),
)


@dataclass(frozen=True, slots=True)
class Branch:
    """One of the two, since they parted."""

    name: str
    files: int
    added: int
    removed: int
    weaker: tuple[Finding, ...]  # what the guard says
    behaviour: Light
    row: Row

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why a figure is missing. Strength has no note of its own if nothing is there to measure."""
        if self.row.notes or self.row.values.get(Figure.STRENGTH):
            return self.row.notes
        return (f"{self.name}: it has no tests, or no scripts, so there is no strength",)


@dataclass(frozen=True, slots=True)
class Branches:
    """Both, and what moved first from the one to the other; empty if nothing did."""

    one: Branch
    other: Branch
    moved: str

    def as_json(self) -> dict[str, Any]:
        """The document of ``nbkata compare REF REF --json``."""
        return {"moved": self.moved, "branches": [_as_json(self.one), _as_json(self.other)]}


def table(found: Branches) -> Iterator[tuple[str, str, str]]:
    """Rows of a title and both values."""
    both = (found.one, found.other)
    yield _row("behaviour", [one.behaviour.message for one in both])
    net = [
        f"weaker in {counted(len(one.weaker), 'place')}" if one.weaker else "as strong as before"
        for one in both
    ]
    yield _row("safety net", net)
    sizes = [f"+{one.added} -{one.removed} in {counted(one.files, 'file')}" for one in both]
    yield _row("size of the diff", sizes)
    for figure in FIGURES:
        yield _row(
            ABOUT[figure].title.lower(),
            [shown(figure, one.row.values[figure], "-") for one in both],
        )


def _row(title: str, values: Sequence[str]) -> tuple[str, str, str]:
    return title, values[0], values[1]


def _as_json(one: Branch) -> dict[str, Any]:
    return {
        "name": one.name,
        "behaviour": {"ok": one.behaviour.ok, "message": one.behaviour.message},
        "guard": [finding.as_json() for finding in one.weaker],
        "diff": {"files": one.files, "added": one.added, "removed": one.removed},
        "reasons": list(one.reasons),
        "figures": {
            figure.value: None if value is None else value.value
            for figure, value in one.row.values.items()
        },
    }
