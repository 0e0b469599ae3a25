"""Notebooks and scripts for the tests of smells, and what was found in them."""

from nbkata.notebook.core.notebook import Cell, CellKind, Notebook, Output
from nbkata.smells.core.find import smells_in_notebook, smells_in_script
from nbkata.smells.core.finding import Finding
from nbkata.smells.core.symbols import Smell


def code(source: str, *outputs: Output, count: int | None = None) -> Cell:
    """A code cell; `notebook` gives it its number."""
    return Cell(0, CellKind.CODE, source, count, outputs)


def notebook(*cells: Cell | str) -> Notebook:
    """Cells in order; a text is a code cell never run."""
    made = [code(cell) if isinstance(cell, str) else cell for cell in cells]
    return Notebook(
        tuple(
            Cell(index, cell.kind, cell.source, cell.execution_count, cell.outputs)
            for index, cell in enumerate(made)
        )
    )


def findings(*cells: Cell | str) -> tuple[Finding, ...]:
    """All that is found in a notebook of these cells."""
    return smells_in_notebook(notebook(*cells), "a.ipynb").findings


def found(smell: Smell, *cells: Cell | str) -> list[tuple[int | None, int]]:
    """Cell and line of each finding of one smell."""
    return [(one.cell, one.line) for one in findings(*cells) if one.symbol is smell]


def found_in_script(smell: Smell, text: str) -> list[int]:
    """The lines of each finding of one smell in a script."""
    smells = smells_in_script(text, "a.py")
    return [one.line for one in smells.findings if one.symbol is smell]
