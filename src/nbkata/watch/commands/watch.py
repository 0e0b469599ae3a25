"""`nbkata watch`: the two lights after each save."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from typing import Annotated

import typer

from nbkata.child.shell.debugger import open_port
from nbkata.common.core.refusal import Refusal, or_refuse
from nbkata.common.shell.locks import Held, do_not_wait, hold
from nbkata.common.shell.paths import shown_path
from nbkata.drills.shell.drills import load_drills
from nbkata.kata.commands._lights import Timeout, WorkspaceOption
from nbkata.kata.commands._opened import opened
from nbkata.kata.core.kata import Step
from nbkata.kata.core.lights import Verdict
from nbkata.kata.shell.kit import Kit
from nbkata.kata.shell.undo import planned_undo
from nbkata.kata.shell.workspace import Workspace
from nbkata.terminal import screen
from nbkata.watch.commands._watch_screen import KEYS, Lines, Redrawn, View
from nbkata.watch.core.watching import MOST_NAMED
from nbkata.watch.shell.keyboard import END, key_within, single_keys
from nbkata.watch.shell.watch import (
    Began,
    DrillChecked,
    Event,
    InCell,
    Lit,
    Noted,
    StepChecked,
    Watch,
)


def watch(
    step: Annotated[str, typer.Argument(help="The step; by default the one you are at.")] = "",
    plain: Annotated[
        bool, typer.Option("--plain", help="Line after line, for screen readers and logs.")
    ] = False,
    debug: Annotated[
        int | None,
        typer.Option(
            min=1, max=65535, metavar="PORT", help="Let a debugger attach here (VS Code: 5678)."
        ),
    ] = None,
    workspace: WorkspaceOption = None,
    timeout: Timeout = 600,
) -> int:
    """Check after each save, and show both lights. q or Ctrl-C ends it, ? lists the keys."""
    found = opened(workspace)
    kit, here = found.kit, found.workspace
    wanted = found.step(step)
    drills = load_drills(kit)
    try:
        with _alone(here), _port(debug):
            watched = Watch(
                kit, here, wanted, () if isinstance(drills, Refusal) else drills, timeout
            )
            return _Session(kit, watched, plain or not screen.out.is_watched, debug or 0).run()
    except OSError as error:
        what = f"this cannot be written ({error.strerror})."
        return screen.refuse(
            Refusal(what, shown_path(here.path), "Check the folder's permissions.")
        )
    except Held:
        where = shown_path(here.path)
        hint = "Go on in that terminal, or end that one first (q)."
        return screen.refuse(Refusal("this workspace is being watched already.", where, hint))


@contextmanager
def _alone(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace's watch lock, which the system lets go of whatever ends this."""
    path = workspace.path / ".nbkata" / "watch.lock"
    path.touch()
    with hold(path, do_not_wait):
        yield


@contextmanager
def _port(number: int | None) -> Iterator[None]:
    """Hold the port open that a debugger attaches to, if one is wanted."""
    port = or_refuse(open_port(number)) if number else None
    try:
        yield
    finally:
        if port:
            port.end()


class _Session:
    """The keys, the screen and the watch, turn by turn."""

    def __init__(self, kit: Kit, watched: Watch, plain: bool, port: int = 0) -> None:
        self.kit, self.watched, self.plain = kit, watched, plain
        self.with_keys = sys.stdin.isatty()
        self.face = Lines(self.with_keys) if plain else Redrawn(self.with_keys)
        self.port = port
        self.view = View(watched.step, kit.kata, doing="warming up", port=port)
        self.place = self._place()

    def run(self) -> int:
        """Until q, Ctrl-C or the end of the workspace."""
        path = self.watched.workspace.path
        try:
            with single_keys(), self.face.opened():
                while path.is_dir():
                    self._turn()
                    self.face.show(self.view)
                    key = key_within(self.watched.pause_s)
                    if key in ("q", END):
                        return 0
                    if key and self._press(key) in ("q", END):
                        return 0
                    self._follow()
        except KeyboardInterrupt:
            return 0
        finally:
            self.watched.end()
        gone = Refusal("the workspace is gone.", str(path), "Make one: nbkata start")
        return screen.refuse(gone)

    def _turn(self) -> None:
        for event in self.watched.step_on():
            self.view = seen(self.view, event)
        self.view = self._with_state(self.view)

    def _with_state(self, view: View) -> View:
        if not self.watched.busy:
            return replace(view, doing="")
        if self.watched.warming:
            return replace(view, doing="warming up: loading pandas and scikit-learn once")
        if self.watched.overdue:
            held = " or held by the debugger" if self.port else ""
            return replace(view, doing=f"still running{held}: if it never ends, fix it and save")
        if view.cell is not None:
            return replace(view, doing=f"running cell {view.cell}")
        return replace(view, doing="checking" if view.shape is None else "checking the rest")

    def _place(self) -> Step:
        return self.watched.workspace.step(self.kit.kata)

    def _follow(self) -> None:
        """Go where the learner goes by `next`, `catch-up` or `undo`, here or in another terminal."""
        if not self.watched.journal_changed():
            return
        before, self.place = self.place, self._place()
        if self.place not in (before, self.watched.step):
            self.watched.go_to(self.place)
            self.view = View(self.place, self.kit.kata, port=self.port)

    def _press(self, key: str) -> str:
        """Do what it asks for. Returns the key that took away what was shown then, or an empty text."""
        if key in ("\r", "\n", " "):
            self.watched.look_again()
            return ""
        if key not in KEYS and key != "?":
            return ""
        self.face.clear()
        if key == "?":
            self.face.show(self.view)  # a red light is not hidden by the keys
            screen.out.print(HELP)
        else:
            self._command(KEYS[key])
        if self.plain:
            return ""
        screen.out.print("\n  Any key goes back to the lights, q ends.", style="dim")
        while not (then := key_within(self.watched.pause_s)):
            self._turn()
        return then

    def _command(self, name: str) -> None:
        module = f"nbkata.{'diff' if name == 'diff' else 'kata'}.commands.{name}"
        if find_spec(module) is None:
            screen.out.print(f"  This version has no nbkata {name}.")
            return
        screen.out.print()
        if name == "undo" and not self._is_meant():
            return
        asked = {"step": self.watched.step.slug} if name == "hint" else {}
        getattr(import_module(module), name)(workspace=self.watched.workspace.path, **asked)

    def _is_meant(self) -> bool:
        """Say what an undo would change, and whether `u` was pressed a second time."""
        plan = planned_undo(self.watched.workspace)
        if isinstance(plan, Refusal):
            screen.refuse(plan)
            return False
        screen.out.print(f"  u takes back {plan.writes[-1].title}: {_counted(plan.files)}.")
        step = self.kit.kata.step(plan.moves_to) if plan.moves_to else None
        if isinstance(step, Step):
            screen.out.print(f"  You would be at step {step.number} again.")
        screen.out.print("  Press u once more to do it; any other key leaves all as it is.")
        while not (key := key_within(self.watched.pause_s)):
            self._turn()
        if key != "u":
            screen.out.print("  Nothing was taken back.")
        return key == "u"


def _counted(files: Sequence[str]) -> str:
    """``3 files change, train.py, model.py and 1 more``."""
    more = f" and {len(files) - MOST_NAMED} more" if len(files) > MOST_NAMED else ""
    change = "1 file changes" if len(files) == 1 else f"{len(files)} files change"
    return f"{change}, {', '.join(files[:MOST_NAMED])}{more}" if files else "no file changes"


def seen(view: View, event: Event) -> View:
    """The view once an event has happened."""
    match event:
        case Began(change):
            view = replace(view, changed=change.summary, note="", looks=view.looks + 1)
            return replace(view, behaviour=None, shape=None) if change.looks else view
        case InCell(cell):
            return replace(view, cell=cell, refusal=None)
        case Lit(behaviour, shape):
            lights = (behaviour or view.behaviour, shape or view.shape)
            return replace(view, behaviour=lights[0], shape=lights[1], refusal=None, cell=None)
        case StepChecked(Verdict() as verdict, seconds):
            lost = tuple(
                f"step {slug.partition('-')[0]} is not reached any more: {' '.join(light.messages)}"
                for slug, light in verdict.lost.items()
            )
            view = replace(view, behaviour=verdict.behaviour, shape=verdict.shape, lost=lost)
            return replace(view, refusal=None, seconds=seconds, cell=None)
        case StepChecked(Refusal() as refusal, seconds):
            return replace(view, refusal=refusal, seconds=seconds, cell=None)
        case DrillChecked(drill, light):
            return replace(view, drill=drill, drill_light=light)
        case Noted(text):
            return replace(view, note=text)
    return view


HELP = """
  Save a file: both lights are looked at again, by themselves.

  h      the next hint
  d      what you changed since the step began
  n      on to the next step, once both lights are green and no earlier step got lost
  u u    undo the last write of the kit; the first u says what that would change
  Enter  look again now
  q      quit
"""
