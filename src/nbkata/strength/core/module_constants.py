"""A module's constants that can be given another value after the module was imported.

``TITLES = {"Mr": 0}`` runs on import, once. Where nothing but the bodies of functions reads it, a
change of it is seen by whoever calls them later: it is enough to bind the name to the new value.
"""

import ast
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import TypeGuard

from nbkata.strength.core.mutant_reach import Span

CALLS = (ast.Call, ast.Await, ast.Lambda, ast.NamedExpr, ast.GeneratorExp)
# Whoever calls these may read every name.
LOOKS_ANYWHERE = {"globals", "locals", "vars", "eval", "exec"}


@dataclass(frozen=True, slots=True)
class Constant:
    """One that can be bound anew."""

    name: str
    statement: Span
    readers: tuple[Span, ...]  # the bodies of the functions that read it


def constants_read_late(
    source: str, module: str, others: Iterable[str], ran_early: Collection[int]
) -> tuple[Constant, ...]:
    """The constants of a module that nothing had read by the time the tests were collected.

    ``others`` are the sources of the folder's other files: who imports a constant by name keeps
    the value that it had. ``ran_early`` are the module's lines that were run by then.
    """
    tree = ast.parse(source)
    on_import = list(_on_import(tree))
    taken = {name for other in others for name in _taken(other, module)}
    read = {node.id for node in on_import if _is_name(node, ast.Load)}
    if "*" in taken or read & LOOKS_ANYWHERE:
        return ()
    bound = Counter(name for node in on_import for name in _bound_by(node))
    bodies = list(_bodies(tree))
    fixed = {"__all__", *read, *taken, *(name for body in bodies for name in _moved_in(body))}
    found = []
    for statement in tree.body:
        name = _name_of(statement)
        if not name or name in fixed or bound[name] > 1 or not _is_plain(statement):
            continue
        readers = tuple(_span(body) for body in bodies if name in _read_in(body))
        if readers and not any(
            first <= line <= last for first, last in readers for line in ran_early
        ):
            found.append(Constant(name, _span([statement]), readers))
    return tuple(found)


def differs_in(name: str, before: str, after: str) -> bool:
    """Whether the value of this constant is all that differs between two sources."""
    old, new = ast.parse(before).body, ast.parse(after).body
    differ = [pair for pair in zip(old, new, strict=False) if not _same(*pair)]
    return len(old) == len(new) and [[name] * 2] == [[_name_of(s) for s in p] for p in differ]


def value_of(name: str, source: str) -> CodeType | None:
    """The constant's value, to be evaluated in its module."""
    for statement in ast.parse(source).body:
        if _name_of(statement) == name and isinstance(statement, ast.Assign | ast.AnnAssign):
            assert statement.value is not None, "it has a value, as it has a name"
            return compile(ast.Expression(statement.value), name, "eval", dont_inherit=True)
    return None


def _is_plain(statement: ast.stmt) -> bool:
    """Whether its value is the same whenever it is computed: nothing is called for it."""
    return not any(isinstance(node, CALLS) for node in ast.walk(statement))


def _same(one: ast.stmt, other: ast.stmt) -> bool:
    return ast.dump(one) == ast.dump(other)


def _name_of(statement: ast.stmt) -> str:
    """The one name that a plain assignment binds; else nothing."""
    match statement:
        case ast.Assign(targets=[ast.Name(name)]) | ast.AnnAssign(
            target=ast.Name(name), value=ast.expr()
        ):
            return name
    return ""


def _is_name(node: ast.AST, how: type[ast.expr_context]) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, how)


def _on_import(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when the module is imported: all but the bodies of functions."""
    yield node
    for field, value in ast.iter_fields(node):
        if field == "body" and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _on_import(child)


def _bound_by(node: ast.AST) -> list[str]:
    match node:
        case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
            return [name]
        case ast.alias(name, asname):
            return [asname or name]
    return [] if not isinstance(node, ast.Name) or _is_name(node, ast.Load) else [node.id]


def _bodies(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    """Of functions and methods; a nested one belongs to its outer one."""
    for node in _on_import(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.body


def _inside(body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    for statement in body:
        yield from ast.walk(statement)


def _read_in(body: Sequence[ast.stmt]) -> set[str]:
    return {node.id for node in _inside(body) if _is_name(node, ast.Load)}


def _moved_in(body: Sequence[ast.stmt]) -> set[str]:
    """Names of the module that the function binds itself."""
    return {name for node in _inside(body) if isinstance(node, ast.Global) for name in node.names}


def _span(statements: Sequence[ast.stmt]) -> Span:
    last = statements[-1]
    return statements[0].lineno, last.end_lineno or last.lineno


def _taken(other: str, module: str) -> Iterator[str]:
    """Names that another file takes from a module, or may read of it while it is imported."""
    try:
        tree = ast.parse(other)
    except (SyntaxError, ValueError):
        return  # nobody can import it
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            star_of_another = (node.module or "").rpartition(".")[2] not in ("", module)
            names = {alias.name for alias in node.names}
            yield from names - {"*"} if star_of_another else names
    for node in _on_import(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value.rpartition(".")[2]
