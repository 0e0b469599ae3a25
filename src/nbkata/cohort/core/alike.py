"""Which solutions are alike: equal once names, comments, layout and docstrings are taken away."""

import ast
import hashlib
from collections.abc import Mapping


def shape_of(files: Mapping[str, str]) -> str:
    """A digest of the code's syntax trees that is equal for near-equal solutions.

    Empty if there is none, or if it does not parse.
    """
    dumps = []
    for _, text in sorted(files.items()):
        try:
            tree = ast.parse(text)
            dumps.append(ast.dump(_Normal().visit(tree)))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return ""
    return hashlib.sha256("\0".join(dumps).encode()).hexdigest()[:16] if dumps else ""


class _Normal(ast.NodeTransformer):
    """Calls each name of the code's own by the order in which it comes; imported ones and attributes stay."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def _named(self, name: str) -> str:
        return self.names.setdefault(name, f"n{len(self.names)}")

    def visit_Name(self, node: ast.Name) -> ast.AST:  # pylint: disable=invalid-name
        """A variable."""
        return ast.Name(self._named(node.id), node.ctx)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        """A parameter, without its type."""
        return ast.arg(self._named(node.arg))

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        """An argument that is named, as a function of a library wants it."""
        return ast.keyword(node.arg, self.visit(node.value))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:  # pylint: disable=invalid-name
        """A function, without types and docstring."""
        node.name, node.returns, node.type_comment = self._named(node.name), None, None
        node.body = _without_docstring(node.body)
        return self.generic_visit(node)

    def visit_Module(self, node: ast.Module) -> ast.AST:  # pylint: disable=invalid-name
        """A file, without its docstring."""
        node.body = _without_docstring(node.body)
        return self.generic_visit(node)


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0] if body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        if isinstance(first.value.value, str):
            return body[1:] or [ast.Pass()]
    return body
