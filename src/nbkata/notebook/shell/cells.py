"""What the two ways to run a notebook's cells share."""

import ast
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from nbkata.child.shell import bounds
from nbkata.notebook.core.language import AUTOMAGIC, BARE_MAGIC
from nbkata.notebook.core.run import Stopped, StopReason

# Run code in the kernel unseen, then evaluate an expression: ``ask(code, expression)``. Answers
# with the expression's value as ``repr`` shows it; neither the cells' counts nor their outputs
# notice. Raises ``RuntimeError`` where the code or the expression fails.
Ask = Callable[[str, str], str]
BeforeCell = Callable[[int], None]
AfterCell = Callable[[int, Ask], None]


def runs(document: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the code cells that are not empty, with their numbers and their source as one text."""
    for index, cell in enumerate(document["cells"]):
        cell["source"] = "".join(cell["source"])
        if cell["cell_type"] == "code" and cell["source"].strip():
            yield index, cell


def as_module(name: str, source: str, value: str, made: str) -> str:
    """Return code that puts a module into the process which runs it, leaving no name behind.

    Its ``value`` is what the expression ``made`` gives in it.
    """
    inner = f"{source}\n{value} = {made}\n"
    return (
        "(lambda module: (__import__('sys').modules.__setitem__(module.__name__, module), "
        f"exec(compile({inner!r}, '<{name}>', 'exec'), module.__dict__)))"
        f"(__import__('types').ModuleType({name!r}))"
    )


def too_deep(source: str) -> str:
    """Why the cell cannot be compiled; IPython would die of it and never answer."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (RecursionError, MemoryError):
        return "RecursionError: an expression is nested too deeply, such as a sum of 10,000 terms"
    except (SyntaxError, ValueError):  # IPython's own syntax, or a mistake that the run will show
        pass
    return ""


def raised(  # pylint: disable=too-many-arguments,too-many-positional-arguments
    index: int | None, source: str, kind: str, message: str, line: int | None, memory_gb: float
) -> Stopped:
    """What an exception in a cell means; ``line`` is the cell's, if it is known."""
    text = "".join(source.splitlines()[line - 1 : line]).strip() if line else ""
    looks = {"SyntaxError": AUTOMAGIC, "NameError": BARE_MAGIC}.get(kind)
    message = bounds.explained(kind, message, memory_gb, bounds.KERNEL_FILE_GB * 1024)
    is_magic = looks and looks.match(text)
    return Stopped(
        StopReason.RAISED, index, f"{kind}: {message}", line, magic=text if is_magic else ""
    )


def without_outputs(document: dict[str, Any]) -> dict[str, Any]:
    """Stale outputs must not survive in a cell that an earlier failure kept from running."""
    cells = [
        {**cell, "outputs": [], "execution_count": None} if cell["cell_type"] == "code" else cell
        for cell in document["cells"]
    ]
    return {**document, "cells": cells}
