"""Drills on disk: opening, checking, resetting and undoing, in the learner's workspace."""

import os
import shutil
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nbkata.core.drills import Drill, Entry, Event, drills_from, entries_in, line_of
from nbkata.core.keys import Keymaps, Place
from nbkata.core.lights import Light
from nbkata.core.refusal import Refusal
from nbkata.core.workspace import MARKER
from nbkata.shell.files import write_atomically
from nbkata.shell.kit import Kit
from nbkata.shell.reported_tests import Told, run_reported
from nbkata.shell.workspace import Workspace, shown_path

NOT_THE_LEARNERS = ("README.md", "test_drill.py")
TIMEOUT_S = 60
"""The learner's code runs in there: it may loop for ever."""


def exercises(kit: Kit) -> Path:
    """Where the drills are given."""
    return kit.root / "exercises" / "ide-drills"


def solutions(kit: Kit) -> Path:
    """Their end states."""
    return kit.root / "solutions" / "ide-drills"


def load_drills(kit: Kit) -> tuple[Drill, ...] | Refusal:
    """All drills, in order."""
    path = exercises(kit) / "drills.toml"
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        what = f"it cannot be read ({error.strerror})."
        return Refusal(what, str(path), "Check the kit out again and run ./go in it.")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        what = f"this is not TOML ({error})."
        return Refusal(what, str(path), "Bring the file back (git checkout) and run again.")
    return drills_from(document, str(path))


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
    """A learner's drills: ``workspace/drills``, their journal and their snapshots."""

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
        """What it says; nothing where it was lost."""
        try:
            return entries_in(self.journal.read_text(encoding="utf-8", errors="replace"))
        except FileNotFoundError:
            return ()

    def keep(self, drill: Drill, event: Event, seconds: float = 0.0) -> None:
        """Append an event. Raises ``OSError``."""
        self.journal.parent.mkdir(exist_ok=True)
        with self.journal.open("a", encoding="utf-8", newline="\n") as file:
            file.write(line_of(Entry(now(), drill.slug, event, seconds)))

    def snapshots(self, drill: Drill) -> list[Path]:
        """Copies of the drill's folder before each write, the oldest first."""
        folder = self.workspace.path / MARKER / "snapshots" / "drills" / drill.slug
        return sorted(folder.iterdir()) if folder.is_dir() else []


def now() -> str:
    """The time in UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def open_drill(kit: Kit, drill: Drill, bench: Bench, keymaps: Keymaps, place: Place) -> None:
    """Put the files that are missing in place and start the stopwatch. Raises ``OSError``.

    What the learner has in there already is left as it is; only the guide is always fresh.
    """
    folder = bench.folder(drill)
    for name, source in given_files(kit, drill).items():
        if not (folder / name).exists():
            write_atomically(folder / name, source.read_bytes())
    write_guide(kit, drill, bench, keymaps, place)
    bench.keep(drill, Event.OPENED)


def write_guide(kit: Kit, drill: Drill, bench: Bench, keymaps: Keymaps, place: Place) -> None:
    """The guide with the learner's own keys, beside the files. Raises ``OSError``."""
    text = keymaps.rendered(guide(kit, drill), place)
    write_atomically(bench.folder(drill) / "README.md", text.encode("utf-8"))


def reset_drill(kit: Kit, drill: Drill, bench: Bench) -> Path:
    """The drill as given; the learner's files go to a snapshot first. Raises ``OSError``."""
    kept = _keep_snapshot(bench, drill)
    _replace_files(bench.folder(drill), given_files(kit, drill))
    bench.keep(drill, Event.OPENED)
    return kept


def undo_drill(drill: Drill, bench: Bench) -> Path | Refusal:
    """The files as they were before the last write; what is there now is kept as well."""
    snapshots = bench.snapshots(drill)
    if not snapshots:
        what = f"nothing was overwritten in drill {drill.slug}, so there is nothing to bring back."
        return Refusal(what, next_step="nbkata drill reset starts it again.")
    last = snapshots[-1]
    _keep_snapshot(bench, drill)
    _replace_files(bench.folder(drill), {path.name: path for path in last.iterdir()})
    return last


def _keep_snapshot(bench: Bench, drill: Drill) -> Path:
    folder = bench.folder(drill)
    home = bench.workspace.path / MARKER / "snapshots" / "drills" / drill.slug
    home.mkdir(parents=True, exist_ok=True)
    taken = [int(path.name) for path in home.iterdir() if path.name.isdecimal()]
    building = Path(tempfile.mkdtemp(dir=home, prefix=".new-"))
    try:
        for path in _learners_files(folder):
            shutil.copy2(path, building / path.name)
        target = home / f"{max(taken, default=0) + 1:04}"
        os.replace(building, target)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    return target


def _replace_files(folder: Path, files: dict[str, Path]) -> None:
    for name, source in files.items():
        write_atomically(folder / name, source.read_bytes())
    for path in _learners_files(folder):
        if path.name not in files:
            path.unlink()  # a copy stands in the snapshot


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
        slip = f"The check did not end within {timeout_s} s: is there a loop without an end?"
        return {drill.slug: Light(False, (slip,)) for drill in drills}
    if not report.ended:
        return Refusal(
            f"the check could not run: {report.said}", shown_path(root), "Run ./go again."
        )
    return _lights(drills, report.tests)


def _lights(drills: Sequence[Drill], tests: Sequence[Told]) -> dict[str, Light]:
    lights = {}
    for drill in drills:
        mine = [test for test in tests if test.folder == drill.slug]
        failed = tuple(test.message for test in mine if not test.ok)
        if not mine:
            lights[drill.slug] = Light(False, ("The drill has no test.",))
        else:
            lights[drill.slug] = Light(not failed, failed[:1] or (drill.goal,))
    return lights
