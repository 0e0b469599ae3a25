"""The way in: a notebook or a script, and out come its smells."""

from collections.abc import Collection, Iterator

from nbkata.notebook.core.notebook import Notebook
from nbkata.smells.core.finding import Finding, Smells, Spot, Unread
from nbkata.smells.core.settings import Settings
from nbkata.smells.core.source import (
    Source,
    SourceKind,
    is_lesson,
    source_of_notebook,
    source_of_script,
)
from nbkata.smells.core.symbols import Smell

ALL = frozenset(Smell)


def smells_in_notebook(
    notebook: Notebook, path: str = "notebook.ipynb", only: Collection[Smell] = ALL
) -> Smells:
    """The smells in a notebook, with those of its outputs and execution counts."""
    return smells_in(source_of_notebook(notebook, path), only)


def smells_in_script(text: str, path: str = "script.py", only: Collection[Smell] = ALL) -> Smells:
    """The smells in a plain module or a jupytext percent script."""
    return smells_in(source_of_script(text, path), only)


def smells_in(
    source: Source,
    only: Collection[Smell] = ALL,
    settings: Settings | None = None,
) -> Smells:
    """Every smell asked for, in the order of the text, each place once."""
    unread = tuple(_unread(source))
    try:
        findings, reach, failed = _found(source, only, settings)
    except (SyntaxError, RecursionError) as error:
        what = f"the code is too deeply nested to be read ({type(error).__name__})."
        return Smells(source.path, (), (*unread, Unread(source.path, what)))
    unread += tuple(Unread(source.path, what) for what in failed)
    lesson = source.notebook is not None and is_lesson(source.notebook)
    notes = (f"{source.path}: {_LESSON}",) if lesson else ()
    return Smells(source.path, findings, unread, reach, len(source.blocks), notes)


_LESSON = (
    "it explains more than it computes (a lesson, a tutorial): what it shows is its purpose, so its "
    "print-noise, display-noise and plot-noise are no debt."
)


def _found(
    source: Source, only: Collection[Smell], settings: Settings | None
) -> tuple[tuple[Finding, ...], tuple[tuple[int, int], ...], list[str]]:
    # pylint: disable=import-outside-toplevel # both load astroid, which a cached answer saves
    from nbkata.smells.core.pragmas import not_disabled
    from nbkata.smells.core.reach import reach_of_cells
    from nbkata.smells.core.registry import spots_in
    from nbkata.smells.core.view import view_of

    keeps = not_disabled(source)
    view = view_of(source, settings)
    spots, failed = spots_in(view, only)
    findings = tuple(filter(keeps, (place(source, spot) for spot in spots)))
    lost = [
        f"{smell.value} could not be looked for ({type(error).__name__}: {error}): a fault of "
        "nbkata. All other smells were."
        for smell, error in failed.items()
    ]
    return findings, reach_of_cells(view) if source.notebook else (), lost


def place(source: Source, spot: Spot) -> Finding:
    """A spot's finding, by cell and line where the source is a notebook."""
    block = source.block_at(spot.line)
    lines = block.source.split("\n") if block is not None else [""]
    inside = min(max(1, spot.line - (block.first if block else 1) + 1), len(lines))
    end = max(spot.line, spot.end_line)
    if source.kind is not SourceKind.NOTEBOOK or block is None:
        return Finding(
            source.path,
            None,
            spot.line,
            end,
            spot.smell,
            spot.message,
            lines[inside - 1],
            spot.line,
        )
    if spot.cell is not None and spot.cell != block.index:
        return Finding(source.path, spot.cell, 1, 1, spot.smell, spot.message, "", spot.line)
    last = min(inside + end - spot.line, len(lines))
    text = lines[inside - 1]
    return Finding(
        source.path, block.index, inside, last, spot.smell, spot.message, text, spot.line
    )


def _unread(source: Source) -> Iterator[Unread]:
    for block in source.blocks:
        if block.python.problem:
            line = block.python.problem_line
            if source.kind is SourceKind.NOTEBOOK:
                yield Unread(source.path, block.python.problem, block.index, line)
            else:
                in_file = None if line is None else block.first + line - 1
                yield Unread(source.path, block.python.problem, None, in_file)
