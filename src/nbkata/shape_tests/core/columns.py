"""One column of what a function gives made as it was before, whatever shape the change of the code has."""

import ast
import copy
from collections.abc import Collection, Iterator

from nbkata.shape_tests.core.pieces import Undone

# What the two functions and what they give are called in the new one.
BEFORE, NOW = "as_before_this_step", "as_it_is_now"


def column_undone(
    former: ast.FunctionDef, new: ast.FunctionDef, column: str, leaving: Collection[str] = ()
) -> Undone:
    """The new function, whose result has the column of the former one.

    The names are those that the column is made of, and that the former function does not have; not
    those of the functions ``leaving`` the column as they are given it.
    """
    lines = f"""
def {new.name}(*given, **named):
    import copy
    was = {BEFORE}(*copy.deepcopy(given), **named)
    made = {NOW}(*given, **named).copy()
    made[{column!r}] = was[{column!r}]
    return made
"""
    made = ast.parse(lines).body[0]
    assert isinstance(made, ast.FunctionDef)
    for function, name in ((new, NOW), (former, BEFORE)):
        inner = copy.deepcopy(function)
        inner.name, inner.decorator_list = name, []
        made.body.insert(0, inner)
    made.decorator_list = copy.deepcopy(new.decorator_list)
    names = _made_of(new, column) - _names(former) - {*leaving}
    what = "made one of its columns as it was before this step"
    return Undone(ast.unparse(ast.fix_missing_locations(made)), what, frozenset(names))


def _made_of(function: ast.FunctionDef, column: str) -> set[str]:
    """The names that a column is made of, by way of others; all names if it is not assigned by name."""
    found = set[str]().union(*map(_names, _assigned(function, column))) or _names(function)
    waiting = [*found]
    while waiting:
        name = waiting.pop()
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and any(
                getattr(one, "id", "") == name for one in node.targets
            ):
                more = _names(node.value) - found
                found |= more
                waiting += more
    return found


def _assigned(function: ast.FunctionDef, column: str) -> Iterator[ast.AST]:
    for node in ast.walk(function):
        if isinstance(node, ast.keyword) and node.arg == column:
            yield node.value
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Subscript) and ast.unparse(target.slice) == repr(column):
                    yield node.value


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
