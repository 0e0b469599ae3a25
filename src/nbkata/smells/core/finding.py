"""A smell at its place."""

from dataclasses import dataclass

from nbkata.smells.core.symbols import Smell


@dataclass(frozen=True, slots=True)
class Spot:
    """What a detector yields: lines count over the joined text, from 1."""

    smell: Smell
    line: int
    message: str
    end_line: int = 0
    # Only where the place has no code: an empty cell, a notebook without a title.
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A smell where a person finds it: by cell and line in a notebook, by line in a script."""

    path: str
    cell: int | None  # over all cells, from 0; none in a script
    line: int  # in the cell for a notebook, in the file for a script; from 1
    end_line: int
    symbol: Smell
    message: str
    source: str = ""  # the line as it is, to frame it in a report
    row: int = 0  # the line in the joined text, as pylint counts


@dataclass(frozen=True, slots=True)
class Unread:
    """A place that could not be read; everything else was."""

    path: str
    message: str
    cell: int | None = None
    line: int | None = None

    def __str__(self) -> str:
        place = self.path
        if self.cell is not None:
            place += f", cell {self.cell}"
        if self.line is not None:
            place += f", line {self.line}"
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Smells:
    """Everything that one file gave."""

    path: str
    findings: tuple[Finding, ...] = ()
    unread: tuple[Unread, ...] = ()
    # For each cell that makes something, how many later cells read it.
    reach: tuple[tuple[int, int], ...] = ()
    code_cells: int = 0
    notes: tuple[str, ...] = ()  # what was done to read it: an old format upgraded
