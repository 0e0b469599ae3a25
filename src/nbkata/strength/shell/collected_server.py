"""A process that has imported the code and collected the tests; each mutant is tested in a child.

Nothing is imported or collected twice. A child runs the tests that reach the mutant, the most
promising first. Where they are quick it lives on for the next mutant: starting and ending a child
takes longer than such tests do. No verdict rests on that saving, or on the choice of tests:

- what makes a test fail counts if that test, run the same way with nothing changed, passes
  afterwards; otherwise a fresh child decides, and if need be by all the tests;
- what is equal showed, value by value, what the unchanged code shows to these tests;
- what else survives meets all the tests in a fresh child.
"""

import gc
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from nbkata.child.shell.confine import confine, limit, seed_hidden_state
from nbkata.child.shell.pytest_options import pytest_arguments
from nbkata.child.shell.scratch_copy import ScratchCopy
from nbkata.child.shell.worker import Fork
from nbkata.strength.shell.collected_tests import CannotPlant, CollectedTests
from nbkata.strength.shell.oracle import FOOTER, Oracle
from nbkata.strength.shell.single_run import Events, Lost, Outcome

# After so long without a trial, see whether the session still lives.
PATIENCE_S = 5
# Tests that take longer in all are not run once more to save a child.
QUICK_S = 0.05


@dataclass(frozen=True, slots=True)
class Collection:
    """Where a fork server lives, and what it collects."""

    scratch: ScratchCopy
    original: str
    tests: tuple[str, ...]
    targets: tuple[tuple[str, str], ...]  # paths in the folder with their sources


@dataclass(frozen=True, slots=True)
class Trial:
    """One mutant to decide; no path runs the code as it is."""

    path: str = ""
    source: str = ""  # of the file at ``path``, with the mutant in it
    # The constant of the module that the mutant gives another value; none if it changes code.
    constant: str = ""
    names: tuple[str, ...] = ()  # the tests that run the changed lines; none stands for all
    # Whether they may be run once more to see that nothing but the mutant made them fail.
    quick: bool = False
    seed: int = 0
    cpu_s: int = 0


@dataclass(frozen=True, slots=True)
class Golden:
    """What all the tests show of the unchanged code, sent once."""

    events: Events
    took: Mapping[str, float]  # seconds of each test


def serve(link: Connection, collection: Collection) -> None:
    """A fork server's life: collect the tests, then a verdict for each trial that comes."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    root = str(collection.scratch.root)
    confine(root, collection.original)
    seed_hidden_state(0)
    for path, source in collection.targets:
        Path(root, path).write_bytes((source + FOOTER).encode("utf-8"))
    server = CollectedServer(link, collection)
    sys.modules["_nbkata_oracle"] = server.oracle
    arguments = [one for one in pytest_arguments(root, collection.tests) if one != "-x"]
    with suppress(SystemExit, EOFError, BrokenPipeError):
        # captured in memory: children must not share a file
        pytest.main([*arguments, "--capture=sys"], plugins=[server])
    os._exit(0)  # no exit handlers of the learner's code


class CollectedServer:
    """A pytest plugin that answers trials in place of running the tests once."""

    def __init__(self, link: Connection, collection: Collection) -> None:
        self.link = link
        self.collection = collection
        self.oracle = Oracle()
        self.golden: Golden | None = None
        self.killer: dict[str, str] = {}
        """The test that caught the last mutant of a file: it may well catch the next."""
        self.choosy = True
        """Whether fewer tests than all are asked: not where one test needs what another left."""
        self.passing: dict[tuple[str, ...], bool] = {}
        """Whether these tests pass with nothing changed, run alone and in this order."""
        self.child: Fork | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Say that it is ready, then answer until the session is gone."""
        parent = os.getppid()
        tests = CollectedTests(
            session, str(self.collection.scratch.root), dict(self.collection.targets), self.oracle
        )
        signal.signal(signal.SIGTERM, lambda *_: self._leave())
        gc.collect()
        gc.freeze()  # a child's collector must not copy all of this
        if len(os.listdir("/proc/self/task")) > 1 or session.testsfailed:
            os._exit(0)  # a process with threads must not be forked: the session takes workers
        self.link.send("ready")
        while True:
            while not self.link.poll(PATIENCE_S):
                if os.getppid() != parent:  # its sisters hold the session's end of the link open
                    self._leave()
            asked = self.link.recv()
            if isinstance(asked, Golden):
                self.golden = asked
                self._end_child()
            else:
                self.link.send(self._verdict(tests, asked))

    def _verdict(self, tests: CollectedTests, trial: Trial) -> Outcome | Lost:
        every = replace(trial, names=tests.names)
        if self.golden is None or not self.choosy or not trial.names:
            return self._ask(tests, every, fresh=True)
        killer = self.killer.get(trial.path, "")
        names = tuple(sorted(trial.names, key=lambda name: name != killer))
        quick = sum(self.golden.took.get(name, QUICK_S) for name in names) < QUICK_S
        few = replace(trial, names=names, quick=quick and trial.path in tests.imported)
        fresh = self.child is None or not few.quick
        outcome = self._ask(tests, few, fresh)
        if not _is_settled(outcome) and not fresh:
            outcome = self._ask(tests, few, fresh=True)
        failed = outcome.failed if isinstance(outcome, Outcome) else ""
        if failed and not _is_settled(outcome):
            self.choosy = self._passes(tests, _up_to(names, failed))
        if _is_settled(outcome) or failed and self.choosy:
            self.killer[trial.path] = failed or killer
            return outcome
        return self._ask(tests, every, fresh=True)

    def _passes(self, tests: CollectedTests, names: tuple[str, ...]) -> bool:
        """Whether these tests pass by themselves; the beginning of all tests is known to."""
        if names == tests.names[: len(names)]:
            return True
        if names not in self.passing:
            outcome = self._ask(tests, Trial(names=names), fresh=True)
            self.passing[names] = isinstance(outcome, Outcome) and outcome.code == 0
        return self.passing[names]

    def _ask(self, tests: CollectedTests, trial: Trial, fresh: bool) -> Outcome | Lost:
        if fresh:
            self._end_child()
        golden = self.golden.events if self.golden else None
        self.child = self.child or Fork(partial(_answer, tests, golden))
        outcome: Outcome | Lost = Lost.DIED
        with suppress(EOFError, OSError):
            outcome = self.child.ask(trial)
        self.collection.scratch.restore()
        if not (isinstance(outcome, Outcome) and outcome.stays):
            self._end_child()
        return outcome

    def _end_child(self) -> None:
        if self.child:
            self.child.end()
        self.child = None

    def _leave(self) -> None:
        self._end_child()
        os._exit(0)


def _is_settled(outcome: Outcome | Lost) -> bool:
    """Whether no other run is needed to trust it."""
    return outcome.settled if isinstance(outcome, Outcome) else outcome is Lost.UNPLANTED


def _answer(tests: CollectedTests, golden: Events | None, trial: Trial) -> Outcome | Lost:
    limit(trial.cpu_s)
    try:
        with tests.planted(trial.path, trial.source, trial.constant):
            answer = tests.run(trial.names, trial.seed, golden)
    except CannotPlant:
        return Lost.UNPLANTED
    if answer.code == 0:
        settled = answer.same
    else:
        settled = trial.quick and _is_clean(tests, golden, trial, answer.failed)
    return replace(answer, settled=settled, stays=settled and trial.quick)


def _is_clean(tests: CollectedTests, golden: Events | None, trial: Trial, failed: str) -> bool:
    """Whether it was the mutant alone: without it, the same tests show here what they should."""
    return tests.run(_up_to(trial.names, failed), trial.seed, golden).same


def _up_to(names: tuple[str, ...], last: str) -> tuple[str, ...]:
    return names[: names.index(last) + 1] if last in names else names
