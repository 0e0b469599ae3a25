"""Smells of two places: a name and its other meaning, a value and what a later cell does with it.

The checkers report one of the two. A person who names the smell at the other one is right as well.
"""

import ast
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nbkata.smells.core.finding import Finding
from nbkata.smells.core.symbols import Smell

# At the other place is more of what the finding makes: another meaning, or what comes of it.
_MORE_OF_IT = frozenset(
    {Smell.OVERLOADED_NAME, Smell.DEAD_CODE, Smell.VAGUE_NAME, Smell.CHOSEN_BY_TEST_SCORE}
)


@dataclass(frozen=True, slots=True)
class _Names:
    """Names and columns in some lines."""

    made: frozenset[str]  # a frame's column, not the frame
    mentioned: frozenset[str]
    bound: frozenset[str]  # names alone
    changed: frozenset[str]  # frames that get another column, or are bound again


class SecondPlaces:
    """Knows the names in a text, all its cells joined; one that cannot be read has none."""

    def __init__(self, text: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                tree = ast.parse(text)
            except (SyntaxError, ValueError, RecursionError):
                tree = ast.Module([], [])
        self.statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]

    def of(self, symbol: Smell, row: int, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The findings of a smell whose other place is the statement in a line."""
        here = self._names(row, row)
        for finding in findings:
            if finding.symbol is symbol:
                there = self._names(finding.row, finding.row + finding.end_line - finding.line)
                if _is_other_place(symbol, here, there):
                    yield finding

    def _names(self, first: int, last: int) -> _Names:
        nodes = [
            node
            for statement in self.statements
            if first <= statement.lineno <= last
            for node in ast.walk(statement)
        ]
        names = [node for node in nodes if isinstance(node, ast.Name)]
        texts = [one.value for one in nodes if isinstance(one, ast.Constant)]
        bound = frozenset(one.id for one in names if isinstance(one.ctx, ast.Store))
        columns = frozenset(filter(None, map(_column, nodes)))
        mentioned = frozenset(one.id for one in names) | {x for x in texts if isinstance(x, str)}
        stored = [one for one in nodes if isinstance(one, ast.Subscript | ast.Attribute)]
        changed = {_root(one) for one in stored if isinstance(one.ctx, ast.Store)}
        return _Names(bound | columns, mentioned, bound, bound | changed)


def _is_other_place(symbol: Smell, here: _Names, there: _Names) -> bool:
    if symbol in _MORE_OF_IT:
        return bool(there.made & here.mentioned)
    if symbol is Smell.DATA_LEAKAGE:  # a statistic of all rows, taken above
        return bool(here.bound & there.mentioned - there.changed)
    if symbol is Smell.MUTATED_SHARED_FRAME:  # where the frame is made
        return bool(here.bound & there.changed)
    return False


def _root(node: ast.AST) -> str:
    """``df`` of ``df.loc[rows, "Age"]``."""
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _column(node: ast.AST) -> str:
    """The column that ``df["Age"] = …`` or ``df.loc[rows, "Age"] = …`` makes; else nothing."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Store):
        return ""
    key = node.slice.elts[-1] if isinstance(node.slice, ast.Tuple) else node.slice
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
