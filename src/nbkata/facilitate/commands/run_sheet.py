"""`nbkata facilitate run-sheet`: what to say and show when, with end times."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from nbkata.common.core.refusal import Refusal
from nbkata.facilitate.core.calendar_file import as_calendar
from nbkata.facilitate.core.run_sheet import Part, clock_time
from nbkata.facilitate.core.run_sheet import run_sheet as planned
from nbkata.facilitate.core.teaching import Teaching, first_sentence
from nbkata.facilitate.shell.teaching import minutes_from, read_teaching
from nbkata.kata.shell.kit import FIRST, load_kit
from nbkata.terminal import screen
from nbkata.workspace.shell.outputs import Kind as Output
from nbkata.workspace.shell.outputs import write_output


def run_sheet(  # pylint: disable=too-many-positional-arguments # typer's options
    start: Annotated[str, typer.Option(help="When it begins.", metavar="HH:MM")] = "09:30",
    hours: Annotated[float, typer.Option(help="How long it is, breaks included.")] = 3,
    pairs: Annotated[bool, typer.Option("--pairs", help="They work in pairs or trios.")] = False,
    kata: Annotated[str, typer.Option(help="Which kata, by its folder's name.")] = FIRST,
    minutes: Annotated[
        list[Path] | None,
        typer.Option("--minutes-from", help="Journals of a room, for how long its steps took."),
    ] = None,
    ics: Annotated[Path | None, typer.Option(help="Write it for calendars.")] = None,
    day: Annotated[str, typer.Option("--date", help="--ics: the day; today by default.")] = "",
) -> int:
    """Print the plan of a workshop: which steps fit, when each ends, breaks, what to say and ask.

    What does not fit is caught up over: the room goes on at a later step with nbkata catch-up.
    """
    begins = _beginning(start, day)
    if isinstance(begins, Refusal):
        return screen.refuse(begins)
    kit = load_kit(name=kata)
    if isinstance(kit, Refusal):
        return screen.refuse(kit)
    taught = read_teaching(kit)
    if isinstance(taught, Refusal):
        return screen.refuse(taught)
    takes = minutes_from(kit, minutes or [])
    if isinstance(takes, Refusal):
        return screen.refuse(takes)
    worth = {slug: one.worth for slug, one in taught.items()}
    parts = planned(kit.kata.steps, worth, takes, round(60 * hours), pairs)
    if isinstance(parts, Refusal):
        return screen.refuse(parts)
    if ics is not None:
        calendar = as_calendar(parts, begins, {slug: one.say for slug, one in taught.items()})
        if refused := write_output(ics, calendar.encode(), Output.CALENDAR):
            return screen.refuse(refused)
        screen.out.print(str(ics.absolute()), markup=False, soft_wrap=True)
        return 0
    screen.out.print(_shown(parts, start, taught))
    return 0


def _beginning(start: str, day: str) -> datetime | Refusal:
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", start)
    if not found:
        return Refusal(f"{start!r} is no time.", "--start", "Write it as 09:30.")
    try:
        on = date.fromisoformat(day) if day else date.today()
    except ValueError:
        return Refusal(f"{day!r} is no date.", "--date", "Write it as 2030-01-31.")
    return datetime(on.year, on.month, on.day, int(found[1]), int(found[2]))


def _shown(parts: Sequence[Part], start: str, taught: Mapping[str, Teaching]) -> RenderableType:
    """A row a part, and below each step that is walked what there is to say, show and ask."""
    shown: list[RenderableType] = []
    for part in parts:
        times = f"{clock_time(start, part.begins)} to {clock_time(start, part.ends)}"
        head = Text.assemble(
            (f"{times}  ", "bold"), (part.title, "bold cyan" if part.is_walked else "")
        )
        shown.append(Padding(head, (1 if part.is_walked else 0, 2, 0, 2)))
        if part.is_walked:
            shown.append(Padding(_told(taught[part.steps[0].slug]), (0, 2, 1, 13)))
    return Group("", *shown, "")


def _told(teaching: Teaching) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim")
    table.add_column()
    rows = [("say", teaching.say), ("show", teaching.show)]
    rows += [
        ("mistake", f"{mistake.name}: {first_sentence(mistake.message)}")
        for mistake in teaching.mistakes
    ]
    rows += [("ask", teaching.ask), ("late", teaching.late)]
    for label, text in rows:
        if text:
            table.add_row(label, Text(text))
    return table
