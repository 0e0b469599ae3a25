"""Writes to a workspace: what is kept first, how a stopped write is settled, what undo brings back.

A snapshot holds the files that a write replaced or removed, as they were before it. Files are named
by their path in the workspace, with forward slashes.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, NamedTuple

from nbkata.common.core.refusal import Refusal


class Write(NamedTuple):
    """What a command wants to change, all of it or nothing."""

    title: str  # what does it, as `undo --list` shows it: ``catch-up 06-titles``
    files: Mapping[str, bytes | None]  # the new contents; none removes the file
    moves_to: str = ""  # the slug of the step that the learner is at then; empty: where they were
    moved_by: str = ""  # the command's name for the journal, where it moves


class Kept(NamedTuple):
    """A file in a snapshot: the SHA-256 of its contents before and after; none for no file."""

    before: str | None
    after: str | None


class Snapshot(NamedTuple):
    """One write, with what it takes to undo it."""

    number: int
    time: str  # in UTC, ISO 8601
    title: str
    files: Mapping[str, Kept]
    # Where the learner was, and where the write took them; both empty if it moved nobody.
    was_at: str = ""
    now_at: str = ""

    @property
    def moved(self) -> bool:
        """Whether it took the learner to another step."""
        return bool(self.now_at)


def snapshot_to_text(snapshot: Snapshot) -> str:
    """The document ``plan.json`` of a snapshot."""
    document = {
        "number": snapshot.number,
        "time": snapshot.time,
        "title": snapshot.title,
        "was_at": snapshot.was_at,
        "now_at": snapshot.now_at,
        "files": {n: {"before": k.before, "after": k.after} for n, k in snapshot.files.items()},
    }
    return json.dumps(document, indent=1) + "\n"


def snapshot_from_text(text: str) -> Snapshot:
    """From ``plan.json``. Raises ``ValueError`` if it is not whole, or names a place outside."""
    try:
        found = json.loads(text)
        return Snapshot(
            number=int(found["number"]),
            time=str(found["time"]),
            title=str(found["title"]),
            was_at=str(found["was_at"]),
            now_at=str(found["now_at"]),
            files={_inside(name): _kept(kept) for name, kept in found["files"].items()},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"it is not whole: {error}") from error


def to_put_back(
    snapshot: Snapshot, now: Mapping[str, str | None], staged: AbstractSet[str]
) -> tuple[str, ...] | None:
    """Of a write that was stopped halfway, the files to put back as they were before it.

    ``now`` is the SHA-256 of each file as it is, ``staged`` are the new files that had not yet
    been moved to their place. None if a file was edited since: then nothing may be touched.
    """
    names = []
    for name, kept in snapshot.files.items():
        if now[name] == kept.before:
            continue
        if now[name] == kept.after:
            names.append(name)
        elif kept.after is not None and name not in staged:
            return None
    return tuple(names)


def to_undo(snapshots: Sequence[Snapshot], number: int | None) -> tuple[Snapshot, ...] | Refusal:
    """The write asked for and all later ones, oldest first; without a number, the last one."""
    if not snapshots:
        what = "nothing was written since the start, so there is nothing to undo."
        return Refusal(what, next_step="nbkata status shows where you are.")
    wanted = snapshots[-1].number if number is None else number
    if wanted not in {snapshot.number for snapshot in snapshots}:
        return Refusal(f"there is no write {wanted}.", next_step="See nbkata undo --list")
    return tuple(snapshot for snapshot in snapshots if snapshot.number >= wanted)


def brought_back(undone: Iterable[Snapshot]) -> dict[str, int | None]:
    """For each file, the number of the snapshot that holds it as it was; none if it was not."""
    found: dict[str, int | None] = {}
    for snapshot in undone:
        for name, kept in snapshot.files.items():
            found.setdefault(name, None if kept.before is None else snapshot.number)
    return found


def undo_title(undone: Sequence[Snapshot]) -> str:
    """``undo of 7 (catch-up 06-titles)``; for several, of the first."""
    first = undone[0]
    more = f" and {len(undone) - 1} later" if len(undone) > 1 else ""
    title = first.title if len(first.title) <= LONGEST else first.title[:LONGEST] + "…"
    return f"undo of {first.number}{more} ({title})"


# Characters of another write's title in a title: undoing undo must not grow without an end.
LONGEST = 40


def _inside(name: str) -> str:
    posix, windows = PurePosixPath(name), PureWindowsPath(name)
    if posix.is_absolute() or windows.is_absolute() or windows.drive or ".." in windows.parts:
        raise ValueError(f"{name!r} is not in the workspace")
    return name


def _kept(kept: Mapping[str, Any]) -> Kept:
    digests = (kept["before"], kept["after"])
    if not all(digest is None or isinstance(digest, str) for digest in digests):
        raise ValueError("a digest must be text")
    return Kept(*digests)
