"""Each shape test's verdict as it falls, in a file that `nbkata check` reads meanwhile."""

import inspect
import json
import re
from collections.abc import Generator
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest

from nbkata.child.shell.pytest_options import without_tracebacks
from nbkata.kata.core.lights import CRASHED


class Reporter:
    """Tells each test's verdict and message at once, without pytest's frames around them.

    The report is a file with one JSON object a line: ``{"collected": [[folder, test], ...]}``; for
    each of them ``{"test", "folder", "ok", "message"}``, with ``"skipped"`` if it was, and a
    ``"note"`` if the test records such a property, to be read when it is green;
    ``{"slow": [...]}`` before the first slow test, with what those do; ``{"work": "..."}`` before
    each of them, and ``{"progress": [done, total, so_far]}`` meanwhile; ``{"end": true}``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.red: set[tuple[str, str]] = set()

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """The slow tests last, or those that say most likely what is wanted first, behind what they need.

        A failed one is reported by its message.
        """
        without_tracebacks(items)
        items.sort(key=lambda item: bool(_slow(item)))
        if wanted := set(re.findall(r"\w{4,}", config.getoption("--nbkata-until"))):
            needed = set[str]().union(*map(_needs, items))
            items.sort(key=lambda item: (item.name not in needed, -_likeness(item, wanted)))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Say which tests there are: each owes a verdict."""
        self._tell({"collected": [[item.path.parent.name, item.name] for item in session.items]})

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Say what the slow tests do before the first of them begins."""
        slow = {
            other: _slow(other)
            for other in item.session.items
            if _slow(other)
            and self.red.isdisjoint((other.path.parent.name, name) for name in _needs(other))
        }
        if item is next(iter(slow), None):
            self._tell({"slow": list(dict.fromkeys(slow.values()))})
        if item in slow:
            self._tell({"work": slow[item]})

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note the test's end, or the fixture that failed or skipped before it."""
        report = yield
        if report.when == "call" or not report.passed:
            message = "" if call.excinfo is None else _message(call.excinfo.value)
            verdict = {"ok": report.passed, "message": message, "skipped": report.skipped}
            note = " ".join(str(text) for name, text in item.user_properties if name == "note")
            place = {"test": item.name, "folder": item.path.parent.name}
            if not report.passed:
                self.red.add((place["folder"], item.name))
            self._tell(place | verdict | ({"note": note} if note else {}))
        return report

    def tell_progress(self, done: int, total: int, so_far: str = "") -> None:
        """How far the slow test that is at work has come, and what it has found so far."""
        self._tell({"progress": [done, total, so_far]})

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """A session that could not collect its tests has no end in its report."""
        if exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            self._tell({"end": True})

    def _tell(self, answer: dict[str, Any]) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(answer) + "\n")


def _slow(item: pytest.Item) -> str:
    """What a test does that takes more than a second; empty for others."""
    marker = item.get_closest_marker("slow")
    return str(marker.args[0]) if marker else ""


def _likeness(item: pytest.Item, wanted: set[str]) -> int:
    """How many of the words are in its source, or in that of what it calls: its messages are there."""
    test = item.function if isinstance(item, pytest.Function) else None
    if not isinstance(test, FunctionType):
        return 0
    called = [test.__globals__.get(name) for name in test.__code__.co_names]
    functions = [one for one in (test, *called) if isinstance(one, FunctionType)]
    return max(
        len(wanted.intersection(re.findall(r"\w{4,}", inspect.getsource(one)))) for one in functions
    )


def _needs(item: pytest.Item) -> set[str]:
    """Of its folder, the tests without which it has nothing to do."""
    marker = item.get_closest_marker("slow")
    return set(str(marker.kwargs.get("needs", "")).split()) if marker else set()


def _message(error: BaseException) -> str:
    message = AssertionError | pytest.fail.Exception | pytest.skip.Exception
    if isinstance(error, message) or type(error).__name__ == "CannotRun":
        return str(error).strip()
    return f"{CRASHED} {type(error).__name__}: {error}"
