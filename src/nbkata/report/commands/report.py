"""`nbkata report`: how the code got better, in figures."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from nbkata.common.core.refusal import Refusal, or_refuse
from nbkata.kata.commands._lights import WorkspaceOption
from nbkata.kata.core.figures import ABOUT, Figure, Row, as_document, figures_named, shown
from nbkata.kata.core.kata import Step
from nbkata.kata.core.lights import Light
from nbkata.kata.core.progress import current_step
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import Workspace, find_workspace
from nbkata.report.commands._health import show_health
from nbkata.report.shell.pages import Place, report_page, steps_folder, write_pages
from nbkata.report.shell.report import Subject, checkpoints, measure, moments
from nbkata.terminal import screen
from nbkata.terminal.written import OpenOption, wrote
from nbkata.workspace.core.journal import checks_in
from nbkata.workspace.shell.outputs import page_path

MINE = "workspace"
# Where no one watches a bar, how long no line says how far it is.
NEXT_LINE_S = 15


def report(
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="[STEP|workspace]…", help="Only these; by default all, and yours."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help=f"Only these figures: {', '.join(Figure)}.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write the page to this file, the steps' pages beside it.")
    ] = None,
    show: OpenOption = False,
    health: Annotated[
        bool,
        typer.Option("--health", help="Rate your system's health, and what makes it reproducible."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    workspace: WorkspaceOption = None,
) -> int:
    """Show how the code gets better, step by step, in the kit's solutions and in yours.

    Your own rows: each step as it was when it was last green, and now. Measuring them takes
    minutes the first time; it is remembered until they change. The kit's come with the kit.
    All of it is also a page, with each step's guide, figures, lights and diff.
    """
    if health:
        return show_health(workspace, as_json)
    kit = or_refuse(load_kit())
    figures = figures_named(only or [])
    if isinstance(figures, str):
        next_step = f"Use some of {', '.join(Figure)}."
        return screen.refuse(Refusal(f"there is no figure {figures!r}.", "--only", next_step))
    theirs, mine = _subjects(kit, what or [], workspace)
    with screen.look_progress(0) as progress:
        said = time.monotonic()

        def on_progress(done: int, of: int, name: str) -> None:
            nonlocal said
            if done < of and not name:
                line = f"Measuring {of - done} of {of} figures: this takes minutes the first time."
                screen.err.print(line)
            elif not screen.err.is_watched and time.monotonic() - said >= NEXT_LINE_S:
                said = time.monotonic()
                screen.err.print(f"{done} of {of} figures are measured. The last is {name}.")
            progress.update(progress.task_ids[0], completed=done, total=of, name=name)

        rows = measure(kit, [*theirs, *mine], figures, on_progress)
    steps, own = rows[: len(theirs)], rows[len(theirs) :]
    if as_json and html is None:
        print(json.dumps(as_document(steps, own)))
        return 0
    path = html or page_path("nbkata-report.html")
    places = _places(kit, what or [], workspace)
    page = report_page(steps, own, _reasons(kit), places, steps_folder(path))
    with screen.working("writing the pages"):
        written = or_refuse(write_pages(kit, path, page, places, {row.label: row for row in steps}))
    if as_json:
        print(json.dumps(as_document(steps, own)))
        return 0
    if html is None:
        _show(figures, steps, own)
    return wrote(written, show)


def _reasons(kit: Kit) -> dict[Figure, Mapping[str, str]]:
    return {Figure(name): texts for name, texts in kit.kata.worse.items()}


def _places(kit: Kit, words: Sequence[str], workspace: Path | None) -> list[Place]:
    """The steps asked for, or all, with the learner's last lights of each."""
    found = find_workspace(kit, workspace)
    events = found.events if isinstance(found, Workspace) else ()
    here = current_step(kit.kata, events) if isinstance(found, Workspace) else None
    last = {entry.step: entry for entry in checks_in(events)}
    asked = {step.slug for word in words if isinstance(step := kit.kata.step(word), Step)}
    return [
        Place(
            step,
            Light(last[step.slug].behaviour, ()) if step.slug in last else None,
            Light(last[step.slug].shape, ()) if step.slug in last else None,
            is_here=step == here,
        )
        for step in kit.kata.steps
        if not asked or step.slug in asked
    ]


def _subjects(
    kit: Kit, words: Sequence[str], workspace: Path | None
) -> tuple[list[Subject], list[Subject]]:
    """The checkpoints asked for, and the learner's own moments."""
    steps: list[Step] = []
    for word in words:
        step = or_refuse(kit.kata.step(word)) if word != MINE else None
        steps += [step] if step and step not in steps else []
    wants_mine = not words or MINE in words or workspace is not None
    found = find_workspace(kit, workspace) if wants_mine else None
    if words or workspace is not None:
        or_refuse(found)
    mine = moments(found) if isinstance(found, Workspace) else []
    return checkpoints(kit, steps if words else kit.kata.steps), mine


def _show(figures: Sequence[Figure], steps: Sequence[Row], own: Sequence[Row]) -> None:
    for head, rows in (("step", steps), ("yours", own)):
        for table in _tables(head, figures, rows) if rows else ():
            screen.out.print(table, "")
    for figure in figures:
        about = ABOUT[figure]
        per_cent = " In per cent." if about.unit else ""
        line = Text.assemble((f"{about.head}: ", "bold"), about.meaning, per_cent)
        screen.out.print(line, style="dim")
    for note in (note for row in (*steps, *own) for note in row.notes):
        screen.out.print(Text(f"Not measured: {note}"), soft_wrap=True)


def _tables(head: str, figures: Sequence[Figure], rows: Sequence[Row]) -> Iterator[Table]:
    """As many tables as the terminal needs: names and numbers are always whole."""
    widths = {
        figure: max(len(ABOUT[figure].head), *(len(_cell(figure, row)) for row in rows))
        for figure in figures
    }
    longest = max(len(head), *(len(row.label) for row in rows))
    left = list(figures)
    while left:
        room = screen.out.width - longest - 1
        shown_here: list[Figure] = []
        while left and (room >= widths[left[0]] or not shown_here):
            room -= widths[left[0]] + 1
            shown_here.append(left.pop(0))
        table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
        table.add_column(head, no_wrap=True, min_width=longest)
        for figure in shown_here:
            table.add_column(
                ABOUT[figure].head, justify="right", no_wrap=True, min_width=widths[figure]
            )
        for row in rows:
            table.add_row(Text(row.label), *(_cell(figure, row) for figure in shown_here))
        yield table


def _cell(figure: Figure, row: Row) -> str:
    return shown(figure, row.values[figure], screen.dash()).removesuffix("\N{NO-BREAK SPACE}%")
