"""The learner's own code as the shape tests see it: its text, and what it did in one watched run.

A shape test asks what functions did (what went in, what came out), whatever their names are and
whichever module they are in. The code runs in a process of its own (`learner_driver`), which
reports values; what the tests say of them is decided in this one, where none of it is imported.
"""

import ast
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from nbkata.child.shell.environ import child_environment
from nbkata.child.shell.launch import Launched, launch
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.common.shell.walk import files_in, visible
from nbkata.kata.core.kata import Behaviour
from nbkata.shape_tests.shell.outside_tables import is_frame, is_table
from nbkata.shape_tests.shell.sent_values import unpacked
from nbkata.shape_tests.shell.tables_in_code import DATA_KINDS, DataFile
from nbkata.shape_tests.shell.watched_calls import Call, Function


@dataclass
class SeamRun:
    """What the seam gave back, and what was seen on the way."""

    results: Mapping[str, Any]
    functions: list[Function]
    # Of the pipelines and the like that the learner put together, the methods that were called.
    composed: list[Function]


class CannotRun(Exception):
    """The seam is not there, or did not come to its end; the message is for the learner."""


# Names, columns and numbers that lead to a column in what holds it.
Steps = tuple[Any, ...]
# What was asked for; if there is nothing, why.
Answer = tuple[Any, str]


class Learner:
    """A workspace's code: its text, its syntax trees, and one watched run of the seam."""

    def __init__(self, workspace: Path, behaviour: Behaviour, model: str = "") -> None:
        """``model`` is the class that learns, as ``module:Class``."""
        self.workspace = workspace
        self.behaviour = behaviour
        self.model = model
        self.source_folder = (workspace / behaviour.file).parent.resolve()
        self._given = (
            TemporaryFolder()
        )  # what its process is given later: a sandbox shows it no others
        self._begun: list[str] = []

    @cached_property
    def process(self) -> Launched:
        """The process in which the code runs, started when it is first asked for something."""
        return launch(
            "nbkata.shape_tests.shell.learner_driver",
            (self.behaviour.file, self.behaviour.seam, self.behaviour.takes),
            folder=self.workspace,
            environment=child_environment(),
            talks=True,
            writable=(Path(self._given.name),),
        )

    @property
    def files(self) -> list[Path]:
        """All Python files of the source folder, sorted."""
        return list(files_in(self.source_folder, visible, ".py"))

    def shown(self, path: Path) -> str:
        """A file of the source folder as messages name it: ``src/titanic/model.py``."""
        return f"{self.source_folder.name}/{path.relative_to(self.source_folder).as_posix()}"

    def tree(self, path: Path) -> ast.Module:
        """A file's syntax tree, anew each time: it may be changed."""
        return ast.parse(path.read_text(encoding="utf-8-sig"), str(path))

    @cached_property
    def trees(self) -> Mapping[Path, ast.Module]:
        """The syntax tree of every file."""
        return {path: self.tree(path) for path in self.files}

    @cached_property
    def data_files(self) -> list[DataFile]:
        """The tables that are kept in files: not the data to train on, not what tests compare with."""
        files = files_in(self.workspace, visible)
        return [
            DataFile(path, path.read_text(encoding="utf-8-sig", errors="replace"))
            for path in files
            if path.suffix in DATA_KINDS
            and path.relative_to(self.workspace).parts[0] not in ("pyproject.toml", "tests")
            and path != self.workspace / self.behaviour.takes
        ]

    def nodes(self) -> Iterator[tuple[Path, ast.AST]]:
        """Every node of every file; those of `trees`."""
        for path, tree in self.trees.items():
            for node in ast.walk(tree):
                yield path, node

    def written(self, function: Function) -> ast.FunctionDef | None:
        """The function's own node in `trees`, whatever others have its name; a decorator's line is its first."""
        tree = self.trees.get(function.path) or self.trees.get(function.path.resolve())
        for node in ast.walk(tree or ast.Module([], [])):
            if isinstance(node, ast.FunctionDef) and node.name == function.name:
                if function.line in (node.lineno, *(one.lineno for one in node.decorator_list)):
                    return node
        return None

    @property
    def opened(self) -> list[str]:
        """The data and notebooks that importing the seam's module opens. Raises `CannotRun`."""
        return _value(self._imported)  # type: ignore[no-any-return]

    @property
    def run(self) -> SeamRun:
        """What the seam did when it was called once and watched. Raises `CannotRun`."""
        assert self.opened is not None
        return _value(self._ran)  # type: ignore[no-any-return]

    def begin(self, *work: str) -> None:
        """Begin to ``import`` and to ``run``, if that has not been done: nobody waits for it yet."""
        for do in work:
            if do not in self._begun:
                self._begun.append(do)
                self._ask(do)

    @cached_property
    def _imported(self) -> Answer:
        self.begin("import")
        return self._answer()

    @cached_property
    def _ran(self) -> Answer:
        self.begin("run")
        return self._answer()

    def with_edited(self, path: Path, text: str) -> Mapping[str, Any] | None:
        """The features that the seam gives, unwatched, with another text in one file; nothing if it raises.

        The model learns next to nothing from them: a forest would take longer than all else.
        """
        assert self.run
        self._ask("edited", path=str(path.resolve()), text=text, unlearnt=self.model)
        return _value(self._answer())  # type: ignore[no-any-return]

    def predicted(self, saved: Path, rows: str) -> list[Any]:
        """What a model in a file predicts for the ``rows``, one of the seam's results."""
        assert self.run
        given = shutil.copy(saved, self._given.name)
        self._ask("predicted", saved=str(given), rows=rows)
        return _value(self._answer())  # type: ignore[no-any-return]

    def matter(self, breakages: Sequence[Mapping[str, Any]]) -> list[bool]:
        """Whether the broken function would have given something else in the watched run."""
        assert self.run
        self._ask("matter", breakages=breakages)
        return _value(self._answer())  # type: ignore[no-any-return]

    def functions_that(self, do: Callable[[Call], bool]) -> list[Function]:
        """The functions of which at least one call was seen doing it."""
        return [function for function in self.run.functions if any(map(do, function.calls))]

    def composed_that(self, do: Callable[[Call], bool]) -> list[Function]:
        """The same of pipelines and the like."""
        return [function for function in self.run.composed if any(map(do, function.calls))]

    def close(self) -> None:
        """End the process."""
        if self._begun:
            self.process.end()
        self._given.cleanup()

    def _ask(self, do: str, **request: Any) -> None:
        assert self.process.requests is not None
        with suppress(OSError):  # it is gone: there will be no answer
            self.process.requests.write(json.dumps({"do": do, "with": request}) + "\n")
            self.process.requests.flush()

    def _answer(self) -> Answer:
        assert self.process.answers is not None
        line = self.process.answers.readline()
        if not line:
            what = "os._exit, a signal or a crash"
            return None, f"{self.behaviour.seam}() ended Python itself ({what}). Take that out."
        try:
            value, why = unpacked(line)
        except Exception as error:  # pylint: disable=broad-exception-caught # anybody's words
            return None, f"What {self.behaviour.seam}() did cannot be read: {error}"
        return value, str(why)


def _value(answer: Answer) -> Any:
    if answer[1]:
        raise CannotRun(answer[1])
    return answer[0]


def tables_in(value: Any) -> Iterator[tuple[str, Any]]:
    """The columns of a frame, or the values of a series, list or array, each with its name.

    Also of those that a list, a dictionary or an object of the learner's holds.
    """
    for _, name, column in columns_in(value):
        yield name, column


def columns_in(value: Any) -> Iterator[tuple[Steps, str, Any]]:
    """The same, each with its place: ``(1, "Age")`` is a column of the second frame in a list."""
    if is_frame(value):
        for column in value.columns:
            yield (column,), str(column), value[column]
    elif hasattr(value, "iloc"):
        yield (), str(value.name), value
    elif type(value).__name__ == "ndarray" and value.ndim:
        for place, column in enumerate(value.reshape(len(value), -1).T):
            yield (() if value.ndim == 1 else (place,)), "", column
    elif isinstance(value, list | tuple) and value:
        yield from _held(enumerate(value))
        if not hasattr(value[0], "iloc"):
            yield (), "", value
    elif isinstance(value, dict):
        yield from _held(value.items())
    elif hasattr(value, "__dict__") and type(value).__module__.partition(".")[0] not in LIBRARIES:
        yield from _held(vars(value).items())


def listed(column: Iterable[Any]) -> list[Any]:
    """Its values, as Python's own; pandas goes slowly through texts that are asked for one by one."""
    return column.tolist() if hasattr(column, "tolist") else list(column)


def _held(items: Iterable[tuple[Any, Any]]) -> Iterator[tuple[Steps, str, Any]]:
    for place, item in items:
        if is_table(item):
            for path, name, column in columns_in(item):
                yield (place, *path), name, column


# What their objects hold is not looked through.
LIBRARIES = {"builtins", "numpy", "pandas", "sklearn"}
