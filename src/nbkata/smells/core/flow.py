"""What a cell reads and writes: names, columns, and where a frame was last made afresh."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from astroid import nodes

from nbkata.dataflow.core.frames import INDEXERS, frame_names
from nbkata.smells.core.syntax import Node, column, is_true, keyword, root, walk
from nbkata.smells.core.view import Step, View

# Attributes that are no column: what is written to them still changes the frame.
_AXES = frozenset({"columns", "index", "name", "attrs", "style"})
_IN_PLACE_ALWAYS = frozenset({"pop", "insert", "update"})


@dataclass(frozen=True, slots=True)
class Edit:
    """A statement that changes a frame made before: in place, or by a narrower one of its name."""

    step: Step
    frame: str  # the name in the code; for a loop's variable, one of the frames that it goes over
    column: str | None  # the column that is written, where one is named
    how: str  # ``store``, ``masked``, ``chained``, ``inplace``, ``delete`` or ``rebind``


class Flow:
    """Facts about frames and names that several families ask for."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.frames = frame_names(view.parsed, series=True).names
        self._members = dict(_loop_members(view))
        self.edits = list(self._edits())
        self.edits_by_block: dict[int, list[Edit]] = defaultdict(list)
        for edit in self.edits:
            self.edits_by_block[edit.step.block].append(edit)

    def homes(self) -> dict[str, list[tuple[int, int]]]:
        """For each frame, the (line, block) of every statement that makes it afresh."""
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for step in self.view.steps:
            for name, value in bindings(step.node):
                if not reads_name(value, name):
                    found[name].append((step.node.lineno, step.block))
        return found

    def is_from_elsewhere(self, edit: Edit, homes: dict[str, list[tuple[int, int]]]) -> bool:
        """Whether the frame was made in another cell than the one that edits it."""
        made = homes.get(edit.frame, [])
        before = bisect_right(made, edit.step.node.lineno, key=lambda home: home[0])
        return before == 0 or made[before - 1][1] != edit.step.block

    def _edits(self) -> Iterator[Edit]:
        for step in self.view.steps:
            node = step.node
            if isinstance(node, (nodes.Assign, nodes.AugAssign)):
                targets = node.targets if isinstance(node, nodes.Assign) else [node.target]
                for target in targets:
                    yield from self._stores(step, target)
                if isinstance(node, nodes.Assign):
                    yield from self._rebinds(step)
            elif isinstance(node, nodes.Delete):
                for target in node.targets:
                    if isinstance(target, nodes.Subscript) and self._frame(target):
                        yield Edit(step, self._frame(target), column(target), "delete")
            elif isinstance(node, nodes.Expr) and isinstance(node.value, nodes.Call):
                yield from self._calls(step, node.value)

    def _stores(self, step: Step, target: Node) -> Iterator[Edit]:
        if isinstance(target, nodes.AssignAttr) and isinstance(target.expr, nodes.Name):
            if self._frame(target.expr):
                written = None if target.attrname in _AXES else target.attrname
                yield Edit(step, self._frame(target.expr), written, "store")
            return
        if not isinstance(target, nodes.Subscript) or not self._frame(target):
            return
        value = target.value
        if isinstance(value, nodes.Attribute) and value.attrname in INDEXERS:
            how = "chained" if isinstance(value.expr, nodes.Subscript) else "masked"
            yield Edit(step, self._frame(target), _last_column(target), how)
        elif isinstance(value, (nodes.Subscript, nodes.Attribute)):
            written = column(value) or getattr(value, "attrname", None)
            yield Edit(step, self._frame(target), written, "chained")
        elif isinstance(value, nodes.Name):
            yield Edit(step, self._frame(target), column(target), "store")

    def _rebinds(self, step: Step) -> Iterator[Edit]:
        for name, value in bindings(step.node):
            narrowed = isinstance(value, (nodes.Call, nodes.Subscript)) and root(value) == name
            if name in self.frames and (narrowed or self._is_remade(value, name)):
                yield Edit(step, name, None, "rebind")

    def _is_remade(self, value: Node, name: str) -> bool:
        """``df = pd.get_dummies(df)``: a function of pandas, with the frame itself given to it."""
        if not isinstance(value, nodes.Call):
            return False
        given = [part for arg in value.args for part in getattr(arg, "elts", [arg])]
        return self.view.qualified(value.func).startswith("pandas.") and any(
            isinstance(part, nodes.Name) and part.name == name for part in given
        )

    def _calls(self, step: Step, call: nodes.Call) -> Iterator[Edit]:
        if not self._frame(call) or not isinstance(call.func, nodes.Attribute):
            return
        if is_true(keyword(call, "inplace")):
            on_column = isinstance(call.func.expr, nodes.Subscript)
            written = column(call.func.expr) if on_column else None
            yield Edit(step, self._frame(call), written, "inplace")
        elif call.func.attrname in _IN_PLACE_ALWAYS and isinstance(call.func.expr, nodes.Name):
            yield Edit(step, self._frame(call), None, "inplace")

    def _frame(self, node: Node) -> str:
        name = root(node)
        if name in self._members:
            return self._members[name]
        return name if name in self.frames else ""


def bindings(node: Node) -> Iterator[tuple[str, Node]]:
    """Each name that an assignment binds, with its value; for ``a, b = f()``, the whole value."""
    if isinstance(node, nodes.Assign):
        for target in node.targets:
            yield from _bound(target, node.value)
    elif isinstance(node, nodes.AnnAssign) and node.value is not None:
        yield from _bound(node.target, node.value)


def _bound(target: Node, value: Node) -> Iterator[tuple[str, Node]]:
    if isinstance(target, nodes.AssignName):
        yield target.name, value
    elif isinstance(target, nodes.Tuple):
        same = isinstance(value, nodes.Tuple) and len(value.elts) == len(target.elts)
        values = value.elts if same else [value] * len(target.elts)
        for part, own in zip(target.elts, values, strict=True):
            if isinstance(part, nodes.AssignName):
                yield part.name, own


def reads_name(value: Node, name: str) -> bool:
    """Whether the name occurs in an expression."""
    return any(isinstance(part, nodes.Name) and part.name == name for part in walk(value))


def reads_column(value: Node, frame: str, written: str) -> bool:
    """Whether ``frame['written']`` or ``frame.written`` occurs in an expression."""
    for part in walk(value):
        if isinstance(part, nodes.Subscript) and root(part) == frame and column(part) == written:
            return True
        if isinstance(part, nodes.Attribute) and part.attrname == written and root(part) == frame:
            return True
    return False


def _last_column(target: nodes.Subscript) -> str | None:
    if isinstance(target.slice, nodes.Tuple) and target.slice.elts:
        last = target.slice.elts[-1]
        return str(last.value) if isinstance(last, nodes.Const) else None
    return None


def _loop_members(view: View) -> Iterator[tuple[str, str]]:
    """``for dataset in [train, test]``: the loop's variable stands for these frames."""
    lists = {}
    for node in view.all(nodes.Assign):
        for name, value in bindings(node):
            if isinstance(value, (nodes.List, nodes.Tuple)):
                lists[name] = value
    for node in view.all(nodes.For):
        over = lists.get(node.iter.name) if isinstance(node.iter, nodes.Name) else node.iter
        if isinstance(over, (nodes.List, nodes.Tuple)) and isinstance(
            node.target, nodes.AssignName
        ):
            names = [part.name for part in over.elts if isinstance(part, nodes.Name)]
            if names and len(names) == len(over.elts):
                yield node.target.name, names[0]


def ancestors(view: View, name: str) -> set[str]:
    """The names that a name is computed from, directly and further back."""
    known = view.once(_known_ancestors)
    if name in known:
        return known[name]
    depends = view.once(dependencies)
    found: set[str] = set()
    todo = [name]
    while todo:
        for other in depends.get(todo.pop(), ()):
            if other not in found:
                found.add(other)
                todo.append(other)
    known[name] = found
    return found


def _known_ancestors(view: View) -> dict[str, set[str]]:
    """Filled as they are asked for."""
    del view
    return {}


def dependencies(view: View) -> dict[str, set[str]]:
    """For each name bound at the top, the names in all the values that it was ever given."""
    known: dict[str, set[str]] = defaultdict(set)
    for step in view.steps:
        for name, value in bindings(step.node):
            known[name] |= {p.name for p in walk(value) if isinstance(p, nodes.Name)}
    return known
