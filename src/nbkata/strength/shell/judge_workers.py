"""The processes that the judge lets run tests: how they start warm, live and end."""

import ast
import json
import multiprocessing
import os
import signal
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from nbkata.child.shell import ending
from nbkata.child.shell.preload import warm
from nbkata.child.shell.slots import Slot
from nbkata.common.shell.walk import files_in, walk
from nbkata.strength.shell.judge_one import Job, run_job
from nbkata.strength.shell.nursery import Golden, Place, Trial, tend


@dataclass(frozen=True, slots=True)
class _Run:
    """A job in a worker's hands."""

    key: Any
    process: Any
    slot: Slot
    end: float
    """On the monotonic clock: later than this it is stopped."""


class Workers:
    """As many at a time as there are copies of the folder."""

    def __init__(
        self, method: str, slots: Sequence[Slot], original: str, tests: tuple[str, ...]
    ) -> None:
        self.context: Any = multiprocessing.get_context(method)  # typeshed: no Process
        self.forks = method == "fork"
        self.slots = slots
        self.original = original
        self.tests = tests
        self.targets: tuple[tuple[str, str], ...] = ()
        """With their sources, for the nurseries."""
        self.golden: Golden | None = None
        self.taught: set[int] = set()
        """Slots whose nursery knows what the unchanged code shows."""
        pristine = slots[0].pristine
        self.warmth = (str(pristine), sorted(_libraries_of(pristine)))
        if self.forks:
            warm(*self.warmth)
        self.kept: dict[int, tuple[Any, Connection]] = {}
        """By slot: workers that stay, spawned ones and nurseries."""

    def run_one(self, job: Job | Trial) -> dict[str, Any]:
        """The answer to one."""
        return next(verdict for _, verdict in self.run_all([(None, job)], timeout_s=None))

    def run_all(
        self, jobs: Iterable[tuple[Any, Job | Trial]], timeout_s: float | None
    ) -> Iterator[tuple[Any, dict[str, Any]]]:
        """Run every job, as many at a time as there are copies; verdicts as they come."""
        waiting, free = deque(jobs), list(self.slots)
        running: dict[Connection, _Run] = {}
        heard: list[tuple[Any, dict[str, Any]]] = []
        try:
            while waiting or running:
                while waiting and free:  # nobody idles while a verdict is told
                    link, run = self._begin(*waiting.popleft(), free.pop(), timeout_s or 3600.0)
                    running[link] = run
                yield from heard
                heard.clear()
                soonest = min(run.end for run in running.values())
                ready = wait(list(running), max(0.0, soonest - time.monotonic()))
                for link, run in list(running.items()):
                    if link in ready or run.end <= time.monotonic():
                        del running[link]
                        verdict = _received(link) if link in ready else {"late": True}
                        self._leave(run, link, alive=not {"late", "gone"} & verdict.keys())
                        free.append(run.slot)
                        heard.append((run.key, verdict))
            yield from heard
        finally:
            for run in running.values():
                _end(run.process)

    def _begin(
        self, key: Any, job: Job | Trial, slot: Slot, limit_s: float
    ) -> tuple[Connection, "_Run"]:
        process, link = self._worker(slot, job)
        cpu_s = int(limit_s) + 1 if self.forks else 0
        limited = (
            replace(job, root=str(slot.root), cpu_s=cpu_s)
            if isinstance(job, Job)
            else replace(job, cpu_s=cpu_s)
        )
        with suppress(OSError):  # it died: no answer will come, which is an answer
            if isinstance(job, Trial) and self.golden and id(slot) not in self.taught:
                link.send(self.golden)
                self.taught.add(id(slot))
            link.send(limited)
        return link, _Run(key, process, slot, time.monotonic() + limit_s)

    def _worker(self, slot: Slot, job: Job | Trial) -> tuple[Any, Connection]:
        if self.forks and isinstance(job, Job):
            return self._started(_work, None)
        if id(slot) not in self.kept:
            self._start_all(collecting=isinstance(job, Trial))
        return self.kept[id(slot)]

    def _start_all(self, collecting: bool) -> None:
        """One for each copy that has none, side by side; only then their jobs' time begins."""
        missing = [slot for slot in self.slots if id(slot) not in self.kept]
        for slot in missing:
            if collecting:
                place = Place(slot, self.original, self.tests, self.targets)
                self.kept[id(slot)] = self._started(tend, place)
            else:
                self.kept[id(slot)] = self._started(_work, self.warmth)
        for slot in missing:
            with suppress(EOFError):  # its first job will find that it died
                self.kept[id(slot)][1].recv()

    def _leave(self, run: "_Run", link: Connection, alive: bool) -> None:
        """A forked worker has had its one job; one that is kept stays with its copy while it can."""
        kept = self.kept.get(id(run.slot))
        if kept is None or kept[1] is not link or not alive:
            if kept is not None and kept[1] is link:
                del self.kept[id(run.slot)]
                self.taught.discard(id(run.slot))
            _end(run.process)
            link.close()
        run.slot.mend()

    def _started(self, life: Callable[..., None], given: Any) -> tuple[Any, Connection]:
        ours, theirs = self.context.Pipe()
        process = self.context.Process(target=life, args=(theirs, given))
        process.start()
        ending.guard(process.pid)
        theirs.close()
        return process, ours

    def close(self) -> None:
        """End the workers that were kept."""
        for process, link in self.kept.values():
            _end(process)
            link.close()
        self.kept.clear()
        self.taught.clear()


def _work(link: Connection, warmth: tuple[str, list[str]] | None) -> None:
    """A worker's life: one job where it was forked; job after job, kept warm, where spawned."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if warmth:
        warm(*warmth)
        link.send("warm")
    known, path = set(sys.modules), list(sys.path)
    while True:
        try:
            job = link.recv()
        except EOFError:
            os._exit(0)
        link.send(json.dumps(run_job(job)))
        if not warmth:
            link.close()
            os._exit(0)  # no exit handlers of the learner's code, no waiting for its threads
        sys.path[:] = path
        for name in [name for name in sys.modules if name not in known]:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(job.root):
                del sys.modules[name]


def _libraries_of(folder: Path) -> set[str]:
    """Modules imported by the folder's Python files that are not the folder's own."""
    found: Counter[str] = Counter()
    for path in files_in(folder, suffix=".py"):
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found[node.module] += 1
    own = {Path(found.name).name.removesuffix(".py") for found in walk(folder)}
    return {name for name in found if name.split(".")[0] not in own}


def _end(process: Any) -> None:
    """End a worker and everything it started."""
    if sys.platform != "win32":
        process.terminate()  # a nursery takes its child along
        process.join(1)
    ending.end_group(process.pid)
    if process.is_alive():  # it was no group yet
        process.kill()
    process.join()


def _received(link: Connection) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(link.recv())
    except (EOFError, OSError):
        return {"died": True, "gone": True}
    return answer
