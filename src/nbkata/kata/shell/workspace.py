"""Finding, making and fixing a learner's workspace."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import append_line
from nbkata.common.shell.paths import shown_path
from nbkata.common.shell.walk import files_in, visible
from nbkata.kata.core.kata import Kata, Step
from nbkata.kata.core.lights import Verdict
from nbkata.kata.core.progress import current_step, entry_of
from nbkata.kata.shell.kit import RECORDED, Kit
from nbkata.workspace.core.journal import Entry, Event, Move, checks_in, events_in, line_of
from nbkata.workspace.core.workspace import MARKER, Folder, half_deleted
from nbkata.workspace.core.writes import Snapshot, Write
from nbkata.workspace.shell.snapshots import LEFT_OVER, was_stopped


class Workspace(NamedTuple):
    """A folder that `nbkata start` made."""

    path: Path

    @property
    def journal(self) -> Path:
        """The append-only journal of checks."""
        return self.path / MARKER / "journal.jsonl"

    @property
    def events(self) -> tuple[Event, ...]:
        """The journal; empty if it was lost or cannot be read: checking rebuilds it."""
        try:
            return events_in(self.journal.read_text(encoding="utf-8", errors="replace"))
        except OSError:
            return ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The journal's checks alone."""
        return checks_in(self.events)

    def step(self, kata: Kata) -> Step:
        """Where the learner is; at the last step when all is done."""
        return current_step(kata, self.events) or kata.steps[-1]

    def files(self) -> tuple[str, ...]:
        """The learner's own files, with forward slashes; hidden folders and caches left out."""
        found = files_in(self.path, visible)
        return tuple(path.relative_to(self.path).as_posix() for path in found)

    def keep(self, verdict: Verdict, files: str = "") -> None:
        """Append a verdict to the journal; of a green one the files are kept as well.

        ``files`` is the digest of what was checked.
        """
        # pylint: disable=import-outside-toplevel # datetime and shutil: `status` needs neither
        from nbkata.common.shell.clock import now
        from nbkata.kata.shell.checkpoint import own_files
        from nbkata.workspace.shell.history import keep_state

        entry = entry_of(verdict, now(), files)
        self.note(entry)
        moves = [event.step for event in self.events if isinstance(event, Move)]
        is_behind = bool(moves) and moves[-1] > verdict.step  # its files are those it was left with
        if verdict.ok and not is_behind:
            with suppress(OSError):  # no history of it, then: the check itself has been made
                keep_state(self.path, entry, own_files(self.path))

    def note(self, event: Event) -> None:
        """Append an event to the journal. Raises ``OSError``."""
        append_line(self.journal, line_of(event))


def look_at(path: Path, kit: Kit) -> Folder:
    """What is at ``path``, for the core to decide about."""
    if path.exists() and not path.is_dir():
        return Folder(shown_path(path), is_file=True)
    entries = frozenset(
        entry.name
        for entry in (path.iterdir() if path.exists() else ())
        if not entry.name.startswith(LEFT_OVER) and entry.name != ".git"  # a new repository
    )
    tests = path / "tests"
    converted = any(not it.is_relative_to(tests) for it in files_in(path, visible, ".py"))
    missing = tuple(
        name
        for name in kit.start_files
        if not (path / name).is_file()
        and not (name == kit.kata.notebook and converted)  # the script takes its place
    )
    return Folder(shown_path(path), entries=entries, missing=missing)


def nobody(_: str) -> None:
    """Tell nobody."""


def find_workspace(
    kit: Kit, asked: Path | None, tell: Callable[[str], None] = nobody, whole: bool = True
) -> Workspace | Refusal:
    """The workspace asked for; or the one around the current folder, below it, or of the kit.

    What a killed command left half done in it is put back first, and reported. A workspace that lost
    files is refused, unless ``whole`` is false: some commands bring them back.
    """
    here = Path.cwd()
    candidates = (
        [asked] if asked else [here, *here.parents, here / "workspace", kit.root / "workspace"]
    )
    for path in candidates:
        if (path / MARKER).is_dir():
            settled = settle(path, tell)
            if isinstance(settled, Refusal):
                return settled
            if (path / MARKER).is_dir():  # a start that was killed is gone now
                folder = look_at(path, kit)
                return half_deleted(folder) if folder.missing and whole else Workspace(path)
    where = shown_path(asked) if asked else ""
    return Refusal("there is no workspace here.", where, "Make one: nbkata start")


def workspace_folder(kit: Kit, asked: Path | None) -> Path | None:
    """The workspace's folder, if there is one."""
    found = find_workspace(kit, asked)
    return found.path if isinstance(found, Workspace) else None


def settle(path: Path, tell: Callable[[str], None]) -> Refusal | None:
    """Put back what a killed command left half done in a workspace, and tell it."""
    if not was_stopped(path):
        return None
    # pylint: disable-next=import-outside-toplevel # takes 12 ms
    from nbkata.workspace.shell import transaction

    message = transaction.settle(path, lambda: tell(WAITING))
    if isinstance(message, Refusal):
        return message
    if message:
        tell(message)
    return None


WAITING = "Another nbkata is writing to this workspace. Waiting for it."


def create_workspace(
    path: Path, kit: Kit, settings: Mapping[str, bytes] | None = None
) -> Workspace:
    """Make it, as a whole or not at all; ``settings`` are files that go in beside. Raises
    ``OSError``."""
    # pylint: disable-next=import-outside-toplevel # takes 12 ms
    from nbkata.workspace.shell import transaction

    files = {name: source.read_bytes() for name, source in kit.start_files.items()}
    transaction.create(
        path,
        Write("start", {**files, **(settings or {})}),
        ("src", "tests"),
        lambda: None,
        {RECORDED: f"{kit.name}\n"},
    )
    return Workspace(path)


def write(
    workspace: Workspace, change: Write, was_at: str, tell: Callable[[str], None]
) -> Snapshot | Refusal | None:
    """Change files of the workspace as a whole; what they were is kept. None: nothing to change."""
    # pylint: disable-next=import-outside-toplevel # takes 12 ms
    from nbkata.workspace.shell import transaction

    return transaction.apply(workspace.path, change, was_at, lambda: tell(WAITING))


def restore_workspace(
    workspace: Workspace, kit: Kit, missing: tuple[str, ...], tell: Callable[[str], None]
) -> Refusal | None:
    """Put back the files that are missing, as they were at the start."""
    files = {name: kit.start_files[name].read_bytes() for name in missing}
    done = write(workspace, Write("start --restore", files), "", tell)
    return done if isinstance(done, Refusal) else None
