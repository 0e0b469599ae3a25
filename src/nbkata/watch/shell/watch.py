"""Watching a workspace: a check after each save, in a thread beside the keys and the screen."""

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from nbkata.child.shell.launch import end_all
from nbkata.child.shell.warm import WarmProcess
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.clock import now
from nbkata.drills.core.drills import Drill
from nbkata.drills.core.drills import Event as DrillEvent
from nbkata.drills.core.drills import seconds_since_opened
from nbkata.drills.shell.drills import Bench, check_drills
from nbkata.kata.core.kata import Step
from nbkata.kata.core.lights import Light, Verdict
from nbkata.kata.shell.check import Observation, observe
from nbkata.kata.shell.kept_check import check_and_keep
from nbkata.kata.shell.kit import Kit
from nbkata.kata.shell.warmed import WARMED
from nbkata.kata.shell.workspace import Workspace, look_at
from nbkata.notebook.core.run import DEFAULT_CELL_TIMEOUT_S
from nbkata.watch.core.watching import EVERYTHING, Change
from nbkata.watch.shell.watch_files import WatchedFiles
from nbkata.workspace.core.workspace import half_deleted

# A run that takes so many times as long as the last one gives way to a save.
TIMES_AS_LONG = 3
# But not before so many seconds.
PATIENCE_S = 3.0
# Before any run has ended, nobody knows how long one takes.
FIRST_PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True)
class Began:
    """A look at a change has begun."""

    change: Change


@dataclass(frozen=True, slots=True)
class Lit:
    """A light is known, the other may not be yet; a shape may be one so far."""

    behaviour: Light | None
    shape: Light | None


@dataclass(frozen=True, slots=True)
class InCell:
    """A notebook runs, and has come to this cell."""

    cell: int


@dataclass(frozen=True, slots=True)
class StepChecked:
    """A look has ended; it took so many seconds. No verdict where only a drill was looked at."""

    verdict: Verdict | Refusal | None
    seconds: float


@dataclass(frozen=True, slots=True)
class DrillChecked:
    """A look at a drill has ended."""

    drill: Drill
    light: Light | Refusal


@dataclass(frozen=True, slots=True)
class Noted:
    """Something beside the lights that the learner should know."""

    text: str


Event = Began | InCell | Lit | StepChecked | DrillChecked | Noted


class Watch:
    """One workspace under watch, at one step."""

    def __init__(
        self,
        kit: Kit,
        workspace: Workspace,
        step: Step,
        drills: tuple[Drill, ...] = (),
        timeout_s: int = DEFAULT_CELL_TIMEOUT_S,
    ) -> None:
        self.kit, self.workspace, self.step = kit, workspace, step
        self.drills = {drill.slug: drill for drill in drills}
        self.timeout_s = timeout_s
        self.files = WatchedFiles(workspace.path)
        self.waiting = EVERYTHING
        self.looking = Change()
        self.warm = WarmProcess(WARMED, remembers=True)
        self.warm.begin()
        self.work: threading.Thread | None = None
        self.events: queue.Queue[tuple[threading.Thread, Event]] = queue.Queue()
        self.observed: Observation | Refusal | None = None
        self.began = 0.0
        self.journal_size = 0
        self.slow_part = False
        self.last_s: float | None = None

    @property
    def busy(self) -> bool:
        """Whether a look goes on."""
        return self.work is not None

    @property
    def overdue(self) -> bool:
        """Whether the quick part takes so long that it gives way to a save; the slow part always does."""
        late = time.monotonic() - self.began > self._patience_s()
        return self.busy and late and not self.slow_part

    @property
    def warming(self) -> bool:
        """Whether the warm process is not ready yet."""
        return not self.warm.ready.is_set()

    @property
    def pause_s(self) -> float:
        """How long to wait before the next `step_on`."""
        return 0.01 if self.busy else self.files.pause_s

    def look_again(self) -> None:
        """Everything, though nothing has changed."""
        self.waiting = EVERYTHING

    def go_to(self, step: Step) -> None:
        """Look at another step from now on."""
        self._stop()
        self.step, self.last_s, self.observed = step, None, None
        self.look_again()

    def journal_changed(self) -> bool:
        """Whether the journal has grown since this was asked last."""
        try:
            size = self.workspace.journal.stat().st_size
        except OSError:
            size = 0
        changed, self.journal_size = size != self.journal_size, size
        return changed

    def step_on(self) -> list[Event]:
        """Notice saves, begin what is to begin; what has been reported since the last call."""
        self.waiting += self.files.change(while_running=self.busy)
        if self.busy and self.waiting and (self.slow_part or self.overdue):
            self._stop()
            self.waiting += self.looking  # it was not looked at to the end
        events = self._received()
        if not self.busy and self.waiting:
            events += self._begin()
        return events

    def end(self) -> None:
        """End everything that goes on."""
        self._stop()
        self.warm.end()

    def _received(self) -> list[Event]:
        events: list[Event] = []
        while True:
            try:
                thread, event = self.events.get_nowait()
            except queue.Empty:
                return events
            if thread is not self.work:
                continue  # of a look that was given up
            events.append(event)
            if isinstance(event, Lit) and event.shape is not None:
                self.slow_part = True
            if isinstance(event, StepChecked):
                self.work = None
                self.warm.between_runs()
                if isinstance(event.verdict, Verdict):
                    self.last_s = event.seconds if not self.slow_part else self.last_s

    def _begin(self) -> list[Event]:
        change, self.waiting = self.waiting, Change()
        self.looking = change
        events: list[Event] = []
        if self.warm.died:
            self.warm.begin()
            events.append(Noted("the warm process had died; it was started again."))
        self.began, self.slow_part = time.monotonic(), False
        self.work = threading.Thread(target=self._look, args=(change,), daemon=True)
        self.work.start()
        return [Began(change), *events]

    def _look(self, change: Change) -> None:
        thread = threading.current_thread()

        def tell(event: Event) -> None:
            self.events.put((thread, event))

        self.warm.ready.wait()
        started = time.monotonic()
        verdict: Verdict | Refusal | None = None
        try:
            for slug in change.drills:
                if slug in self.drills:
                    tell(self._look_at_drill(self.drills[slug]))
            if change.looks:
                verdict = self._verdict(change, tell)
        except Exception as error:  # pylint: disable=broad-exception-caught # watch goes on
            what = f"the check itself failed ({type(error).__name__}: {error})."
            verdict = Refusal(what, next_step="Save again; nbkata check tells more.")
        tell(StepChecked(verdict, time.monotonic() - started))

    def _look_at_drill(self, drill: Drill) -> DrillChecked:
        bench = Bench(self.workspace)
        seconds = seconds_since_opened(drill, bench.entries, now("milliseconds"))
        lights = check_drills(self.kit, [drill], bench.folder(drill).parent)
        if isinstance(lights, Refusal):
            return DrillChecked(drill, lights)
        light = lights[drill.slug]
        if seconds is not None:
            bench.keep(drill, DrillEvent.GREEN if light.ok else DrillEvent.RED, seconds)
        return DrillChecked(drill, light)

    def _verdict(self, change: Change, tell: Callable[[Event], None]) -> Verdict | Refusal:
        path = self.workspace.path
        folder = look_at(path, self.kit)
        if folder.missing:
            return half_deleted(folder)

        def run(here: Step) -> Observation | Refusal:
            if change.runs or not isinstance(self.observed, Observation):
                self.observed = observe(
                    self.kit, here, path, self.timeout_s, lambda cell: tell(InCell(cell))
                )
            return self.observed

        thread = threading.current_thread()
        checked = check_and_keep(
            self.kit,
            self.workspace,
            self.step,
            run,
            lambda behaviour, so_far: tell(Lit(behaviour, so_far and so_far.light)),
            lambda: self.work is thread,
            lambda text: tell(Noted(text)),
        )
        if isinstance(checked, Refusal):
            return checked
        if checked.not_kept:
            tell(Noted(checked.not_kept))
        return checked.verdict

    def _patience_s(self) -> float:
        if self.last_s is None:
            return FIRST_PATIENCE_S
        return max(PATIENCE_S, TIMES_AS_LONG * self.last_s)

    def _stop(self) -> None:
        work, self.work = self.work, None
        if work is None:
            return
        while work.is_alive():  # it may be about to launch the next process
            end_all()
            work.join(0.02)
