"""The processes that the session lets run tests: how they start warm, live and end."""

import ast
import multiprocessing
import os
import signal
import sys
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from nbkata.child.shell.preload import warm
from nbkata.child.shell.remembered_models import forget_oldest, remember_models
from nbkata.child.shell.scratch_copy import ScratchCopy
from nbkata.child.shell.worker import Worker
from nbkata.common.shell.walk import files_in, walk
from nbkata.strength.shell.collected_server import Collection, Golden, Trial, serve
from nbkata.strength.shell.single_run import Job, Lost, Outcome, run_job


@dataclass(frozen=True, slots=True)
class _Run:
    """A job in a worker's hands."""

    key: Any
    worker: Worker
    scratch: ScratchCopy
    end: float  # on the monotonic clock: later than this it is stopped


class WorkerPool:
    """As many at a time as there are copies of the folder."""

    def __init__(
        self, method: str, copies: Sequence[ScratchCopy], original: str, tests: tuple[str, ...]
    ) -> None:
        self.context: Any = multiprocessing.get_context(method)  # typeshed: no Process
        self.forks = method == "fork"
        self.copies = copies
        self.original = original
        self.tests = tests
        self.targets: tuple[tuple[str, str], ...] = ()
        """With their sources, for the fork servers."""
        self.golden: Golden | None = None
        self.taught: set[ScratchCopy] = set()
        """Copies whose fork server knows what the unchanged code shows."""
        pristine = copies[0].pristine
        self.warmth = (str(pristine), sorted(_libraries_of(pristine)))
        if self.forks:
            warm(*self.warmth)
            remember_models()
        self.kept: dict[ScratchCopy, Worker] = {}
        """By copy: workers that stay, spawned ones and fork servers."""

    def run_one(self, job: Job | Trial) -> Outcome | Lost:
        """The answer to one."""
        return next(outcome for _, outcome in self.run_all([(None, job)], timeout_s=None))

    def run_all(
        self, jobs: Iterable[tuple[Any, Job | Trial]], timeout_s: float | None
    ) -> Iterator[tuple[Any, Outcome | Lost]]:
        """Run every job, as many at a time as there are copies; outcomes as they come."""
        waiting, free = deque(jobs), list(self.copies)
        running: dict[Connection, _Run] = {}
        finished: list[tuple[Any, Outcome | Lost]] = []
        try:
            while waiting or running:
                while waiting and free:  # nobody idles while a verdict is reported
                    run = self._begin(*waiting.popleft(), free.pop(), timeout_s or 3600.0)
                    running[run.worker.link] = run
                yield from finished
                finished.clear()
                soonest = min(run.end for run in running.values())
                ready = wait(list(running), max(0.0, soonest - time.monotonic()))
                for link, run in list(running.items()):
                    if link in ready or run.end <= time.monotonic():
                        del running[link]
                        outcome = _received(link) if link in ready else Lost.LATE
                        self._leave(run, alive=outcome not in (Lost.LATE, Lost.GONE))
                        free.append(run.scratch)
                        finished.append((run.key, outcome))
            yield from finished
        finally:
            for run in running.values():
                run.worker.end()

    def _begin(self, key: Any, job: Job | Trial, scratch: ScratchCopy, limit_s: float) -> "_Run":
        worker = self._worker(scratch, job)
        cpu_s = int(limit_s) + 1 if self.forks else 0
        limited = (
            replace(job, root=str(scratch.root), cpu_s=cpu_s)
            if isinstance(job, Job)
            else replace(job, cpu_s=cpu_s)
        )
        with suppress(OSError):  # it died: no answer will come, which is an answer
            if isinstance(job, Trial) and self.golden and scratch not in self.taught:
                worker.link.send(self.golden)
                self.taught.add(scratch)
            worker.link.send(limited)
        return _Run(key, worker, scratch, time.monotonic() + limit_s)

    def _worker(self, scratch: ScratchCopy, job: Job | Trial) -> Worker:
        if self.forks and isinstance(job, Job):
            return Worker(self.context, _work, None)
        if scratch not in self.kept:
            self._start_all(collecting=isinstance(job, Trial))
        return self.kept[scratch]

    def _start_all(self, collecting: bool) -> None:
        """One for each copy that has none, side by side; only then their jobs' time begins."""
        missing = [scratch for scratch in self.copies if scratch not in self.kept]
        for scratch in missing:
            if collecting:
                collection = Collection(scratch, self.original, self.tests, self.targets)
                self.kept[scratch] = Worker(self.context, serve, collection)
            else:
                self.kept[scratch] = Worker(self.context, _work, self.warmth)
        for scratch in missing:
            with suppress(EOFError):  # its first job will find that it died
                self.kept[scratch].link.recv()

    def _leave(self, run: "_Run", alive: bool) -> None:
        """A forked worker has had its one job; one that is kept stays with its copy while it can."""
        if self.kept.get(run.scratch) is not run.worker:
            run.worker.end()
        elif not alive:
            del self.kept[run.scratch]
            self.taught.discard(run.scratch)
            run.worker.end()
        run.scratch.restore()
        forget_oldest()

    def close(self) -> None:
        """End the workers that were kept."""
        for worker in self.kept.values():
            worker.end()
        self.kept.clear()
        self.taught.clear()


def _work(link: Connection, warmth: tuple[str, list[str]] | None) -> None:
    """A worker's life: one job if it was forked; job after job, kept warm, if spawned."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if warmth:
        warm(*warmth)
        remember_models()
        link.send("warm")
    known, path = set(sys.modules), list(sys.path)
    while True:
        try:
            job = link.recv()
        except EOFError:
            os._exit(0)
        link.send(run_job(job))
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


def _received(link: Connection) -> Outcome | Lost:
    try:
        answer: Outcome | Lost = link.recv()
    except (EOFError, OSError):
        return Lost.GONE
    return answer
