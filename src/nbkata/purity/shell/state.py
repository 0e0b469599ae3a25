"""In the child process: the state that all functions share, and what a call did to it."""

import functools
import os
import pickle
import random
import sys
import types
import warnings
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from nbkata.purity.core.changes import changes
from nbkata.purity.core.findings import Cause
from nbkata.purity.shell.capture import pickled

_LARGEST_BYTES = 20_000_000
_PLAIN = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType, property)


# Module and name: two modules may have a global of one name.
Global = tuple[str, str]


@dataclass(frozen=True)
class SharedState:
    """Copies of everything that a function could change behind the back of its arguments."""

    random: Any
    numpy_random: Any
    environment: dict[str, str]
    folder: str
    filters: tuple[str, ...]  # of warnings
    # Those of the project that were there: what a call imports is no change.
    modules: frozenset[str]
    globals_: dict[Global, bytes]

    def differences(self, project: frozenset[str]) -> Iterator[tuple[Cause, str, str]]:
        """Cause, name and phrase for each change since."""
        if random.getstate() != self.random:
            yield Cause.RANDOM, "random", "uses or changes the hidden random state of random"
        if changes(self.numpy_random, _numpy_random(), "state"):
            yield Cause.RANDOM, "numpy.random", "uses or changes the hidden state of numpy.random"
        if dict(os.environ) != self.environment:
            change = next(iter(changes(self.environment, dict(os.environ), "os.environ")), "")
            yield Cause.SETTINGS, "os.environ", f"changes the environment: {change}"
        if os.getcwd() != self.folder:
            yield Cause.SETTINGS, "os.getcwd()", "changes the working folder"
        if _filters() != self.filters:
            yield Cause.SETTINGS, "warnings", "changes which warnings are shown"
        yield from self._global_differences(project)

    def _global_differences(self, project: frozenset[str]) -> Iterator[tuple[Cause, str, str]]:
        now = dict(_data(project))
        for key, content in self.globals_.items():
            name = key[1]
            if key not in now:
                yield Cause.GLOBAL, name, f"changes the global {name}: it is gone"
            elif _bytes(now[key]) != content:
                found = changes(pickle.loads(content), now[key], name)
                if found:
                    yield Cause.GLOBAL, name, f"changes the global {name}: {found[0]}"
        for key, value in now.items():
            was_there = key in self.globals_ or key[0] not in self.modules
            if not was_there and _bytes(value) is not None:
                yield Cause.GLOBAL, key[1], f"makes the global {key[1]}"


def shared_state(project: frozenset[str], known: dict[Global, bytes] | None = None) -> SharedState:
    """The state as it is now; ``known`` spares the copies of globals where nothing changed them."""
    covered = {module for module, _ in known or ()}
    fresh = {key: _bytes(value) for key, value in _data(project, covered)}
    copies = {**(known or {}), **fresh}
    return SharedState(
        random=random.getstate(),
        numpy_random=_numpy_random(),
        environment=dict(os.environ),
        folder=os.getcwd(),
        filters=_filters(),
        modules=frozenset(name for name, _ in _modules(project)),
        globals_={key: content for key, content in copies.items() if content is not None},
    )


def _filters() -> tuple[str, ...]:
    return tuple(map(repr, warnings.filters))


def _numpy_random() -> Any:
    numpy = sys.modules.get("numpy")
    return None if numpy is None else numpy.random.get_state(legacy=False)


def seed_all(seed: int) -> None:
    """Another hidden state for each call, so that what depends on it shows."""
    random.seed(seed)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(seed)


def _bytes(value: Any) -> bytes | None:
    try:
        content = pickled(value)
    # pylint: disable-next=broad-exception-caught # pickle raises what the object does
    except Exception:
        return None  # what cannot be copied is not watched
    return content if len(content) < _LARGEST_BYTES else None


_real = functools.cache(os.path.realpath)  # asked for every module, at every call


def _modules(project: frozenset[str]) -> Iterator[tuple[str, types.ModuleType]]:
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None)
        if isinstance(path, str) and _real(path) in project:
            yield name, module


def _data(project: frozenset[str], covered: Collection[str] = ()) -> Iterator[tuple[Global, Any]]:
    """The data in the project's modules, classes and functions; ``covered`` modules left out."""
    for loaded, module in _modules(project):
        if loaded not in covered:
            for name, value in _held(vars(module), "", module.__name__):
                yield (loaded, name), value


def _held(names: Any, prefix: str, module: str) -> Iterator[tuple[str, Any]]:
    for name, value in list(names.items()):
        if name.startswith("__"):
            continue
        if isinstance(value, types.FunctionType):
            if value.__module__ == module:
                yield from _of_function(prefix + name, value)
        elif isinstance(value, type):
            if value.__module__ == module and not prefix:
                yield from _held(vars(value), f"{name}.", module)
        elif not isinstance(value, _PLAIN) and not callable(value):
            yield prefix + name, value


def _of_function(name: str, function: types.FunctionType) -> Iterator[tuple[str, Any]]:
    attributes = {key: value for key, value in vars(function).items() if key != "__wrapped__"}
    yield f"attributes of {name}()", attributes
    if function.__defaults__ or function.__kwdefaults__:
        yield f"defaults of {name}()", (function.__defaults__, function.__kwdefaults__)
