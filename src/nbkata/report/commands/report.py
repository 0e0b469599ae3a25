"""`nbkata report`: how the code got better, in figures."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.paths import shown_path
from nbkata.kata.commands._lights import WorkspaceOption
from nbkata.kata.core.figures import ABOUT, Figure, Row, as_document, figures_named, shown
from nbkata.kata.core.kata import Step
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import Workspace, find_workspace
from nbkata.report.core.page import report_page
from nbkata.report.shell.report import Subject, checkpoints, measure, moments
from nbkata.terminal import screen
from nbkata.workspace.shell.outputs import write_page

MINE = "workspace"


def report(
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="[STEP|workspace]…", help="Only these; by default all, and yours."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help=f"Only these figures: {', '.join(Figure)}.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page to this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    workspace: WorkspaceOption = None,
) -> int:
    """Show how the code gets better, step by step, in the kit's solutions and in yours.

    Your own rows: each step as it stood when it was last green, and now. Measuring them takes
    minutes the first time; it is remembered until they change. The kit's come with the kit.
    """
    kit = load_kit()
    if isinstance(kit, Refusal):
        return screen.refuse(kit)
    figures = figures_named(only or [])
    if isinstance(figures, str):
        next_step = f"Use some of {', '.join(Figure)}."
        return screen.refuse(Refusal(f"there is no figure {figures!r}.", "--only", next_step))
    subjects = _subjects(kit, what or [], workspace)
    if isinstance(subjects, Refusal):
        return screen.refuse(subjects)
    theirs, mine = subjects
    with screen.look_progress(0) as progress:

        def on_progress(done: int, of: int, name: str) -> None:
            if done < of and not name:
                line = f"Measuring {of - done} figures: this takes minutes the first time."
                screen.err.print(line)
            progress.update(progress.task_ids[0], completed=done, total=of, name=name)

        rows = measure(kit, [*theirs, *mine], figures, on_progress)
    steps, own = rows[: len(theirs)], rows[len(theirs) :]
    if html is not None:
        written = write_page(html, report_page(steps, own))
        if isinstance(written, Refusal):
            return screen.refuse(written)
    if as_json:
        print(json.dumps(as_document(steps, own)))
        return 0
    if html is not None:
        screen.out.print(shown_path(html), markup=False, soft_wrap=True)
        return 0
    _show(figures, steps, own)
    return 0


def _subjects(
    kit: Kit, words: Sequence[str], workspace: Path | None
) -> tuple[list[Subject], list[Subject]] | Refusal:
    """The checkpoints asked for, and the learner's own moments."""
    steps: list[Step] = []
    for word in words:
        step = kit.kata.step(word) if word != MINE else None
        if isinstance(step, Refusal):
            return step
        steps += [step] if step and step not in steps else []
    wants_mine = not words or MINE in words or workspace is not None
    found = find_workspace(kit, workspace) if wants_mine else None
    if isinstance(found, Refusal) and (words or workspace is not None):
        return found
    mine = moments(found) if isinstance(found, Workspace) else []
    return checkpoints(kit, steps if words else kit.kata.steps), mine


def _show(figures: Sequence[Figure], steps: Sequence[Row], own: Sequence[Row]) -> None:
    if steps:
        screen.out.print(_table("step", figures, steps), "")
    if own:
        screen.out.print(_table("yours", figures, own), "")
    for figure in figures:
        about = ABOUT[figure]
        per_cent = " In per cent." if about.unit else ""
        line = Text.assemble((f"{about.head}: ", "bold"), about.meaning, per_cent)
        screen.out.print(line, style="dim")
    for note in (note for row in (*steps, *own) for note in row.notes):
        screen.out.print(Text(f"Not measured: {note}"), soft_wrap=True)


def _table(head: str, figures: Sequence[Figure], rows: Sequence[Row]) -> Table:
    """Numbers are always whole; where it is narrow the steps' names give way."""
    values = [[_cell(figure, row) for figure in figures] for row in rows]
    widths = [
        max(len(ABOUT[figure].head), *(len(line[number]) for line in values))
        for number, figure in enumerate(figures)
    ]
    left = screen.out.width - sum(widths) - len(widths) - 1
    longest = max(len(row.label) for row in rows)
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column(head, no_wrap=True, overflow="crop", width=max(_NUMBER, min(longest, left)))
    for figure, width in zip(figures, widths, strict=True):
        table.add_column(ABOUT[figure].head, justify="right", no_wrap=True, min_width=width)
    for row, line in zip(rows, values, strict=True):
        table.add_row(Text(row.label), *line)
    return table


_NUMBER = 5
"""Of a step's name at least its number and a little is shown."""


def _cell(figure: Figure, row: Row) -> str:
    return shown(figure, row.values[figure], screen.dash()).removesuffix("\N{NO-BREAK SPACE}%")
