"""Drills on disk: opening, checking, resetting and undoing, in the learner's workspace."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.clock import now
from nbkata.common.shell.files import append_line
from nbkata.common.shell.paths import shown_path
from nbkata.drills.core.drills import Drill, Entry, Event, drills_from, entries_in, line_of
from nbkata.kata.core.lights import Light
from nbkata.kata.shell.kata_file import read_toml
from nbkata.kata.shell.kit import Kit
from nbkata.kata.shell.reported_tests import ReportedTest, red, run_reported
from nbkata.kata.shell.workspace import Workspace, write
from nbkata.workspace.core.workspace import MARKER
from nbkata.workspace.core.writes import Snapshot, Write, brought_back
from nbkata.workspace.shell.snapshots import BEFORE, folder_of, kept_content, snapshots

NOT_THE_LEARNERS = ("README.md", "test_drill.py")
# The learner's code runs in there: it may loop for ever.
TIMEOUT_S = 60


def exercises(kit: Kit) -> Path:
    """Where the drills are given."""
    return kit.root / "exercises" / "ide-drills"


def solutions(kit: Kit) -> Path:
    """Their end states."""
    return kit.root / "solutions" / "ide-drills"


def load_drills(kit: Kit) -> tuple[Drill, ...] | Refusal:
    """All drills, in order."""
    path = exercises(kit) / "drills.toml"
    document = read_toml(path)
    return document if isinstance(document, Refusal) else drills_from(document, str(path))


def guide(kit: Kit, drill: Drill) -> str:
    """The drill's README, its keys not filled in."""
    return (exercises(kit) / drill.slug / "README.md").read_text(encoding="utf-8")


def given_files(kit: Kit, drill: Drill) -> dict[str, Path]:
    """The files that a learner edits, by name."""
    folder = exercises(kit) / drill.slug
    return {
        path.name: path
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name not in NOT_THE_LEARNERS
    }


@dataclass(frozen=True, slots=True)
class Bench:
    """A learner's drills: ``workspace/drills``, and their journal."""

    workspace: Workspace

    def folder(self, drill: Drill) -> Path:
        """Where the learner works on it."""
        return self.workspace.path / "drills" / drill.slug

    @property
    def journal(self) -> Path:
        """The append-only journal of openings and checks."""
        return self.workspace.path / MARKER / "drills.jsonl"

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What it says; nothing if it was lost."""
        try:
            return entries_in(self.journal.read_text(encoding="utf-8", errors="replace"))
        except FileNotFoundError:
            return ()

    def keep(self, drill: Drill, event: Event, seconds: float = 0.0) -> None:
        """Append an event. Raises ``OSError``."""
        append_line(self.journal, line_of(Entry(now("milliseconds"), drill.slug, event, seconds)))

    def keep_or_tell(
        self, drill: Drill, event: Event, seconds: float, tell: Callable[[str], None]
    ) -> None:
        """Append an event; tell it if that cannot be done: what it is about has happened anyway."""
        try:
            self.keep(drill, event, seconds)
        except OSError as error:
            where = shown_path(self.journal)
            tell(f"The time is not kept: {where} cannot be written ({error.strerror}).")


def open_drill(
    kit: Kit, drill: Drill, bench: Bench, text: str, tell: Callable[[str], None]
) -> Refusal | None:
    """Put the files that are missing in place and start the stopwatch. Raises ``OSError``.

    What the learner has in there already is left as it is, and then no stopwatch is started; only
    the guide, ``text``, is always fresh.
    """
    here = bench.folder(drill)
    given = {n: p for n, p in given_files(kit, drill).items() if not (here / n).exists()}
    done = _write(bench, drill, "", _contents(given) | {"README.md": text.encode("utf-8")}, tell)
    if isinstance(done, Refusal):
        return done
    now_there = {path.name: path.read_bytes() for path in _learners_files(here)}
    is_as_given = now_there == _contents(given_files(kit, drill))
    bench.keep_or_tell(drill, Event.OPENED if is_as_given else Event.CONTINUED, 0.0, tell)
    return None


def reset_drill(
    kit: Kit, drill: Drill, bench: Bench, text: str, tell: Callable[[str], None]
) -> Path | Refusal | None:
    """The drill as given, with a fresh guide; where the learner's files are kept. None: they were
    as given. Raises ``OSError``."""
    files = _contents(given_files(kit, drill)) | {"README.md": text.encode("utf-8")}
    gone = {path.name: None for path in _learners_files(bench.folder(drill))}
    done = _write(bench, drill, "reset", gone | files, tell)
    if isinstance(done, Refusal):
        return done
    bench.keep_or_tell(drill, Event.OPENED, 0.0, tell)
    return folder_of(bench.workspace.path, done.number) / BEFORE if done else None


def undo_drill(drill: Drill, bench: Bench, tell: Callable[[str], None]) -> Refusal | None:
    """The files as they were before the last reset or undo; what is there now is kept as well.

    The stopwatch stops.
    """
    root = bench.workspace.path
    titles = {_title(drill, word) for word in ("reset", "undo")}
    last = [snapshot for snapshot in snapshots(root) if snapshot.title in titles][-1:]
    if not last:
        what = f"nothing was overwritten in drill {drill.slug}, so there is nothing to bring back."
        return Refusal(what, next_step="nbkata drill reset starts it again.")
    files = {
        PurePosixPath(name).name: None if number is None else kept_content(root, number, name)
        for name, number in brought_back(last).items()
    }
    done = _write(bench, drill, "undo", files, tell)
    if isinstance(done, Refusal):
        return done
    bench.keep_or_tell(drill, Event.UNDONE, 0.0, tell)
    return None


def _write(
    bench: Bench,
    drill: Drill,
    word: str,
    files: Mapping[str, bytes | None],
    tell: Callable[[str], None],
) -> Snapshot | Refusal | None:
    place = bench.folder(drill).relative_to(bench.workspace.path)
    named = {(place / name).as_posix(): content for name, content in files.items()}
    return write(bench.workspace, Write(_title(drill, word), named), "", tell)


def _title(drill: Drill, word: str) -> str:
    return " ".join(filter(None, ("drill", word, drill.slug)))


def _contents(files: Mapping[str, Path]) -> dict[str, bytes | None]:
    return {name: path.read_bytes() for name, path in files.items()}


def _learners_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if path.is_file() and path.name != "README.md"]


def check_drills(
    kit: Kit, drills: Sequence[Drill], root: Path, timeout_s: int = TIMEOUT_S
) -> dict[str, Light] | Refusal:
    """Each drill's light, by slug; ``root`` holds a folder of the slug's name for each.

    One function for the learner's check and for the proof over all drills.
    """
    tests = [exercises(kit) / drill.slug / "test_drill.py" for drill in drills]
    options = (f"--rootdir={exercises(kit)}", f"--nbkata-drills={root.resolve()}")
    report = run_reported(kit, tests, options, timeout_s)
    if report.late:
        mistake = f"The check did not end within {timeout_s} s: is there a loop without an end?"
        return {drill.slug: Light(False, (mistake,)) for drill in drills}
    if not report.ended:
        return Refusal(
            f"the check could not run: {report.output}", shown_path(root), "Run ./go again."
        )
    return _lights(drills, report.tests)


def _lights(drills: Sequence[Drill], tests: Sequence[ReportedTest]) -> dict[str, Light]:
    lights = {}
    for drill in drills:
        mine = [test for test in tests if test.folder == drill.slug]
        failed = red(mine) if mine else ("The drill has no test.",)
        lights[drill.slug] = Light(not failed, failed[:1] or (drill.goal,))
    return lights
