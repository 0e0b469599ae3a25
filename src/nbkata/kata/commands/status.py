"""`nbkata status`: where the learner is."""

from typing import Annotated

import typer

from nbkata.kata.commands import _standing
from nbkata.kata.commands._lights import WorkspaceOption


def status(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    workspace: WorkspaceOption = None,
) -> int:
    """Show the step you are at, its lights as last checked, and what to do next."""
    return _standing.run(workspace, as_json)
