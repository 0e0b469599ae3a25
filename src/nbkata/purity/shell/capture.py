"""In the process that runs the tests: keep the real arguments of the functions under study.

It loads nothing heavy: the tests should not notice it.
"""

import builtins
import functools
import importlib.machinery
import inspect
import json
import os
import pickle
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nbkata.common.core.refusal import Refusal
from nbkata.purity.core.instrument import IMPORTED, PROBE, instrumented
from nbkata.dataflow.core.modules import module_from_source

# Which calls of a function are kept: the first, then ever fewer, as later ones may differ.
KEPT_CALLS = (1, 2, 3, 4, 5, 10, 20, 50, 100, 1000)
# A function whose kept calls took this long in all is not kept again.
BUDGET_S = 1.0
LARGEST_BYTES = 64_000_000

# What to do with a definition: path, qualified name, whether outermost, the object.
Wrap = Callable[[str, str, bool, Any], Any]


def load_instrumented(
    paths: frozenset[str], wrap: Wrap, imported: Callable[[str, str, bool], None]
) -> None:
    """From now on, modules of these files are imported with a probe around each function.

    ``imported`` is called with path, name and success when a module's own statements have ended or raised. No
    frame is added to other imports: deeper stacks have made some of them twice as slow.
    """
    original = importlib.machinery.SourceFileLoader.get_code

    def get_code(self: Any, fullname: str) -> types.CodeType | None:
        path = os.path.realpath(self.get_filename(fullname))
        if path not in paths:
            return original(self, fullname)
        source = Path(path).read_bytes()
        module = module_from_source(source.decode("utf-8-sig"), fullname, path)
        if isinstance(module, Refusal):
            return original(self, fullname)
        return compile(instrumented(module), self.get_filename(fullname), "exec", dont_inherit=True)

    def probe(path: str, name: str, outermost: bool) -> Callable[[Any], Any]:
        return functools.partial(wrap, path, name, outermost)

    setattr(importlib.machinery.SourceFileLoader, "get_code", get_code)
    setattr(builtins, PROBE, probe)
    setattr(builtins, IMPORTED, imported)


def capture_calls(settings: str) -> None:
    """Start to keep calls; ``settings`` is the JSON that the purity check puts in the environment."""
    given = json.loads(settings)
    recorder = Recorder(Path(given["spool"]))
    load_instrumented(frozenset(given["paths"]), recorder.wrap, recorder.imported)


def _failure(error: BaseException | None, path: str) -> dict[str, Any]:
    """What was raised, and the line of the module that led to it."""
    if error is None:
        return {"error": "", "line": None}
    line = None
    traceback = error.__traceback__
    while traceback is not None:
        if os.path.realpath(traceback.tb_frame.f_code.co_filename) == path:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return {"error": f"{type(error).__name__}: {error}", "line": line}


class Recorder:
    """Keeps calls in a folder: a journal of lines, and one pickle for each kept call."""

    def __init__(self, spool: Path) -> None:
        self.spool = spool
        self.counts: dict[tuple[str, str], int] = {}
        self.spent_s: dict[tuple[str, str], float] = {}
        self.outer: set[tuple[str, str]] = set()
        self.busy = threading.local()
        self.lock = threading.Lock()
        self.kept = 0
        self.sys_path: list[str] = []

    def wrap(self, path: str, name: str, outermost: bool, defined: Any) -> Any:
        """The definition with a recorder around it, if it is a function."""
        if not isinstance(defined, types.FunctionType):
            return defined
        key = (path, name)
        if outermost:
            self.outer.add(key)
        if inspect.iscoroutinefunction(defined):
            return self._wrap_async(key, outermost, defined)

        @functools.wraps(defined)
        def probed(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True  # pylint: disable=unused-variable # pytest reads it
            number = self.begin(key, outermost, defined, args, kwargs)
            if number is None:
                return defined(*args, **kwargs)
            started = time.perf_counter()
            result = _NOTHING
            try:
                result = defined(*args, **kwargs)
                return result
            finally:
                self.end(key, number, time.perf_counter() - started, result)

        return probed

    def _wrap_async(self, key: tuple[str, str], outermost: bool, defined: Any) -> Any:
        @functools.wraps(defined)
        async def probed(*args: Any, **kwargs: Any) -> Any:
            number = self.begin(key, outermost, defined, args, kwargs)
            started = time.perf_counter()
            try:
                return await defined(*args, **kwargs)
            finally:
                if number is not None:
                    self.end(key, number, time.perf_counter() - started, _NOTHING)

        return probed

    def imported(self, path: str, name: str, done: bool) -> None:
        """Write down that a module was imported, and whether that failed."""
        error = None if done else sys.exc_info()[1]
        self.note(event="import", path=path, name=name, **_failure(error, path))

    def begin(  # pylint: disable=too-many-arguments,too-many-positional-arguments
        self, key: tuple[str, str], outermost: bool, function: Any, args: Any, kwargs: Any
    ) -> str | None:
        """Keep the arguments of a call that begins; none for one that is not kept."""
        if (not outermost and key in self.outer) or getattr(self.busy, "now", False):
            return None
        with self.lock:
            count = self.counts[key] = self.counts.get(key, 0) + 1
            if count not in KEPT_CALLS or self.spent_s.get(key, 0.0) > BUDGET_S:
                return None
            self.kept += 1
            number = f"{os.getpid()}-{self.kept}"
        self.busy.now = True
        try:
            problem = self._keep(number, function, args, kwargs)
        finally:
            self.busy.now = False
        if self.sys_path != sys.path:
            self.sys_path = list(sys.path)
            self.note(event="path", entries=self.sys_path)
        self.note(event="call", id=number, path=key[0], name=key[1], problem=problem)
        return number

    def _keep(self, number: str, function: Any, args: Any, kwargs: Any) -> str:
        try:
            content = pickled((args, kwargs))
        except Exception:  # pylint: disable=broad-exception-caught # other people's __reduce__
            return _what_cannot_be_copied(function, args, kwargs)
        if len(content) > LARGEST_BYTES:
            return f"its arguments are too large to keep ({len(content) // 1_000_000} MB)"
        (self.spool / f"{number}.pickle").write_bytes(content)
        return ""

    def end(self, key: tuple[str, str], number: str, seconds: float, result: Any) -> None:
        """Write down that a call ended, and what it returned."""
        self.spent_s[key] = self.spent_s.get(key, 0.0) + seconds
        if result is not _NOTHING and not isinstance(result, Iterator):  # it is yet to be read
            self.busy.now = True
            try:
                content = pickled(result)
                if len(content) < LARGEST_BYTES:
                    (self.spool / f"{number}.result").write_bytes(content)
            except Exception:  # pylint: disable=broad-exception-caught # then it is not compared
                pass
            finally:
                self.busy.now = False
        self.note(event="end", id=number, seconds=seconds)

    def note(self, **entry: Any) -> None:
        """Append a line to this process's journal, at once: the process may die any moment."""
        with (self.spool / f"journal-{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")


_NOTHING = object()


def pickled(value: Any) -> bytes:
    """By pickle; functions without a name in a module by cloudpickle, where joblib brings it."""
    try:
        return pickle.dumps(value, protocol=5)
    except Exception:  # pylint: disable=broad-exception-caught # pickle raises many kinds
        # pylint: disable-next=import-outside-toplevel,no-name-in-module # vendored by joblib
        from joblib.externals import cloudpickle  # type: ignore[import-untyped]

        content: bytes = cloudpickle.dumps(value)
        return content


def _what_cannot_be_copied(function: Any, args: Any, kwargs: Any) -> str:
    names = inspect.unwrap(function).__code__.co_varnames
    named = [(names[place] if place < len(names) else "", arg) for place, arg in enumerate(args)]
    for name, value in [*named, *kwargs.items()]:
        try:
            pickled(value)
        except Exception:  # pylint: disable=broad-exception-caught
            kind = type(value).__name__
            return f"its argument {name} (a {kind}) cannot be copied, so no second call is possible"
    return "its arguments cannot be copied, so no second call is possible"
