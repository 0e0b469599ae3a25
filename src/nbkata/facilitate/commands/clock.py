"""`nbkata facilitate clock`: a full-screen page with the step and the time that is left."""

from pathlib import Path
from typing import Annotated

import typer

from nbkata.common.core.refusal import or_refuse
from nbkata.facilitate.commands._plan import (
    HoursOption,
    KataOption,
    MinutesOption,
    PairsOption,
    StartOption,
    planned,
)
from nbkata.facilitate.shell.pages import clock_page
from nbkata.kata.shell.kit import FIRST
from nbkata.terminal.written import OpenOption, wrote
from nbkata.workspace.shell.outputs import page_path, write_page


def clock(  # pylint: disable=too-many-positional-arguments # typer's options
    start: StartOption = "09:30",
    hours: HoursOption = 3,
    pairs: PairsOption = False,
    kata: KataOption = FIRST,
    minutes: MinutesOption = None,
    html: Annotated[Path | None, typer.Option(help="Write the page to this file.")] = None,
    show: OpenOption = False,
) -> int:
    """Write a page for the projector: the step, the time left, the next break.

    Keys in the page: + and - move the rest of the day by five minutes, f fills the screen.
    """
    plan = planned(start, hours, pairs, kata, minutes)
    page = clock_page(plan.kit.kata, plan.parts, start, plan.taught)
    written = write_page(html or page_path("nbkata-clock.html"), page)
    return wrote(or_refuse(written), show)
