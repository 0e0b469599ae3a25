"""pandas traps: code that runs and does not do what it says, or takes far too long."""

from collections.abc import Iterator

from astroid import nodes

from nbkata.dataflow.core.frames import INDEXERS
from nbkata.smells.core.finding import Spot
from nbkata.smells.core.flow import Flow
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.syntax import (
    Node,
    column,
    has_star_keywords,
    is_true,
    keyword,
    method,
    receiver,
    root,
    walk,
)
from nbkata.smells.core.view import View

_WRITES_BACK = frozenset({"fillna", "replace", "drop", "dropna", "clip", "interpolate", "update"})
_PURE = frozenset(
    """fillna dropna drop replace rename astype set_index reset_index drop_duplicates sort_values
    sort_index assign merge join round clip interpolate ffill bfill where mask""".split()
)
_LOST_EVEN_LAST = frozenset(
    "fillna dropna drop replace rename astype set_index reset_index".split()
)


def chained_assignment(view: View) -> Iterator[Spot]:
    """``df['Fare'][mask] = 100`` and ``df['Age'].fillna(0, inplace=True)``."""
    for edit in view.once(Flow).edits:
        if edit.how == "chained":
            yield _chained(view, edit.step.node, edit.frame, edit.column)
    for node in (*view.all(nodes.Assign), *view.all(nodes.AugAssign)):
        for target in getattr(node, "targets", None) or [node.target]:
            if _is_chained_in_function(view, target):
                yield _chained(view, node, root(target), column(target.value))
    for call in view.calls():
        on = receiver(call)
        if method(call) in _WRITES_BACK and is_true(keyword(call, "inplace")):
            if isinstance(on, nodes.Subscript) or _is_column_attribute(view, on):
                if root(call) not in view.aliases:
                    yield _chained(view, call, root(call), column(on))


def _chained(view: View, node: Node, frame: str, written: str | None) -> Spot:
    where = f"{frame}['{written}']" if written else frame
    message = (
        f"this writes to a copy of {where or 'a selection'}: pandas 3 leaves the frame as it was "
        "and says little or nothing. Write it in one step, with .loc or a plain assignment."
    )
    return view.spot(Smell.CHAINED_ASSIGNMENT, node, message)


def _is_chained_in_function(view: View, target: Node) -> bool:
    if not isinstance(target, nodes.Subscript) or isinstance(target.scope(), nodes.Module):
        return False
    if root(target) not in view.once(Flow).frames:
        return False
    value = target.value
    if isinstance(value, nodes.Attribute) and value.attrname in INDEXERS:
        return isinstance(value.expr, nodes.Subscript)
    return isinstance(value, nodes.Subscript)


def _is_column_attribute(view: View, on: Node | None) -> bool:
    frames = view.once(Flow).frames
    return (
        isinstance(on, nodes.Attribute)
        and isinstance(on.expr, nodes.Name)
        and on.expr.name in frames
    )


def row_iteration(view: View) -> Iterator[Spot]:
    """``iterrows``, ``apply`` over rows, and counting through ``range(len(df))``."""
    for call in view.calls():
        if method(call) == "iterrows" and receiver(call) is not None:
            yield _rows(view, call, "iterrows")
        elif method(call) == "itertuples" and receiver(call) is not None:
            yield _rows(view, call, "itertuples")
        elif method(call) in _BY_ROW and _is_over_rows(call):
            given = call.args[0] if call.args else keyword(call, "func")
            if method(call) == "apply" or isinstance(given, nodes.Lambda):
                yield _rows(view, call, f"{method(call)} over rows")
    for loop in view.all(nodes.For):
        frame = _counted_frame(view, loop) or _enumerated_frame(view, loop)
        if frame:
            yield _rows(view, loop, f"a loop over the rows of {frame}")


_BY_ROW = frozenset("apply agg aggregate transform".split())


def _rows(view: View, node: Node, what: str) -> Spot:
    message = (
        f"{what} runs Python once a row: on many rows it takes minutes, and it hides what is "
        "computed. Compute whole columns at once."
    )
    return view.spot(Smell.ROW_ITERATION, node, message)


def _is_over_rows(call: nodes.Call) -> bool:
    axis = keyword(call, "axis") or (call.args[1] if len(call.args) > 1 else None)
    return isinstance(axis, nodes.Const) and axis.value in (1, "columns")


def _counted_frame(view: View, loop: nodes.For) -> str:
    """The frame, for ``for i in range(len(df))`` with ``df.loc[i]`` or ``df['a'][i]`` inside."""
    counter = loop.iter
    if method(counter) != "range" or not isinstance(loop.target, nodes.AssignName):
        return ""
    frames = view.once(Flow).frames
    counted = {p.name for p in walk(counter) if isinstance(p, nodes.Name) and p.name in frames}
    counts_rows = any(
        method(p) == "len" or getattr(p, "attrname", "") == "shape" for p in walk(counter)
    )
    if not counts_rows:
        return ""
    for part in walk(loop):
        if isinstance(part, nodes.Subscript) and root(part) in counted:
            if any(getattr(p, "name", "") == loop.target.name for p in walk(part.slice)):
                return root(part)
    return ""


def _enumerated_frame(view: View, loop: nodes.For) -> str:
    """The frame, for ``for i, fare in enumerate(df.fare)`` with ``df.fare[i] = …`` inside."""
    counts = method(loop.iter) == "enumerate" and loop.iter.args
    given = loop.iter.args[0] if counts else loop.iter
    frame = root(given)
    by_index = isinstance(given, nodes.Attribute) and given.attrname == "index"
    if frame not in view.once(Flow).frames or not (by_index or (counts and _is_column(given))):
        return ""
    counters = {p.name for p in walk(loop.target) if isinstance(p, nodes.AssignName)}
    for part in walk(loop):
        for target in part.targets if isinstance(part, nodes.Assign) else ():
            if isinstance(target, nodes.Subscript) and root(target) == frame:
                if any(getattr(p, "name", "") in counters for p in walk(target.slice)):
                    return frame
    return ""


def _is_column(given: Node) -> bool:
    named = isinstance(given, nodes.Attribute) and given.attrname != "columns"
    return named or column(given) is not None


def nan_equality(view: View) -> Iterator[Spot]:
    """``== np.nan``: never true, not even for NaN itself."""
    for node in view.all(nodes.Compare):
        for operator, operand in node.ops:
            if operator in {"==", "!="} and (_is_nan(view, operand) or _is_nan(view, node.left)):
                always = "never" if operator == "==" else "always"
                message = (
                    f"nothing equals NaN, not even NaN: this is {always} true. "
                    "Ask with .isna() or .notna()."
                )
                yield view.spot(Smell.NAN_EQUALITY, node, message)


def _is_nan(view: View, node: Node) -> bool:
    name = view.qualified(node)
    if name in {"numpy.nan", "numpy.NaN", "numpy.NAN", "math.nan", "pandas.NA", "pandas.NaT"}:
        return True
    if isinstance(node, nodes.Call) and view.qualified(node.func) == "float" and node.args:
        return str(getattr(node.args[0], "value", "")).lower() == "nan"
    return False


def merge_unkeyed(view: View) -> Iterator[Spot]:
    """A merge that names no key, or neither ``how`` nor ``validate``."""
    frames = view.once(Flow).frames
    for call in view.calls():
        by_function = view.qualified(call.func) == "pandas.merge"
        by_method = method(call) == "merge" and root(call) in frames and not by_function
        if not (by_function or by_method) or has_star_keywords(call) or call.starargs:
            continue
        given = len(call.args) - (1 if by_function else 0)
        keyed = given > 2 or any(keyword(call, name) is not None for name in _KEYS)
        sure = given > 1 or any(keyword(call, name) is not None for name in ("how", "validate"))
        if keyed and sure:
            continue
        what = (
            "this merge names no key" if not keyed else "this merge says neither how nor validate"
        )
        message = (
            f"{what}: rows are lost or doubled without a word when the data change. "
            "Write on=, how= and validate=."
        )
        yield view.spot(Smell.MERGE_UNKEYED, call, message)


_KEYS = ("on", "left_on", "right_on", "left_index", "right_index")


def result_discarded(view: View) -> Iterator[Spot]:
    """``df.fillna(0)`` alone on a line: the frame stays as it was."""
    frames = view.once(Flow).frames
    for node in view.all(nodes.Expr):
        if isinstance(node.parent, nodes.Module) or not isinstance(node.scope(), nodes.Module):
            last = view.last_statement.get(view.position(node))
        else:
            last = None
        is_last = view.has_cells and last is node
        what = _lost(node.value, frames, is_last)
        if not what and _shows_nothing(view, node):
            message = "shows nothing here: of a cell, only the last line is shown. Delete it."
            yield view.spot(Smell.RESULT_DISCARDED, node, f"{node.as_string()} {message}")
        if what:
            message = (
                f"{what} returns a new object and nobody keeps it: nothing is changed. "
                "Assign the result, or delete the line."
            )
            yield view.spot(Smell.RESULT_DISCARDED, node, message)


def _shows_nothing(view: View, node: nodes.Expr) -> bool:
    """``df.head()`` in the middle of a cell of a notebook that shows last values only."""
    if not view.has_cells or view.once(_shows_every_value):
        return False
    if not isinstance(node.scope(), nodes.Module):
        return False
    if method(node.value) not in _LOOKS:
        return False
    last = view.last_statement.get(view.position(node))
    prints = method(node.value) == "summary" and not any(
        name.startswith("statsmodels") for name in view.aliases.values()
    )
    return last is not node and receiver(node.value) is not None and not prints


_LOOKS = frozenset("head tail describe sample value_counts nunique isnull isna summary".split())


def _shows_every_value(view: View) -> bool:
    return any("ast_node_interactivity" in block.source for block in view.blocks)


def _lost(value: Node, frames: frozenset[str], is_last: bool) -> str:
    if isinstance(value, nodes.Call):
        name = method(value)
        names = _LOST_EVEN_LAST if is_last else _PURE
        on = receiver(value)
        if name not in names or on is None or root(value) not in frames:
            return ""
        if is_true(keyword(value, "inplace")) or has_star_keywords(value):
            return ""
        return f"{name}()"
    if is_last or root(value) not in frames:
        return ""
    if isinstance(value, nodes.Subscript) and isinstance(value.value, nodes.Attribute):
        return f"{value.value.attrname}[…]" if value.value.attrname in INDEXERS else ""
    return ""
