"""Which lines of a folder's files are run, and by which test."""

import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

import pytest

Lines = dict[str, set[int]]
"""By path in the folder."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The lines that were run, by path, sorted."""

    lines: Mapping[str, Sequence[int]]
    early: Mapping[str, Sequence[int]]
    """Of them, while the tests were collected."""
    by_test: Mapping[str, Mapping[str, Sequence[int]]]


class LineTrace:
    """A pytest plugin; only code in files under ``root`` is traced line by line."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.early: Lines = {}
        """Run while the tests were collected."""
        self.by_test: dict[str, Lines] = {}
        self.now = self.early

    def start(self) -> None:
        """From now on, in every thread."""
        threading.settrace(self._called)
        sys.settrace(self._called)

    def stop(self) -> None:
        """No more."""
        sys.settrace(None)
        threading.settrace(None)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """What is run from here on is this test's doing, its fixtures among it."""
        self.now = self.by_test.setdefault(nodeid, {})

    @property
    def trace(self) -> Trace:
        """What was run so far."""
        every: Lines = {}
        for lines in (self.early, *self.by_test.values()):
            for path, numbers in lines.items():
                every.setdefault(path, set()).update(numbers)
        by_test = {test: _sorted(lines) for test, lines in self.by_test.items()}
        return Trace(_sorted(every), _sorted(self.early), by_test)

    def _called(self, frame: FrameType, _event: str, _arg: Any) -> Callable[..., Any] | None:
        path = frame.f_code.co_filename
        if not path.startswith(self.root):
            return None
        name = os.path.relpath(path, self.root).replace("\\", "/")
        self.now.setdefault(name, set()).add(frame.f_lineno)

        def line(inner: FrameType, _event: str, _arg: Any) -> Any:
            self.now.setdefault(name, set()).add(inner.f_lineno)
            return line

        return line


def _sorted(lines: Mapping[str, set[int]]) -> dict[str, list[int]]:
    return {path: sorted(numbers) for path, numbers in lines.items()}
