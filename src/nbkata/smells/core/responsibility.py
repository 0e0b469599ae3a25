"""One kind of work scattered over a notebook."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from astroid import nodes

from nbkata.smells.core.finding import Spot
from nbkata.smells.core.flow import Edit, Flow
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.syntax import Node, column, method, receiver, root, walk
from nbkata.smells.core.view import Step, View

# Places from which on a kind of work has no home.
_SCATTERED = 3

_WHAT = {
    "drop": ("columns are dropped", "Drop them once, in one place"),
    "fill": ("gaps are filled", "Fill them in one function"),
    "encode": ("values are encoded by map", "Encode them in one function, from a table"),
    "convert": ("types are converted", "Convert them once, where the data is read"),
    "rename": ("columns are renamed", "Rename them once, where the data is read"),
    "dropna": ("rows with gaps are dropped", "Drop them once, in one place"),
}


def duplicate_responsibility(view: View) -> Iterator[Spot]:
    """Dropping, filling or encoding in three places or more; each place is named."""
    places: dict[str, dict[int, Node]] = defaultdict(dict)
    group = 0
    previous: tuple[int, str] | None = None
    for step in view.steps:
        kind = _kind(view, step)
        if previous is not None and (step.block, kind) != previous:
            group += 1
        previous = (step.block, kind)
        if kind:
            places[kind].setdefault(step.block if view.has_cells else group, step.node)
    for kind, found in places.items():
        if len(found) < _SCATTERED:
            continue
        what, fix = _WHAT[kind]
        for key, node in found.items():
            where = _where(view, key, found)
            message = (
                f"{what} here and in {len(found) - 1} other places ({where}): to change how, all "
                f"of them must be found. {fix}."
            )
            yield view.spot(Smell.DUPLICATE_RESPONSIBILITY, node, message)


def _where(view: View, here: int, found: dict[int, Node]) -> str:
    """The first few of the other places."""
    others = [place for place in islice(found, _NAMED + 1) if place != here][:_NAMED]
    more = " …" if len(found) > _NAMED + 1 else ""
    if view.is_notebook:
        return "cells " + ", ".join(str(view.blocks[block].index) for block in others) + more
    return "lines " + ", ".join(str(found[other].lineno) for other in others) + more


# Other places that a message names.
_NAMED = 8


def _kind(view: View, step: Step) -> str:
    """The kind of work that a statement does on a frame, or nothing."""
    node = step.node
    if not isinstance(node, (nodes.Assign, nodes.Expr, nodes.AugAssign)):
        return ""
    flow = view.once(Flow)
    edits = [e for e in flow.edits_by_block.get(step.block, []) if e.step.node is node]
    if edits and edits[0].how == "masked" and {"isnull", "isna"} & _asked(node):
        return "fill"
    if not isinstance(node.value, nodes.Call):
        return ""
    names = {method(call) for call in _calls(node.value)}
    if "fillna" in names and (root(node.value) in flow.frames or edits):
        return "fill"
    return _kind_of_edit(view, node.value, edits[0], names) if edits else ""


def _kind_of_edit(view: View, value: nodes.Call, edit: Edit, names: set[str]) -> str:
    if "map" in names and any(_is_mapping(view, call) for call in _calls(value)):
        return "encode"
    for found in ("dropna", "drop", "rename"):
        if found in names:
            return found
    if "fit_transform" in names and edit.how == "store":
        return "encode"
    return "convert" if _converts(value, edit.column) else ""


def _converts(value: nodes.Call, written: str | None) -> bool:
    """``df['a'] = df['a'].astype(…)``: a condition turned into 0 and 1 is no conversion."""
    if method(value) in {"to_datetime", "to_numeric"}:
        return True
    return method(value) == "astype" and column(receiver(value)) == (written or "")


def _asked(node: Node) -> set[str]:
    return {part.attrname for part in walk(node) if isinstance(part, nodes.Attribute)}


def _calls(value: Node) -> Iterator[nodes.Call]:
    """The calls of a chain, from the last back to the first."""
    while value is not None:
        if isinstance(value, nodes.Call):
            yield value
            value = receiver(value)
        elif isinstance(value, (nodes.Attribute, nodes.Subscript)):
            value = value.expr if isinstance(value, nodes.Attribute) else value.value
        else:
            return


def _is_mapping(view: View, call: nodes.Call) -> bool:
    if method(call) != "map" or not call.args:
        return False
    given = call.args[0]
    if isinstance(given, nodes.Name):
        return any(
            isinstance(getattr(place.parent, "value", None), nodes.Dict)
            for place in view.writes.get(given.name, ())
        )
    return isinstance(given, nodes.Dict)
