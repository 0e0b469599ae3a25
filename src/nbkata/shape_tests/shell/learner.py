"""The learner's own code, loaded into the process of the shape tests and watched for one run.

A shape test asks what functions did (what went in, what came out), whatever their names are and
whichever module they stand in. The process is used for nothing else: what the learner's code
breaks in it is gone with it.
"""

import ast
import importlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from nbkata.child.shell.remembered_models import remember_models
from nbkata.common.shell.walk import files_in, visible
from nbkata.kata.core.kata import Behaviour
from nbkata.shape_tests.shell.outside_tables import is_table
from nbkata.shape_tests.shell.watched_calls import Call, Function, Watcher

_T = TypeVar("_T")


@dataclass
class SeamRun:
    """What the seam gave back, and what was seen on the way."""

    results: Mapping[str, Any]
    functions: list[Function]


@dataclass
class Imported:
    """The seam's module, imported so that its functions can be watched."""

    module: ModuleType
    watcher: Watcher
    opened: list[str]
    """Files that were opened while it was imported, the program's own apart."""


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
        return list(files_in(self.source_folder, visible, ".py"))

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
        return _given_or_raised(self._run)

    @property
    def imported(self) -> "Imported":
        """Import the seam's module, once, and call nothing of it. Raises `CannotRun`."""
        return _given_or_raised(self._imported)

    @cached_property
    def _run(self) -> "SeamRun | CannotRun":
        return self._tried(lambda: self._watched(self.imported))

    @cached_property
    def _imported(self) -> "Imported | CannotRun":
        return self._tried(self._import)

    def _tried(self, do: Callable[[], _T]) -> "_T | CannotRun":
        try:
            return do()
        except CannotRun as refused:
            return refused
        except (Exception, SystemExit) as error:  # pylint: disable=broad-exception-caught
            return CannotRun(f"{self.behaviour.seam}() stopped: {type(error).__name__}: {error}")

    def _import(self) -> "Imported":
        file, seam = self.behaviour.file, self.behaviour.seam
        if not (self.workspace / file).is_file():
            raise CannotRun(f"{file} is not there yet.")
        os.chdir(self.workspace)
        remember_models()
        sys.path.insert(0, str(self.source_folder))
        opened, watcher = _opened_files(), Watcher(self.source_folder)
        module = importlib.import_module(Path(file).stem)
        at_import = [name for name in opened if Path(name).suffix in (".csv", ".ipynb")]
        if not callable(getattr(module, seam, None)):
            raise CannotRun(
                f"{file} has no function {seam} yet: wrap the script in one, def {seam}(path), so "
                "that tests can take hold of it."
            )
        return Imported(module, watcher, at_import)

    @cached_property
    def trees(self) -> Mapping[Path, ast.Module]:
        """The syntax tree of every file."""
        return {path: self.tree(path) for path in self.files}

    def with_edited(self, path: Path, tree: ast.Module) -> Mapping[str, Any]:
        """What the seam gives, unwatched, with another text in one file."""
        assert self.run
        kept = self._forget()
        self.imported.watcher.edited = {str(path.resolve()): tree}
        try:
            module = importlib.import_module(Path(self.behaviour.file).stem)
            return _results(getattr(module, self.behaviour.seam)(self.behaviour.takes))
        finally:
            self.imported.watcher.edited = {}
            self._forget()
            sys.modules.update(kept)

    def _forget(self) -> dict[str, ModuleType]:
        """Let the learner's modules be imported anew; gives back those that were."""
        below = str(self.source_folder) + os.sep
        names = [
            name
            for name, module in list(sys.modules.items())
            if str(getattr(module, "__file__", None)).startswith(below)
        ]
        return {name: sys.modules.pop(name) for name in names}

    def functions_that(self, do: Callable[[Call], bool]) -> list[Function]:
        """The functions of which at least one call was seen doing it."""
        return [function for function in self.run.functions if any(map(do, function.calls))]

    def _watched(self, imported: "Imported") -> SeamRun:
        watcher = imported.watcher
        watcher.watches = True
        try:
            given = getattr(imported.module, self.behaviour.seam)(self.behaviour.takes)
        finally:
            watcher.watches = False
        functions = [f for f in watcher.functions.values() if f.name != self.behaviour.seam]
        return SeamRun(_results(given), functions)


def _given_or_raised(found: "_T | CannotRun") -> _T:
    if isinstance(found, CannotRun):
        raise found
    return found


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal, frames to the last bit."""
    if hasattr(one, "equals"):
        return type(one) is type(other) and bool(one.equals(other))
    try:
        return bool(one == other) if not hasattr(one, "shape") else bool((one == other).all())
    except (ValueError, TypeError, AttributeError):
        return one is other


def tables_in(value: Any) -> Iterator[tuple[str, Any]]:
    """The columns of a frame, or the values of a series, list or array, each with its name.

    Also of those that a list, a dictionary or an object of the learner's holds.
    """
    if hasattr(value, "columns"):
        for column in value.columns:
            yield str(column), value[column]
    elif hasattr(value, "iloc"):
        yield str(value.name), value
    elif type(value).__name__ == "ndarray" and value.ndim:
        for column in value.reshape(len(value), -1).T:
            yield "", column
    elif isinstance(value, list | tuple) and value:
        for item in value:
            if is_table(item):
                yield from tables_in(item)
        if not hasattr(value[0], "iloc"):
            yield "", value
    elif isinstance(value, dict):
        yield from tables_in([item for item in value.values() if is_table(item)])
    elif hasattr(value, "__dict__") and type(value).__module__.partition(".")[0] not in LIBRARIES:
        yield from tables_in(vars(value))


LIBRARIES = {"builtins", "numpy", "pandas", "sklearn"}
"""What their objects hold is not looked through."""


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
