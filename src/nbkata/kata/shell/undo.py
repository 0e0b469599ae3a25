"""Undoing what the kit wrote to a workspace."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nbkata.common.core.refusal import Refusal
from nbkata.kata.core.kata import Kata
from nbkata.kata.shell.workspace import Workspace, write
from nbkata.workspace.core.writes import Snapshot, Write, brought_back, to_undo, undo_title
from nbkata.workspace.shell.snapshots import kept_content, snapshots


@dataclass(frozen=True, slots=True)
class Undone:
    """What was undone, the oldest write first, and the write that did it."""

    writes: tuple[Snapshot, ...]
    by: Snapshot | None  # none if the files were so already


@dataclass(frozen=True, slots=True)
class Planned:
    """What an undo would do now."""

    writes: tuple[Snapshot, ...]  # what it would take back, the oldest first
    files: tuple[str, ...]  # what it would bring back or remove, by path in the workspace
    # The slug of the step that the learner would be at again; empty if they would stay.
    moves_to: str


def planned_undo(workspace: Workspace) -> Planned | Refusal:
    """What `undo` would do if it was called now."""
    undone = to_undo(snapshots(workspace.path), None)
    if isinstance(undone, Refusal):
        return undone
    return Planned(undone, tuple(sorted(brought_back(undone))), _was_at(undone))


def undo(
    workspace: Workspace, kata: Kata, number: int | None, tell: Callable[[str], None]
) -> Undone | Refusal:
    """Bring back all files as they were before a write; by default before the last one.

    It is a write like any other: what it replaces is kept, and undone by the next undo.
    """
    undone = to_undo(snapshots(workspace.path), number)
    if isinstance(undone, Refusal):
        return undone
    try:
        files = {
            name: None if kept is None else kept_content(workspace.path, kept, name)
            for name, kept in brought_back(undone).items()
        }
    except OSError as error:
        what = f"a kept file cannot be read ({error.strerror})."
        return Refusal(what, str(error.filename), "See nbkata undo --list for the other writes.")
    change = Write(undo_title(undone), files, moves_to=_was_at(undone), moved_by="undo")
    done = write(workspace, change, workspace.step(kata).slug, tell)
    return done if isinstance(done, Refusal) else Undone(undone, done)


def _was_at(undone: Sequence[Snapshot]) -> str:
    return next((snapshot.was_at for snapshot in undone if snapshot.moved), "")
