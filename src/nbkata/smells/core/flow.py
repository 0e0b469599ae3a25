"""What a cell reads and writes: names, columns, and where a frame was last made afresh."""

import ast
import functools
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from astroid import nodes

from nbkata.dataflow.core.columns import FrameEdit, Frames, How, frame_edits, with_frames
from nbkata.dataflow.core.frames import FrameNames, frame_names
from nbkata.smells.core.syntax import Node, column, root, walk
from nbkata.smells.core.view import Step, View


@dataclass(frozen=True, slots=True)
class Edit:
    """A statement that changes a frame made before: in place, or by a narrower one of its name."""

    step: Step
    frame: str  # the name in the code; for a loop's variable, one of the frames that it goes over
    column: str | None  # the column that is written, where one is named
    how: How


class Flow:
    """Facts about frames and names that several families ask for."""

    def __init__(self, view: View) -> None:
        self.view = view
        known = frame_names(view.parsed, series=True, given=view.parameters)
        self.frames = known.names
        # A list or a text of one cell may be another in the next: only loops are believed.
        self._named = Frames(known, members=with_frames(Frames(known), view.parsed).members)
        self._writers = _writers(view.parsed)
        self._statements = {
            (node.lineno, node.col_offset, type(node).__name__): node
            for node in ast.walk(view.parsed)
            if isinstance(node, ast.stmt)
        }
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

    def frame_edits(self, node: Node) -> Iterator[FrameEdit]:
        """What a statement, be it in a function, changes of frames."""
        statement = self._parsed(node)
        return frame_edits(statement, self._named) if statement else iter(())

    def _parsed(self, node: Node) -> ast.stmt | None:
        return self._statements.get((node.lineno, node.col_offset, type(node).__name__))

    def _edits(self) -> Iterator[Edit]:
        for step in self.view.steps:
            node = step.node
            for edit in self.frame_edits(node):
                column_ = edit.columns[0] if len(edit.columns) == 1 else None
                yield Edit(step, edit.frames[0], column_, edit.how)
            for name in self._written_by_call(self._parsed(node)):
                yield Edit(step, name, None, How.STORE)
            if isinstance(node, nodes.Assign):
                yield from self._rebinds(step)

    def _written_by_call(self, statement: ast.stmt | None) -> Iterator[str]:
        """``total = update(table)``: frames that a function of the notebook's own is given and writes into."""
        match statement:
            case ast.Expr(value=ast.Call() as call) | ast.Assign(value=ast.Call() as call):
                yield from (name for name in _written(call, self._writers) if name in self.frames)

    def _rebinds(self, step: Step) -> Iterator[Edit]:
        for name, value in bindings(step.node):
            narrowed = isinstance(value, (nodes.Call, nodes.Subscript)) and root(value) == name
            if name in self.frames and (narrowed or self._is_remade(value, name)):
                yield Edit(step, name, None, How.REBIND)

    def _is_remade(self, value: Node, name: str) -> bool:
        """``df = pd.get_dummies(df)``: a function of pandas, with the frame itself given to it."""
        if not isinstance(value, nodes.Call):
            return False
        given = [part for arg in value.args for part in getattr(arg, "elts", [arg])]
        return self.view.qualified(value.func).startswith("pandas.") and any(
            isinstance(part, nodes.Name) and part.name == name for part in given
        )


def _writers(tree: ast.Module) -> dict[str, frozenset[int]]:
    """The functions that write into what they are given, with the places of those parameters.

    Also through another of them, if it is defined above.
    """
    known: dict[str, frozenset[int]] = {}
    for function in tree.body:
        if not isinstance(function, ast.FunctionDef):
            continue
        inside = list(ast.walk(function))
        given = [argument.arg for argument in function.args.args]
        calls: dict[ast.AST, set[str]] = {
            node: set(_written(node, known)) for node in inside if isinstance(node, ast.Call)
        }
        passed_on = set[str]().union(*calls.values())
        kept = {
            target
            for node in inside
            if isinstance(node, ast.Assign) and calls.get(node.value)
            for target in node.targets
        }
        made = {
            n.id
            for n in inside
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store) and n not in kept
        }
        frames = Frames(FrameNames(series=True, names=frozenset(given) - made))
        written = {edit.frames[0] for node in inside for edit in frame_edits(node, frames)}
        written |= passed_on & set(given) - made
        known[function.name] = frozenset(map(given.index, written))
    return known


def _written(call: ast.Call, writers: Mapping[str, frozenset[int]]) -> Iterator[str]:
    """The names that a call of a function of the notebook's own writes into."""
    places = writers.get(call.func.id, ()) if isinstance(call.func, ast.Name) else ()
    for number, given in enumerate(call.args):
        if number in places and isinstance(given, ast.Name):
            yield given.id


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


def ancestors(view: View, name: str) -> set[str]:
    """The names that a name is computed from, directly and further back."""
    return view.once(_ancestry)(name)


def _ancestry(view: View) -> Callable[[str], set[str]]:
    """A function that remembers its answers."""
    depends: dict[str, set[str]] = defaultdict(set)
    for step in view.steps:
        for name, value in bindings(step.node):
            depends[name] |= {p.name for p in walk(value) if isinstance(p, nodes.Name)}

    @functools.cache
    def ancestors_of(name: str) -> set[str]:
        found: set[str] = set()
        todo = [name]
        while todo:
            new = depends.get(todo.pop(), set()) - found
            found |= new
            todo += new
        return found

    return ancestors_of
