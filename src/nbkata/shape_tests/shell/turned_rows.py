"""What a function gives back with its rows mixed up."""

import importlib
from typing import Any

from nbkata.shape_tests.shell.misreadings import another, with_items
from nbkata.shape_tests.shell.outside_tables import is_frame


def all_turned(value: Any) -> Any:
    """A series, an array or a list with its rows mixed up, or what holds some of these.

    One text or number has no rows: another one.
    """
    if isinstance(value, str | int | float):
        return another(value)
    if is_frame(value):
        return value.assign(**{column: turned(value[column]) for column in value.columns})
    if hasattr(value, "iloc"):
        return turned(value)
    if type(value).__name__ == "ndarray" and value.ndim:
        pandas = importlib.import_module("pandas")
        columns = [turned(pandas.Series(one)) for one in value.reshape(len(value), -1).T]
        return pandas.concat(columns, axis=1).to_numpy().reshape(value.shape)
    if isinstance(value, dict):
        return {name: all_turned(held) for name, held in value.items()}
    if isinstance(value, list | tuple):
        lower = [*value[-1:], *value[:-1]]
        if any(map(_has_rows, value)) or lower == [*value]:
            lower = [*map(all_turned, value)]
        return with_items(value, lower)
    if type(value).__module__ != "builtins" and hasattr(value, "__dict__"):
        for name, held in list(vars(value).items()):
            if _has_rows(held):
                vars(value)[name] = all_turned(held)  # a frozen dataclass takes it as well
    return value


def _has_rows(value: Any) -> bool:
    return hasattr(value, "iloc") or type(value).__name__ == "ndarray" and value.ndim > 0


def turned(column: Any) -> Any:
    """Each value in the next row; where that changes nothing, another value."""
    lower = column.shift(1).fillna(column.iloc[-1]).astype(column.dtype)
    return column.map(another) if lower.equals(column) else lower
