"""A function of the learner's that gives back what is right, and changes what it was given as well.

A method that is given no table changes the tables that its object was made of, or holds.
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from numbers import Real
from types import FunctionType
from typing import Any

from nbkata.shape_tests.shell.learner import LIBRARIES
from nbkata.shape_tests.shell.outside_tables import DEEPEST, is_frame, is_table

# The attribute in which a method's object remembers what it was made of.
_MADE_OF = "_nbkata_made_of"


@contextmanager
def remembering(kind: type) -> Iterator[None]:
    """Let new objects of a class remember the tables that they are made of, copied or not."""
    owners = (one for one in kind.__mro__ if isinstance(vars(one).get("__init__"), FunctionType))
    owner = next(owners, None)
    if owner is None:
        yield  # a named tuple, say: it holds what it was made of
        return
    initial = vars(owner)["__init__"]

    @functools.wraps(initial)
    def remember(self: Any, *given: Any, **named: Any) -> None:
        initial(self, *given, **named)
        with suppress(AttributeError):  # it has slots
            object.__setattr__(self, _MADE_OF, [*_tables([*given, *named.values()])])

    setattr(owner, "__init__", remember)
    try:
        yield
    finally:
        setattr(owner, "__init__", initial)


def changes_its_argument(original: Callable[..., Any], is_method: bool) -> Callable[..., Any]:
    """What it gives back is right, but what it was given is other than before, each time."""

    def broken(*given: Any, **named: Any) -> Any:
        tables = _given_tables(given, named, is_method)
        right = original(*given, **named)
        made = [*_tables([right])]
        for table in tables:
            if any(table is one for one in made):
                continue
            _change_in_place(table)
            for frame in filter(is_frame, made) if is_frame(table) else ():
                for name in frame.columns.difference(table.columns):
                    table[name] = frame[name]
        return right

    return broken


def works_in_place(original: Callable[..., Any], is_method: bool) -> Callable[..., Any]:
    """What it gives back is right, and the columns of that are in the frame that it was given as well.

    If these are all columns of the frame, that is what it gives back.
    """

    def broken(*given: Any, **named: Any) -> Any:
        frames = [*filter(is_frame, _given_tables(given, named, is_method))]
        right = original(*given, **named)
        columns = [
            (name, column)
            for table in _tables([right])
            for name, column in (table.items() if is_frame(table) else [(_name(table), table)])
        ]
        for frame in frames:
            if frame is not right:
                for name, column in columns:
                    if name and len(column) == len(frame):
                        frame[name] = column
        same = (one for one in frames if is_frame(right) and {*one} == {*right})
        return next(same, right)

    return broken


def _name(column: Any) -> Any:
    return getattr(column, "name", None)


def _given_tables(given: Sequence[Any], named: Mapping[str, Any], is_method: bool) -> list[Any]:
    """Those of the arguments; if there are none, those that the object of a method was made of or holds."""
    tables = [*_tables([*given[1 if is_method else 0 :], *named.values()])]
    if tables:
        return tables
    made_of = [table for one in given for table in getattr(one, _MADE_OF, ())]
    return [*made_of, *_tables(given)]


def _tables(values: Iterable[Any], depth: int = DEEPEST) -> Iterator[Any]:
    """The tables among some values, and those that they hold."""
    for value in values if depth else ():
        if is_table(value):
            yield value
        elif isinstance(value, list | tuple):
            yield from _tables(value, depth - 1)
        elif isinstance(value, dict):
            yield from _tables(value.values(), depth - 1)
        elif type(value).__module__.partition(".")[0] not in LIBRARIES:
            held = getattr(value, "__dict__", {}).items()
            yield from _tables((one for name, one in held if name != _MADE_OF), depth - 1)


def _change_in_place(value: Any) -> None:
    """Gaps are filled, numbers are one more, texts a letter longer."""
    if is_frame(value):
        for name in value.columns:
            value[name] = value[name].bfill().ffill().map(_one_more)
    elif hasattr(value, "iloc"):
        value[:] = value.bfill().ffill().map(_one_more)
    elif type(value).__name__ == "ndarray" and value.dtype.kind in "if":
        value[value != value] = 0  # pylint: disable=comparison-with-itself # not a number
        value += 1


def _one_more(value: Any) -> Any:
    if isinstance(value, str):
        return f"{value}s"
    return value + 1 if isinstance(value, Real) else value
