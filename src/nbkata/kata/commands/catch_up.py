"""`nbkata catch-up`: the workspace as a step starts, for those who fell behind."""

from typing import Annotated

import typer

from nbkata.common.core.refusal import or_refuse
from nbkata.kata.commands._lights import WorkspaceOption
from nbkata.kata.commands._moved import show_moved
from nbkata.kata.commands._opened import opened
from nbkata.kata.shell.catch_up import bring_to_start
from nbkata.terminal import plain


def catch_up(
    step: Annotated[str, typer.Argument(help="The step to start, by number or name.")],
    keep_mine: Annotated[
        bool,
        typer.Option("--keep-mine", help="Merge: keep my names and tests where nothing conflicts."),
    ] = False,
    workspace: WorkspaceOption = None,
) -> int:
    """Bring the workspace to the start of a step, and go on from there.

    What was there is kept: nbkata undo brings it back.
    """
    found = opened(workspace, whole=False)
    wanted = or_refuse(found.kit.kata.step(step))
    done = bring_to_start(
        found.kit, found.workspace, wanted, "catch-up", keep_mine, tell=plain.note
    )
    return show_moved(found.kit, wanted, or_refuse(done))
