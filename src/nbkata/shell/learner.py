"""The learner's own code, loaded into the process of the shape tests and watched for one run.

A shape test asks what functions did (what went in, what came out), whatever their names are and
whichever module they stand in. The process is used for nothing else: what the learner's code
breaks in it is gone with it.
"""

import ast
import copy
import importlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from nbkata.core.kata import Behaviour

MOST_CALLS = 20
"""Kept for one function; of those beyond, only small results are."""


@dataclass(frozen=True)
class Call:
    """One call of a function of the learner's during the run of the seam."""

    arguments: Mapping[str, Any]
    """As they were when the call began."""
    after: Mapping[str, Any]
    """The same objects when it ended."""
    result: Any


@dataclass
class Function:
    """A function of the learner's, and what it was seen doing."""

    name: str
    path: Path
    line: int
    calls: list[Call] = field(default_factory=list)
    small_results: list[Any] = field(default_factory=list)
    """Of all calls that gave back a text or number, in order."""

    @property
    def module(self) -> str:
        """As an import names it."""
        return self.path.stem

    def __str__(self) -> str:
        return f"{self.name} ({self.path.name}, line {self.line})"


@dataclass
class SeamRun:
    """What the seam gave back, and what was seen on the way."""

    results: Mapping[str, Any]
    functions: list[Function]
    opened_at_import: list[str]
    """Files that were opened while the seam's module was imported, the program's own apart."""


class CannotRun(Exception):
    """The seam is not there, or did not come to its end; the message is for the learner."""


class Learner:
    """A workspace's code: its text, its syntax trees, and one watched run of the seam."""

    def __init__(self, workspace: Path, behaviour: Behaviour) -> None:
        self.workspace = workspace
        self.behaviour = behaviour
        self.source_folder = (workspace / behaviour.file).parent.resolve()

    @property
    def files(self) -> list[Path]:
        """All Python files of the source folder, sorted."""
        return sorted(self.source_folder.rglob("*.py"))

    def tree(self, path: Path) -> ast.Module:
        """A file's syntax tree."""
        return ast.parse(path.read_text(encoding="utf-8-sig"), str(path))

    def nodes(self) -> Iterator[tuple[Path, ast.AST]]:
        """Every node of every file."""
        for path in self.files:
            for node in ast.walk(self.tree(path)):
                yield path, node

    @property
    def run(self) -> SeamRun:
        """Import the seam's module and call the seam, once, and watch. Raises `CannotRun`."""
        if isinstance(self._run, CannotRun):
            raise self._run
        return self._run

    @cached_property
    def _run(self) -> "SeamRun | CannotRun":
        file, seam = self.behaviour.file, self.behaviour.seam
        if not (self.workspace / file).is_file():
            return CannotRun(f"{file} is not there yet.")
        try:
            return self._imported_and_run()
        except CannotRun as refused:
            return refused
        except (Exception, SystemExit) as error:  # pylint: disable=broad-exception-caught
            return CannotRun(f"{seam}() stopped: {type(error).__name__}: {error}")

    def _imported_and_run(self) -> SeamRun:
        os.chdir(self.workspace)
        sys.path.insert(0, str(self.source_folder))
        opened = _opened_files()
        module = importlib.import_module(Path(self.behaviour.file).stem)
        at_import = [name for name in opened if Path(name).suffix in (".csv", ".ipynb")]
        return self._watched(module, at_import)

    def again(self) -> Mapping[str, Any]:
        """Call the seam once more, unwatched: after something was changed on purpose."""
        assert self.run
        module = sys.modules[Path(self.behaviour.file).stem]
        return _results(getattr(module, self.behaviour.seam)(self.behaviour.takes))

    @property
    def modules(self) -> list[ModuleType]:
        """The learner's modules that the run has imported."""
        assert self.run
        return [
            module
            for module in list(sys.modules.values())
            if getattr(module, "__file__", None)
            and Path(str(module.__file__)).resolve().is_relative_to(self.source_folder)
        ]

    def functions_that(self, do: Callable[[Call], bool]) -> list[Function]:
        """The functions of which at least one call was seen doing it."""
        return [function for function in self.run.functions if any(map(do, function.calls))]

    def _watched(self, module: ModuleType, at_import: list[str]) -> SeamRun:
        watch = _Watch(self.source_folder)
        seam = getattr(module, self.behaviour.seam, None)
        if not callable(seam):
            raise CannotRun(
                f"{self.behaviour.file} has no function {self.behaviour.seam} yet: wrap the script "
                f"in one, def {self.behaviour.seam}(path), so that tests can take hold of it."
            )
        sys.setprofile(watch)
        try:
            given = seam(self.behaviour.takes)
        finally:
            sys.setprofile(None)
        functions = [f for f in watch.functions.values() if f.name != self.behaviour.seam]
        return SeamRun(_results(given), functions, at_import)


class _Watch:
    """A profile function that keeps the calls of functions below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder) + os.sep
        self.functions: dict[Any, Function] = {}
        self.open: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}

    def __call__(self, frame: FrameType, event: str, argument: Any) -> None:
        code = frame.f_code
        if event not in ("call", "return") or not code.co_filename.startswith(self.folder):
            return
        if code.co_name.startswith("<"):
            return
        if event == "call":
            function = self.functions.setdefault(
                code, Function(code.co_name, Path(code.co_filename), code.co_firstlineno)
            )
            names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            arguments = {name: frame.f_locals[name] for name in names if name in frame.f_locals}
            if len(function.calls) < MOST_CALLS:
                self.open[id(frame)] = ({n: copied(v) for n, v in arguments.items()}, arguments)
            return
        function = self.functions[code]
        before = self.open.pop(id(frame), None)
        if before is not None:
            function.calls.append(Call(before[0], before[1], copied(argument)))
        if isinstance(argument, str | int | float):
            function.small_results.append(argument)


def copied(value: Any) -> Any:
    """A copy that stays as it is when the original changes; models are not worth one."""
    if hasattr(value, "columns") or hasattr(value, "iloc"):
        return value.copy()
    if isinstance(value, list | dict | set | tuple) or type(value).__name__ == "ndarray":
        try:
            return copy.deepcopy(value)
        except Exception:  # pylint: disable=broad-exception-caught # whatever cannot be copied
            return value
    return value


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal, frames to the last bit."""
    if hasattr(one, "equals"):
        return type(one) is type(other) and bool(one.equals(other))
    try:
        return bool(one == other) if not hasattr(one, "shape") else bool((one == other).all())
    except (ValueError, TypeError, AttributeError):
        return one is other


def tables_in(value: Any) -> Iterator[tuple[str, Any]]:
    """The columns of a frame, or the values of a series, list or array, each with its name."""
    if hasattr(value, "columns"):
        for column in value.columns:
            yield str(column), value[column]
    elif hasattr(value, "iloc"):
        yield str(value.name), value
    elif isinstance(value, list | tuple) and value:
        for item in value:
            if hasattr(item, "columns"):
                yield from tables_in(item)
        if not hasattr(value[0], "iloc"):
            yield "", value


def _results(given: Any) -> Mapping[str, Any]:
    return given if isinstance(given, Mapping) else vars(given)


def _opened_files() -> list[str]:
    """A list that an audit hook fills from now on."""
    opened: list[str] = []

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str | Path):
            opened.append(str(arguments[0]))

    sys.addaudithook(hook)
    return opened
