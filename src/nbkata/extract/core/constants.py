"""Numbers and texts in a block that should have a name.

They become a function's defaults: tables stay where they are, as a default must not be changeable.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nbkata.extract.core.facts import Fact
from nbkata.extract.core.lines import Code, SourceLine
from nbkata.extract.core.names import snake

# Too common to need a name.
_PLAIN = (0, 1, -1, 2, 100, True, False, None, "")


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal, and the name it could have."""

    name: str
    value: str  # its source
    place: SourceLine
    line: int  # in the text of all cells
    columns: tuple[int, int]  # its place in the line, for replacing it

    @property
    def shown(self) -> str:
        """The value, short enough for a signature."""
        return self.value if len(self.value) <= 24 else "…"


def constants_of(own: Sequence[Fact], code: Code) -> tuple[Constant, ...]:
    """Those worth a name; the same value for the same purpose counts once."""
    found: tuple[Constant, ...] = ()
    steps = sum(fact.partial for fact in own) > 1  # codes 0, 1, 2, … of bins need no names
    for fact in own:
        for name, node in _named(fact.node, values=not steps):
            if node.lineno != node.end_lineno or node.end_col_offset is None:
                continue
            text = bytes_slice(code.lines[node.lineno - 1], node.col_offset, node.end_col_offset)
            constant = Constant(
                name=name,
                value=text,
                place=code.place(node.lineno),
                line=node.lineno,
                columns=(node.col_offset, node.end_col_offset),
            )
            found = (*found, constant)
    return tuple(_with_own_names(found))


def bytes_slice(line: str, start: int, end: int) -> str:
    """A part of a line, by places that are counted in bytes."""
    return line.encode("utf-8")[start:end].decode("utf-8")


def _with_own_names(found: Sequence[Constant]) -> Iterator[Constant]:
    """``age_limit``, ``age_limit_2``, … for different values; one name for equal ones."""
    names: dict[str, str] = {}
    for constant in found:
        name, number = constant.name, 2
        while names.get(name, constant.value) != constant.value:
            name = f"{constant.name}_{number}"
            number += 1
        if name not in names:
            names = {**names, name: constant.value}
        yield replace(constant, name=name)


def distinct_constants(found: Sequence[Constant]) -> tuple[Constant, ...]:
    """One for each name."""
    return tuple({constant.name: constant for constant in reversed(found)}.values())[::-1]


def _named(node: ast.stmt, *, values: bool) -> Iterator[tuple[str, ast.expr]]:
    """Literals with a name from where they stand: a keyword, a comparison, a filled gap."""
    column = _column(node)
    for child in ast.walk(node):
        match child:
            case ast.Call(func=ast.Attribute(attr="fillna"), args=[value, *_]) if _literal(value):
                yield f"{column}_when_missing", value
            case ast.Compare(left=left, comparators=[value]) if _is_number(value):
                yield f"{column_of(left) or column}_limit", value
            case ast.keyword(arg=str() as name, value=value) if _is_number(value):
                if name not in ("axis", "verbose", "n_jobs"):
                    yield ("seed" if name == "random_state" else name), value
        if values and isinstance(child, ast.Assign) and _is_number(child.value):
            if isinstance(child.targets[0], ast.Subscript):
                yield f"{column}_value", child.value


def _column(node: ast.stmt) -> str:
    for child in ast.walk(node):
        if isinstance(child, ast.Assign):
            for target in child.targets:
                texts = [
                    item.value
                    for item in ast.walk(target)
                    if isinstance(item, ast.Constant) and isinstance(item.value, str)
                ]
                if texts:
                    return snake(texts[-1])
    return column_of(node) or "value"


def column_of(node: ast.AST) -> str:
    """The name of the first column that is looked up there, or ""."""
    for child in ast.walk(node):
        if isinstance(child, ast.Subscript) and isinstance(child.slice, ast.Constant):
            if isinstance(child.slice.value, str):
                return snake(child.slice.value)
    return ""


def _literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value not in _PLAIN


def _is_number(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    is_number = isinstance(node, ast.Constant) and isinstance(node.value, int | float)
    return is_number and isinstance(node, ast.Constant) and node.value not in _PLAIN
