"""Watching what a learner's functions are given and give back.

Their modules are imported with a wrapper around every function: a trace or profile function would
be called for each call inside pandas and scikit-learn as well, which takes three times as long as
the run itself.
"""

import ast
import builtins
import copy
import functools
import inspect
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from nbkata.shape_tests.shell.outside_tables import Tables, is_table, same_table

# What a learner puts together of transformers does a job as a function of theirs would.
COMPOSERS = (
    ("sklearn.pipeline", "Pipeline"),
    ("sklearn.pipeline", "FeatureUnion"),
    ("sklearn.compose", "ColumnTransformer"),
)
TRANSFORMING = ("fit_transform", "transform")
# Kept for one function; of those beyond, only small results are.
MOST_CALLS = 20
_WRAPPER = "_nbkata_watched"


@dataclass(frozen=True, eq=False)
class Call:
    """One call of a function of the learner's during the run of the seam; equal to itself alone."""

    arguments: Mapping[str, Any]  # as they were when the call began
    result: Any
    # The tables from outside that it changed, as the function calls them: ``rows``, ``self.rows``.
    changed: tuple[str, ...] = ()


@dataclass
class Function:
    """A function of the learner's, and what it was seen doing."""

    name: str
    path: Path
    line: int
    module: str  # as an import names it
    qualified: str  # with the class it is in
    calls: list[Call] = field(default_factory=list)
    # Of all calls that gave back a text or number, in order.
    small_results: list[Any] = field(default_factory=list)
    # Module and name of the learner's functions that were called while it ran.
    inside: set[tuple[str, str]] = field(default_factory=set)

    @property
    def shown(self) -> str:
        """With its class, as the learner says it."""
        return self.qualified.rpartition("<locals>.")[2]

    def __str__(self) -> str:
        if not self.line:
            return self.shown
        return f"{self.shown} ({self.path.name}, line {self.line})"


class Watcher(MetaPathFinder):
    """Imports the modules below one folder so that the calls of their functions can be kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder) + os.sep
        self.functions: dict[CodeType, Function] = {}
        self.composed: dict[tuple[int, str], Function] = {}
        """What was seen of scikit-learn's composers, by object and method."""
        self.running: list[Function] = []
        self.watches = False
        """Whether calls are kept now."""
        self.tables = Tables(self.folder)
        self.edited: dict[str, ast.Module] = {}
        """By path: what is imported in the place of the file's own text."""
        setattr(builtins, _WRAPPER, self._watched)
        sys.meta_path.insert(0, self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The usual spec, with a loader that wraps, for a module below the folder; else none."""
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or not (spec.origin or "").startswith(self.folder):
            return None
        if isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path, self.edited)
        return spec

    def _watched(self, function: Callable[..., Any]) -> Callable[..., Any]:
        code = function.__code__
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        signature = inspect.signature(function)

        @functools.wraps(function)
        def wrapper(*given: Any, **named: Any) -> Any:
            if not self.watches:
                return function(*given, **named)
            known = self.functions.setdefault(
                code,
                Function(
                    code.co_name,
                    Path(code.co_filename),
                    code.co_firstlineno,
                    function.__module__,
                    code.co_qualname,
                ),
            )
            for caller in self.running:
                caller.inside.add((known.module, known.name))
            if len(known.calls) >= MOST_CALLS:
                return _noted(known, function(*given, **named))
            try:
                bound = signature.bind(*given, **named)
            except TypeError:
                return function(*given, **named)  # its own message is the better one
            bound.apply_defaults()
            arguments = {name: bound.arguments[name] for name in names}
            outside = self.tables.outside(function, arguments)
            result = self._kept(known, arguments, outside, lambda: function(*given, **named))
            return _noted(known, result)

        return wrapper

    def _kept(
        self,
        known: Function,
        arguments: Mapping[str, Any],
        outside: Sequence[tuple[str, Any, Any]],
        call: Callable[[], Any],
    ) -> Any:
        """What the call gives back; the call itself is kept, whether it raises or not."""
        before, result = {name: self.copied(value) for name, value in arguments.items()}, None
        self.running.append(known)
        try:
            result = call()
        finally:
            self.running.remove(known)
            changed = tuple(name for name, table, was in outside if not same_table(table, was))
            known.calls.append(Call(before, self.copied(result), changed))
        return result

    def watch_composers(self) -> None:
        """From now on the calls of scikit-learn's composers are kept, if it is imported."""
        for module, name in COMPOSERS:
            kind = getattr(sys.modules.get(module), name, None)
            for method in TRANSFORMING if kind else ():
                setattr(kind, method, _Composing(self, vars(kind)[method], module, method))

    def composing(
        self, method: "_Composing", composer: Any, bound: Callable[..., Any]
    ) -> Callable[..., Any]:
        """A method of a composer, its calls kept."""

        def wrapper(*given: Any, **named: Any) -> Any:
            new = Function(method.name, Path(), 0, method.module, bound.__qualname__)
            known = self.composed.setdefault((id(composer), method.name), new)
            if not self.watches or len(known.calls) >= MOST_CALLS:
                return bound(*given, **named)
            arguments = {"X": given[0]} if given else named
            return self._kept(known, arguments, (), lambda: bound(*given, **named))

        return wrapper

    def copied(self, value: Any, depth: int = 2) -> Any:
        """A copy that stays as it is when the original changes; models are not worth one."""
        if is_table(value):
            return value.copy()
        if isinstance(value, list | dict | set | tuple):
            try:
                return copy.deepcopy(value)
            except Exception:  # pylint: disable=broad-exception-caught # what cannot be copied
                return value
        if depth and self.tables.is_learners(value):
            try:
                twin = copy.copy(value)
                vars(twin).update(
                    {name: self.copied(held, depth - 1) for name, held in vars(value).items()}
                )
            except Exception:  # pylint: disable=broad-exception-caught # what cannot be copied
                return value
            return twin
        return value


class _Composing:
    """In the place of a method of one of scikit-learn's classes, which may be there or not."""

    def __init__(self, watcher: Watcher, original: Any, module: str, name: str) -> None:
        self.watcher, self.original, self.module, self.name = watcher, original, module, name

    def __get__(self, composer: Any, kind: type) -> Any:
        bound = self.original.__get__(composer, kind)
        return bound if composer is None else self.watcher.composing(self, composer, bound)


def _noted(function: Function, result: Any) -> Any:
    said = result.value if isinstance(result, Enum) else result
    if isinstance(said, str | int | float):
        function.small_results.append(said)
    return result


class _Loader(SourceFileLoader):
    """Compiles a module with the wrapper as the innermost decorator of each function."""

    def __init__(self, name: str, path: str, edited: Mapping[str, ast.Module]) -> None:
        super().__init__(name, path)
        self.edited = edited

    def get_code(self, fullname: str) -> CodeType:
        """From the source, always: what Python keeps compiled is not wrapped."""
        path = self.get_filename(fullname)
        tree = self.edited.get(path) or ast.parse(self.get_data(path), path)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                name = ast.copy_location(ast.Name(_WRAPPER, ast.Load()), node)
                node.decorator_list.append(name)
        compiled: CodeType = compile(tree, path, "exec", dont_inherit=True)
        return compiled
