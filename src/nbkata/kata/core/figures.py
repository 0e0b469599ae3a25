"""What a report measures, and the rows it is measured in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# Planted changes that the report's strength is measured by; `nbkata strength` plants all.
SAMPLED = 20


class Figure(StrEnum):
    """One column; the value is its name in JSON and for ``--only``."""

    LINES = "lines"
    CELLS = "cells"
    PAGES = "pages"
    FUNCTIONS = "functions"
    WAYS_MOST = "complexity-max"
    WAYS_MEAN = "complexity-mean"
    PYLINT = "pylint"
    SMELLS = "smells"
    COVERAGE = "coverage"
    STRENGTH = "strength"
    PURITY = "purity"


@dataclass(frozen=True, slots=True)
class About:
    """How a figure is read."""

    head: str  # of a column, in few letters
    title: str
    meaning: str  # what is counted, in one sentence for the page
    unit: str = ""
    most: float | None = None  # the largest possible value; none if there is none
    places: int = 0
    better: int = 0  # 1 if more of it is better, -1 if less is


ABOUT: Mapping[Figure, About] = {
    Figure.LINES: About(
        "lines", "Lines of code", "Without tests, comments, docstrings and blank lines.", better=-1
    ),
    Figure.CELLS: About("cells", "Cells", "Of the notebook, text included.", better=-1),
    Figure.PAGES: About(
        "pages",
        "Printed pages",
        "Of the notebook with what it shows, printed by a Chromium.",
        better=-1,
    ),
    Figure.FUNCTIONS: About("func", "Functions", "Functions and methods, tests aside."),
    Figure.WAYS_MOST: About(
        "max",
        "Most complex function",
        "McCabe's cyclomatic complexity of the worst one: the ways through it. Code outside of "
        "functions counts as one function.",
        better=-1,
    ),
    Figure.WAYS_MEAN: About(
        "mean", "Mean complexity", "The same, on average over all functions.", places=1, better=-1
    ),
    Figure.PYLINT: About(
        "lint",
        "pylint",
        "Its own score, with its own settings but for lines of 100 characters: warnings for each statement.",
        most=10,
        places=1,
        better=1,
    ),
    Figure.SMELLS: About("smells", "Smells", "Places that nbkata smells finds.", better=-1),
    Figure.COVERAGE: About(
        "cov", "Coverage", "Lines that the tests run, of all in src/.", "%", most=100, better=1
    ),
    Figure.STRENGTH: About(
        "caught",
        "Strength",
        f"Changes of behaviour that the tests catch, of a sample of {SAMPLED} planted ones "
        "(those that change nothing are not counted).",
        unit="%",
        most=100,
        better=1,
    ),
    Figure.PURITY: About(
        "pure",
        "Purity",
        "Functions that are pure, of all: by their text and by calling them again.",
        unit="%",
        most=100,
        better=1,
    ),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure's value, with the two numbers that it is the share of if it is one."""

    value: float
    of: tuple[int, int] | None = None  # ``(10, 11)``: ten of eleven

    def as_json(self) -> dict[str, Any]:
        """For the cache."""
        return {"value": self.value, "of": self.of}


# None if there is nothing to measure: a notebook has no coverage.
Values = Mapping[Figure, Measured | None]


@dataclass(frozen=True, slots=True)
class Row:
    """A checkpoint, or the learner's files at one time."""

    label: str  # ``04-characterize``
    title: str  # ``Characterize it``, or when it was: ``Nov 21, 11:34``
    values: Values
    notes: tuple[str, ...] = ()  # why a figure could not be measured, for each that should be there


def measured_from_json(document: Any) -> Measured | None:
    """What the cache keeps. Raises ``TypeError`` or ``KeyError`` if it is damaged."""
    if document is None:
        return None
    of = document["of"]
    return Measured(float(document["value"]), None if of is None else (int(of[0]), int(of[1])))


def shown(figure: Figure, measured: Measured | None, none: str = "–") -> str:
    """As a table shows it; a dash if there is nothing to measure."""
    if measured is None:
        return none
    about = ABOUT[figure]
    number = f"{measured.value:,.{about.places}f}"
    return f"{number}\N{NO-BREAK SPACE}{about.unit}" if about.unit else number


def figures_named(names: Sequence[str]) -> tuple[Figure, ...] | str:
    """The figures of these names in the table's order; ``complexity`` is both of its kind.

    A text is the name that is none.
    """
    wanted: set[Figure] = set()
    for name in (part.strip() for text in names for part in text.split(",") if part.strip()):
        found = [figure for figure in Figure if name in (figure, figure.partition("-")[0])]
        if not found:
            return name
        wanted.update(found)
    return tuple(figure for figure in Figure if figure in wanted) or tuple(Figure)


def as_document(steps: Sequence[Row], workspace: Sequence[Row]) -> dict[str, Any]:
    """For ``--json``: null where there is nothing to measure."""
    return {
        "steps": [{"step": row.label} | _values(row) for row in steps],
        "workspace": [{"step": row.label, "time": row.title} | _values(row) for row in workspace],
        "sampled": SAMPLED,
        "notes": [note for row in (*steps, *workspace) for note in row.notes],
    }


def _values(row: Row) -> dict[str, float | None]:
    return {
        figure.value.replace("-", "_"): None if measured is None else round(measured.value, 2)
        for figure, measured in row.values.items()
    }
