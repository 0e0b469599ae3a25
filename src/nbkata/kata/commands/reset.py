"""`nbkata reset`: the current step from its start."""

from typing import Annotated

import typer

from nbkata.common.core.refusal import or_refuse
from nbkata.kata.commands._lights import WorkspaceOption
from nbkata.kata.commands._moved import show_moved
from nbkata.kata.commands._opened import opened
from nbkata.kata.shell.catch_up import bring_to_start
from nbkata.terminal import plain


def reset(
    from_kit: Annotated[
        bool, typer.Option("--kit", help="The kit's files, not yours of when the step began.")
    ] = False,
    workspace: WorkspaceOption = None,
) -> int:
    """Bring your files back as they were when you reached the step you are at.

    What was there is kept: nbkata undo brings it back.
    """
    found = opened(workspace, whole=False)
    step = found.workspace.step(found.kit.kata)
    done = bring_to_start(
        found.kit, found.workspace, step, "reset", False, plain.note, own=not from_kit
    )
    return show_moved(found.kit, step, or_refuse(done))
