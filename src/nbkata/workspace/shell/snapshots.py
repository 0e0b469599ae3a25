"""The snapshots in a workspace, read: ``.nbkata/snapshots/NNNN``, one for each write.

``plan.json`` says what the write did, ``before/`` holds the files as they were.
"""

import os
from pathlib import Path

from nbkata.workspace.core.workspace import MARKER
from nbkata.workspace.core.writes import Snapshot, snapshot_from_text

PLAN = "plan.json"
BEFORE, AFTER, BACK, TAKEN = "before", "after", "back", "taken"
# How the name ends of one that is under way, and of a first write that was put back.
DOING, GONE = ".doing", ".gone"
SNAPSHOTS = "snapshots"
# How the name of a snapshot begins that is being put together, or taken away.
UNFINISHED = ".new-"
# And of a first write's folder, beside where the marker will be.
LEFT_OVER = f"{MARKER}{UNFINISHED}"


def snapshots(root: Path) -> tuple[Snapshot, ...]:
    """All writes so far, the oldest first; one whose plan cannot be read is passed over."""
    found = []
    for name in folder_names(root):
        if name.isdecimal():
            try:
                found.append(read_plan(home_of(root) / name))
            except (OSError, ValueError):
                continue
    return tuple(sorted(found, key=lambda snapshot: snapshot.number))


def kept_content(root: Path, number: int, name: str) -> bytes:
    """A file as it was before the write of this number. Raises ``OSError``."""
    return (folder_of(root, number) / BEFORE / name).read_bytes()


def folder_of(root: Path, number: int) -> Path:
    """The folder of a snapshot."""
    return home_of(root) / f"{number:04}"


def was_stopped(root: Path) -> bool:
    """Whether a command was killed in the middle of a write, or is in it now."""
    return any(name.endswith((DOING, GONE)) for name in folder_names(root))


def home_of(root: Path) -> Path:
    """The folder of all snapshots, which may not be there yet."""
    return root / MARKER / SNAPSHOTS


def folder_names(root: Path) -> list[str]:
    """The names in it, sorted."""
    try:
        return sorted(os.listdir(home_of(root)))
    except (FileNotFoundError, NotADirectoryError):
        return []


def read_plan(folder: Path) -> Snapshot:
    """What a snapshot's write did. Raises ``OSError`` or ``ValueError``."""
    return snapshot_from_text((folder / PLAN).read_text(encoding="utf-8"))
