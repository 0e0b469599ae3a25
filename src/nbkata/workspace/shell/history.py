"""The learner's files as they stood when each step was last green.

Kept beside the journal, in ``.nbkata/history/``, as ``20261121T113420-04-characterize.zip``: what
a step began with (`nbkata diff`), and how the code grew better over time (`nbkata report`).
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nbkata.common.shell.cache import Kind, cache_folder, drop_oldest
from nbkata.common.shell.files import write_atomically
from nbkata.workspace.core.journal import Entry
from nbkata.workspace.core.workspace import MARKER

# Of one file; a bigger one is no code, and not kept.
MOST_BYTES = 5_000_000
# The earliest time that a zip file knows: equal files make equal archives.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class State:
    """One archive."""

    time: str  # ``20261121T113420``, in UTC
    step: str  # the slug of the step that was green
    archive: Path


def keep_state(workspace: Path, entry: Entry, files: Mapping[str, Path]) -> None:
    """Keep the files of a green check in place of the step's earlier ones. Raises ``OSError``."""
    content = _archived(files)
    last = last_state(workspace, entry.step)
    if last is None or last.archive.read_bytes() != content:
        time = entry.time[:19].replace("-", "").replace(":", "")
        name = f"{time}-{entry.step}.zip"
        write_atomically(workspace / MARKER / "history" / name, content)
        for earlier in states(workspace):
            if earlier.step == entry.step and earlier.archive.name != name:
                earlier.archive.unlink()


def states(workspace: Path) -> tuple[State, ...]:
    """All that were kept, the oldest first."""
    folder = workspace / MARKER / "history"
    archives = sorted(folder.glob("*T*-*-*.zip")) if folder.is_dir() else []
    parted = ((path, path.stem.partition("-")) for path in archives)
    return tuple(State(time, step, path) for path, (time, _, step) in parted)


def last_state(workspace: Path, step: str) -> State | None:
    """The newest of a step."""
    return next((state for state in reversed(states(workspace)) if state.step == step), None)


def unpacked(state: State) -> Path | None:
    """The folder with its files, outside the workspace; none if the archive is damaged."""
    try:
        content = state.archive.read_bytes()
        home = cache_folder(Kind.HISTORY) / hashlib.sha256(content).hexdigest()[:16]
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                if not (home / name).resolve().is_relative_to(home.resolve()):
                    return None
                write_atomically(home / name, archive.read(name))
        drop_oldest()
    except (OSError, zipfile.BadZipFile):
        return None
    return home


def _archived(files: Mapping[str, Path]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(files.items()):
            if path.stat().st_size <= MOST_BYTES:
                entry = zipfile.ZipInfo(name, _EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
    return kept.getvalue()
