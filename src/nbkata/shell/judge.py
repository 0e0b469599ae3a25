"""The judge: a warm process that forks a worker for each run of the tests.

Started as ``python -m nbkata.shell.judge PLAN`` with threads of numeric libraries off, it imports
what the code under test imports (never that code itself: OpenMP must not have run before a fork),
runs the unchanged tests, then a mutant in each of its copies at a time, and tells everything as
lines of JSON on stdout. Where fork is absent (Windows) or unsafe (macOS) its workers are spawned
processes that warm up ahead of their turn.
"""

import ast
import gc
import importlib
import io
import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout, suppress
from dataclasses import asdict, dataclass, replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from nbkata.core.mutants import Mutant, mutants
from nbkata.core.survivors import seen_by
from nbkata.shell.judge_one import Job, run_job
from nbkata.shell.slots import Slot

GRACE_S = 2
SLOWER = 5
"""A mutant may take this many times as long as the unchanged code, and the grace; then it loops."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the judge is asked, as JSON in its one argument."""

    original: str
    work: str
    tests: tuple[str, ...]
    targets: tuple[str, ...]
    """Paths in the folder; empty for every file that the tests run."""
    workers: int
    seed: int
    sample: int | None
    repeat: int
    """Runs of the unchanged tests, for the flake meter; 0 judges mutants instead."""
    method: str
    """``fork`` or ``spawn``."""


@dataclass(frozen=True, slots=True)
class _Run:
    """A job in a worker's hands."""

    key: Any
    process: Any
    slot: Slot
    end: float
    """On the monotonic clock: later than this it is stopped."""


class Judge:
    """One plan at work."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.context: Any = multiprocessing.get_context(plan.method)  # typeshed: no Process
        pristine = Path(plan.work, "pristine")
        self.slots = [
            Slot(pristine, Path(plan.work, f"slot{n}", Path(plan.original).name or "copy"))
            for n in range(plan.workers)
        ]
        self.imports = sorted(_imports(pristine))
        if plan.method == "fork":
            warm(self.imports)
        self.kept: dict[int, tuple[Any, Connection]] = {}

    def run(self) -> None:
        """The whole plan; stops after the baseline where there is nothing to go on with."""
        if self.plan.repeat:
            jobs = [(None, self._job(slot_root="", seed=None)) for _ in range(self.plan.repeat)]
            for _, verdict in self._all(jobs, timeout_s=None):
                _tell("repeat", failed=verdict.get("failed", ""), code=verdict.get("code", -1))
            return
        first = self._one(self._job(trace=True))
        facts = {key: value for key, value in first.items() if key != "oracle"}
        _tell("baseline", **{"code": -1, **facts})
        if first.get("code") != 0:
            return
        targets = self._targets(first)
        if not targets:
            _tell("untargeted", ran=sorted(first["lines"]))
            return
        self._judge(targets, first)

    def _targets(self, first: dict[str, Any]) -> list[str]:
        ran = {path for path in first["lines"] if not _is_test(path)}
        if self.plan.targets:
            return list(self.plan.targets) if first["spawned"] else [
                path for path in self.plan.targets if path in ran
            ]  # fmt: skip
        return sorted(ran)

    def _judge(self, targets: list[str], first: dict[str, Any]) -> None:
        """Plant every mutant of the targets; ``first`` is what the traced run told."""
        sources = {path: self._source(path) for path in targets}
        base, golden = self._golden(targets, sources)
        found = self._mutants(sources, first)
        _tell("total", total=len(found), targets=targets)
        jobs = []
        for mutant in found:
            if first["spawned"] or _covers(first["lines"].get(mutant.path, ()), mutant):
                planted = {**sources, mutant.path: mutant.applied(sources[mutant.path])}
                jobs.append((mutant, replace(base, files=tuple(planted.items()))))
            else:
                _tell("verdict", **_facts(mutant, sources), verdict="unseen")
        for mutant, verdict in self._all(jobs, float(golden["limit"])):
            kind, seen = _judged(verdict, golden)
            test = verdict.get("failed", "")
            _tell("verdict", **_facts(mutant, sources), verdict=kind, seen_by=seen, test=test)

    def _golden(self, targets: list[str], sources: dict[str, str]) -> tuple[Job, dict[str, Any]]:
        """What the unchanged code shows, in a job to compare with; two runs tell what is steady.

        Where the tests show nothing of it in their own process (they start it in another one),
        it is run as a script besides.
        """
        base = self._job(files=tuple(sources.items()))
        one = self._one(base)
        if not json.loads(one["oracle"])["events"]:
            base = replace(base, script=targets[0])
            one = self._one(base)
        two = self._one(replace(base, seed=1))
        golden, other = json.loads(one["oracle"]), json.loads(two["oracle"])
        events = tuple(
            (old[0], old[1] if old == new else "")
            for old, new in zip(golden["events"], other["events"], strict=False)
        )
        golden["limit"] = GRACE_S + SLOWER * max(one["seconds"], two["seconds"])
        return replace(base, events=events), golden

    def _mutants(self, sources: dict[str, str], first: dict[str, Any]) -> list[Mutant]:
        found = [
            mutant
            for path, source in sources.items()
            for mutant in mutants(source, path, guarded=_guard_ran(source, first, path))
        ]
        if self.plan.sample is None or self.plan.sample >= len(found):
            return found
        sampled = random.Random(self.plan.seed).sample(found, self.plan.sample)
        return sorted(sampled, key=lambda mutant: (mutant.path, mutant.start, mutant.text))

    def _source(self, path: str) -> str:
        return Path(self.plan.work, "pristine", path).read_bytes().decode("utf-8-sig")

    def _job(self, slot_root: str = "", **changes: Any) -> Job:
        return Job(slot_root, self.plan.original, self.plan.tests, **changes)

    def _one(self, job: Job) -> dict[str, Any]:
        return next(verdict for _, verdict in self._all([(None, job)], timeout_s=None))

    def _all(
        self, jobs: Iterable[tuple[Any, Job]], timeout_s: float | None
    ) -> Iterator[tuple[Any, dict[str, Any]]]:
        """Run every job, as many at a time as there are copies; verdicts as they come."""
        waiting, free = deque(jobs), list(self.slots)
        running: dict[Connection, _Run] = {}
        try:
            while waiting or running:
                while waiting and free:
                    link, run = self._begin(*waiting.popleft(), free.pop(), timeout_s or 3600.0)
                    running[link] = run
                soonest = min(run.end for run in running.values())
                ready = wait(list(running), max(0.0, soonest - time.monotonic()))
                for link, run in list(running.items()):
                    if link in ready or run.end <= time.monotonic():
                        del running[link]
                        verdict = _received(link) if link in ready else {"late": True}
                        self._leave(run, link, alive="code" in verdict)
                        free.append(run.slot)
                        yield run.key, verdict
        finally:
            for process in (*(run.process for run in running.values()), *self._kept_processes()):
                _end(process)
            self.kept.clear()

    def _begin(self, key: Any, job: Job, slot: Slot, limit_s: float) -> tuple[Connection, "_Run"]:
        process, link = self._worker(slot)
        cpu_s = int(limit_s) + 1 if self.plan.method == "fork" else 0
        link.send(replace(job, root=str(slot.root), memory=_memory_limit(), cpu_s=cpu_s))
        return link, _Run(key, process, slot, time.monotonic() + limit_s)

    def _kept_processes(self) -> list[Any]:
        return [process for process, _ in self.kept.values()]

    def _worker(self, slot: Slot) -> tuple[Any, Connection]:
        if self.plan.method == "fork":
            return self._started()
        if id(slot) not in self.kept:
            self.kept[id(slot)] = self._started()
            self.kept[id(slot)][1].recv()  # it is warm: only now its job's time begins
        return self.kept[id(slot)]

    def _leave(self, run: "_Run", link: Connection, alive: bool) -> None:
        """A forked worker has had its one job; a spawned one stays with its copy while it can."""
        if self.plan.method == "fork" or not alive:
            self.kept.pop(id(run.slot), None)
            _end(run.process)
            link.close()
        run.slot.mend()

    def _started(self) -> tuple[Any, Connection]:
        ours, theirs = self.context.Pipe()
        imports = [] if self.plan.method == "fork" else ["pytest", *self.imports]
        process = self.context.Process(target=work, args=(theirs, imports))
        process.start()
        theirs.close()
        return process, ours


def work(link: Connection, imports: list[str]) -> None:
    """A worker's life: one job where it was forked; job after job, kept warm, where spawned."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if imports:
        warm(imports)
        link.send("warm")
    known, path = set(sys.modules), list(sys.path)
    while True:
        try:
            job = link.recv()
        except EOFError:
            os._exit(0)
        link.send(json.dumps(run_job(job)))
        if not imports:
            link.close()
            os._exit(0)  # no exit handlers of the learner's code, no waiting for its threads
        sys.path[:] = path
        for name in [name for name in sys.modules if name not in known]:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(job.root):
                del sys.modules[name]


def warm(imports: Iterable[str]) -> None:
    """Import what every run will need anyway, pytest's installed plugins among it."""
    for name in ("pytest", *imports):
        try:
            importlib.import_module(name)
        except Exception:  # pylint: disable=broad-exception-caught # its own run will tell
            continue
    pytest = importlib.import_module("pytest")
    with tempfile.TemporaryDirectory() as empty, redirect_stdout(io.StringIO()):
        pytest.main([empty, f"--rootdir={empty}", "-p", "no:cacheprovider", "--capture=no"])
    gc.collect()
    gc.freeze()  # pytest collects garbage at its end: it must not walk pandas each time


def _received(link: Connection) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(link.recv())
    except (EOFError, OSError):
        return {"died": True}
    return answer


def _judged(verdict: dict[str, Any], golden: dict[str, Any]) -> tuple[str, str]:
    """``caught``, ``survived``, ``equal`` or ``stopped``, and what would have seen a survivor."""
    if verdict.get("late") or verdict.get("died") or verdict.get("crashed"):
        return "stopped", ""
    if verdict["code"] != 0:
        return "caught", ""
    if verdict["same"]:
        return "equal", ""
    return "survived", seen_by(golden, json.loads(verdict["oracle"]))


def _facts(mutant: Mutant, sources: dict[str, str]) -> dict[str, Any]:
    return {
        "path": mutant.path,
        "line": mutant.line,
        "operator": mutant.operator.value,
        "diff": mutant.diff(sources[mutant.path]),
    }


def _covers(lines: Iterable[int], mutant: Mutant) -> bool:
    first, last = mutant.statement
    return any(first <= line <= last for line in lines)


def _guard_ran(source: str, first: dict[str, Any], path: str) -> bool:
    lines = set(first["lines"].get(path, ()))
    for node in ast.parse(source).body:
        if isinstance(node, ast.If) and "__name__" in ast.unparse(node.test):
            return node.body[0].lineno in lines
    return False


def _is_test(path: str) -> bool:
    name = Path(path).name
    return name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py"


def _imports(folder: Path) -> set[str]:
    """Modules imported by the folder's Python files that are not the folder's own."""
    found: Counter[str] = Counter()
    for path in folder.rglob("*.py"):
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found[node.module] += 1
    own = {path.stem for path in folder.rglob("*.py")} | {path.name for path in folder.rglob("*")}
    return {name for name in found if name.split(".")[0] not in own}


def _memory_limit() -> int:
    """Address space: what this process has, and 4 GB more; 0 where it cannot be told."""
    if sys.platform == "win32":
        return 0
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + 4 * 1024**3


def _end(process: Any) -> None:
    """End a worker and everything it started."""
    if sys.platform == "win32":
        command = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
        subprocess.run(command, check=False, capture_output=True)
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    if process.is_alive():
        process.kill()
    process.join()


def _tell(event: str, **facts: Any) -> None:
    print(json.dumps({"event": event, **facts}), flush=True)


def main() -> None:
    """Read the plan and carry it out; a polite end takes the workers along."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    told = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    Judge(Plan(**{**told, "tests": tuple(told["tests"]), "targets": tuple(told["targets"])})).run()
    _tell("end")


def plan_as_json(plan: Plan) -> str:
    """What `main` reads."""
    return json.dumps(asdict(plan))


if __name__ == "__main__":
    main()
