"""`nbkata facilitate slides`: a page of slides for the steps of a workshop."""

from pathlib import Path
from typing import Annotated

import typer

from nbkata.common.core.refusal import or_refuse
from nbkata.facilitate.commands._plan import KataOption
from nbkata.facilitate.shell.slides import slides_page
from nbkata.facilitate.shell.teaching import read_teaching
from nbkata.kata.shell.kit import FIRST, load_kit
from nbkata.terminal.written import OpenOption, wrote
from nbkata.workspace.shell.outputs import page_path, write_page


def slides(
    steps: Annotated[
        list[str] | None, typer.Argument(metavar="[STEP]…", help="Only these; by default all.")
    ] = None,
    kata: KataOption = FIRST,
    html: Annotated[Path | None, typer.Option(help="Write the page to this file.")] = None,
    show: OpenOption = False,
) -> int:
    """Write slides: of each step its goal, why, before and after, the common mistakes, a question.

    Keys in the page: arrows turn the slides, n shows the speaker's notes, f fills the screen.
    The browser's print makes a PDF with a slide a page.
    """
    kit = or_refuse(load_kit(name=kata))
    taught = or_refuse(read_teaching(kit))
    chosen = [or_refuse(kit.kata.step(name)) for name in steps or ()] or kit.kata.steps
    page = or_refuse(slides_page(kit, chosen, taught))
    written = write_page(html or page_path("nbkata-slides.html"), page)
    return wrote(or_refuse(written), show)
