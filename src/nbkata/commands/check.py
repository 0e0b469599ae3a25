"""`nbkata check`: the two lights of a step, now."""

from typing import Annotated

import typer

from nbkata import screen
from nbkata.commands._lights import Timeout, WorkspaceOption, check_and_show, opened
from nbkata.core.refusal import Refusal


def check(
    step: Annotated[str, typer.Argument(help="The step; by default the one you are at.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    workspace: WorkspaceOption = None,
    timeout: Timeout = 600,
) -> int:
    """Run the notebook from a fresh kernel and look at both lights: behaviour and shape."""
    found = opened(workspace)
    if isinstance(found, Refusal):
        return screen.refuse(found)
    wanted = found.kit.kata.step(step) if step else found.workspace.step(found.kit.kata)
    if isinstance(wanted, Refusal):
        return screen.refuse(wanted)
    return check_and_show(found.kit, found.workspace, wanted, timeout, as_json)
