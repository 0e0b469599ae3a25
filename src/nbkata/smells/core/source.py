"""A notebook or script as one Python text, with a way back from its lines to cells.

pylint, and the VS Code extension that joins a notebook's cells for it, see a file as one module;
so do the detectors here. Every line of every code cell keeps its place in the joined text.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from nbkata.notebook.core.notebook import Cell, CellKind, Notebook
from nbkata.smells.core.magics import PythonText, as_python

_MARKER = re.compile(r"^#\s?%%(?!\s*NBQA-)(?P<title>.*)$")


class SourceKind(StrEnum):
    """Where the code came from."""

    NOTEBOOK = "notebook"
    PERCENT = "percent script"
    MODULE = "module"


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one code cell in the joined text; a module is one block."""

    index: int  # the cell's number over all cells; 0 for a module
    first: int  # its first line in the joined text, from 1
    source: str  # as written, magics and all
    python: PythonText
    cell: Cell | None = None

    @property
    def last(self) -> int:
        """Its last line in the joined text."""
        return self.first + self.source.count("\n")


@dataclass(frozen=True, slots=True)
class Source:
    """One file, ready to be parsed."""

    path: str
    kind: SourceKind
    blocks: tuple[Block, ...]
    text: str  # all blocks as Python, joined; a module's own text
    notebook: Notebook | None = None

    def block_at(self, line: int) -> Block | None:
        """The block with this line of the joined text in it."""
        position = bisect_right(self.blocks, line, key=lambda block: block.first) - 1
        return self.blocks[position] if position >= 0 else None


def source_of_notebook(notebook: Notebook, path: str) -> Source:
    """Every code cell, also an empty one, takes the lines that it has, and none between."""
    blocks = []
    line = 1
    for cell in notebook.code_cells:
        source = cell.source.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ")
        blocks.append(Block(cell.index, line, source, as_python(source), cell))
        line = blocks[-1].last + 1
    text = "\n".join(block.python.text for block in blocks) + "\n"
    return Source(path, SourceKind.NOTEBOOK, tuple(blocks), text, notebook)


def source_of_script(text: str, path: str) -> Source:
    """A ``.py`` file; one with ``# %%`` markers (jupytext, VS Code, Spyder) has cells too."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ")
    lines = text.split("\n")
    markers = [number for number, line in enumerate(lines, start=1) if _MARKER.match(line)]
    if not markers:
        block = Block(0, 1, text, as_python(text))
        return Source(path, SourceKind.MODULE, (block,), block.python.text + "\n")
    return _percent_source(path, lines, markers)


def _percent_source(path: str, lines: list[str], markers: list[int]) -> Source:
    starts = [1, *(marker for marker in markers if marker > 1)]
    blocks = []
    python = []
    index = 0
    for start, end in zip(starts, [*(start - 1 for start in starts[1:]), len(lines)], strict=True):
        marker = _MARKER.match(lines[start - 1])
        source = "\n".join(lines[start - 1 : end])
        if marker is None and not _has_code(source):
            python.append(source)  # jupytext's header, before the first cell
            continue
        if marker is not None and re.search(r"\[(markdown|md|raw)\]", marker["title"]):
            python.append(source)
        else:
            block = Block(index, start, source, as_python(source))
            blocks.append(block)
            python.append(block.python.text)
        index += 1
    return Source(path, SourceKind.PERCENT, tuple(blocks), "\n".join(python) + "\n")


def source_of_joined_cells(notebook: Notebook, text: str, path: str) -> Source | None:
    """A notebook whose cells somebody else has joined, as editors do for pylint.

    Cells follow each other without a gap or with blank lines and comments between; magics were
    replaced by other lines. None if the text is another one than the notebook's: edited since.
    """
    lines = text.split("\n")
    blocks = []
    at = 0
    for cell in notebook.code_cells:
        wanted = cell.source.replace("\r\n", "\n").rstrip("\n").split("\n")
        if not cell.source.strip():
            continue
        found = _position_of(wanted, lines, at)
        if found is None:
            return None
        at = found + len(wanted)
        source = "\n".join(wanted)
        joined = PythonText("\n".join(lines[found:at]), as_python(source).magics)
        blocks.append(Block(cell.index, found + 1, source, joined, cell))
    return Source(path, SourceKind.NOTEBOOK, tuple(blocks), text, notebook)


def _position_of(wanted: list[str], lines: list[str], start: int) -> int | None:
    """Where a cell's lines stand from ``start`` on, with magics replaced by anything."""
    for at in range(start, len(lines) - len(wanted) + 1):
        pairs = zip(wanted, lines[at : at + len(wanted)], strict=True)
        if all(_is_same(mine, theirs) for mine, theirs in pairs):
            return at
        if lines[at].strip() and not lines[at].lstrip().startswith("#"):
            return None
    return None


def _is_same(mine: str, theirs: str) -> bool:
    if mine.rstrip() == theirs.rstrip():
        return True
    return theirs.strip() in {"pass", ""} or theirs.lstrip().startswith("#")


def _has_code(source: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in source.split("\n"))


# Words of text for a line of code, from which on a notebook is written to be read.
_WORDS_A_LINE = 8
_CELLS_OF_A_LESSON = 8


def is_lesson(notebook: Notebook) -> bool:
    """Whether it explains: much more text than code, and text above most of its code cells."""
    cells = [cell for cell in notebook.cells if cell.source.strip()]
    code = [cell for cell in cells if cell.kind is CellKind.CODE]
    words = sum(len(cell.source.split()) for cell in cells if cell.kind is CellKind.MARKDOWN)
    lines = sum(1 for cell in code for line in cell.source.split("\n") if line.strip())
    pairs = pairwise(cells)
    explained = sum(a.kind is CellKind.MARKDOWN and b.kind is CellKind.CODE for a, b in pairs)
    return (
        len(code) >= _CELLS_OF_A_LESSON
        and words >= _WORDS_A_LINE * lines
        and 2 * explained >= len(code)
    )


def title_of(notebook: Notebook) -> bool:
    """Whether one of the first cells says in a heading what the notebook is about."""
    heading = re.compile(r"^\s{0,3}#{1,6}\s+\S|<h[1-6][ >]|^\S.*\n(=+|-+)\s*$", re.MULTILINE)
    first = [cell for cell in notebook.cells if cell.source.strip()][:3]
    return any(cell.kind is CellKind.MARKDOWN and heading.search(cell.source) for cell in first)
