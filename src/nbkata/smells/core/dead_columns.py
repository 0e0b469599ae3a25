"""Columns that nothing reads."""

from collections import defaultdict
from collections.abc import Iterator

from astroid import nodes

from nbkata.dataflow.core.columns import How
from nbkata.smells.core.flow import Flow, bindings
from nbkata.smells.core.mentions import is_needed_elsewhere
from nbkata.smells.core.syntax import Node, column, in_function, method, text_of
from nbkata.smells.core.view import View


def unread_columns(view: View) -> Iterator[tuple[Node, str]]:
    """A column written, perhaps from itself, and then dropped, with no other mention."""
    flow = view.once(Flow)
    made: dict[str, Node] = {}
    written: dict[str, list[Node]] = defaultdict(list)
    for node in view.all(nodes.Assign, nodes.AugAssign):
        for edit in flow.frame_edits(node):
            if len(edit.columns) == 1:
                written[edit.columns[0]].append(node)
                if edit.how == How.STORE:
                    made.setdefault(edit.columns[0], node)
    if not made:
        return
    dropped: dict[str, list[Node]] = defaultdict(list)
    mentioned: dict[str, int] = defaultdict(int)
    for node in view.all(nodes.Const):
        name = text_of(node)
        if name in made:
            drops = _drops(view, node)
            dropped[name] += drops
            if not drops and not _is_of_own_statement(node, written[name]):
                mentioned[name] += 1
    for node in view.all(nodes.Attribute):
        mentioned[node.attrname] += 1
    for name, node in made.items():
        inside = in_function(node)
        if mentioned[name] or is_needed_elsewhere(view, name):
            continue
        if any(inside in (None, in_function(drop)) for drop in dropped[name]):
            yield node, f"the column {name} is made, and dropped again unread"


def _drops(view: View, node: Node, names_between: int = 2) -> list[Node]:
    """Where what is named here is dropped, at once or by the name of its list; none if it is read."""
    around = node.parent
    while isinstance(around, (nodes.List, nodes.Tuple, nodes.Set, nodes.BinOp, nodes.Keyword)):
        around = around.parent
    if isinstance(around, nodes.Call) and around.func is not node:
        unread = isinstance(around.parent, nodes.Expr) and method(around) == "pop"
        return [around] if unread or method(around) == "drop" else []
    if isinstance(around, nodes.Subscript):
        return [around] if isinstance(around.parent, nodes.Delete) else []
    if isinstance(around, nodes.For):
        names = [getattr(around.target, "name", "")]
    else:
        names = [name for name, _ in bindings(around)]
    reads = [read for name in names for read in view.reads.get(name, ()) if names_between]
    found = [_drops(view, read, names_between - 1) for read in reads]
    return [drop for drops in found for drop in drops] if all(found) else []


def _is_of_own_statement(node: nodes.Const, writing: list[Node]) -> bool:
    """Whether the mention is the column's own writing: its target, or a value from itself."""
    return any(
        one.lineno <= node.lineno <= (one.end_lineno or 0) and _inside_subscript(node)
        for one in writing
    )


def _inside_subscript(node: nodes.Const) -> bool:
    around = node.parent
    if isinstance(around, nodes.Tuple) and around.elts[-1] is node:  # df.loc[rows, "Age"]
        return isinstance(around.parent, nodes.Subscript)
    return isinstance(around, nodes.Subscript) and column(around) == node.value
