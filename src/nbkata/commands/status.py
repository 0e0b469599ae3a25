"""`nbkata status`: where the learner stands."""

from nbkata import screen
from nbkata.commands._lights import WorkspaceOption, show_standing
from nbkata.core.refusal import Refusal
from nbkata.shell.kit import load_kit
from nbkata.shell.workspace import find_workspace


def status(workspace: WorkspaceOption = None) -> int:
    """Show the step you are at, its lights as last checked, and what to do next."""
    kit = load_kit()
    if isinstance(kit, Refusal):
        return screen.refuse(kit)
    found = find_workspace(kit, workspace)
    return screen.refuse(found) if isinstance(found, Refusal) else show_standing(kit, found)
