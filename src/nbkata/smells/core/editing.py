"""Frames edited from cell to cell, and cells that give something else when run again."""

import re
from collections.abc import Iterator

from astroid import nodes

from nbkata.smells.core.finding import Spot
from nbkata.smells.core.flow import Edit, Flow, ancestors, bindings, reads_column, reads_name
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.syntax import (
    Node,
    column,
    dotted,
    is_true,
    keyword,
    method,
    receiver,
    root,
    text_of,
    walk,
)
from nbkata.smells.core.view import Step, View

_DIFFERS = frozenset({"shift", "diff", "pct_change", "cumsum", "cumprod", "transpose"})
_NUMERIC = frozenset({"log", "log1p", "log10", "log2", "sqrt", "exp", "expm1", "square", "power"})
_GROWS_ARRAYS = {
    **dict.fromkeys("append insert concatenate vstack hstack column_stack".split(), "adds to"),
    "delete": "deletes from",
}
_GROWS = frozenset("append appendleft extend insert pop popleft remove reverse".split())


def mutated_shared_frame(view: View) -> Iterator[Spot]:
    """A frame of another cell edited here; one finding a cell and frame."""
    if not view.has_cells:
        return
    flow = view.once(Flow)
    homes = flow.homes()
    for edits in flow.edits_by_block.values():
        reported = set()
        for edit in edits:
            if edit.frame in reported or not flow.is_from_elsewhere(edit, homes):
                continue
            reported.add(edit.frame)
            what = f"column {edit.column} of {edit.frame}" if edit.column else edit.frame
            message = (
                f"{what} is changed here, in a frame that another cell made: what {edit.frame} "
                "holds depends on which cells ran, and how often. "
                "Turn this into a function that returns a new frame."
            )
            yield view.spot(Smell.MUTATED_SHARED_FRAME, edit.step.node, message)


def not_idempotent(view: View) -> Iterator[Spot]:
    """The first place of a cell that gives something else, or raises, when the cell runs again."""
    if not view.has_cells:
        return
    for position, block in enumerate(view.blocks):
        moved = [
            (line, text)
            for line, text in block.python.magics
            if re.match(r"%?cd\s+(-q\s+)?\.\.?(/|\s|$)", text)
        ]
        if moved:
            yield Spot(Smell.NOT_IDEMPOTENT, block.first + moved[0][0] - 1, _MOVES)
            continue
        edits = view.once(Flow).edits_by_block.get(position, [])
        for step, why in _changes(view, edits, view.steps_by_block.get(position, [])):
            message = (
                f"run a second time, this cell {why}. "
                "Write the result under a new name, made from what this cell does not change."
            )
            yield view.spot(Smell.NOT_IDEMPOTENT, step.node, message)
            break


_MOVES = (
    "run a second time, this changes to yet another folder, and every path after it breaks. "
    "Use paths that start from one fixed place."
)


def _changes(view: View, edits: list[Edit], steps: list[Step]) -> Iterator[tuple[Step, str]]:
    fresh: set[str] = set()
    fresh_columns: set[tuple[str, str]] = set()
    by_step: dict[int, list[Edit]] = {}
    for edit in edits:
        by_step.setdefault(id(edit.step.node), []).append(edit)
    banded = _banded(edits)
    for step in steps:
        node = step.node
        names = [edit for edit in by_step.get(id(node), []) if edit.frame not in fresh]
        yield from _store_changes(step, names)
        for edit in names:
            key = (edit.frame, edit.column or "")
            if edit.how == "store" and key not in fresh_columns and edit.column:
                why = _column_changes(edit, node)
                if why:
                    yield step, why
                if not reads_column(node.value, edit.frame, edit.column):
                    fresh_columns.add(key)
            elif key in banded and key not in fresh_columns:
                yield step, f"puts the bands of {edit.column} into bands again"
            elif edit.how == "delete":
                yield step, f"raises KeyError: the column of {edit.frame} is gone by then"
            elif edit.how == "inplace" and _method_changes(node.value):
                yield step, _method_changes(node.value)
        yield from _name_changes(view, step, fresh)
        for name, value in bindings(node):
            if not reads_name(value, name):
                fresh.add(name)


def _store_changes(step: Step, edits: list[Edit]) -> Iterator[tuple[Step, str]]:
    """``df[columns] = np.log1p(df[columns])``: columns that no literal names."""
    value = getattr(step.node, "value", None)
    targets = getattr(step.node, "targets", None) or [None]
    if not edits or not isinstance(value, nodes.Call) or column(targets[0]):
        return
    written = targets[0].as_string() if isinstance(targets[0], nodes.Subscript) else ""
    if method(value) in _NUMERIC and any(arg.as_string() == written for arg in value.args):
        yield step, f"takes the {method(value)} of {written} once more"


def _column_changes(edit: Edit, node: Node) -> str:
    """Why ``df['a'] = …df['a']…`` differs the second time."""
    if isinstance(node, nodes.AugAssign):
        return f"changes {edit.frame}['{edit.column}'] once more"
    value = node.value
    written = str(edit.column)
    if isinstance(value, nodes.Call):
        if _maps_to_others(value, edit.frame, written):
            return f"turns every {written} into NaN: the mapping knows the old values only"
        if method(value) in _NUMERIC and value.args and reads_column(value, edit.frame, written):
            return f"takes the {method(value)} of {written} once more"
        if method(value) in {"cut", "qcut"} and reads_column(value, edit.frame, written):
            return f"puts the bands of {written} into bands again"
    if isinstance(value, nodes.BinOp) and _is_operand(value, edit.frame, written):
        return f"computes {written} from its own result"
    return ""


def _maps_to_others(value: Node, frame: str, written: str) -> bool:
    """``df['a'].map({…})``, also with ``.astype(int)`` behind."""
    while isinstance(value, nodes.Call):
        on = receiver(value)
        if method(value) == "map" and on is not None and reads_column(on, frame, written):
            return bool(value.args) and isinstance(value.args[0], (nodes.Dict, nodes.Name))
        value = on
    return False


def _is_operand(value: Node, frame: str, written: str) -> bool:
    if isinstance(value, nodes.BinOp):
        return _is_operand(value.left, frame, written) or _is_operand(value.right, frame, written)
    return (
        isinstance(value, (nodes.Subscript, nodes.Attribute))
        and root(value) == frame
        and (column(value) == written or getattr(value, "attrname", "") == written)
    )


def _method_changes(call: Node) -> str:
    """Why a frame's method gives something else when its own result goes in."""
    name = method(call)
    if name == "drop" and text_of(keyword(call, "errors")) != "ignore":
        labels = [*call.args[:1], *filter(None, map(lambda k: keyword(call, k), _LABELS))]
        if labels and all(_is_literal(label) for label in labels):
            return "raises KeyError: what it drops is gone by then"
        for label in labels:
            places = getattr(getattr(label, "value", None), "attrname", "")
            if places in ("columns", "index") and isinstance(label, nodes.Subscript):
                what = "columns" if places == "columns" else "rows"
                return f"drops other {what}, that stand in these places by then"
    if name == "set_index" and call.args and _is_literal(call.args[0]):
        return "raises KeyError: the column is the index by then"
    if name == "join" and not keyword(call, "lsuffix") and not keyword(call, "rsuffix"):
        on = receiver(call)
        texts = isinstance(on, nodes.Const) or not call.args
        return "" if texts else "raises ValueError: the columns are there by then"
    if name == "merge" and any(keyword(call, on) for on in _KEYS):
        return "adds the same columns once more, under other names"
    if name == "reset_index" and not is_true(keyword(call, "drop")):
        return "adds an index column, or raises: the index is a column by then"
    if name in _DIFFERS:
        return f"applies {name} to its own result"
    return ""


_LABELS = ("columns", "labels", "index")
_KEYS = ("on", "left_on", "left_index")


def _is_literal(node: Node) -> bool:
    if isinstance(node, (nodes.List, nodes.Tuple, nodes.Set)):
        return all(isinstance(part, nodes.Const) for part in node.elts)
    return isinstance(node, nodes.Const)


def _name_changes(view: View, step: Step, fresh: set[str]) -> Iterator[tuple[Step, str]]:
    node = step.node
    if isinstance(node, nodes.AugAssign) and isinstance(node.target, nodes.AssignName):
        if node.target.name not in fresh and _is_known(view, node.target.name, step):
            yield step, f"changes {node.target.name} once more"
    for name, value in bindings(node):
        if name in fresh or not _is_known(view, name, step) or not reads_name(value, name):
            continue
        why = ""
        if isinstance(value, nodes.BinOp) and _has_operand(value, name):
            why = f"computes {name} from its own result"
        elif isinstance(value, nodes.Call) and root(value) == name:
            why = _method_changes(value) or _renames_again(view, value, name)
            if method(value).startswith("to_") and not value.func.expr.as_string().endswith(".dt"):
                why = why or f"converts {name} once more"
        elif isinstance(value, nodes.Call):
            why = _function_changes(view, value, name)
        elif root(value) == name and column(value) and name in view.once(Flow).frames:
            why = f"raises KeyError: {name} is the column by then"
        if why:
            yield step, why
    if isinstance(node, nodes.AugAssign) and isinstance(node.target, nodes.Subscript):
        name = root(node.target)  # of a dict or an array: edits of frames are known
        if name not in fresh | view.once(Flow).frames and _is_known(view, name, step):
            if name not in _loop_names(node):
                yield step, f"changes {node.target.as_string()} once more"
    if isinstance(node, (nodes.Expr, nodes.Assign)) and isinstance(node.value, nodes.Call):
        on = receiver(node.value)
        if method(node.value) in _GROWS and isinstance(on, nodes.Name):
            if on.name not in fresh and _holds_list(view, on.name, step):
                yield step, f"changes {on.name} once more"


def _loop_names(node: Node) -> set[str]:
    """The variables of the loops around a statement."""
    loops = [part for part in node.node_ancestors() if isinstance(part, nodes.For)]
    targets = (part for loop in loops for part in walk(loop.target))
    return {part.name for part in targets if isinstance(part, nodes.AssignName)}


def _renames_again(view: View, call: nodes.Call, name: str) -> str:
    """``rides = rides.rename(columns=names)``, with names made from the columns of rides."""
    made = keyword(call, "columns") if method(call) == "rename" else None
    used = {part.name for part in walk(made) if isinstance(part, nodes.Name)} if made else set()
    mentions = name in used or any(name in ancestors(view, one) for one in used)
    return f"makes new names from the new names of {name}" if mentions else ""


def _function_changes(view: View, call: nodes.Call, name: str) -> str:
    direct = [arg.name for arg in call.args if isinstance(arg, nodes.Name)]
    listed = call.args and isinstance(call.args[0], (nodes.List, nodes.Tuple))
    qualified = view.qualified(call.func)
    if qualified == "pandas.concat" and listed and _appends(call.args[0], name):
        return f"adds the same to {name} once more"
    if qualified.startswith("numpy.") and _grows(call, name):
        return f"{_GROWS_ARRAYS[method(call)]} {name} once more"
    if qualified.startswith("numpy.") and method(call) in _NUMERIC and name in direct:
        return f"takes the {method(call)} of {name} once more"
    if method(call) == "transform" and name in direct:
        return f"transforms {name} once more"
    if qualified == "pandas.merge" and direct[:1] == [name]:
        return _method_changes(call)
    if qualified == "pandas.get_dummies" and name in direct and keyword(call, "columns"):
        return "raises KeyError: the encoded columns are gone by then"
    return _own_function_changes(view, call, name) if name in direct else ""


def _own_function_changes(view: View, call: nodes.Call, name: str) -> str:
    """``rides = cleaned(rides)``, where ``cleaned`` drops a column of what it is given."""
    places = view.writes.get(dotted(call.func), [])
    function = next((p for p in reversed(places) if isinstance(p, nodes.FunctionDef)), None)
    if function is None:
        return ""
    names = [argument.name for argument in function.args.args or []]
    mine = {own for own, arg in zip(names, call.args) if getattr(arg, "name", "") == name}
    drops = (p for p in walk(function) if method(p) == "drop" and root(p) in mine)
    return next(filter(None, map(_method_changes, drops)), "")


def _grows(call: nodes.Call, name: str) -> bool:
    """``a = np.insert(a, …)``, ``a = np.vstack((a, row))``: an array made longer or shorter."""
    if method(call) not in _GROWS_ARRAYS or not call.args:
        return False
    first = call.args[0]
    if isinstance(first, (nodes.List, nodes.Tuple)):
        return _appends(first, name)
    return isinstance(first, nodes.Name) and first.name == name and len(call.args) > 1


def _appends(parts: Node, name: str) -> bool:
    others = [p for p in parts.elts if not (isinstance(p, nodes.Name) and p.name == name)]
    return len(others) < len(parts.elts) and bool(others)


def _has_operand(value: Node, name: str) -> bool:
    if isinstance(value, nodes.BinOp):
        return _has_operand(value.left, name) or _has_operand(value.right, name)
    return isinstance(value, nodes.Name) and value.name == name


def _is_known(view: View, name: str, step: Step) -> bool:
    """Whether an earlier cell binds the name."""
    return any(view.position(place) < step.block for place in view.writes.get(name, ()))


def _holds_list(view: View, name: str, step: Step) -> bool:
    return any(
        view.position(place) < step.block
        and isinstance(getattr(place.parent, "value", None), (nodes.List, nodes.ListComp))
        for place in view.writes.get(name, ())
    )


def _banded(edits: list[Edit]) -> set[tuple[str, str]]:
    """Columns that two or more masked stores overwrite by the column's own size."""
    counts: dict[tuple[str, str], int] = {}
    for edit in edits:
        node = edit.step.node
        if edit.how != "masked" or not edit.column or not isinstance(node, nodes.Assign):
            continue  # ``+= 1`` is masked too, but overwrites nothing
        if isinstance(node.value, nodes.Const):
            if reads_column(node.targets[0].slice, edit.frame, edit.column):
                key = (edit.frame, edit.column)
                counts[key] = counts.get(key, 0) + 1
    return {key for key, count in counts.items() if count > 1}
