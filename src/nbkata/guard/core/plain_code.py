"""A module's syntax without what asks for nothing, with constants in the place of their names."""

import ast
from collections.abc import Mapping, Sequence

from nbkata.guard.core.assertions import last_name
from nbkata.guard.core.limits import Function


def plain(tree: ast.Module) -> None:
    """Without messages and docstrings; numbers and texts that have a name stand where it is read."""
    _Plain(_scalars(tree.body)).visit(tree)


def _scalars(body: Sequence[ast.stmt]) -> dict[str, ast.Constant]:
    """The names that are given one number or text, and nothing else."""
    given: dict[str, list[ast.expr]] = {}
    for node in body:
        for child in ast.walk(node) if not isinstance(node, Function | ast.ClassDef) else ():
            if isinstance(child, ast.Assign) and len(child.targets) == 1:
                given.setdefault(last_name(child.targets[0]), []).append(child.value)
            elif isinstance(child, ast.AugAssign | ast.AnnAssign) and child.value:
                given.setdefault(last_name(child.target), []).append(child.value)
    return {
        name: values[0]
        for name, values in given.items()
        if name and len(values) == 1 and isinstance(values[0], ast.Constant)
    }


class _Plain(ast.NodeTransformer):
    """Without messages and docstrings, with constants in the place of the names that are theirs."""

    # pylint: disable=missing-function-docstring,invalid-name # ast's

    def __init__(self, known: Mapping[str, ast.Constant]) -> None:
        self.known = dict(known)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        value = self.known.get(node.id) if isinstance(node.ctx, ast.Load) else None
        return node if value is None else ast.copy_location(ast.Constant(value.value), node)

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        return self.generic_visit(ast.copy_location(ast.Assert(node.test), node))

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        if isinstance(node.value, ast.Constant):
            return ast.copy_location(ast.Pass(), node)
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        outer, own = self.known, _scalars(node.body)
        taken = {arg.arg for arg in ast.walk(node.args) if isinstance(arg, ast.arg)}
        self.known = {name: one for name, one in {**outer, **own}.items() if name not in taken}
        self.generic_visit(node)
        self.known = outer
        return node
