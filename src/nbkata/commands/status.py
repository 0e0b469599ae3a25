"""`nbkata status`: where the learner stands."""

from nbkata import screen
from nbkata.commands._lights import WorkspaceOption, opened, show_standing
from nbkata.core.refusal import Refusal


def status(workspace: WorkspaceOption = None) -> int:
    """Show the step you are at, its lights as last checked, and what to do next."""
    found = opened(workspace)
    if isinstance(found, Refusal):
        return screen.refuse(found)
    return show_standing(found.kit, found.workspace)
