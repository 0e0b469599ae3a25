"""A session of mutation testing: a warm process that forks a worker for each run of the tests.

Started as ``python -m nbkata.strength.shell.session PLAN`` with threads of numeric libraries off,
it imports what the code under test imports (never that code itself: OpenMP must not have run
before a fork), runs the unchanged tests, then a mutant in each of its copies at a time, and
reports everything as lines of JSON on stdout. A mutant of a function that is first called by a
test is tested by a fork server that has collected the tests already
(`nbkata.strength.shell.collected_server`); one of a module's own statements gets a worker that
imports it. Where fork is absent (Windows) or unsafe (macOS) all
workers are spawned processes that warm up ahead of their turn.
"""

import ast
import json
import random
import signal
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from nbkata.child.shell.scratch_copy import ScratchCopy
from nbkata.common.shell.walk import files_in
from nbkata.strength.core.module_constants import Constant, constants_read_late, differs_in
from nbkata.strength.core.mutant_reach import Span, can_be_exchanged, function_spans
from nbkata.strength.core.mutants import Mutant, mutants
from nbkata.strength.core.survivors import seen_by
from nbkata.strength.shell.collected_server import Golden, Trial
from nbkata.strength.shell.single_run import Job
from nbkata.strength.shell.worker_pool import WorkerPool

GRACE_S = 2
SLOWER = 5
"""A mutant may take this many times as long as the unchanged code, and the grace; then it loops."""
RUNS_AT_MOST = 3
"""Of the tests, that a fork server may need for one verdict."""
_BASELINE = ("failed", "message")


@dataclass(frozen=True, slots=True)
class Plan:
    """What the session is asked, as JSON in its one argument."""

    original: str
    work: str
    tests: tuple[str, ...]
    targets: tuple[str, ...]
    """Paths in the folder; empty for every file that the tests run."""
    workers: int
    seed: int
    sample: int | None
    repeat: int
    """Runs of the unchanged tests, for the flake meter."""
    plants: bool
    """Whether mutants are tested as well."""
    method: str
    """``fork`` or ``spawn``."""


ByTest = dict[str, dict[str, list[int]]]
"""The lines that each test runs, by path."""


class Session:
    """One plan at work."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        pristine = Path(plan.work, "pristine")
        name = Path(plan.original).name or "copy"
        copies = [
            ScratchCopy(pristine, Path(plan.work, f"copy{n}", name)) for n in range(plan.workers)
        ]
        self.workers = WorkerPool(plan.method, copies, plan.original, plan.tests)
        self.places: dict[int, int] = {}
        """By identity: where a mutant stands in the order of planting."""
        self.constants: dict[int, Constant] = {}
        """By identity: the one that a mutant gives another value, and nothing else."""

    def run(self) -> None:
        """The whole plan; stops after the baseline where there is nothing to go on with."""
        if not self.plan.plants:
            self._repeat()
            return
        first = self.workers.run_one(self._job(trace=True))
        _tell(
            "baseline",
            code=first.get("code", -1),
            **{name: first.get(name, "") for name in _BASELINE},
        )
        if first.get("code") != 0:
            return
        targets = self._targets(first)
        if not targets:
            _tell("untargeted", ran=sorted(first["lines"]))
            return
        self._repeat()
        self._test_mutants(targets, first)

    def _repeat(self) -> None:
        jobs = [(None, self._job(seed=None)) for _ in range(self.plan.repeat)]
        for _, verdict in self.workers.run_all(jobs, timeout_s=None):
            _tell("repeat", failed=verdict.get("failed", ""), code=verdict.get("code", -1))

    def _targets(self, first: dict[str, Any]) -> list[str]:
        ran = {path for path in first["lines"] if not _is_test(path)}
        if self.plan.targets:
            return list(self.plan.targets) if first["spawned"] else [
                path for path in self.plan.targets if path in ran
            ]  # fmt: skip
        return sorted(ran)

    def _test_mutants(self, targets: list[str], first: dict[str, Any]) -> None:
        """Plant every mutant of the targets; ``first`` is what the traced run told."""
        sources = {path: self._source(path) for path in targets}
        found = self._mutants(sources, first)
        _tell("total", total=len(found), targets=targets)
        unseen, late, early = self._parted(found, sources, first)
        self.constants = self._constants(early, sources, first)
        late += [mutant for mutant in early if id(mutant) in self.constants]
        early = [mutant for mutant in early if id(mutant) not in self.constants]
        self.places = {id(mutant): place for place, mutant in enumerate((*unseen, *late, *early))}
        for mutant in unseen:
            _tell("verdict", **self._facts(mutant, sources), verdict="unseen")
        early += self._by_servers(late, sources, first)
        if early:
            self._by_workers(early, targets, sources)

    def _parted(
        self, found: list[Mutant], sources: dict[str, str], first: dict[str, Any]
    ) -> tuple[list[Mutant], list[Mutant], list[Mutant]]:
        """What no test runs, what can be planted after the tests were collected, and the others."""
        unseen: list[Mutant] = []
        late: list[Mutant] = []
        early: list[Mutant] = []
        spans = {path: function_spans(source) for path, source in sources.items()}
        servers = self.plan.method == "fork" and not first["spawned"]
        for mutant in found:
            path = mutant.path
            lines = first["lines"].get(path, ())
            if not first["spawned"] and not _covers(lines, (mutant.statement,)):
                unseen.append(mutant)
                continue
            ran_early = first["early"].get(path, ())
            waits = servers and can_be_exchanged(mutant, sources[path], spans[path], ran_early)
            (late if waits else early).append(mutant)
        return unseen, late, early

    def _constants(
        self, found: list[Mutant], sources: dict[str, str], first: dict[str, Any]
    ) -> dict[int, Constant]:
        """Those among what ran on import that can be planted after the tests were collected."""
        if self.plan.method != "fork" or first["spawned"]:
            return {}
        planted: dict[int, Constant] = {}
        for path in {mutant.path for mutant in found}:
            source, ran_early = sources[path], first["early"].get(path, ())
            others = [text for name, text in self._every_source() if name != path]
            constants = constants_read_late(source, Path(path).stem, others, ran_early)
            for mutant in (one for one in found if one.path == path):
                for constant in constants:
                    if constant.statement == mutant.statement:
                        if differs_in(constant.name, source, mutant.applied(source)):
                            planted[id(mutant)] = constant
        return planted

    def _every_source(self) -> Iterator[tuple[str, str]]:
        pristine = Path(self.plan.work, "pristine")
        for path in files_in(pristine, suffix=".py"):
            yield path.relative_to(pristine).as_posix(), path.read_text("utf-8-sig", "replace")

    def _by_servers(
        self, found: list[Mutant], sources: dict[str, str], first: dict[str, Any]
    ) -> list[Mutant]:
        """Test these; the ones that could not be planted come back."""
        self.workers.targets = tuple(sources.items())
        if not found:
            return []
        golden = self._golden(Trial(), Trial(seed=1))
        if golden is None:
            self.workers.close()
            return found
        self.workers.golden = Golden(golden["steady"], golden["took"])
        trials = [
            (
                mutant,
                Trial(
                    mutant.path,
                    mutant.applied(sources[mutant.path]),
                    *self._where(mutant, first["by_test"]),
                ),
            )
            for mutant in found
        ]
        back = []
        for mutant, verdict in self.workers.run_all(trials, RUNS_AT_MOST * float(golden["limit"])):
            if {"unplanted", "gone"} & verdict.keys():
                back.append(mutant)
            else:
                self._tell_verdict(mutant, verdict, golden, sources)
        self.workers.close()
        return back

    def _where(self, mutant: Mutant, by_test: ByTest) -> tuple[str, tuple[str, ...]]:
        """The constant that it changes, if one, and the tests that run what it changes."""
        constant = self.constants.get(id(mutant))
        spans = constant.readers if constant else (mutant.statement,)
        names = (
            name for name, lines in by_test.items() if _covers(lines.get(mutant.path, ()), spans)
        )
        return constant.name if constant else "", tuple(names)

    def _by_workers(self, found: list[Mutant], targets: list[str], sources: dict[str, str]) -> None:
        """Test these in a worker each that imports the changed code.

        Where the tests show nothing of it in their own process (they start it in another one),
        it is run as a script besides.
        """
        base = self._job(files=tuple(sources.items()))
        golden = self._golden(base, replace(base, seed=1))
        if golden is None or not golden["events"]:
            base = replace(base, script=targets[0])
            golden = self._golden(base, replace(base, seed=1))
        assert golden is not None, "the traced run passed"
        base = replace(base, events=golden["steady"])
        jobs = [
            (
                mutant,
                replace(
                    base,
                    files=tuple(
                        {**sources, mutant.path: mutant.applied(sources[mutant.path])}.items()
                    ),
                ),
            )
            for mutant in found
        ]
        for mutant, verdict in self.workers.run_all(jobs, float(golden["limit"])):
            self._tell_verdict(mutant, verdict, golden, sources)

    def _tell_verdict(
        self,
        mutant: Mutant,
        verdict: dict[str, Any],
        golden: dict[str, Any],
        sources: dict[str, str],
    ) -> None:
        kind, seen = _mutant_result(verdict, golden)
        test = verdict.get("failed", "")
        _tell("verdict", **self._facts(mutant, sources), verdict=kind, seen_by=seen, test=test)

    def _facts(self, mutant: Mutant, sources: dict[str, str]) -> dict[str, Any]:
        return {
            "place": self.places[id(mutant)],
            "path": mutant.path,
            "line": mutant.line,
            "operator": mutant.operator.value,
            "diff": mutant.diff(sources[mutant.path]),
        }

    def _golden(self, job: Job | Trial, again: Job | Trial) -> dict[str, Any] | None:
        """What the unchanged code shows: the oracle's document, and in it what is ``steady``.

        Two runs tell that. None where a run fails in such a worker.
        """
        runs = dict(self.workers.run_all([(1, job), (2, again)], timeout_s=None))
        one, two = runs[1], runs[2]
        if one.get("code") != 0 or two.get("code") != 0:
            return None
        golden, other = json.loads(one["oracle"]), json.loads(two["oracle"])
        golden["steady"] = tuple(
            (old[0], old[1] if old == new else "")
            for old, new in zip(golden["events"], other["events"], strict=False)
        )
        golden["limit"] = GRACE_S + SLOWER * max(one["seconds"], two["seconds"])
        golden["took"] = one.get("took", {})
        return dict(golden)

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

    def _job(self, **changes: Any) -> Job:
        return Job("", self.plan.original, self.plan.tests, **changes)


def _mutant_result(verdict: dict[str, Any], golden: dict[str, Any]) -> tuple[str, str]:
    """``caught``, ``survived``, ``equal`` or ``stopped``, and what would have seen a survivor."""
    if verdict.get("late") or verdict.get("died") or verdict.get("crashed"):
        return "stopped", ""
    if verdict["code"] != 0:
        return "caught", ""
    if verdict["same"]:
        return "equal", ""
    return "survived", seen_by(golden, json.loads(verdict["oracle"]))


def _covers(lines: Iterable[int], spans: Iterable[Span]) -> bool:
    return any(first <= line <= last for first, last in spans for line in lines)


def _guard_ran(source: str, first: dict[str, Any], path: str) -> bool:
    lines = set(first["lines"].get(path, ()))
    for node in ast.parse(source).body:
        if isinstance(node, ast.If) and "__name__" in ast.unparse(node.test):
            return node.body[0].lineno in lines
    return False


def _is_test(path: str) -> bool:
    name = Path(path).name
    return name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py"


def _tell(event: str, **facts: Any) -> None:
    print(json.dumps({"event": event, **facts}), flush=True)


def main() -> None:
    """Read the plan and carry it out; a polite end takes the workers along."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    answer = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    plan = Plan(**{**answer, "tests": tuple(answer["tests"]), "targets": tuple(answer["targets"])})
    session = Session(plan)
    try:
        session.run()
    finally:
        session.workers.close()
    _tell("end")


def plan_as_json(plan: Plan) -> str:
    """What `main` reads."""
    return json.dumps(asdict(plan))


if __name__ == "__main__":
    main()
