"""Calls functions with made-up arguments, in a process of its own, and says what to assert of the answers.

Asked with `nbkata.child.shell.run.ask`; it needs nothing but what the functions need.
"""

import contextlib
import math
import os
import warnings
from typing import Any

from nbkata.child.shell.run import answer

MOST_VALUES = 12
MOST_COLUMNS = 4


def tried(request: dict[str, Any]) -> dict[str, list[str]]:
    """The asserts for each function; none for one that stops, says nothing, or answers otherwise when asked again."""
    names: dict[str, Any] = {}
    with warnings.catch_warnings(), open(os.devnull, "w", encoding="utf-8") as nowhere:
        warnings.simplefilter("ignore")
        with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
            exec(request["head"], names)  # pylint: disable=exec-used # the notebook's own imports
            return {name: _twice(one, names) for name, one in request["functions"].items()}


def _twice(one: dict[str, Any], names: dict[str, Any]) -> list[str]:
    try:
        first, second = _asserts(one, dict(names)), _asserts(one, dict(names))
    except BaseException:  # pylint: disable=broad-exception-caught # of anybody's code
        return []
    return first if first == second else []


def _asserts(one: dict[str, Any], names: dict[str, Any]) -> list[str]:
    exec(one["source"], names)  # pylint: disable=exec-used # the function that is tried
    exec(one["arrange"], names)  # pylint: disable=exec-used # our own text
    results = eval(one["call"], names)  # pylint: disable=eval-used # our own text
    returns = one["returns"]
    found = {returns[0]: results} if len(returns) == 1 else dict(zip(returns, results, strict=True))
    return [line for name, value in found.items() for line in _of(name, value, one["columns"])]


def _of(name: str, value: Any, columns: list[str]) -> list[str]:
    if hasattr(value, "columns") and hasattr(value, "iloc"):
        held = [column for column in columns if column in value.columns] or list(value.columns)
        if not len(value):  # pylint: disable=use-implicit-booleaness-not-len # a frame has no truth
            return []
        parts = [(f"{name}[{column!r}]", value[column]) for column in held[:MOST_COLUMNS]]
        return [line for part, column in parts for line in _listed(part, column)]
    if hasattr(value, "tolist") and getattr(value, "ndim", 0) > 1:
        return _listed(f"{name}.ravel()", value.ravel())
    if hasattr(value, "tolist") and getattr(value, "ndim", 0) == 1:
        return _listed(name, value)
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, bool):
        return [f"assert {'' if value else 'not '}{name}"]
    if isinstance(value, (int, str)):
        return [f"assert {name} == {value!r}"]
    if isinstance(value, float) and math.isfinite(value):
        return [f"assert {name} == pytest.approx({value!r})"]
    if isinstance(value, (list, tuple)) and _is_plain(list(value)):
        return [f"assert {name} == {_expected(list(value), type(value))}"]
    return []


def _listed(name: str, column: Any) -> list[str]:
    kind = str(getattr(column, "dtype", ""))
    if kind.startswith(("datetime", "timedelta", "period", "category")):
        name, column = f"{name}.astype(str)", column.astype(str)
    values = column.tolist()
    if not _is_plain(values):
        return []
    return [f"assert {name}.tolist() == {_expected(values, list)}"]


def _is_plain(values: list[Any]) -> bool:
    """Whether they are few enough to read, and more than gaps."""
    plain = all(isinstance(one, (bool, int, float, str)) for one in values)
    gaps = all(isinstance(one, float) and math.isnan(one) for one in values)
    return plain and not gaps and len(values) <= MOST_VALUES


def _expected(values: list[Any], kind: type) -> str:
    texts = ['float("nan")' if one != one else repr(one) for one in values]
    text = f"[{', '.join(texts)}]" if kind is list else f"({', '.join(texts)},)"
    has_gap = any(one != one for one in values)
    if has_gap and not all(isinstance(one, (int, float)) for one in values):
        raise ValueError("a gap among texts is equal to nothing")
    if has_gap or any(isinstance(one, float) and one != int(one) for one in values):
        return f"pytest.approx({text}{', nan_ok=True' if has_gap else ''})"
    return text


if __name__ == "__main__":
    answer(tried)
