"""Assertions that compare a thing with itself, as their text shows: nothing can make them fail."""

import ast
import copy
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# Methods that people call to compare, and that answer True or False, or a column of them.
ASKING = {"equals", "array_equal", "allclose", "isclose"}
# What is put around a comparison, or around a side of it, without changing what it compares.
_WRAPPERS = {"all", "bool", "approx"}
# In names of assertions on two things: assert_frame_equal, assertIs; a helper of the learner's may take any two.
_COMPARING = re.compile(r"equal|close|^assertis$")


@dataclass(frozen=True, slots=True)
class Compared:
    """Two things that an assertion compares."""

    line: int
    text: str
    is_same: bool  # both sides are the same, also in what the local names in them stand for
    other_names: bool  # of one object
    calls: (
        bool  # whether something is called on both sides, which may give something else each time
    )


def compared_in(test: ast.FunctionDef) -> list[Compared]:
    """What the assertions of a test compare, constants left out."""
    text = _Function(test)
    return [
        Compared(statement.lineno, ast.unparse(statement).splitlines()[0][:70], *found)
        for statement in text.statements
        for left, right in _pairs(statement)
        if not any(isinstance(side, ast.Constant) for side in (left, right))
        for found in [text.same(statement, left, right)]
    ]


def _pairs(node: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The two sides of what an assertion asks to be equal."""
    if isinstance(node, ast.Assert):
        yield from _asked(node.test)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        call, name = node.value, _name(node.value.func).lower()
        if name in ("asserttrue", "assert_") and call.args:
            yield from _asked(call.args[0])
        elif name.startswith("assert") and _COMPARING.search(name) and len(call.args) > 1:
            yield call.args[0], call.args[1]


def _asked(node: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        for part in node.values:
            yield from _asked(part)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        if not isinstance(node.ops[0], ast.NotEq | ast.IsNot):
            yield node.left, node.comparators[0]
        for inner in ast.walk(node.left):  # abs(a - b) < 0.01
            if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Sub):
                yield inner.left, inner.right
    elif isinstance(node, ast.GeneratorExp | ast.ListComp):
        yield from _asked(node.elt)
    elif isinstance(node, ast.Call):
        name, given = _name(node.func), [*node.args]
        if isinstance(node.func, ast.Attribute) and (name in ("equals", "eq") or not given):
            given.insert(0, node.func.value)
        if name in ASKING | {"eq"} and len(given) > 1:
            yield given[0], given[1]
        elif name in _WRAPPERS and given:
            yield from _asked(given[0])


class _Function:
    """A test's statements, and what its local names stand for."""

    def __init__(self, test: ast.FunctionDef) -> None:
        nodes = [node for node in ast.walk(test) if isinstance(node, ast.stmt)][1:]
        self.statements = sorted(nodes, key=lambda node: (node.lineno, node.col_offset))
        self.loops = any(isinstance(node, ast.For | ast.While) for node in nodes)
        self.stored = Counter(
            [one.id for one in ast.walk(test) if isinstance(one, ast.Name) and _is_stored(one)]
            + [one.arg for one in ast.walk(test) if isinstance(one, ast.arg)]
        )
        self.local = {
            node.targets[0].id: node
            for node in nodes
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and len(node.targets) == self.stored[node.targets[0].id] == 1
        }

    def same(self, statement: ast.stmt, left: ast.expr, right: ast.expr) -> tuple[bool, bool, bool]:
        """Whether the two sides are the same for sure, are two names, and whether one calls something."""
        one, other = (_Expand(self.local, statement) for _ in "12")
        first, second = one.visit(copy.deepcopy(left)), other.visit(copy.deepcopy(right))
        if ast.dump(first) != ast.dump(second):
            return False, False, False
        if self._one_object(left) == self._one_object(right) != "":
            return True, ast.dump(left) != ast.dump(right), False
        calls = any(isinstance(node, ast.Call) for node in ast.walk(first))
        shared = [node for node in one.used if node in other.used and node is not statement]
        apart = [node for node in (*one.used, *other.used) if node not in shared]
        return not self._may_change(first, apart, [*shared, *apart]), False, calls

    def _one_object(self, side: ast.expr) -> str:
        """The name that a side has had from the beginning; empty if that name changes hands."""
        while isinstance(side, ast.Name) and side.id in self.local:
            if not isinstance(value := self.local[side.id].value, ast.Name):
                break
            side = value
        is_kept = isinstance(side, ast.Name) and self.stored[side.id] <= 1 and not self.loops
        return side.id if isinstance(side, ast.Name) and is_kept else ""

    def _is_alias(self, node: ast.stmt) -> bool:
        value = node.value if isinstance(node, ast.Assign) else None
        return isinstance(value, ast.Name) and self.stored[value.id] <= 1

    def _may_change(self, expanded: ast.expr, apart: list[ast.stmt], used: list[ast.stmt]) -> bool:
        """Whether something has hold of a name between the statements that set the sides apart.

        What both sides stand for was made before, and another name for an object makes nothing.
        """
        names = {node.id for node in ast.walk(expanded) if isinstance(node, ast.Name)}
        names |= {name for name, node in self.local.items() if node in used}
        made = [node for node in apart if not self._is_alias(node)]
        start, end = (pick(node.lineno for node in made) for pick in (min, max))
        return start < end and any(
            isinstance(inner, ast.Name) and inner.id in names
            for node in self.statements
            if node not in used and (self.loops or start <= node.lineno < end)
            for inner in ast.walk(node)
        )


class _Expand(ast.NodeTransformer):
    """In the place of a name what it was set to, and in that of a copy the original."""

    # pylint: disable=invalid-name,missing-function-docstring # as ast calls them

    def __init__(self, local: Mapping[str, ast.Assign], statement: ast.stmt) -> None:
        self.local = local
        self.used = [statement]
        self.before = statement.lineno

    def visit_Name(self, node: ast.Name) -> ast.AST:
        stands_for = self.local.get(node.id)
        if stands_for is None or stands_for.lineno >= self.before:
            return node
        self.used.append(stands_for)
        later, self.before = self.before, stands_for.lineno
        value = self.visit(copy.deepcopy(stands_for.value))
        self.before = later
        return value  # type: ignore[no-any-return]

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "copy":
            return self.visit(node.func.value)  # type: ignore[no-any-return]
        if _name(node.func) == "approx" and node.args:
            return self.visit(node.args[0])  # type: ignore[no-any-return]
        if (frame := _given_its_own(node)) is not None:
            return self.visit(frame)  # type: ignore[no-any-return]
        return self.generic_visit(node)


def _given_its_own(call: ast.Call) -> ast.expr | None:
    """``rows`` of ``rows.assign(Name=rows["Name"])``: a frame whose columns are set to what they are."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "assign" or not call.keywords:
        return None
    frame = ast.unparse(call.func.value)
    is_own = all(ast.unparse(one.value) == f"{frame}[{one.arg!r}]" for one in call.keywords)
    return call.func.value if is_own else None


def _is_stored(name: ast.Name) -> bool:
    return not isinstance(name.ctx, ast.Load)


def _name(function: ast.expr) -> str:
    """``c`` of ``a.b.c`` and of ``c``."""
    return getattr(function, "attr", getattr(function, "id", ""))
