"""Functions of the learner's that take some of what they are given for something else.

``reads`` is a name of `_READINGS`, ``instead`` one of `_INSTEAD`.
"""

import functools
import importlib
import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from math import inf
from numbers import Real
from typing import Any

from nbkata.shape_tests.shell.outside_tables import is_frame


def function_behind(named: Any) -> Any:
    """What is called when something is asked for by its name: of a property, its function."""
    is_property = isinstance(named, property | functools.cached_property)
    return getattr(named, "fget", getattr(named, "func", None)) if is_property else named


def misreading(original: Callable[..., Any], breakage: Mapping[str, Any]) -> Callable[..., Any]:
    """The function, taking some of what it is given for something else; else it does its work.

    ``places`` are paths into its arguments: ``["passengers", "Parch"]``, ``["self", "rows", "Age"]``,
    ``["names"]``. A column that it only passes on is passed on as it was.
    """
    signature = inspect.signature(original)
    name, *how = breakage["reads"]

    def broken(*given: Any, **named: Any) -> Any:
        bound = signature.bind(*given, **named)
        seen: dict[str, tuple[Any, Any]] = {}
        for argument, *path in _places(breakage["places"], bound.arguments):
            if argument in bound.arguments:
                value = bound.arguments[argument]
                reads = functools.partial(_each, reads=_READINGS[name](*how))
                bound.arguments[argument] = _changed(value, path, reads, seen)
        result = original(*bound.args, **bound.kwargs)
        for value in bound.arguments.values():
            _passed_on(value, seen)
        return _passed_on(result, seen)

    return broken


def _places(places: Sequence[Sequence[Any]], given: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
    """The places; all columns of a frame that has none of them: what works on any is tested on any."""
    found = [*places]
    for name, value in given.items():
        own = [path for path in places if path[0] == name and len(path) == 2]
        if own and is_frame(value) and not any(column in value for _, column in own):
            found += [(name, column) for column in value.columns]
    return found


def _changed(
    value: Any, path: Sequence[Any], change: Callable[[Any], Any], seen: dict[str, tuple[Any, Any]]
) -> Any:
    """What stands in for a value: something at a path in it is another."""
    if not path:
        return change(value)
    name, *rest = path
    if is_frame(value):
        if name not in value:
            return value
        seen[name] = (change(value[name]), value[name])
        return value.assign(**{name: seen[name][0]})
    if type(value).__name__ == "ndarray":
        value = value.copy()
        value[:, name] = change(value[:, name])
    elif isinstance(value, dict | list):
        value = value.copy()
        value[name] = _changed(value[name], rest, change, seen)
    elif isinstance(value, tuple):
        return with_items(value, _changed([*value], path, change, seen))
    elif hasattr(value, name):
        changed = _changed(getattr(value, name), rest, change, seen)
        object.__setattr__(value, name, changed)  # a frozen dataclass takes it as well
    return value


def with_items(value: Any, items: Iterable[Any]) -> Any:
    """A list or tuple of the same type with other items; one with names keeps them."""
    return value._make(items) if hasattr(value, "_make") else type(value)(items)


def _each(column: Any, reads: Callable[[Any], Any]) -> Any:
    """A column, or one value, with each value read otherwise."""
    if hasattr(column, "map"):
        return column.map(reads)
    if type(column).__name__ == "ndarray":
        return importlib.import_module("pandas").Series(column).map(reads).to_numpy()
    return list(map(reads, column)) if isinstance(column, list | tuple) else reads(column)


def _passed_on(value: Any, seen: Mapping[str, tuple[Any, Any]]) -> Any:
    if is_frame(value):
        right = {
            name: was
            for name, (read, was) in seen.items()
            if name in value and value[name].equals(read)
        }
        return value.assign(**right) if right else value
    if isinstance(value, tuple):
        return with_items(value, (_passed_on(item, seen) for item in value))
    if type(value).__module__ != "builtins" and hasattr(value, "__dict__"):
        for name, held in list(vars(value).items()):
            if is_frame(held):
                vars(value)[name] = _passed_on(held, seen)
    return value


def _is_gap(value: Any) -> bool:
    return value is None or value != value  # pylint: disable=comparison-with-itself # not a number


# By name: how one value is read. Numbers and texts that a reading is not about stay as they are.
_READINGS: Mapping[str, Callable[..., Callable[[Any], Any]]] = {
    "always": lambda value: lambda _: value,
    "always but": lambda value, others: lambda old: old if old in others else value,
    "gaps as": lambda value: lambda old: value if _is_gap(old) else old,
    "words as": lambda words, new: lambda old: (
        re.sub(rf"\b(?:{words})\b", new, old) if isinstance(old, str) else old
    ),
    "more": lambda more, up_to=inf: lambda old: (
        old + more if isinstance(old, Real) and old <= up_to else old
    ),
    "at most": lambda most, below: lambda old: (
        most if isinstance(old, Real) and most < old < below else old
    ),
}


def misfilling(original: Callable[..., Any], breakage: Mapping[str, Any]) -> Callable[..., Any]:
    """The function, but the gaps of a column that it is ``given`` are filled with another value.

    At ``places`` in what it gives back is the column, filled, or what is learnt to fill it with.
    """
    signature = inspect.signature(original)

    def broken(*given: Any, **named: Any) -> Any:
        bound = signature.bind(*given, **named)
        pandas = importlib.import_module("pandas")
        columns = [_held_at(bound.arguments.get(one), path) for one, *path in breakage["given"]]
        column = next((pandas.Series(list(one)) for one in columns if one is not None), None)
        result = original(*given, **named)
        if column is None:
            return result
        value, gaps = _INSTEAD[breakage["instead"]](column.dropna()), column.isna().tolist()
        for path in breakage["places"]:
            result = _changed(result, path, lambda old: _refilled(old, gaps, value), {})
        return result

    return broken


def giving_the_same(
    original: Callable[..., Any], breakage: Mapping[str, Any]
) -> Callable[..., Any]:
    """The function, with one value in each row of a column that is at ``places`` in what it gives back."""

    def broken(*given: Any, **named: Any) -> Any:
        result = original(*given, **named)
        for path in breakage["places"]:
            with suppress(LookupError):  # it is another table, of the tests
                result = _changed(
                    result, path, lambda old: _each(old, lambda _: breakage["value"]), {}
                )
        return result

    return broken


def _refilled(old: Any, gaps: Sequence[bool], value: Any) -> Any:
    """A column with another value where gaps were; of what was learnt, every value another."""
    if isinstance(old, dict):
        return {name: value(held) for name, held in old.items()}
    if not hasattr(old, "__len__") or isinstance(old, str):
        return value(old)
    new = [value(one) if gap else one for one, gap in zip(old, gaps, strict=False)]
    if len(old) != len(gaps):
        new = list(map(value, old))
    pandas = importlib.import_module("pandas")
    made = pandas.Series(new, index=getattr(old, "index", None), name=getattr(old, "name", None))
    return made if hasattr(old, "iloc") else made.to_numpy() if hasattr(old, "dtype") else new


def _held_at(value: Any, path: Sequence[Any]) -> Any:
    for name in path:
        try:
            value = (
                getattr(value, name)
                if hasattr(value, "__dict__") and not hasattr(value, "iloc")
                else value[name]
            )
        except (AttributeError, KeyError, IndexError, TypeError):
            return None
    return value


# By name: of the known values of a column, what a gap gets instead of what is right for it.
_INSTEAD: Mapping[str, Callable[[Any], Callable[[Any], Any]]] = {
    "another": lambda known: another,
    "mean": lambda known: lambda old: known.mean(),
    "commonest": lambda known: lambda old: known.mode()[0] if len(known) else old,
    "rarest": lambda known: lambda old: known.value_counts().index[-1] if len(known) else old,
}


def another(value: Any) -> Any:
    """What is not equal to it."""
    return value + 1 if isinstance(value, int | float) else "x"
