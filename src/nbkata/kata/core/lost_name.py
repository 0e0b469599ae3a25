"""Why a notebook does not run: the line that set what it lacks, or a comment that is no comment."""

import ast
import re
from typing import NamedTuple

from nbkata.dataflow.core.modules import bound_names
from nbkata.notebook.core.notebook import Notebook
from nbkata.smells.core.magics import as_python

_LACKS = re.compile(r"NameError: name '(\w+)' is not defined")
AGAIN = "then run the command again."


class _Line(NamedTuple):
    cell: int
    number: int
    text: str


def way_back(detail: str, now: Notebook, start: Notebook) -> str:
    """What to do about the error of a run of ``now``; empty if ``start`` never set the name."""
    if detail.startswith("FileNotFoundError"):
        return _comment_behind_magic(now)
    lacks = _LACKS.match(detail)
    was = _line_that_sets(lacks[1], start) if lacks else None
    if lacks is None or was is None:
        return ""
    below = _line_that_sets(lacks[1], now)
    if below:
        return f"Cell {below.cell}, line {below.number} sets it, too late: move that up, {AGAIN}"
    imports = re.match(r"(import|from)\b", was.text)
    way = (
        "Delete the line that needs it, or bring this one back"
        if imports
        else "Bring that line back"
    )
    return f"When the step began, cell {was.cell}, line {was.number} set it: {was.text}\n{way}, {AGAIN}"


def _comment_behind_magic(notebook: Notebook) -> str:
    """Where IPython takes a comment for a part of a folder's name: ``%cd ..  # back to the top``."""
    for cell in notebook.code_cells:
        for number, line in enumerate(cell.source.splitlines(), start=1):
            if re.match(r"\s*%\s*(cd|pushd)\b.*\s#", line):
                return (
                    f"Look at cell {cell.index}, line {number}: what is behind %cd is the folder, a comment "
                    f"as well. Write the comment into a line of its own above, {AGAIN}"
                )
    return ""


def _line_that_sets(name: str, notebook: Notebook) -> _Line | None:
    for cell in notebook.code_cells:
        text = as_python(cell.source).text
        for statement in ast.parse(text).body:
            if name in bound_names([statement]):
                shown = cell.source.splitlines()[statement.lineno - 1].strip()
                return _Line(cell.index, statement.lineno, shown)
    return None
