"""`nbkata hint`: a step's hints, one tier at a time."""

from typing import Annotated

import typer

from nbkata.kata.commands import _hinting
from nbkata.kata.commands._lights import WorkspaceOption


def hint(
    step: Annotated[str, typer.Argument(help="The step; by default the one you are at.")] = "",
    again: Annotated[
        bool, typer.Option("--again", help="Those that you have seen already, and no new one.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    workspace: WorkspaceOption = None,
) -> int:
    """Show the next hint for the step: first a nudge, then a plan, then nearly the answer."""
    return _hinting.run(step, again, workspace, as_json)
