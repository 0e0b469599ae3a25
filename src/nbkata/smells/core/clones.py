"""The same shape again: clones by normalised tree, names and literals aside.

Windows of neighbouring statements are hashed (Baxter 1998), so the work is linear. Names are
abstracted, also a class that is called, with its arguments: a model cell keeps its shape with
another model in it. Methods, keywords and functions stay: they are what the code does.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from astroid import nodes

from nbkata.smells.core.finding import Spot
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.syntax import Node, blocks_of
from nbkata.smells.core.view import View

_STATEMENTS = 4
# Below this many nodes, four statements are alike by chance.
_NODES = 20
_NODES_IN_MODULE = 80
_STATEMENTS_IN_MODULE = 6
_NODES_IN_REPEAT = 9
# An object counts the same however many options it is made with: its copies may have others.
_NODES_IN_AN_OBJECT = 5
_REPEAT = (
    "the same statement again and again, names and numbers aside: what differs is data. "
    "Write it as a table, and go through that in one place."
)
_STATEMENTS_OF_A_CELL = (2, 3)
_NODES_OF_A_CELL = 15
_NODES_OF_A_LONG_CELL = 30
_COPIES_OF_A_CELL = 3
_SAME_CELL = (
    "the same cell as cell{} {}, names and numbers aside: a mistake fixed here stays there. "
    "Extract one function, and pass in what differs."
)
_TRIVIAL = (nodes.Import, nodes.ImportFrom, nodes.Pass, nodes.Global, nodes.Break, nodes.Continue)


@dataclass(frozen=True, slots=True)
class _Line:
    """A simple statement, or the head of a compound one."""

    node: Node
    key: int
    nodes: int
    statements: int  # 1; a definition counts with its body


@dataclass(frozen=True, slots=True)
class _Passage:
    body: int
    start: int
    end: int


def duplicate_code(view: View) -> Iterator[Spot]:
    """Four statements or more that stand at least twice, each place with the others named."""
    cells = [list(_lines(steps)) for steps in _tops(view)]
    functions = view.all(nodes.FunctionDef, nodes.AsyncFunctionDef)
    bodies = [*cells, *(list(_lines(function.body)) for function in functions)]
    least = (_STATEMENTS, _NODES) if view.has_cells else (_STATEMENTS_IN_MODULE, _NODES_IN_MODULE)
    places: dict[tuple[int, ...], list[_Passage]] = defaultdict(list)
    for number, body in enumerate(bodies):
        for start in range(len(body)):
            window = _window(body, start, least)
            if window is not None:
                key = tuple(line.key for line in body[start:window])
                places[key].append(_Passage(number, start, window))
    twins = {key: found for key, found in places.items() if _apart(found)}
    spots = list(_spots(view, bodies, twins))
    yield from spots
    lines = {line for spot in spots for line in range(spot.line, spot.end_line + 1)}
    for spot in _same_cells(view, cells) if view.has_cells else ():
        if spot.line not in lines:
            lines |= set(range(spot.line, spot.end_line + 1))
            yield spot
    for spot in _filters(view):
        if spot.line not in lines:
            yield spot
    for body in bodies if view.has_cells else ():
        for first, last in _repeats(body):
            if first.lineno not in lines:
                yield view.spot(Smell.DUPLICATE_CODE, first, _REPEAT, last)


def _filters(view: View) -> Iterator[Spot]:
    """``(a == 1) | (a == 2) | …``: one comparison written out for each value."""
    for node in view.all(nodes.BinOp):
        if node.op != "|" or getattr(node.parent, "op", "") == "|":
            continue
        parts, asked = [node], []
        while parts:
            part = parts.pop()
            parts += [part.left, part.right] if getattr(part, "op", "") == "|" else []
            asked += [part] if isinstance(part, nodes.Compare) else []
        alike = [one for one in asked if [op for op, _ in one.ops] == ["=="]]
        left = {one.left.as_string() for one in alike}
        if len(alike) >= _STATEMENTS and len(left) == 1:
            message = (
                f"{left.pop()} is compared with {len(alike)} values, one by one: what differs is "
                "data. Write the values as a list, and ask with .isin()."
            )
            yield view.spot(Smell.DUPLICATE_CODE, node.statement(), message)


def _same_cells(view: View, cells: list[list[_Line]]) -> Iterator[Spot]:
    """Whole cells of two or three statements that stand three times: copied, though short.

    Twice is enough if they are long.
    """
    alike: dict[tuple[int, ...], list[list[_Line]]] = defaultdict(list)
    for body in cells:
        computes = any(isinstance(line.node, nodes.Assign) for line in body)
        short = sum(line.statements for line in body) in _STATEMENTS_OF_A_CELL
        if computes and short and sum(line.nodes for line in body) >= _NODES_OF_A_CELL:
            alike[tuple(line.key for line in body)].append(body)
    for found in alike.values():
        long = sum(line.nodes for line in found[0]) >= _NODES_OF_A_LONG_CELL
        for body in found if len(found) >= (2 if long else _COPIES_OF_A_CELL) else ():
            others = [view.position(other[0].node) for other in found if other is not body]
            names = ", ".join(str(view.blocks[cell].index) for cell in others[:_NAMED])
            message = _SAME_CELL.format("s" if len(others) > 1 else "", names)
            yield view.spot(Smell.DUPLICATE_CODE, body[0].node, message, body[-1].node)


def _spots(
    view: View, bodies: list[list[_Line]], twins: dict[tuple[int, ...], list[_Passage]]
) -> Iterator[Spot]:
    covered: dict[int, dict[int, tuple[int, ...]]] = defaultdict(dict)
    for key, found in twins.items():
        for place in found:
            for index in range(place.start, place.end):
                covered[place.body].setdefault(index, key)
    done: set[int] = set()
    for number, body in enumerate(bodies):
        for start, end in _stretches(covered.get(number, {})):
            first, last = body[start].node, body[end].node
            if first.lineno in done:
                continue
            done |= set(range(first.lineno, (last.end_lineno or last.lineno) + 1))
            others = _others(view, bodies, twins[covered[number][start]], first)
            message = (
                f"the same shape as {others}, names and numbers aside: a mistake fixed here "
                "stays there. Extract one function, and pass in what differs."
            )
            yield view.spot(Smell.DUPLICATE_CODE, first, message, last)


def _tops(view: View) -> Iterator[list[Node]]:
    """The statements of each cell."""
    for _, steps in sorted(view.steps_by_block.items()):
        yield [step.node for step in steps if step.depth == 0]


def _lines(body: list[Node]) -> Iterator[_Line]:
    """The statements in the order of the text, those inside compound ones among them."""
    for statement in body:
        if isinstance(statement, _TRIVIAL):
            continue  # alike everywhere
        blocks = blocks_of(statement)
        parts: list[str] = []
        head = [node for node in statement.get_children() if not any(node in b for b in blocks)]
        count = _serialise(statement, parts, head)
        if _is_plain(statement):  # nothing but its name tells it from others
            parts = [target.as_string() for target in statement.targets]
        statements = 1
        if isinstance(statement, _DEFINITIONS):
            statements += sum(line.statements for line in _lines(statement.body))
        yield _Line(statement, hash("\0".join(parts)), count, statements)
        for block in blocks:
            yield from _lines(block)


_DEFINITIONS = (nodes.FunctionDef, nodes.AsyncFunctionDef, nodes.ClassDef)


def _window(body: list[_Line], start: int, least: tuple[int, int]) -> int | None:
    """Where the shortest run from here ends that is long enough to count."""
    statements = size = 0
    for end in range(start, len(body)):
        statements += body[end].statements
        size += body[end].nodes
        if statements >= least[0] and size >= least[1]:
            return end + 1
    return None


def _apart(places: list[_Passage]) -> bool:
    """Whether two of them do not overlap."""
    first = places[0]
    return any(place.body != first.body or place.start >= first.end for place in places[1:])


def _repeats(body: list[_Line]) -> Iterator[tuple[Node, Node]]:
    """Runs of one shape, or of one group of shapes: a table written out as code."""
    keys = [line.key for line in body]
    start = 0
    while start < len(body):
        ends = (_end_of_run(keys, start, size) for size in (1, 2, 3))
        end = max((end for end in ends if _is_repeat(body[start:end])), default=start)
        if end > start:
            yield body[start].node, body[end - 1].node
        start = max(end, start + 1)


def _end_of_run(keys: list[int], start: int, size: int) -> int:
    """Where the last whole repetition of the first ``size`` keys ends."""
    end = start + size
    while keys[end : end + size] == keys[start : start + size] and end + size <= len(keys):
        end += size
    enough = end - start >= max(_STATEMENTS, _COPIES_OF_A_CELL * size)
    return end if enough else start


def _is_repeat(run: list[_Line]) -> bool:
    edits = any(isinstance(line.node, (nodes.Assign, nodes.AugAssign)) for line in run[:3])
    one = len({line.key for line in run}) == 1
    counted = run[:_STATEMENTS] if one else run
    return edits and sum(line.nodes for line in counted) >= _STATEMENTS * _NODES_IN_REPEAT


def _stretches(covered: dict[int, tuple[int, ...]]) -> Iterator[tuple[int, int]]:
    indexes = sorted(covered)
    start = previous = -1
    for index in indexes:
        if start >= 0 and index != previous + 1:
            yield start, previous
            start = -1
        start = index if start < 0 else start
        previous = index
    if start >= 0:
        yield start, previous


def _others(view: View, bodies: list[list[_Line]], places: list[_Passage], here: Node) -> str:
    mine = view.position(here)
    lines = (bodies[place.body][place.start].node.lineno for place in places)
    others = [line for line in islice(lines, _NAMED + 2) if line != here.lineno]
    if not view.is_notebook:
        return "line " + ", ".join(map(str, others[:_NAMED])) if others else "the lines around it"
    cells = sorted({view.position_of_line(line) for line in others} - {mine})
    if not cells:
        return "other lines of this cell"
    names = [str(view.blocks[cell].index) for cell in cells]
    more = " and more" if len(places) > _NAMED + 1 else ""
    return f"cell{'s' if len(names) > 1 else ''} {', '.join(names[:_NAMED])}{more}"


# Other places that a message names.
_NAMED = 8


def _is_plain(statement: Node) -> bool:
    """A constant under a name: alike everywhere."""
    return (
        isinstance(statement, nodes.Assign)
        and isinstance(statement.value, (nodes.Const, nodes.Name))
        and all(isinstance(target, nodes.AssignName) for target in statement.targets)
    )


def _serialise(node: Node, parts: list[str], children: list[Node] | None = None) -> int:
    """Append the normalised tree, or a statement's head; how many nodes it has."""
    parts.append(type(node).__name__)
    if isinstance(node, nodes.Const) or _is_literal(node):
        parts[-1] = "literal"
        return 1
    if isinstance(node.parent, nodes.Call) and _is_operand(node):
        parts[-1] = "operand"
        return 2
    if isinstance(node, nodes.Call) and _is_class(node.func):
        parts.append("an object")
        return _NODES_IN_AN_OBJECT
    if isinstance(node, nodes.Call) and isinstance(node.func, nodes.Name):
        parts.append(node.func.name)
    elif isinstance(node, nodes.Attribute):
        parts.append(node.attrname)
    elif isinstance(node, nodes.Keyword):
        parts.append(str(node.arg))
    elif isinstance(node, (nodes.BinOp, nodes.AugAssign, nodes.UnaryOp, nodes.BoolOp)):
        parts.append(node.op)
    elif isinstance(node, nodes.Compare):
        parts.extend(operator for operator, _ in node.ops)
    parts.append("(")
    children = list(node.get_children()) if children is None else children
    if getattr(getattr(node, "func", None), "attrname", "") == "fit":
        children = [node.func]  # how a model is fitted is data, as the model's own options are
    count = 1 + sum(_serialise(child, parts) for child in children)
    parts.append(")")
    return count


def _is_literal(node: Node) -> bool:
    if isinstance(node, (nodes.List, nodes.Tuple, nodes.Set, nodes.Dict)):
        return all(isinstance(part, nodes.Const) for part in node.get_children())
    return isinstance(node, nodes.UnaryOp) and isinstance(node.operand, nodes.Const)


def _is_operand(node: Node) -> bool:
    """``fares`` or ``fares[-1]``, given to a call."""
    while isinstance(node, nodes.Subscript) and isinstance(
        node.slice, (nodes.Const, nodes.UnaryOp)
    ):
        node = node.value
    return isinstance(node, nodes.Name) and node is not getattr(node.parent, "func", None)


def _is_class(node: Node) -> bool:
    name = str(getattr(node, "attrname", None) or getattr(node, "name", ""))
    return name[:1].isupper()
