"""How much code there is, and how many ways lead through it."""

import ast
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass

from mccabe import PathGraphingAstVisitor

_NO_CODE = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
    tokenize.ENCODING, tokenize.ENDMARKER,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CodeSize:
    """Of one or several Python texts together."""

    lines: int
    functions: int
    # McCabe's complexity of each function; code outside of functions counts as one.
    ways: tuple[int, ...]


def code_size(texts: Sequence[str]) -> CodeSize:
    """Of modules, or of a notebook's joined cells. Raises ``SyntaxError``."""
    lines, functions = 0, 0
    ways: list[int] = []
    for text in texts:
        tree = ast.parse(text)
        found = [node for node in ast.walk(tree) if isinstance(node, _FUNCTIONS)]
        lines += len(_lines_of_code(text) - _lines_of_docstrings(tree))
        functions += len(found)
        for node in tree.body:
            ways += _ways_through(node) if isinstance(node, (ast.ClassDef, *_FUNCTIONS)) else []
        outside = [node for node in tree.body if not _only_declares(node)]
        ways += _ways_through(_as_function(outside)) if outside else []
    return CodeSize(lines, functions, tuple(ways))


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _lines_of_code(text: str) -> set[int]:
    return {
        line
        for token in tokenize.generate_tokens(iter(text.splitlines(keepends=True)).__next__)
        if token.type not in _NO_CODE
        for line in range(token.start[0], token.end[0] + 1)
    }


def _lines_of_docstrings(tree: ast.Module) -> set[int]:
    owners = (node for node in ast.walk(tree) if isinstance(node, _WITH_DOCSTRING))
    return {
        line
        for owner in owners
        if owner.body and _is_text(owner.body[0]) and ast.get_docstring(owner, clean=False)
        for line in range(owner.body[0].lineno, (owner.body[0].end_lineno or 0) + 1)
    }


_WITH_DOCSTRING = (ast.Module, ast.ClassDef, *_FUNCTIONS)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _only_declares(node: ast.stmt) -> bool:
    """Imports, constants, definitions, a docstring, and the line that starts a script."""
    if isinstance(node, ast.If):
        names = [n.id for n in ast.walk(node.test) if isinstance(n, ast.Name)]
        return names == ["__name__"]
    if isinstance(node, ast.Assign):
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        return bool(names) and all(name == name.upper() for name in names)
    declares = (ast.Import, ast.ImportFrom, ast.ClassDef, *_FUNCTIONS)
    return isinstance(node, declares) or _is_text(node)


def _as_function(body: list[ast.stmt]) -> ast.FunctionDef:
    holder = ast.parse("def _(): pass").body[0]
    assert isinstance(holder, ast.FunctionDef)
    holder.body = body
    return holder


def _ways_through(node: ast.stmt) -> list[int]:
    """Of a function, or of each method of a class; inner functions count with the outer one."""
    visitor = PathGraphingAstVisitor()
    visitor.preorder(ast.Module([node], []), visitor)
    return [int(graph.complexity()) for graph in visitor.graphs.values()]
