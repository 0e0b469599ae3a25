"""`nbkata check`: the two lights of a step, now."""

from typing import Annotated

import typer

from nbkata import screen
from nbkata.commands._lights import Timeout, WorkspaceOption, check_and_show
from nbkata.core.journal import current_step
from nbkata.core.refusal import Refusal
from nbkata.shell.kit import load_kit
from nbkata.shell.workspace import find_workspace


def check(
    step: Annotated[str, typer.Argument(help="The step; by default the one you are at.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    workspace: WorkspaceOption = None,
    timeout: Timeout = 600,
) -> int:
    """Run the notebook from a fresh kernel and look at both lights: behaviour and shape."""
    kit = load_kit()
    if isinstance(kit, Refusal):
        return screen.refuse(kit)
    found = find_workspace(kit, workspace)
    if isinstance(found, Refusal):
        return screen.refuse(found)
    wanted = (
        kit.kata.step(step) if step else current_step(kit.kata, found.entries) or kit.kata.steps[-1]
    )
    if isinstance(wanted, Refusal):
        return screen.refuse(wanted)
    return check_and_show(kit, found, wanted, timeout, as_json)
