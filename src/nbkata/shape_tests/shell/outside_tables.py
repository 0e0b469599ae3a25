"""Which tables that a function can reach are not its own: they came from outside.

A function must not change them, whichever way it takes hold of them: as an argument, in a list or
dictionary, as an attribute of an object, from the function around it, or from its module. What an
object holds is its own where nobody outside of it has it: a copy that it made, and may change.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from types import FrameType, FunctionType
from typing import Any

# Containers in containers, and objects in objects.
DEEPEST = 3

# What the function calls a table, and the table.
Found = tuple[str, Any]


def is_table(value: Any) -> bool:
    """Whether it is a frame, a series or an array: it can be changed in place."""
    if isinstance(value, type):
        return False
    return hasattr(value, "iloc") and hasattr(value, "copy") or type(value).__name__ == "ndarray"


def is_frame(value: Any) -> bool:
    """Whether it is a table with columns; a transformer may have an attribute of that name."""
    return hasattr(value, "iloc") and hasattr(value, "columns")


def same_table(one: Any, other: Any) -> bool:
    """Whether two tables hold the same, to the last bit."""
    if hasattr(one, "equals"):
        return bool(one.equals(other))
    return bool(
        one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    )


class Tables:
    """Knows the tables that learners' functions were given from outside."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        """The learner's modules lie below it."""
        self.given: dict[int, Any] = {}
        """By identity; held, so that none is taken for another one later."""

    def is_learners(self, value: Any) -> bool:
        """Whether it is an object of a class of the learner's."""
        module = sys.modules.get(type(value).__module__)
        return str(getattr(module, "__file__", None)).startswith(self.folder)

    def outside(
        self, function: Callable[..., Any], arguments: Mapping[str, Any]
    ) -> list[tuple[str, Any, Any]]:
        """The tables from outside that a call can reach: name, table, and a copy of it."""
        owned: list[Found] = []
        found: list[Found] = []
        for name, value in arguments.items():
            for place, table, is_held in self._tables(name, value):
                (owned if is_held else found).append((place, table))
        self.given.update((id(table), table) for _, table in found)
        callers = self._callers(arguments.get("self")) if owned else set()
        found += [(n, t) for n, t in owned if id(t) in self.given or id(t) in callers]
        found += self._free(function)
        return [(name, table, table.copy()) for name, table in found]

    def _tables(
        self, name: str, value: Any, depth: int = DEEPEST, held: bool = False
    ) -> Iterator[tuple[str, Any, bool]]:
        """Name and table, and whether an object holds it."""
        if is_table(value):
            yield name, value, held
        elif not depth:
            return
        elif isinstance(value, dict):
            for key, item in value.items():
                yield from self._tables(f"{name}[{key!r}]", item, depth - 1, held)
        elif isinstance(value, list | tuple):
            for place, item in enumerate(value[:100]):
                yield from self._tables(f"{name}[{place}]", item, depth - 1, held)
        elif self.is_learners(value) and hasattr(value, "__dict__"):
            for attribute, item in vars(value).items():
                yield from self._tables(f"{name}.{attribute}", item, depth - 1, True)

    def _callers(self, owner: Any) -> set[int]:
        """The tables in the variables of the learner's code that waits, the object's own apart."""
        found: set[int] = set()
        frame: FrameType | None = sys._getframe(2)  # pylint: disable=protected-access
        while frame is not None:
            local = frame.f_locals
            is_own = owner is not None and local.get("self") is owner
            if frame.f_code.co_filename.startswith(self.folder) and not is_own:
                found.update(id(value) for value in local.values() if is_table(value))
            frame = frame.f_back
        return found

    def _free(self, function: Callable[..., Any]) -> Iterator[Found]:
        """From the function around it, and from its module."""
        if not isinstance(function, FunctionType):
            return
        code = function.__code__
        cells = dict(zip(code.co_freevars, function.__closure__ or (), strict=True))
        for name, cell in cells.items():
            try:
                value = cell.cell_contents
            except ValueError:  # not set yet
                continue
            for place, table, is_held in self._tables(name, value):
                if not is_held:
                    yield place, table
        for name in code.co_names:
            for place, table, _ in self._tables(name, function.__globals__.get(name)):
                yield place, table
