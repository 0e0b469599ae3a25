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
_NODES = 26
_NODES_IN_MODULE = 60
_NODES_IN_REPEAT = 10
_REPEAT = (
    "the same statement again and again, names and numbers aside: what differs is data. "
    "Write it as a table, and go through that in one place."
)
_STATEMENTS_OF_A_CELL = (2, 3)
_NODES_OF_A_CELL = 15
_COPIES_OF_A_CELL = 3
_SAME_CELL = (
    "the same cell as cells {}, names and numbers aside: a mistake fixed here stays there. "
    "Extract one function, and pass in what differs."
)
_TRIVIAL = (nodes.Import, nodes.ImportFrom, nodes.Pass, nodes.Global, nodes.Break, nodes.Continue)


@dataclass(frozen=True, slots=True)
class _Shape:
    key: int
    nodes: int
    statements: int


@dataclass(frozen=True, slots=True)
class _Passage:
    body: int
    start: int
    end: int


def duplicate_code(view: View) -> Iterator[Spot]:
    """Four statements or more that stand at least twice, each place with the others named."""
    bodies = [body for body in _bodies(view) if len(body) > 0]
    shapes = [[_shape(statement) for statement in body] for body in bodies]
    least = _NODES if view.has_cells else _NODES_IN_MODULE
    places: dict[tuple[int, ...], list[_Passage]] = defaultdict(list)
    for number, body in enumerate(shapes):
        for start in range(len(body)):
            window = _window(body, start, least)
            if window is not None:
                key = tuple(shape.key for shape in body[start:window])
                places[key].append(_Passage(number, start, window))
    twins = {key: found for key, found in places.items() if _apart(found)}
    spots = list(_spots(view, bodies, twins))
    yield from spots
    lines = {line for spot in spots for line in range(spot.line, spot.end_line + 1)}
    for spot in _same_cells(view) if view.has_cells else ():
        if spot.line not in lines:
            lines |= set(range(spot.line, spot.end_line + 1))
            yield spot
    for spot in _filters(view):
        if spot.line not in lines:
            yield spot
    for statements, kinds in zip(bodies, shapes, strict=True):
        for start, end in _repeats(kinds, statements) if view.has_cells else ():
            first = statements[start]
            if first.lineno not in lines:
                yield view.spot(Smell.DUPLICATE_CODE, first, _REPEAT, statements[end - 1])


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


def _same_cells(view: View) -> Iterator[Spot]:
    """Whole cells of two or three statements that stand three times: copied, though short."""
    alike: dict[tuple[int, ...], list[list[Node]]] = defaultdict(list)
    for steps in view.steps_by_block.values():
        body = [step.node for step in steps if step.depth == 0]
        shapes = [_shape(statement) for statement in body]
        computes = any(isinstance(node, nodes.Assign) for node in body)
        short = sum(shape.statements for shape in shapes) in _STATEMENTS_OF_A_CELL
        if computes and short and sum(shape.nodes for shape in shapes) >= _NODES_OF_A_CELL:
            alike[tuple(shape.key for shape in shapes)].append(body)
    for found in alike.values():
        for body in found if len(found) >= _COPIES_OF_A_CELL else ():
            others = [view.position(other[0]) for other in found if other is not body]
            names = ", ".join(str(view.blocks[cell].index) for cell in others[:_NAMED])
            yield view.spot(Smell.DUPLICATE_CODE, body[0], _SAME_CELL.format(names), body[-1])


def _spots(
    view: View, bodies: list[list[Node]], twins: dict[tuple[int, ...], list[_Passage]]
) -> Iterator[Spot]:
    covered: dict[int, dict[int, tuple[int, ...]]] = defaultdict(dict)
    for key, found in twins.items():
        for place in found:
            for index in range(place.start, place.end):
                covered[place.body].setdefault(index, key)
    done: set[int] = set()
    for number, body in enumerate(bodies):
        for start, end in _stretches(covered.get(number, {})):
            first, last = body[start], body[end]
            if first.lineno in done:
                continue
            done |= set(range(first.lineno, (last.end_lineno or last.lineno) + 1))
            others = _others(view, bodies, twins[covered[number][start]], first)
            message = (
                f"the same shape as {others}, names and numbers aside: a mistake fixed here "
                "stays there. Extract one function, and pass in what differs."
            )
            yield view.spot(Smell.DUPLICATE_CODE, first, message, last)


def _bodies(view: View) -> Iterator[list[Node]]:
    """Every list of statements; the top one is cut where cells end."""
    for position, steps in sorted(view.steps_by_block.items()):
        del position
        yield [step.node for step in steps if step.depth == 0]
    for step in view.steps:
        yield from blocks_of(step.node)
    for function in view.all(nodes.FunctionDef, nodes.AsyncFunctionDef):
        todo = [function.body]
        while todo:
            body = todo.pop()
            yield body
            for statement in body:
                todo.extend(blocks_of(statement))


def _window(body: list[_Shape], start: int, least: int) -> int | None:
    """Where the shortest run from here ends that is long enough to count."""
    statements = size = 0
    for end in range(start, len(body)):
        if body[end].statements == 0:
            return None
        statements += body[end].statements
        size += body[end].nodes
        if statements >= _STATEMENTS and size >= least:
            return end + 1
    return None


def _apart(places: list[_Passage]) -> bool:
    """Whether two of them do not overlap."""
    first = places[0]
    return any(place.body != first.body or place.start >= first.end for place in places[1:])


def _repeats(shapes: list[_Shape], statements: list[Node]) -> Iterator[tuple[int, int]]:
    """Runs of four statements or more of one shape: a table written out as code."""
    start = 0
    for end in range(1, len(shapes) + 1):
        if end < len(shapes) and shapes[end].key == shapes[start].key:
            continue
        shape = shapes[start]
        edits = isinstance(statements[start], (nodes.Assign, nodes.AugAssign))
        if end - start >= _STATEMENTS and edits and shape.nodes >= _NODES_IN_REPEAT:
            yield start, end
        start = end


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


def _others(view: View, bodies: list[list[Node]], places: list[_Passage], here: Node) -> str:
    mine = view.position(here)
    lines = (bodies[place.body][place.start].lineno for place in places)
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


def _shape(statement: Node) -> _Shape:
    parts: list[str] = []
    count = _serialise(statement, parts)
    inner = sum(_shape_size(body) for body in blocks_of(statement))
    if isinstance(statement, (nodes.FunctionDef, nodes.AsyncFunctionDef, nodes.ClassDef)):
        inner = _shape_size(statement.body)
    trivial = isinstance(statement, _TRIVIAL) or _is_plain(statement)
    return _Shape(hash("\0".join(parts)), count, 0 if trivial else 1 + inner)


def _shape_size(body: list[Node]) -> int:
    return sum(1 + sum(_shape_size(inner) for inner in blocks_of(part)) for part in body)


def _is_plain(statement: Node) -> bool:
    """A constant under a name, or a text alone: alike everywhere, and never a clone."""
    if isinstance(statement, (nodes.Assign, nodes.AnnAssign, nodes.Expr)):
        return isinstance(statement.value, (nodes.Const, nodes.Name)) and not isinstance(
            statement, nodes.Expr
        )
    return False


def _serialise(node: Node, parts: list[str]) -> int:
    """Append the normalised tree; how many nodes it has."""
    parts.append(type(node).__name__)
    if isinstance(node, nodes.Const) or _is_literal(node):
        parts[-1] = "literal"
        return 1
    if isinstance(node, nodes.Call) and _is_class(node.func):
        parts.append("an object")
        return 3
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
    children = list(node.get_children())
    if getattr(getattr(node, "func", None), "attrname", "") == "fit":
        children = [node.func]  # how a model is fitted is data, as the model's own options are
    count = 1 + sum(_serialise(child, parts) for child in children)
    parts.append(")")
    return count


def _is_literal(node: Node) -> bool:
    if isinstance(node, (nodes.List, nodes.Tuple, nodes.Set)):
        return all(isinstance(part, nodes.Const) for part in node.elts)
    return isinstance(node, nodes.UnaryOp) and isinstance(node.operand, nodes.Const)


def _is_class(node: Node) -> bool:
    name = str(getattr(node, "attrname", None) or getattr(node, "name", ""))
    return name[:1].isupper()
