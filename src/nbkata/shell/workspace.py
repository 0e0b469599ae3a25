"""Finding, making and mending a learner's workspace."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nbkata.core.journal import Entry, entries_in, entry_of, line_of
from nbkata.core.lights import Verdict
from nbkata.core.refusal import Refusal
from nbkata.core.workspace import MARKER, Folder, half_deleted
from nbkata.shell.files import write_atomically
from nbkata.shell.history import keep_state
from nbkata.shell.kit import Kit


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder that `nbkata start` made."""

    path: Path

    @property
    def journal(self) -> Path:
        """The append-only journal of checks."""
        return self.path / MARKER / "journal.jsonl"

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The journal's entries; none where it was lost: checking rebuilds it."""
        try:
            return entries_in(self.journal.read_text(encoding="utf-8", errors="replace"))
        except FileNotFoundError:
            return ()

    def keep(self, verdict: Verdict) -> None:
        """Append a verdict to the journal; of a green one the files are kept as well."""
        self.journal.parent.mkdir(exist_ok=True)
        time = datetime.now(UTC).isoformat(timespec="seconds")
        with self.journal.open("a", encoding="utf-8", newline="\n") as file:
            file.write(line_of(entry_of(verdict, time)))
        if verdict.ok:
            keep_state(self.path, entry_of(verdict, time))


def look_at(path: Path, kit: Kit) -> Folder:
    """What stands at ``path``, for the core to decide about."""
    if path.exists() and not path.is_dir():
        return Folder(shown_path(path), is_file=True)
    entries = frozenset(entry.name for entry in path.iterdir()) if path.exists() else frozenset()
    converted = any((path / "src").glob("*.py"))
    missing = tuple(
        name
        for name in kit.start_files
        if not (path / name).is_file()
        and not (name == kit.kata.notebook and converted)  # the script takes its place
    )
    return Folder(shown_path(path), entries=entries, missing=missing)


def find_workspace(kit: Kit, asked: Path | None) -> Workspace | Refusal:
    """The workspace asked for; or the one around the current folder, below it, or of the kit."""
    here = Path.cwd()
    candidates = (
        [asked] if asked else [here, *here.parents, here / "workspace", kit.root / "workspace"]
    )
    for path in candidates:
        if (path / MARKER).is_dir():
            folder = look_at(path, kit)
            return half_deleted(folder) if folder.missing else Workspace(path)
    where = shown_path(asked) if asked else ""
    return Refusal("there is no workspace here.", where, "Make one: nbkata start")


def create_workspace(path: Path, kit: Kit) -> Workspace:
    """Make it beside its place and move it there whole. Raises ``OSError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    try:
        for name, source in kit.start_files.items():
            write_atomically(building / name, source.read_bytes())
        for folder in ("src", "tests", MARKER):
            (building / folder).mkdir()
        building.chmod(0o755)  # mkdtemp keeps others out; a workspace is an ordinary folder
        if path.is_dir():
            path.rmdir()  # empty: the core has seen to that
        os.replace(building, path)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    return Workspace(path)


def restore_workspace(path: Path, kit: Kit, missing: tuple[str, ...]) -> Workspace:
    """Put back the files that are missing, as they were at the start. Raises ``OSError``."""
    for name in missing:
        write_atomically(path / name, kit.start_files[name].read_bytes())
    return Workspace(path)


def shown_path(path: Path) -> str:
    """Relative to the current folder where that is shorter, with the system's own slashes."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive on Windows
        return str(path)
    return relative if len(relative) < len(str(path)) else str(path)
