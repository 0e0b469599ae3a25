"""`nbkata status`: where the learner stands."""

from nbkata.kata.commands import _standing
from nbkata.kata.commands._lights import WorkspaceOption


def status(workspace: WorkspaceOption = None) -> int:
    """Show the step you are at, its lights as last checked, and what to do next."""
    return _standing.run(workspace)
