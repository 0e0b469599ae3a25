"""Small planted changes in data code, each as an edit of the source text.

The edits are made on spans of the learner's own text, so a diff shows their formatting and
nothing else. Left alone: what only prints or plots, docstrings, imports, annotations, and
changes that could only raise (a column's name in a subscript, dropping a first assignment).
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from enum import StrEnum

from nbkata.dataflow.core.modules import called_name, is_main_guard
from nbkata.strength.core.mutant_rules import (
    COMPARISONS,
    KEYWORDS,
    LOOKS,
    METHODS,
    OPERATORS,
    TEXT_METHODS,
    is_display,
    number_instead,
    other_split,
)


class Operator(StrEnum):
    """What sort of change a mutant is."""

    CONSTANT = "constant"
    COMPARISON = "comparison"
    ARITHMETIC = "arithmetic"
    BOOLEAN = "boolean"
    DROPPED = "statement dropped"
    SWAPPED = "statements swapped"
    TEXT = "text"
    ELEMENT = "element removed"
    STATISTIC = "statistic"
    KEYWORD = "keyword"
    SLICE = "slice"
    PARAMETER = "parameter removed"
    COLUMN = "column left out"
    SPLIT = "wrong split"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One edit of one file."""

    path: str
    line: int
    start: int  # in bytes of the UTF-8 source, as ``end``
    end: int
    text: str
    operator: Operator
    # First and last line of the statement it is in, without the block under it.
    statement: tuple[int, int]

    def applied(self, source: str) -> str:
        """The source with this change in it."""
        data = source.encode("utf-8")
        changed = data[: self.start] + self.text.encode("utf-8") + data[self.end :]
        return changed.decode("utf-8")

    def diff(self, source: str) -> str:
        """The change as a unified diff without context lines."""
        before, after = source.splitlines(), self.applied(source).splitlines()
        lines = unified_diff(before, after, self.path, self.path, lineterm="", n=0)
        return "\n".join(list(lines)[2:])


def mutants(source: str, path: str, *, guarded: bool = False) -> list[Mutant]:
    """All mutants of a module, by line. Raises ``SyntaxError`` if it is not Python 3.

    ``guarded`` says whether what is under ``if __name__ == "__main__"`` is changed too.
    """
    writer = _Writer(source, path, guarded)
    writer.visit(ast.parse(source))
    unique = {(found.start, found.end, found.text): found for found in writer.found}
    return sorted(unique.values(), key=lambda found: (found.start, found.end, found.text))


class _Writer(ast.NodeVisitor):
    """Walks the tree once and collects edits."""

    # pylint: disable=invalid-name # the visitor protocol spells node types

    def __init__(self, source: str, path: str, guarded: bool) -> None:
        self.data = source.encode("utf-8")
        self.path = path
        self.guarded = guarded
        self.starts = [0]
        for line in source.encode("utf-8").split(b"\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.names = {n.id for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name)}
        self.found: list[Mutant] = []
        self.statement = (1, 1)

    def _span(self, node: ast.AST) -> tuple[int, int]:
        start = self.starts[getattr(node, "lineno") - 1] + getattr(node, "col_offset")
        end = self.starts[getattr(node, "end_lineno") - 1] + getattr(node, "end_col_offset")
        return start, end

    def _text(self, node: ast.AST) -> str:
        start, end = self._span(node)
        return self.data[start:end].decode("utf-8")

    def _add(self, start: int, end: int, text: str, operator: Operator) -> None:
        if self.data[start:end].decode("utf-8") != text:
            line = self.data.count(b"\n", 0, start) + 1
            self.found.append(Mutant(self.path, line, start, end, text, operator, self.statement))

    def _replace(self, node: ast.AST, text: str, operator: Operator) -> None:
        self._add(*self._span(node), text, operator)

    # Statements

    def visit_Module(self, node: ast.Module) -> None:
        """The module's statements."""
        self._block(node.body)

    def generic_visit(self, node: ast.AST) -> None:
        """Blocks are lists of statements, wherever a node keeps them."""
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "type_params"):
                continue
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                self._block(value)
            else:
                for child in value if isinstance(value, list) else [value]:
                    if isinstance(child, ast.AST):
                        self.visit(child)

    def _block(self, statements: list[ast.stmt]) -> None:
        known: set[str] = set()
        around = self.statement
        for place, statement in enumerate(statements):
            self.statement = _lines(statement)
            following = statements[place + 1] if place + 1 < len(statements) else None
            if _is_still(statement) or is_main_guard(statement) and not self.guarded:
                continue
            self._drop(statement, known)
            if following is not None:
                self._swap(statement, following, known)
            known |= _stored(statement)
            if is_main_guard(statement):
                self._block(statement.body)  # type: ignore[attr-defined] # an if
            else:
                self.visit(statement)
        self.statement = around

    def _drop(self, statement: ast.stmt, known: set[str]) -> None:
        droppable = isinstance(statement, ast.Expr | ast.AugAssign | ast.Delete)
        if isinstance(statement, ast.Assign):
            droppable = _stored(statement) <= known
        if droppable:
            self._replace(statement, "pass", Operator.DROPPED)

    def _swap(self, first: ast.stmt, second: ast.stmt, known: set[str]) -> None:
        simple = ast.Assign | ast.AugAssign | ast.Expr
        if not (isinstance(first, simple) and isinstance(second, simple)) or _is_still(second):
            return
        written = _stored(first) | set(_root_names(first))
        if not written & (_read(second) | _stored(second)) or not _stored(first) <= known:
            return
        (start, middle), (other, end) = self._span(first), self._span(second)
        between = self.data[middle:other].decode("utf-8")
        text = self._text(second) + between + self._text(first)
        self._add(start, end, text, Operator.SWAPPED)

    # Expressions

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Text for people; and before Python 3.12 its parts have no true places."""

    def visit_Constant(self, node: ast.Constant) -> None:
        """Numbers and truth values, wherever they are; text only if it is data."""
        if isinstance(node.value, bool):
            self._replace(node, repr(not node.value), Operator.CONSTANT)
        elif isinstance(node.value, int | float):
            self._replace(node, number_instead(node.value), Operator.CONSTANT)

    def _text_constant(self, node: ast.AST | None) -> None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            self._replace(node, repr(node.value + "_"), Operator.TEXT)

    def visit_Compare(self, node: ast.Compare) -> None:
        """Boundaries and opposites."""
        left = node.left
        for sign, right in zip(node.ops, node.comparators, strict=True):
            self._sign(left, right, COMPARISONS.get(type(sign)), Operator.COMPARISON)
            left = right
        for side in (node.left, *node.comparators):
            self._text_constant(side)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        """Arithmetic, and the boolean operators of masks."""
        sides = (node.left, node.right)
        if not any(_is_text(side) for side in sides):
            boolean = isinstance(node.op, ast.BitAnd | ast.BitOr)
            kind = Operator.BOOLEAN if boolean else Operator.ARITHMETIC
            self._sign(node.left, node.right, OPERATORS.get(type(node.op)), kind)
            self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """``+=`` and its kin."""
        change = OPERATORS.get(type(node.op))
        if change and not _is_text(node.value):
            change = (change[0] + "=", change[1] + "=")
            self._sign(node.target, node.value, change, Operator.ARITHMETIC)
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        """``and`` for ``or``, and the other way round."""
        change = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            self._sign(left, right, change, Operator.BOOLEAN)
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        """A negation left out; a negative number is one constant."""
        if isinstance(node.op, ast.Not | ast.Invert):
            self._replace(node, self._text(node.operand), Operator.BOOLEAN)
        self.generic_visit(node)

    def _sign(
        self, left: ast.AST, right: ast.AST, change: tuple[str, str] | None, operator: Operator
    ) -> None:
        if change is None:
            return
        start, end = self._span(left)[1], self._span(right)[0]
        at = self.data[start:end].decode("utf-8").find(change[0])
        if at >= 0:
            self._add(start + at, start + at + len(change[0]), change[1], operator)

    def visit_If(self, node: ast.If) -> None:
        """A condition without a comparison of its own is negated."""
        if isinstance(node.test, ast.Name | ast.Attribute | ast.Call):
            self._replace(node.test, f"not {self._text(node.test)}", Operator.BOOLEAN)
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        """The choices may be text."""
        self._text_constant(node.body)
        self._text_constant(node.orelse)
        self.generic_visit(node)

    # Collections and slices

    def visit_List(self, node: ast.List | ast.Set) -> None:
        """Elements of lists and sets."""
        self._elements([self._span(item) for item in node.elts], node.elts)
        self.generic_visit(node)

    visit_Set = visit_List

    def visit_Dict(self, node: ast.Dict) -> None:
        """Keys of maps, their values, and whole pairs."""
        if all(key is not None for key in node.keys):
            pairs = zip(node.keys, node.values, strict=True)
            spans = [(self._span(k)[0], self._span(v)[1]) for k, v in pairs if k is not None]
            self._elements(spans, [*node.keys, *node.values])
        self.generic_visit(node)

    def _elements(self, spans: list[tuple[int, int]], items: Sequence[ast.expr | None]) -> None:
        for item in items:
            self._text_constant(item)
        if len(spans) < 2:
            return
        for place in _sampled(len(spans)):
            last = place == len(spans) - 1
            start = spans[place - 1][1] if last else spans[place][0]
            end = spans[place][1] if last else spans[place + 1][0]
            self._add(start, end, "", Operator.ELEMENT)

    def visit_Slice(self, node: ast.Slice) -> None:
        """A bound left out."""
        for bound in (node.lower, node.upper):
            if bound is not None and (node.lower is None or node.upper is None):
                self._replace(bound, "", Operator.SLICE)
        self.generic_visit(node)

    # Calls

    def visit_Call(self, node: ast.Call) -> None:
        """Statistics, keywords, an estimator's parameters, the split it is fitted on."""
        name = called_name(node)
        if is_display(node):
            return
        if isinstance(node.func, ast.Attribute) and name in METHODS:
            end = self._span(node.func)[1]
            start = end - len(name.encode("utf-8"))
            self._add(start, end, METHODS[name], Operator.STATISTIC)
        if name in TEXT_METHODS:
            for argument in node.args:
                self._text_constant(argument)
        for keyword in node.keywords:
            self._keyword(node, keyword, name)
        self._column(node, name)
        self._split(node)
        self.generic_visit(node)

    def _keyword(self, call: ast.Call, keyword: ast.keyword, name: str) -> None:
        value = keyword.value
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            if value.value in KEYWORDS.get(keyword.arg or "", {}):
                text = repr(KEYWORDS[keyword.arg or ""][value.value])
                self._replace(value, text, Operator.KEYWORD)
        if name[:1].isupper() and keyword.arg not in (None, "random_state", "n_jobs", "verbose"):
            spans = [self._span(item) for item in (*call.args, *call.keywords)]
            place = spans.index(self._span(keyword))
            start = spans[place - 1][1] if place else spans[place][0]
            last = place == len(spans) - 1
            end = spans[place][1] if place or last else spans[place + 1][0]
            self._add(start, end, "", Operator.PARAMETER)

    def _column(self, node: ast.Call, name: str) -> None:
        words = {keyword.arg for keyword in node.keywords}
        if name == "drop" and words & {"axis", "columns"} and "inplace" not in words:
            self._replace(node, self._text(node) + ".iloc[:, 1:]", Operator.COLUMN)

    def _split(self, node: ast.Call) -> None:
        if not node.args and not node.keywords:
            return
        items = [*node.args, *node.keywords]
        start, end = self._span(items[0])[0], self._span(items[-1])[1]
        text = self.data[start:end].decode("utf-8")
        self._add(start, end, other_split(text, self.names), Operator.SPLIT)


def _is_still(statement: ast.stmt) -> bool:
    """Whether a statement cannot change a value: a docstring, an import, a picture, a look."""
    if isinstance(statement, ast.Import | ast.ImportFrom | ast.Pass | ast.Global | ast.Nonlocal):
        return True
    if isinstance(statement, ast.Raise | ast.Assert):
        return True  # what they say is for people; what they guard has mutants of its own
    if isinstance(statement, ast.Expr):
        call = statement.value
        if isinstance(call, ast.Call):
            return (
                is_display(call)
                or isinstance(call.func, ast.Attribute)
                and (called_name(call) in LOOKS)
            )
        return not isinstance(call, ast.Await | ast.Yield)
    return False


def _lines(statement: ast.stmt) -> tuple[int, int]:
    body = getattr(statement, "body", None)
    last = max(statement.lineno, body[0].lineno - 1) if body else statement.end_lineno
    return statement.lineno, last or statement.lineno


def _stored(statement: ast.AST) -> set[str]:
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _read(statement: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}


def _root_names(statement: ast.stmt) -> Iterator[str]:
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AugAssign):
        targets = [statement.target]
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        targets = [statement.value.func]
    for target in targets:
        while isinstance(target, ast.Subscript | ast.Attribute | ast.Call):
            target = target.func if isinstance(target, ast.Call) else target.value
        if isinstance(target, ast.Name):
            yield target.id


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _sampled(length: int) -> list[int]:
    """All places of a short list; the first, the middle and the last of a long one."""
    return list(range(length)) if length <= 12 else [0, length // 2, length - 1]
