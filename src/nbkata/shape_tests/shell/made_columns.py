"""Which function makes which column, by what it was seen taking and giving back."""

import ast
import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from numbers import Real
from textwrap import shorten
from typing import Any

from nbkata.shape_tests.shell.learner import Learner, columns_in, listed, tables_in
from nbkata.shape_tests.shell.watched_calls import Call, Function


@cache
def given_columns(call: Call) -> Sequence[tuple[tuple[Any, ...], Sequence[Any]]]:
    """The columns and single values that a call was given, each with its place."""
    given: list[tuple[tuple[Any, ...], Sequence[Any]]] = []
    for name, value in call.arguments.items():
        if isinstance(value, str | int | float):
            given.append(((name,), [value]))
        given += (((name, *path), listed(column)) for path, _, column in columns_in(value))
    return given


def named_columns(call: Call) -> list[tuple[str, Sequence[Any]]]:
    """The columns of the tables that a call was given, each with its name."""
    return [item for value in call.arguments.values() for item in tables_in(value)]


@cache
def _made(call: Call) -> Sequence[tuple[str, Sequence[Any]]]:
    """The columns that a call gave back, each with its name."""
    return [(name, listed(column)) for name, column in tables_in(call.result)]


_GAPS = {"nan", "None", "<NA>"}


def for_each_value(learner: Learner, function: Function) -> list[Function]:
    """The functions on single values that a function calls, if these say all that it says itself.

    And if it gives them columns as they are: what it works out first is its own.
    """
    own = {} if worked_out(learner, function) else own_columns(learner, function)
    saying = [saying_it(learner, function, column) for column in own]
    each = [one for found in saying for one in found] if all(saying) else []
    return [one for number, one in enumerate(each) if one not in each[:number]]


def worked_out(learner: Learner, function: Function) -> str:
    """The first that it works out of columns by an operator, as ``rows["Fare"] / rows["SibSp"]``; or nothing."""
    columns = {name for call in function.calls for name, _ in named_columns(call)}

    def is_column(node: ast.AST, names: Collection[str]) -> bool:
        if isinstance(node, ast.Subscript):
            return isinstance(getattr(node.slice, "value", None), str)
        return getattr(node, "attr", "") in columns or getattr(node, "id", "") in names

    nodes = [*ast.walk(learner.written(function) or ast.Module([], []))]
    assigned = [node for node in nodes if isinstance(node, ast.Assign)]
    names = {ast.unparse(node.targets[0]) for node in assigned if is_column(node.value, ())}
    for node in nodes:
        sides = (node.left, node.right) if isinstance(node, ast.BinOp) else ()
        if any(is_column(side, names) for side in sides):
            return shorten(ast.unparse(node), 60, placeholder=" …")
    return ""


def saying_it(learner: Learner, function: Function, column: tuple[str, ...]) -> list[Function]:
    """The functions on single values that a function calls, and that say this column of its own.

    Row by row, or once for each of its values.
    """
    values = [value for value in column if value not in _GAPS]
    found = []
    for one in _inside(learner, function):
        said = [value for value in as_texts(one.small_results) if value not in _GAPS]
        is_once_each = len(one.small_results) < len(column) and set(values) <= set(said)
        if is_once_each or _joined(values) in _joined(said) or Counter(values) == Counter(said):
            found.append(one)
    return found


def _joined(values: Sequence[str]) -> str:
    return "\0".join(["", *values, ""])


def _inside(learner: Learner, function: Function) -> list[Function]:
    return [one for one in learner.run.functions if (one.module, one.name) in function.inside]


def own_columns(learner: Learner, function: Function) -> Mapping[tuple[str, ...], str]:
    """Those that it computes and no function in it does, each with its name."""
    inside = _inside(learner, function)
    parts = [*inside, *learner.run.composed] if inside else []
    theirs = {column for one in parts for call in one.calls for column in _new_columns(call)}
    own = [item for call in function.calls for item in _new_columns(call).items()]
    return {column: name for column, name in own if column not in theirs}


def cut_off_columns(function: Function) -> Mapping[tuple[str, ...], str]:
    """Those of which it makes whole numbers, if it does nothing else: others do that on the way.

    What makes all columns of a table whole numbers, at the end of a chain, gives them a type.
    """
    if function.inside or any(map(_new_columns, function.calls)):
        return {}
    calls = [call for call in function.calls if not _is_all_whole(call)]
    return dict(item for call in calls for item in _new_columns(call, _exact).items())


def leaves_alone(function: Function, column: str) -> bool:
    """Whether it gives back a column of this name, always as it was given."""
    given_back = {name for call in function.calls for name, _ in tables_in(call.result)}
    new = {name for call in function.calls for name in _new_columns(call).values()}
    return column in given_back - new


def _is_all_whole(call: Call) -> bool:
    columns = [column for _, column in _made(call)]
    is_whole = (_is_finite(one) and int(one) == one for column in columns for one in column)
    return len(columns) > 1 and all(is_whole)


def as_texts(column: Iterable[Any]) -> tuple[str, ...]:
    """As texts, so that gaps are the same, and numbers that become whole: astype(int) is no job."""
    return tuple(str(int(float(one)) if _is_finite(one) else one) for one in listed(column))


def _exact(column: Iterable[Any]) -> tuple[str, ...]:
    """As texts, so that 1 and 1.0 are the same, but not 1.7 and 1."""
    return tuple(str(float(one) if _is_finite(one) else one) for one in column)


def _is_finite(value: Any) -> bool:
    """Whether it is a number, and no gap; an abstract class is asked last, since that takes long."""
    if isinstance(value, str):
        return False
    return isinstance(value, int | float | Real) and math.isfinite(value)


@cache
def _new_columns(
    call: Call, texts: Callable[[Iterable[Any]], tuple[str, ...]] = as_texts
) -> Mapping[tuple[str, ...], str]:
    """The columns that it gave back, as long as those it was given, with values of their own."""
    if any(hasattr(value, "predict") for value in call.arguments.values()):
        return {}
    # In whatever order: putting rows in another order is no job.
    given = {tuple(sorted(texts(column))) for _, column in named_columns(call)}
    lengths = {len(column) for column in given}
    made = {texts(column): name for name, column in _made(call)}
    return {
        column: name
        for column, name in made.items()
        if len(column) in lengths and tuple(sorted(column)) not in given
    }


def adds_column(call: Call, wanted: Sequence[object]) -> bool:
    """Whether the call gave back a column with these values that was in none of its arguments."""
    column = list(wanted)
    if any(given == column for _, given in given_columns(call)):
        return False
    return any(made == column for _, made in _made(call))


def functions_that_make(learner: Learner, *wanted: Sequence[object]) -> list[Function]:
    """The functions that add a column with such values, or give these back one by one."""
    return [
        function
        for function in learner.run.functions
        if any(adds_column(call, values) for call in function.calls for values in wanted)
        or any(_said(function, list(values)) for values in wanted)
    ]


def _said(function: Function, values: list[object]) -> bool:
    """Whether it gave these back one by one, perhaps between those of other columns."""
    said, size = function.small_results, len(values)
    starts = range(0, len(said) - size + 1, size or 1)
    return any(said[at : at + size] == values for at in starts)
