"""The code of a notebook or script as one text, each line with its cell."""

import ast
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from nbkata.notebook.core.notebook import Notebook
from nbkata.smells.core.source import (
    Block,
    Source,
    SourceKind,
    source_of_notebook,
    source_of_script,
)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line as the reader sees it: in its cell, or in the file if it is a script; from 1."""

    cell: int
    line: int


@dataclass(frozen=True, slots=True)
class Code:
    """Plain Python of all cells, line for line; ``unread`` are cells that hold no Python 3."""

    lines: tuple[str, ...]
    places: tuple[SourceLine, ...]
    unread: tuple[SourceLine, ...] = ()
    is_script: bool = False

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines) + "\n"

    def place(self, line: int) -> SourceLine:
        """The cell and line of a line of the text (from 1)."""
        return self.places[line - 1]

    def source(self, first: int, last: int) -> str:
        """The lines of a statement."""
        return "\n".join(self.lines[first - 1 : last])


def code_of_notebook(notebook: Notebook) -> Code:
    """The code cells' text."""
    source = source_of_notebook(notebook, "")
    places = [
        SourceLine(block.index, number - block.first + 1)
        for block in source.blocks
        for number in range(block.first, block.last + 1)
    ]
    unread = [SourceLine(block.index, 1) for block in source.blocks if _is_foreign(block)]
    return Code(_lines(source), tuple(places), tuple(unread))


def code_of_script(text: str) -> Code | None:
    """A script's text; its blocks stand for cells. None if it is no Python 3."""
    source = source_of_script(text.rstrip("\n"), "")
    if any(block.python.problem for block in source.blocks):
        return None
    lines = _lines(source)
    starts = [block.first for block in source.blocks]
    if source.kind is SourceKind.MODULE:
        starts = _block_starts(lines, ast.parse(source.text))
    places = [
        SourceLine(max(bisect_right(starts, number) - 1, 0), number)
        for number in range(1, len(lines) + 1)
    ]
    return Code(lines, tuple(places), is_script=True)


def _lines(source: Source) -> tuple[str, ...]:
    return tuple(source.text.removesuffix("\n").split("\n"))


def _is_foreign(block: Block) -> bool:
    """Whether nothing of a cell is Python: another language, or an old one."""
    magics = block.python.magics
    other = bool(magics) and magics[0][1].startswith("%%") and not block.python.text.strip()
    return other or bool(block.python.problem)


def _block_starts(lines: Sequence[str], tree: ast.Module) -> list[int]:
    """Where blocks begin: after blank lines."""
    starts: list[int] = []
    end = 0
    for node in tree.body:
        between = lines[end : node.lineno - 1]
        if not starts or any(not line.strip() for line in between):
            starts.append(node.lineno)
        end = node.end_lineno or node.lineno
    return starts
