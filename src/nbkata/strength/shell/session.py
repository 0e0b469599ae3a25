"""A session of mutation testing: a warm process that forks a worker for each run of the tests.

Started as ``python -m nbkata.strength.shell.session WORK REQUEST`` with threads of numeric libraries off,
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
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nbkata.child.shell.scratch_copy import ScratchCopy
from nbkata.common.shell.walk import files_in
from nbkata.strength.core.module_constants import Constant, constants_read_late, differs_in
from nbkata.strength.core.mutant_reach import Span, can_be_exchanged, function_spans
from nbkata.strength.core.mutants import Mutant, mutants
from nbkata.strength.core.strength import MutantResult, MutantStatus
from nbkata.strength.core.survivors import seen_by
from nbkata.strength.shell.collected_server import Golden, Trial
from nbkata.strength.shell.line_trace import Trace
from nbkata.strength.shell.protocol import (
    Baseline,
    Ended,
    Event,
    Planted,
    Repeated,
    StrengthRequest,
    Untargeted,
    Verdict,
    event_as_json,
    request_from_json,
)
from nbkata.strength.shell.single_run import Events, Job, Lost, Outcome
from nbkata.strength.shell.worker_pool import WorkerPool

GRACE_S = 2
# A mutant may take this many times as long as the unchanged code, and the grace; then it loops.
SLOWER = 5
# Of the tests, that a fork server may need for one verdict.
RUNS_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class UnchangedCode:
    """What two runs of the unchanged code show."""

    shown: dict[str, Any]  # the oracle's document
    steady: Events  # what was seen in both; an empty digest for what differs by itself
    limit_s: float  # for a run with a mutant
    took: Mapping[str, float]  # seconds of each test, by a fork server


class Session:
    """One request at work, in a folder with a ``pristine`` copy of the learner's."""

    def __init__(self, work: Path, request: StrengthRequest) -> None:
        self.request = request
        self.pristine = work / "pristine"
        name = request.folder.name or "copy"
        copies = [
            ScratchCopy(self.pristine, work / f"copy{number}" / name)
            for number in range(request.workers)
        ]
        self.original = str(request.folder)
        self.workers = WorkerPool(request.method, copies, self.original, request.tests)
        self.changed = None if request.changed is None else frozenset(request.changed)
        # Where a mutant comes in the order of planting.
        self.places: Mapping[Mutant, int] = {}
        # The one that a mutant gives another value, and nothing else.
        self.constants: Mapping[Mutant, Constant] = {}

    def run(self) -> None:
        """All that is asked; stops after the baseline if there is nothing to go on with."""
        if not self.request.plants:
            self._repeat()
            return
        first = self.workers.run_one(self._job(trace=True))
        if isinstance(first, Lost):
            _tell(Baseline(-1))
            return
        _tell(Baseline(first.code, first.failed, first.message))
        if first.code != 0 or first.trace is None:
            return
        targets = self._targets(first.trace, first.spawned)
        if not targets:
            _tell(Untargeted(tuple(sorted(first.trace.lines))))
            return
        self._repeat()
        self._test_mutants(targets, first.trace, first.spawned)

    def _repeat(self) -> None:
        jobs = [(None, self._job(seed=None)) for _ in range(self.request.repeat)]
        for _, outcome in self.workers.run_all(jobs, timeout_s=None):
            if isinstance(outcome, Lost):
                _tell(Repeated(-1, ""))
            else:
                _tell(Repeated(outcome.code, outcome.failed))

    def _targets(self, trace: Trace, spawned: bool) -> list[str]:
        ran = {path for path in trace.lines if not is_test_file(path)}
        if self.request.targets:
            return [path for path in self.request.targets if spawned or path in ran]
        return sorted(ran)

    def _test_mutants(self, targets: list[str], trace: Trace, spawned: bool) -> None:
        """Plant every mutant of the targets, by what the traced run showed."""
        sources = {path: self._source(path) for path in targets}
        found = self._mutants(sources, trace)
        _tell(Planted(len(found), tuple(targets)))
        can_exchange = self.request.method == "fork" and not spawned
        unseen, late, early = self._parted(found, sources, trace, spawned)
        self.constants = self._constants(early, sources, trace) if can_exchange else {}
        late += [mutant for mutant in early if mutant in self.constants]
        early = [mutant for mutant in early if mutant not in self.constants]
        self.places = {mutant: place for place, mutant in enumerate((*unseen, *late, *early))}
        for mutant in unseen:
            self._tell_verdict(mutant, MutantStatus.UNSEEN)
        early += self._by_servers(late, sources, trace)
        if early:
            self._by_workers(early, targets, sources)

    def _parted(
        self, found: list[Mutant], sources: dict[str, str], trace: Trace, spawned: bool
    ) -> tuple[list[Mutant], list[Mutant], list[Mutant]]:
        """What no test runs, what can be planted after the tests were collected, and the others."""
        unseen: list[Mutant] = []
        late: list[Mutant] = []
        early: list[Mutant] = []
        spans = {path: function_spans(source) for path, source in sources.items()}
        servers = self.request.method == "fork" and not spawned
        for mutant in found:
            path = mutant.path
            lines = trace.lines.get(path, ())
            if not spawned and not _covers(lines, (mutant.statement,)):
                unseen.append(mutant)
                continue
            ran_early = trace.early.get(path, ())
            waits = servers and can_be_exchanged(mutant, sources[path], spans[path], ran_early)
            (late if waits else early).append(mutant)
        return unseen, late, early

    def _constants(
        self, found: list[Mutant], sources: dict[str, str], trace: Trace
    ) -> dict[Mutant, Constant]:
        """Those among what ran on import that can be planted after the tests were collected."""
        planted: dict[Mutant, Constant] = {}
        for path in {mutant.path for mutant in found}:
            source, ran_early = sources[path], trace.early.get(path, ())
            others = [text for name, text in self._every_source() if name != path]
            constants = constants_read_late(source, Path(path).stem, others, ran_early)
            for mutant in (one for one in found if one.path == path):
                for constant in constants:
                    if constant.statement == mutant.statement:
                        if differs_in(constant.name, source, mutant.applied(source)):
                            planted[mutant] = constant
        return planted

    def _every_source(self) -> Iterator[tuple[str, str]]:
        for path in files_in(self.pristine, suffix=".py"):
            yield path.relative_to(self.pristine).as_posix(), path.read_text("utf-8-sig", "replace")

    def _by_servers(
        self, found: list[Mutant], sources: dict[str, str], trace: Trace
    ) -> list[Mutant]:
        """Test these; the ones that could not be planted come back."""
        self.workers.targets = tuple(sources.items())
        if not found:
            return []
        golden = self._golden(Trial(), Trial(seed=1))
        if golden is None:
            self.workers.close()
            return found
        self.workers.golden = Golden(golden.steady, golden.took)
        trials = []
        for mutant in found:
            planted = mutant.applied(sources[mutant.path])
            trials.append((mutant, Trial(mutant.path, planted, *self._where(mutant, trace))))
        back = []
        for mutant, outcome in self.workers.run_all(trials, RUNS_AT_MOST * golden.limit_s):
            if outcome in (Lost.UNPLANTED, Lost.GONE):
                back.append(mutant)
            else:
                self._tell_verdict(mutant, *_status(outcome, golden))
        self.workers.close()
        return back

    def _where(self, mutant: Mutant, trace: Trace) -> tuple[str, tuple[str, ...]]:
        """The constant that it changes, if one, and the tests that run what it changes."""
        constant = self.constants.get(mutant)
        spans = constant.readers if constant else (mutant.statement,)
        names = (
            name
            for name, lines in trace.by_test.items()
            if _covers(lines.get(mutant.path, ()), spans)
        )
        return constant.name if constant else "", tuple(names)

    def _by_workers(self, found: list[Mutant], targets: list[str], sources: dict[str, str]) -> None:
        """Test these in a worker each that imports the changed code.

        Where the tests show nothing of it in their own process (they start it in another one),
        it is run as a script besides.
        """
        base = self._job(files=tuple(sources.items()))
        golden = self._golden(base, replace(base, seed=1))
        if golden is None or not golden.steady:
            base = replace(base, script=targets[0])
            golden = self._golden(base, replace(base, seed=1))
        assert golden is not None, "the traced run passed"
        base = replace(base, events=golden.steady)
        jobs = []
        for mutant in found:
            files = {**sources, mutant.path: mutant.applied(sources[mutant.path])}
            jobs.append((mutant, replace(base, files=tuple(files.items()))))
        for mutant, outcome in self.workers.run_all(jobs, golden.limit_s):
            self._tell_verdict(mutant, *_status(outcome, golden))

    def _tell_verdict(
        self, mutant: Mutant, status: MutantStatus, seen: str = "", test: str = ""
    ) -> None:
        diff = mutant.diff(self._source(mutant.path))
        result = MutantResult(
            mutant.path, mutant.line, mutant.operator, diff, status, seen_by=seen, test=test
        )
        _tell(Verdict(self.places[mutant], result))

    def _golden(self, job: Job | Trial, again: Job | Trial) -> UnchangedCode | None:
        """What the unchanged code shows; None if a run fails in such a worker."""
        runs = dict(self.workers.run_all([(1, job), (2, again)], timeout_s=None))
        one, two = runs[1], runs[2]
        if isinstance(one, Lost) or isinstance(two, Lost) or one.code != 0 or two.code != 0:
            return None
        shown, other = json.loads(one.oracle), json.loads(two.oracle)
        steady = tuple(
            (old[0], old[1] if old == new else "")
            for old, new in zip(shown["events"], other["events"], strict=False)
        )
        limit_s = GRACE_S + SLOWER * max(one.seconds, two.seconds)
        return UnchangedCode(shown, steady, limit_s, one.took)

    def _mutants(self, sources: dict[str, str], trace: Trace) -> list[Mutant]:
        found = [
            mutant
            for path, source in sources.items()
            for mutant in mutants(source, path, guarded=_guard_ran(source, trace, path))
            if self.changed is None or f"{path}:{mutant.line}" in self.changed
        ]
        if self.request.sample is None:
            return found
        wanted = min(self.request.sample, len(found))
        return _spread(random.Random(self.request.seed).sample(found, wanted))

    def _source(self, path: str) -> str:
        return (self.pristine / path).read_bytes().decode("utf-8-sig")

    def _job(self, **changes: Any) -> Job:
        return Job("", self.original, self.request.tests, **changes)


def _status(outcome: Outcome | Lost, golden: UnchangedCode) -> tuple[MutantStatus, str, str]:
    """What became of a mutant, what would have seen a survivor, and the test that caught it."""
    if isinstance(outcome, Lost) or outcome.crashed:
        return MutantStatus.STOPPED, "", ""
    if outcome.code != 0:
        return MutantStatus.CAUGHT, "", outcome.failed
    if outcome.same:
        return MutantStatus.EQUAL, "", ""
    return MutantStatus.SURVIVED, seen_by(golden.shown, json.loads(outcome.oracle)), ""


def _spread(found: list[Mutant]) -> list[Mutant]:
    """One mutant of each statement first, then a second one: whoever stops early has seen all of it."""
    ranks: Counter[tuple[str, Span]] = Counter()
    ranked = []
    for mutant in found:
        place = (mutant.path, mutant.statement)
        ranked.append((ranks[place], mutant))
        ranks[place] += 1
    return [mutant for _, mutant in sorted(ranked, key=lambda pair: pair[0])]


def _covers(lines: Iterable[int], spans: Iterable[Span]) -> bool:
    return any(first <= line <= last for first, last in spans for line in lines)


def _guard_ran(source: str, trace: Trace, path: str) -> bool:
    lines = set(trace.lines.get(path, ()))
    for node in ast.parse(source).body:
        if isinstance(node, ast.If) and "__name__" in ast.unparse(node.test):
            return node.body[0].lineno in lines
    return False


def is_test_file(path: str) -> bool:
    """Whether pytest reads it: nothing is planted there."""
    name = Path(path).name
    return name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py"


def _tell(event: Event) -> None:
    print(event_as_json(event), flush=True)


def main() -> None:
    """Carry out the request; a polite end takes the workers along."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    session = Session(Path(sys.argv[1]), request_from_json(sys.argv[2]))
    try:
        session.run()
    finally:
        session.workers.close()
    _tell(Ended())


if __name__ == "__main__":
    main()
