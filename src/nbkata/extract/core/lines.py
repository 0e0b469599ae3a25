"""The code of a notebook or script as one text, each line with its cell."""

import ast
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from nbkata.notebook.core.notebook import Notebook

_MAGIC = re.compile(r"^\s*(?:[%!?]|.*[^#\s]\?{1,2}\s*$|[A-Za-z_][\w, ]*=\s*[!%])")
_SHELL = re.compile(r"^\s*(?:cd|ls|ll|dir|mkdir|rm|mv|cp|cat|pwd|pip|conda|time|timeit|who)\b")
"""What IPython takes for a magic without a sign."""
_MARKER = re.compile(r"^#\s*(?:%%|In\s*\[[\d ]*\]:)")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line as the reader sees it."""

    cell: int
    line: int
    """In the cell, from 1; of a script, in the file."""


@dataclass(frozen=True, slots=True)
class Code:
    """Plain Python of all cells, magics taken out, line for line."""

    lines: tuple[str, ...]
    places: tuple[SourceLine, ...]
    unread: tuple[SourceLine, ...] = ()
    """Cells that hold no Python 3."""
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
    lines: list[str] = []
    places: list[SourceLine] = []
    unread: list[SourceLine] = []
    for cell in notebook.code_cells:
        plain = plain_python(cell.source)
        if plain is None:
            unread.append(SourceLine(cell.index, 1))
            continue
        lines += plain
        places += [SourceLine(cell.index, number + 1) for number in range(len(plain))]
    return Code(tuple(lines), tuple(places), tuple(unread))


def code_of_script(source: str) -> Code | None:
    """A script's text; its blocks stand for cells. None where it is no Python 3."""
    plain = plain_python(source.rstrip("\n"))
    if plain is None:
        return None
    tree = ast.parse("\n".join(plain))
    starts = _block_starts(plain, tree)
    places = [
        SourceLine(max(bisect_right(starts, number) - 1, 0), number)
        for number in range(1, len(plain) + 1)
    ]
    return Code(tuple(plain), tuple(places), is_script=True)


def _block_starts(lines: Sequence[str], tree: ast.Module) -> list[int]:
    """Where blocks begin: at cell markers where there are any, else after blank lines."""
    markers = [number for number, line in enumerate(lines, start=1) if _MARKER.match(line)]
    if markers:
        return markers
    starts: list[int] = []
    end = 0
    for node in tree.body:
        between = lines[end : node.lineno - 1]
        if not starts or any(not line.strip() for line in between):
            starts.append(node.lineno)
        end = node.end_lineno or node.lineno
    return starts


def plain_python(source: str) -> list[str] | None:
    """The lines with magics and shell commands made comments; none where it is no Python 3."""
    first = source.lstrip().split("\n", 1)[0]
    if first.startswith("%%") and not first.startswith(("%%time", "%%capture")):
        return None  # another language
    lines = [_commented(line) if _MAGIC.match(line) else line for line in source.split("\n")]
    for _ in range(len(lines) + 1):
        error = _error_line("\n".join(lines))
        if error is None:
            return lines
        if not 0 < error <= len(lines) or lines[error - 1].lstrip().startswith("pass  #"):
            return None
        if not _SHELL.match(lines[error - 1]):
            return None
        lines = _blanked(lines, [error - 1])
    return None


def _blanked(lines: list[str], numbers: Sequence[int]) -> list[str]:
    return [_commented(line) if number in numbers else line for number, line in enumerate(lines)]


def _commented(line: str) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    return f"{indent}pass  # {line.strip()}"


def _error_line(text: str) -> int | None:
    try:
        ast.parse(text)
    except SyntaxError as error:
        return error.lineno or 1
    except (ValueError, RecursionError, MemoryError):
        return 0  # of no line
    return None
