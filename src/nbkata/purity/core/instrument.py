"""A module's tree with a probe around each of its functions, every line where it was."""

import ast
import copy
from collections.abc import Mapping

from nbkata.dataflow.core.modules import FunctionNode, Module

PROBE = "__nbkata_probe__"
# Built-in names in the processes that run instrumented modules.
IMPORTED = "__nbkata_imported__"


def instrumented(module: Module) -> ast.Module:
    """Each function decorated by ``__nbkata_probe__(path, qualified name, outermost)``.

    The module's own statements end in ``__nbkata_imported__(path, __name__, done)``, whether they
    raise or not. A decorated function gets one probe outside its decorators, where the call comes in, and one
    inside, for decorators that make something other than a function (``property``).
    """
    tree = copy.deepcopy(module.tree)
    names = {_place(node): name for name, node in module.functions.items()}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _place(node) in names:
            node.decorator_list = _probed(node, module.path, names)
    tree.body = _reporting(tree.body, module.path)
    return ast.fix_missing_locations(tree)


def _reporting(body: list[ast.stmt], path: str) -> list[ast.stmt]:
    """The same statements in a ``try``; docstring and ``__future__`` imports stay first."""
    first = next((place for place, node in enumerate(body) if not _is_prologue(node)), len(body))
    failed = ast.ExceptHandler(
        type=ast.Name("BaseException", ast.Load()),
        name=None,
        body=[_reported(path, done=False), ast.Raise()],
    )
    guarded = ast.Try(
        body=body[first:] or [ast.Pass()],
        handlers=[failed],
        orelse=[_reported(path, done=True)],
        finalbody=[],
    )
    return [*body[:first], guarded]


def _reported(path: str, *, done: bool) -> ast.stmt:
    name = ast.Name("__name__", ast.Load())
    arguments: list[ast.expr] = [ast.Constant(path), name, ast.Constant(done)]
    return ast.Expr(ast.Call(func=ast.Name(IMPORTED, ast.Load()), args=arguments, keywords=[]))


def _is_prologue(node: ast.stmt) -> bool:
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_text or (isinstance(node, ast.ImportFrom) and node.module == "__future__")


def _place(node: FunctionNode) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _probed(node: FunctionNode, path: str, names: Mapping[tuple[int, int], str]) -> list[ast.expr]:
    name = names[_place(node)]
    first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
    outer = _probe(path, name, True, first)
    if not node.decorator_list:
        return [outer]
    return [outer, *node.decorator_list, _probe(path, name, False, node.lineno)]


def _probe(path: str, name: str, outermost: bool, line: int) -> ast.expr:
    call = ast.Call(
        func=ast.Name(PROBE, ast.Load()),
        args=[ast.Constant(value) for value in (path, name, outermost)],
        keywords=[],
    )
    return ast.copy_location(
        call, ast.Pass(lineno=line, col_offset=0, end_lineno=line, end_col_offset=0)
    )
