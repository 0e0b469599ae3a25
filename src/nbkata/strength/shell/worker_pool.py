"""The processes that the session lets run tests: how they start warm, live and end."""

import ast
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
from nbkata.child.shell.scratch_copy import ScratchCopy
from nbkata.common.shell.walk import files_in, walk
from nbkata.strength.shell.collected_server import Collection, Golden, Trial, serve
from nbkata.strength.shell.single_run import Job, Lost, Outcome, run_job


@dataclass(frozen=True, slots=True)
class _Run:
    """A job in a worker's hands."""

    key: Any
    process: Any
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
        self.kept: dict[ScratchCopy, tuple[Any, Connection]] = {}
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
                while waiting and free:  # nobody idles while a verdict is told
                    link, run = self._begin(*waiting.popleft(), free.pop(), timeout_s or 3600.0)
                    running[link] = run
                yield from finished
                finished.clear()
                soonest = min(run.end for run in running.values())
                ready = wait(list(running), max(0.0, soonest - time.monotonic()))
                for link, run in list(running.items()):
                    if link in ready or run.end <= time.monotonic():
                        del running[link]
                        outcome = _received(link) if link in ready else Lost.LATE
                        self._leave(run, link, alive=outcome not in (Lost.LATE, Lost.GONE))
                        free.append(run.scratch)
                        finished.append((run.key, outcome))
            yield from finished
        finally:
            for run in running.values():
                _end(run.process)

    def _begin(
        self, key: Any, job: Job | Trial, scratch: ScratchCopy, limit_s: float
    ) -> tuple[Connection, "_Run"]:
        process, link = self._worker(scratch, job)
        cpu_s = int(limit_s) + 1 if self.forks else 0
        limited = (
            replace(job, root=str(scratch.root), cpu_s=cpu_s)
            if isinstance(job, Job)
            else replace(job, cpu_s=cpu_s)
        )
        with suppress(OSError):  # it died: no answer will come, which is an answer
            if isinstance(job, Trial) and self.golden and scratch not in self.taught:
                link.send(self.golden)
                self.taught.add(scratch)
            link.send(limited)
        return link, _Run(key, process, scratch, time.monotonic() + limit_s)

    def _worker(self, scratch: ScratchCopy, job: Job | Trial) -> tuple[Any, Connection]:
        if self.forks and isinstance(job, Job):
            return self._started(_work, None)
        if scratch not in self.kept:
            self._start_all(collecting=isinstance(job, Trial))
        return self.kept[scratch]

    def _start_all(self, collecting: bool) -> None:
        """One for each copy that has none, side by side; only then their jobs' time begins."""
        missing = [scratch for scratch in self.copies if scratch not in self.kept]
        for scratch in missing:
            if collecting:
                collection = Collection(scratch, self.original, self.tests, self.targets)
                self.kept[scratch] = self._started(serve, collection)
            else:
                self.kept[scratch] = self._started(_work, self.warmth)
        for scratch in missing:
            with suppress(EOFError):  # its first job will find that it died
                self.kept[scratch][1].recv()

    def _leave(self, run: "_Run", link: Connection, alive: bool) -> None:
        """A forked worker has had its one job; one that is kept stays with its copy while it can."""
        kept = self.kept.get(run.scratch)
        if kept is None or kept[1] is not link or not alive:
            if kept is not None and kept[1] is link:
                del self.kept[run.scratch]
                self.taught.discard(run.scratch)
            _end(run.process)
            link.close()
        run.scratch.restore()

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


def _end(process: Any) -> None:
    if sys.platform != "win32":
        process.terminate()  # a fork server takes its child along
        process.join(1)
    ending.end_group(process.pid)
    if process.is_alive():  # it was no group yet
        process.kill()
    process.join()


def _received(link: Connection) -> Outcome | Lost:
    try:
        answer: Outcome | Lost = link.recv()
    except (EOFError, OSError):
        return Lost.GONE
    return answer
