"""`nbkata facilitate run-sheet`: what to say and show when, with end times."""

from datetime import datetime, time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from nbkata.common.core.refusal import Refusal, or_refuse
from nbkata.facilitate.commands._plan import (
    HoursOption,
    KataOption,
    MinutesOption,
    PairsOption,
    Plan,
    StartOption,
    planned,
)
from nbkata.facilitate.core.calendar_file import as_calendar
from nbkata.facilitate.core.run_sheet import clock_time
from nbkata.facilitate.core.teaching import Teaching, first_sentence
from nbkata.facilitate.shell.pages import run_sheet_page
from nbkata.kata.shell.kit import FIRST
from nbkata.terminal import screen
from nbkata.terminal.written import OpenOption, wrote
from nbkata.workspace.shell.outputs import Kind, write_output, write_page


def run_sheet(  # pylint: disable=too-many-positional-arguments # typer's options
    start: StartOption = "09:30",
    hours: HoursOption = 3,
    pairs: PairsOption = False,
    kata: KataOption = FIRST,
    minutes: MinutesOption = None,
    html: Annotated[Path | None, typer.Option(help="Write it as a page to print.")] = None,
    show: OpenOption = False,
    ics: Annotated[Path | None, typer.Option(help="Write it as a file for calendars.")] = None,
    day: Annotated[str, typer.Option("--date", help="--ics: the day; today by default.")] = "",
) -> int:
    """Print the plan of a workshop: which steps fit, when each ends, breaks, what to say and ask.

    What does not fit is caught up over: the room goes on at a later step with nbkata catch-up.
    """
    plan = planned(start, hours, pairs, kata, minutes)
    if ics is not None:
        begins = or_refuse(_beginning(start, day))
        calendar = as_calendar(
            plan.parts, begins, {slug: one.say for slug, one in plan.taught.items()}
        )
        refused = write_output(ics, calendar.encode(), Kind.CALENDAR)
        if refused is not None:
            return screen.refuse(refused)
        screen.out.print(f"Wrote {ics.resolve()}", markup=False, soft_wrap=True)
    if html is not None:
        page = run_sheet_page(plan.kit.kata, plan.parts, start, plan.taught)
        written = write_page(html, page)
        return wrote(or_refuse(written), show)
    if ics is None:
        screen.out.print(_shown(plan))
    return 0


def _beginning(start: str, day: str) -> datetime | Refusal:
    try:
        on = datetime.fromisoformat(day) if day else datetime.now()
    except ValueError:
        return Refusal(f"{day!r} is no date.", "--date", "Write it as 2030-01-31.")
    return datetime.combine(on, time.fromisoformat(start.zfill(5)))


def _shown(plan: Plan) -> RenderableType:
    """A row a part, and below each step that is walked what there is to say, show and ask."""
    shown: list[RenderableType] = []
    for part in plan.parts:
        times = f"{clock_time(plan.start, part.begins)} to {clock_time(plan.start, part.ends)}"
        style = "bold cyan" if part.is_walked else ""
        head = Text.assemble((f"{times}  ", "bold"), (part.title, style))
        shown.append(Padding(head, (1 if part.is_walked else 0, 2, 0, 2)))
        if part.is_walked:
            shown.append(Padding(_said(plan.taught[part.steps[0].slug]), (0, 2, 1, 13)))
    return Group("", *shown, "")


def _said(teaching: Teaching) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim")
    table.add_column()
    rows = [("say", teaching.say), ("show", teaching.show)]
    rows += [("mistake", f"{one.name}: {first_sentence(one.message)}") for one in teaching.mistakes]
    rows += [("ask", teaching.ask), ("late", teaching.late)]
    for label, text in rows:
        if text:
            table.add_row(label, Text(text))
    return table
