"""Which lines of a folder's files are run, and by which test: coverage, with a context for each."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from coverage import Coverage


@dataclass(frozen=True, slots=True)
class Trace:
    """The lines that were run, by path, sorted."""

    lines: Mapping[str, Sequence[int]]
    early: Mapping[str, Sequence[int]]  # of them, while the tests were collected
    by_test: Mapping[str, Mapping[str, Sequence[int]]]


class LineTrace:
    """A pytest plugin; only code in files under ``root`` is traced."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.coverage = Coverage(data_file=None, config_file=False, source=[root])
        self.coverage.set_option("run:core", "ctrace")  # the one that knows contexts on any Python
        self.coverage.set_option("run:disable_warnings", ["no-ctracer"])  # then it is pytrace, too
        self.coverage.start()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """What is run from here on is this test's doing, its fixtures among it."""
        self.coverage.switch_context(nodeid)

    def stop(self) -> Trace:
        """End tracing; what was run."""
        self.coverage.stop()
        data = self.coverage.get_data()
        every: dict[str, list[int]] = {}
        early: dict[str, list[int]] = {}
        by_test: dict[str, dict[str, list[int]]] = {}
        for path in data.measured_files():
            name = os.path.relpath(path, self.root).replace("\\", "/")
            for line, contexts in sorted(data.contexts_by_lineno(path).items()):
                every.setdefault(name, []).append(line)
                for test in contexts:
                    lines = by_test.setdefault(test, {}) if test else early
                    lines.setdefault(name, []).append(line)
        return Trace(every, early, by_test)
