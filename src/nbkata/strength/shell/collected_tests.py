"""Tests that are collected once and run again and again, with one function or another changed."""

import gc
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

from nbkata.child.shell.confine import seed_hidden_state
from nbkata.child.shell.pytest_options import without_tracebacks
from nbkata.strength.core.module_constants import value_of
from nbkata.strength.core.mutant_reach import changed_codes
from nbkata.strength.core.survivors import TEST
from nbkata.strength.shell.oracle import FOOTER, Oracle, of_module
from nbkata.strength.shell.single_run import Events, FailureWatcher, Outcome, outcome_of


class CannotPlant(Exception):
    """The function to be changed is not found in this process."""


class CollectedTests:
    """A pytest session with what its tests import."""

    def __init__(
        self, session: pytest.Session, root: str, targets: dict[str, str], oracle: Oracle
    ) -> None:
        self.session = session
        self.root = root
        self.targets = targets
        self.oracle = oracle
        self.early = tuple(oracle.events)
        self.items = {item.nodeid: item for item in session.items}
        without_tracebacks(session.items)
        self.names = tuple(self.items)
        self.codes = {
            path: _compiled(source, str(Path(root, path))) for path, source in targets.items()
        }
        self.living = _living({code.co_filename for code in self.codes.values()})
        files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
        self.imported = {path for path in targets if str(Path(root, path)) in files}
        self.watcher = FailureWatcher(root, targets)
        session.config.pluginmanager.register(self.watcher)

    def run(self, names: Sequence[str], seed: int, golden: Events | None) -> Outcome:
        """The verdict of these tests; ``golden`` is what all tests show of the unchanged code."""
        self.watcher.forget()
        self.session.testsfailed = 0
        self.oracle.events[:] = self.early
        seed_hidden_state(seed)
        started = time.perf_counter()
        took: dict[str, float] = {}
        code = self._run_items([self.items[name] for name in names], took)
        seconds = time.perf_counter() - started
        if golden is not None:
            golden = _shown_by(golden, names)
        outcome = outcome_of(code, seconds, self.watcher, self.oracle, golden)
        return replace(outcome, took=took)

    def _run_items(self, items: Sequence[pytest.Item], took: dict[str, float]) -> int:
        """pytest's own loop, up to the first failure; its exit code."""
        try:
            for item, following in zip(items, [*items[1:], None], strict=True):
                self.oracle.events.append((TEST + item.nodeid, ""))
                started = time.perf_counter()
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                took[item.nodeid] = time.perf_counter() - started
                if self.session.testsfailed:
                    # pylint: disable-next=protected-access # pytest has no other end of fixtures
                    self.session._setupstate.teardown_exact(None)
                    return int(pytest.ExitCode.TESTS_FAILED)
        except (Exception, SystemExit, KeyboardInterrupt):  # pylint: disable=broad-exception-caught
            return int(pytest.ExitCode.INTERNAL_ERROR)
        return int(pytest.ExitCode.OK)

    @contextmanager
    def planted(self, path: str, source: str, constant: str = "") -> Iterator[None]:
        """A file changed, and the functions made from it, or the one constant that is named.

        All is brought back at the end. No path changes nothing. Raises `CannotPlant` before
        anything is changed.
        """
        with self._in_memory(path, source, constant):
            for name, text in self.targets.items():
                if name == path or name not in self.imported:  # a test may import or run it yet
                    self._write(name, source if name == path else text)
            try:
                yield
            finally:
                if path:
                    self._write(path, self.targets[path])

    def _in_memory(self, path: str, source: str, constant: str) -> AbstractContextManager[None]:
        if not path:
            return nullcontext()
        if constant:
            return self._value_exchanged(path, source, constant)
        return self._codes_exchanged(self._changes(path, source))

    @contextmanager
    def _codes_exchanged(self, changes: Sequence[tuple[FunctionType, CodeType]]) -> Iterator[None]:
        before = [function.__code__ for function, _ in changes]
        try:
            for function, code in changes:
                function.__code__ = code
            yield
        finally:
            for (function, _), code in zip(changes, before, strict=True):
                function.__code__ = code

    @contextmanager
    def _value_exchanged(self, path: str, source: str, name: str) -> Iterator[None]:
        """As if the module had been imported with it: what the oracle saw then is another value."""
        file, seen = str(Path(self.root, path)), of_module(Path(path).name, name)
        modules = [
            one for one in list(sys.modules.values()) if getattr(one, "__file__", None) == file
        ]
        if len(modules) != 1:
            raise CannotPlant
        namespace = vars(modules[0])
        unchanged = self.oracle.digest(_evaluated(name, self.targets[path], namespace))
        if [digest for at, digest in self.early if at == seen] != [unchanged]:
            raise CannotPlant  # what it is made from was changed meanwhile
        value = _evaluated(name, source, namespace)
        before, early = namespace[name], self.early
        try:
            digest = self.oracle.digest(value)
            self.early = tuple((at, digest if at == seen else old) for at, old in early)
            namespace[name] = value
            yield
        finally:
            namespace[name], self.early = before, early

    def _changes(self, path: str, source: str) -> list[tuple[FunctionType, CodeType]]:
        new = _compiled(source, str(Path(self.root, path)))
        found = [
            (function, after)
            for before, after in changed_codes(self.codes[path], new)
            for function in self.living.get(_key(before), ())
        ]
        fits = all(len(f.__code__.co_freevars) == len(c.co_freevars) for f, c in found)
        if not fits or not found and path in self.imported:
            raise CannotPlant
        return found

    def _write(self, path: str, source: str) -> None:
        Path(self.root, path).write_bytes((source + FOOTER).encode("utf-8"))


def _evaluated(name: str, source: str, namespace: dict[str, Any]) -> Any:
    """A constant's value as this source of its module gives it."""
    code = value_of(name, source)
    if code is None:
        raise CannotPlant
    try:
        return eval(code, namespace)  # pylint: disable=eval-used # the code under test
    except Exception as error:
        raise CannotPlant from error


def _living(files: set[str]) -> dict[tuple[str, str, int], list[FunctionType]]:
    """The functions that were made from these files."""
    found: dict[tuple[str, str, int], list[FunctionType]] = {}
    for value in gc.get_objects():
        if isinstance(value, FunctionType) and value.__code__.co_filename in files:
            found.setdefault(_key(value.__code__), []).append(value)
    return found


def _key(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _compiled(source: str, file: str) -> CodeType:
    try:
        return compile(source + FOOTER, file, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        raise CannotPlant from error


def _shown_by(golden: Events, names: Sequence[str]) -> Events:
    """What came before the first test, and what these tests show, in their order."""
    starts = [place for place, event in enumerate(golden) if event[0].startswith(TEST)]
    ends = [*starts[1:], len(golden)]
    parts = {
        golden[start][0].removeprefix(TEST): golden[start:end]
        for start, end in zip(starts, ends, strict=False)
    }
    shown = [event for name in names for event in parts.get(name, ())]
    return (*golden[: starts[0] if starts else len(golden)], *shown)
