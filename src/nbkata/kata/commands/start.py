"""`nbkata start`: the workspace, the messy notebook run for real, step 00 on screen."""

from pathlib import Path
from typing import Annotated

import typer

from nbkata.common.core.refusal import Refusal, or_refuse
from nbkata.common.shell.paths import shown_path
from nbkata.kata.commands._lights import Timeout, check_step, show_verdict
from nbkata.kata.commands._standing import show_standing
from nbkata.kata.shell.kit import FIRST, kit_around, load_kit
from nbkata.kata.shell.settings import settings_for
from nbkata.kata.shell.workspace import (
    Workspace,
    create_workspace,
    look_at,
    restore_workspace,
    settle,
)
from nbkata.terminal import plain, screen
from nbkata.workspace.core.workspace import MARKER, StartPlan, start_plan
from nbkata.workspace.shell.git import make_repository

FIRST_COMMIT = "The notebook as it was met"
TWO_LIGHTS = """
Two lights guide every step. Behaviour: does it still do the same?
Shape: is it better built?

If your editor completes whole lines by AI, nbkata assistant off stops that in this workspace.
"""


def start(
    folder: Annotated[Path, typer.Argument(help="Where the workspace goes.")] = Path("workspace"),
    restore: Annotated[
        bool, typer.Option("--restore", help="Bring back files that are missing; touch no other.")
    ] = False,
    kata: Annotated[
        str, typer.Option("--kata", help="Which kata, by its folder below exercises/.")
    ] = "",
    timeout: Timeout = 600,
) -> int:
    """Make the workspace, run the messy notebook from top to bottom, and show step 00.

    A workspace that is there already is left as it is.
    """
    kit = or_refuse(
        kit_around(folder) if (folder / MARKER).is_dir() else load_kit(name=kata or FIRST)
    )
    if kata and kata != kit.name:
        what = f"this workspace was made for the kata '{kit.name}'."
        next_step = f"Name another folder: nbkata start DIR --kata {kata}"
        return screen.refuse(Refusal(what, shown_path(folder), next_step))
    try:
        or_refuse(settle(folder, plain.note))
        found = look_at(folder, kit)
        plan = or_refuse(start_plan(found, restore))
        if plan is StartPlan.CONTINUE:
            screen.out.print(f"{shown_path(folder)} is there already; nothing was changed in it.\n")
            show_standing(kit, Workspace(folder))
            return 0
        if plan is StartPlan.RESTORE:
            or_refuse(restore_workspace(Workspace(folder), kit, found.missing, plain.note))
            screen.out.print(f"{shown_path(folder)}: brought back {', '.join(found.missing)}.\n")
            show_standing(kit, Workspace(folder))
            return 0
        workspace = create_workspace(folder, kit, settings_for(kit, folder))
        repository = make_repository(folder, FIRST_COMMIT)
    except OSError as error:
        what = f"the workspace cannot be made here ({error.strerror})."
        next_step = "Name a folder you may write to: nbkata start DIR"
        return screen.refuse(Refusal(what, shown_path(folder), next_step))
    screen.out.print(f"{shown_path(folder)} made. Running the notebook, every cell, for real.")
    if isinstance(repository, Refusal):
        plain.note(str(repository))
    screen.out.print(TWO_LIGHTS)
    step = kit.kata.steps[0]
    checked = or_refuse(check_step(kit, workspace, step, timeout))
    show_verdict(kit, workspace, step, checked.verdict)
    return 0  # red lights are where step 00 begins
