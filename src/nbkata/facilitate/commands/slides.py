"""`nbkata facilitate slides`: a page of slides for the steps of a workshop."""

from pathlib import Path
from typing import Annotated

import typer

from nbkata.common.core.refusal import Refusal
from nbkata.facilitate.shell.slides import slides_page
from nbkata.facilitate.shell.teaching import read_teaching
from nbkata.facilitate.commands._plan import KataOption
from nbkata.kata.core.kata import Step
from nbkata.kata.shell.kit import FIRST, load_kit
from nbkata.terminal import screen
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
    kit = load_kit(name=kata)
    if isinstance(kit, Refusal):
        return screen.refuse(kit)
    taught = read_teaching(kit)
    if isinstance(taught, Refusal):
        return screen.refuse(taught)
    chosen: list[Step] = []
    for name in steps or [step.slug for step in kit.kata.steps]:
        step = kit.kata.step(name)
        if isinstance(step, Refusal):
            return screen.refuse(step)
        chosen.append(step)
    page = slides_page(kit, chosen, taught)
    if isinstance(page, Refusal):
        return screen.refuse(page)
    written = write_page(html or page_path("nbkata-slides.html"), page)
    return screen.refuse(written) if isinstance(written, Refusal) else wrote(written, show)
