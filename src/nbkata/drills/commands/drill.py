"""`nbkata drill`: the moves of an IDE, one at a time, with the keys of yours."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from nbkata.common.core.refusal import Refusal, or_refuse
from nbkata.common.shell.clock import now
from nbkata.common.shell.paths import shown_path
from nbkata.drills.commands import _drill_keys, _drill_screen
from nbkata.drills.core.drills import (
    Drill,
    Event,
    current_drill,
    drill_named,
    next_drill,
    is_running,
    personal_bests,
    seconds_since_opened,
)
from nbkata.drills.shell.drills import (
    Bench,
    check_drills,
    guide,
    load_drills,
    open_drill,
    reset_drill,
    undo_drill,
)
from nbkata.kata.commands._lights import WorkspaceOption
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import find_workspace, workspace_folder
from nbkata.keys.core.habits import Choice
from nbkata.keys.shell.keymaps import chosen_platform, read_keymaps
from nbkata.terminal import plain, screen
from nbkata.terminal.written import OpenOption

WORDS = ("list", "next", "check", "reset", "undo", "keys", "cheat-sheet", "trainer")


def drill(  # pylint: disable=too-many-positional-arguments # typer's options
    what: Annotated[
        str, typer.Argument(metavar="WHAT", help=f"A drill to open, or {', '.join(WORDS)}.")
    ] = "list",
    name: Annotated[
        str, typer.Argument(help="Which drill, action or file; by default the open drill.")
    ] = "",
    ide: Annotated[str, typer.Option(help="vscode or pycharm; remembered for the drills.")] = "",
    system: Annotated[
        str, typer.Option("--os", help="mac, windows or linux; remembered for the drills.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    show: OpenOption = False,
    workspace: WorkspaceOption = None,
) -> int:
    """Practise the moves that your IDE does for you, in drills of under three minutes.

    nbkata drill 11 opens a drill, nbkata drill check looks at it, nbkata drill next goes on.
    nbkata drill --ide pycharm says which IDE is yours; keys, cheat-sheet and trainer only look.
    """
    kit = or_refuse(load_kit())
    drills = or_refuse(load_drills(kit))
    home, is_look = workspace_folder(kit, workspace), what in ("keys", "cheat-sheet", "trainer")
    choice = or_refuse(chosen_platform(home, ide, system, is_kept=not is_look))
    if is_look:
        narrowed = _drill_keys.Narrowed(choice, bool(ide), bool(system))
        return _drill_keys.run(what, name, narrowed, as_json, show, home)
    asked = _Asked(kit, drills, choice, workspace, as_json)
    try:
        return _run(asked, what, name)
    except OSError as error:
        where = shown_path(Path(error.filename)) if error.filename else ""
        hint = "Check the folder's permissions and the free space, then run it again."
        return screen.refuse(Refusal(f"this cannot be written ({error.strerror}).", where, hint))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What every action needs."""

    kit: Kit
    drills: Sequence[Drill]
    choice: Choice
    workspace: Path | None
    as_json: bool

    def guide(self, wanted: Drill) -> str:
        """The drill's guide with the learner's keys."""
        return read_keymaps().rendered(guide(self.kit, wanted), self.choice.place)

    def bench(self) -> Bench | Refusal:
        """The learner's, in their workspace."""
        found = find_workspace(self.kit, self.workspace)
        return found if isinstance(found, Refusal) else Bench(found)


def _run(asked: _Asked, what: str, name: str) -> int:
    if what == "list":
        return _list(asked)
    bench = or_refuse(asked.bench())
    if what == "next":
        following = next_drill(asked.drills, bench.entries)
        if following is None:
            screen.out.print(_drill_screen.all_done())
            return 0
        return _open(asked, following, bench)
    if what not in WORDS:
        return _open(asked, or_refuse(drill_named(what, asked.drills)), bench)
    chosen = or_refuse(_chosen(asked, bench, name))
    if what == "undo":
        return _undo(chosen, bench)
    return _check(asked, chosen, bench) if what == "check" else _reset(asked, chosen, bench)


def _chosen(asked: _Asked, bench: Bench, name: str) -> Drill | Refusal:
    if name:
        return drill_named(name, asked.drills)
    current = current_drill(asked.drills, bench.entries)
    return current or Refusal("no drill is open.", next_step="Open one: nbkata drill next")


def _list(asked: _Asked) -> int:
    bench = asked.bench()
    entries = () if isinstance(bench, Refusal) else bench.entries
    bests, current = personal_bests(entries), current_drill(asked.drills, entries)
    if asked.as_json:
        rows = [
            {"drill": d.slug, "title": d.title, "minutes": d.minutes, "par": d.par, "step": d.step}
            | {"done": d.slug in bests, "best": bests.get(d.slug)}
            for d in asked.drills
        ]
        print(json.dumps(rows))
        return 0
    screen.out.print(_drill_screen.overview(asked.drills, bests, current))
    return 0


def _open(asked: _Asked, wanted: Drill, bench: Bench) -> int:
    text = asked.guide(wanted)
    or_refuse(open_drill(asked.kit, wanted, bench, text, plain.note))
    folder = shown_path(bench.folder(wanted))
    if asked.as_json:
        print(json.dumps({"drill": wanted.slug, "folder": folder}))
        return 0
    best = personal_bests(bench.entries).get(wanted.slug)
    running = is_running(wanted, bench.entries)
    screen.out.print(_drill_screen.task(wanted, text, folder, best, asked.choice, running))
    return 0


def _check(asked: _Asked, wanted: Drill, bench: Bench) -> int:
    folder = bench.folder(wanted)
    if not folder.is_dir():
        what = "this drill has not been opened yet, or its folder was renamed."
        hint = f"nbkata drill {wanted.number} puts it in place."
        return screen.refuse(Refusal(what, shown_path(folder), hint))
    before = bench.entries
    seconds = seconds_since_opened(wanted, before, now("milliseconds"))
    with screen.working("checking"):
        lights = check_drills(asked.kit, [wanted], folder.parent)
    light = or_refuse(lights)[wanted.slug]
    if seconds is not None:
        event = Event.GREEN if light.ok else Event.RED
        bench.keep_or_tell(wanted, event, seconds, plain.note)
    best = personal_bests(bench.entries).get(wanted.slug)
    if asked.as_json:
        document = {"drill": wanted.slug, "ok": light.ok, "message": light.message}
        print(json.dumps(document | {"seconds": seconds, "best": best}))
        return 0 if light.ok else 1
    earlier = personal_bests(before).get(wanted.slug)
    following = next_drill(asked.drills, bench.entries)
    screen.out.print(_drill_screen.verdict(wanted, light, seconds, earlier, following))
    return 0 if light.ok else 1


def _reset(asked: _Asked, wanted: Drill, bench: Bench) -> int:
    kept = or_refuse(reset_drill(asked.kit, wanted, bench, asked.guide(wanted), plain.note))
    screen.out.print(_drill_screen.put_back(wanted, shown_path(kept) if kept else ""))
    return 0


def _undo(wanted: Drill, bench: Bench) -> int:
    or_refuse(undo_drill(wanted, bench, plain.note))
    screen.out.print(f"Drill {wanted.slug} is as it was before the last reset or undo.")
    screen.out.print("What was there until now is kept too: nbkata drill undo brings it back.")
    screen.out.print("The stopwatch has stopped: nbkata drill reset starts the drill again.")
    return 0
