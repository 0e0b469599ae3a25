"""Whether a folder can become, or is, a workspace: decided from what is in it."""

from collections.abc import Set
from enum import Enum, auto
from typing import NamedTuple

from nbkata.common.core.command_line import quoted
from nbkata.common.core.refusal import Refusal

# The folder that makes a workspace one; it holds the journal and the snapshots.
MARKER = ".nbkata"


class StartPlan(Enum):
    """What `nbkata start` does with a folder."""

    CREATE = auto()
    CONTINUE = auto()
    RESTORE = auto()


class Folder(NamedTuple):
    """What the shell found at the place of the workspace."""

    shown: str  # the path as the person would type it
    is_file: bool = False
    entries: Set[str] = frozenset()  # the names in it; empty if there is no folder yet
    # Of the files that a workspace starts with, those that are not there.
    missing: tuple[str, ...] = ()

    @property
    def is_workspace(self) -> bool:
        """Whether the marker is in it."""
        return MARKER in self.entries


def start_plan(folder: Folder, restore: bool) -> StartPlan | Refusal:
    """Create, continue or restore; never overwrite."""
    if folder.is_file:
        return Refusal("this is a file.", folder.shown, "Name a folder: nbkata start DIR")
    if not folder.is_workspace:
        if folder.entries:
            what = "this folder is not empty, and not a workspace."
            return Refusal(what, folder.shown, "Name another folder: nbkata start DIR")
        return StartPlan.CREATE
    if not folder.missing:
        return StartPlan.CONTINUE
    return StartPlan.RESTORE if restore else half_deleted(folder)


def half_deleted(folder: Folder) -> Refusal:
    """For a workspace that lost some of its files."""
    files = " and ".join(folder.missing)
    verb = "is" if len(folder.missing) == 1 else "are"
    return Refusal(
        f"{files} {verb} missing.",
        folder.shown,
        f"nbkata start {quoted(folder.shown)} --restore brings back what is missing "
        "and leaves the rest alone.",
    )
