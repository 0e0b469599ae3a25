"""The learner's files as they stood when they reached a step."""

from pathlib import Path

from nbkata.kata.core.kata import Step
from nbkata.kata.shell.checkpoint import learner_files, start_of
from nbkata.kata.shell.kit import Kit
from nbkata.kata.shell.workspace import Workspace
from nbkata.workspace.core.journal import Move
from nbkata.workspace.shell.history import last_state, unpacked

# Who comes to a step by these has been there before.
AGAIN = ("reset", "undo")


def own_start(kit: Kit, workspace: Workspace, step: Step) -> Path | None:
    """The folder with the files that the step before was left with.

    None for the first step, for one that was reached with the kit's files (`nbkata catch-up`), and
    if they were not kept.
    """
    before = kit.kata.before(step)
    moves = [event for event in workspace.events if isinstance(event, Move)]
    came = [move.moved for move in moves if move.step == step.slug and move.moved not in AGAIN]
    if before is None or came and came[-1] != "next":
        return None
    state = last_state(workspace.path, before.slug)
    return unpacked(state) if state else None


def files_at_start(kit: Kit, workspace: Workspace, step: Step) -> dict[str, Path]:
    """By their path in the workspace: theirs, or the kit's where there are none."""
    folder = own_start(kit, workspace, step)
    return start_of(kit, step) if folder is None else learner_files(kit, folder)
