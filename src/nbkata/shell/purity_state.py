"""In the child process: the state that all functions share, and what a call did to it."""

import functools
import os
import pickle
import random
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nbkata.core.purity.changes import changes
from nbkata.core.purity.findings import Cause
from nbkata.shell.purity_probe import pickled

_LARGEST_BYTES = 20_000_000
_PLAIN = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType, property)


@dataclass(frozen=True)
class SharedState:
    """Copies of everything that a function could change behind the back of its arguments."""

    random: Any
    numpy_random: Any
    environment: dict[str, str]
    folder: str
    globals_: dict[str, bytes]

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
        yield from self._global_differences(project)

    def _global_differences(self, project: frozenset[str]) -> Iterator[tuple[Cause, str, str]]:
        now = dict(_data(project))
        for name, content in self.globals_.items():
            if name not in now:
                yield Cause.GLOBAL, name, f"changes the global {name}: it is gone"
            elif _bytes(now[name]) != content:
                found = changes(pickle.loads(content), now[name], name)
                if found:
                    yield Cause.GLOBAL, name, f"changes the global {name}: {found[0]}"
        for name in now:
            if name not in self.globals_ and _bytes(now[name]) is not None:
                yield Cause.GLOBAL, name, f"makes the global {name}"


def shared_state(project: frozenset[str], known: dict[str, bytes] | None = None) -> SharedState:
    """The state as it is now; ``known`` spares the copies of globals where nothing changed them."""
    copies = known if known is not None else {n: _bytes(value) for n, value in _data(project)}
    return SharedState(
        random=random.getstate(),
        numpy_random=_numpy_random(),
        environment=dict(os.environ),
        folder=os.getcwd(),
        globals_={name: content for name, content in copies.items() if content is not None},
    )


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


def _data(project: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """Names and values of the data in the project's modules, classes and functions."""
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if isinstance(path, str) and _real(path) in project:
            yield from _held(vars(module), "", module.__name__)


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
