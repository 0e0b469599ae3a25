"""The modules under study as values: their trees, what they import and what they define."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nbkata.common.core.refusal import Refusal

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Module:
    """One parsed module."""

    name: str  # as the project imports it: ``features``, ``titanic.features``
    path: str
    tree: ast.Module
    # Local name to full name, from every import statement outside functions.
    imports: Mapping[str, str]
    stars: tuple[str, ...]
    # By qualified name: ``add_title``, ``Encoder.fit``; nested functions belong to their outer.
    functions: Mapping[str, FunctionNode]
    classes: Mapping[str, ast.ClassDef]
    assigned: frozenset[str]  # names bound by statements outside functions and classes


def module_from_source(source: str, name: str, path: str) -> Module | Refusal:
    """The module in ``source``, or why it has none."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        where = path if line is None else f"{path}, line {line}"
        reason = getattr(error, "msg", None) or str(error)
        return Refusal(
            f"this is not Python 3 ({reason}).", where, "Fix it and run the command again."
        )
    return Module(
        name=name,
        path=path,
        tree=tree,
        imports=imports_of(tree.body, name),
        stars=tuple(
            node.module
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module and node.names[0].name == "*"
        ),
        functions=dict(_functions(tree.body, "")),
        classes=dict(_classes(tree.body, "")),
        assigned=frozenset(bound_names(tree.body)),
    )


def imports_of(statements: Sequence[ast.stmt], module: str) -> dict[str, str]:
    """Local name to full name, from the import statements among ``statements`` and in them."""
    found: dict[str, str] = {}
    for node in _outside_functions(statements):
        found |= import_bindings(node, module)
    return found


def import_bindings(node: ast.AST, module: str) -> dict[str, str]:
    """What one statement imports; nothing if it is no import."""
    if isinstance(node, ast.Import):
        return {
            alias.asname
            or alias.name.split(".")[0]: (alias.name if alias.asname else alias.name.split(".")[0])
            for alias in node.names
        }
    if isinstance(node, ast.ImportFrom):
        package = _package(node, module)
        return {
            alias.asname or alias.name: f"{package}.{alias.name}"
            for alias in node.names
            if alias.name != "*"
        }
    return {}


def _package(node: ast.ImportFrom, module: str) -> str:
    if not node.level:
        return node.module or ""
    parents = module.split(".")[: -node.level]
    return ".".join([*parents, node.module] if node.module else parents)


def _outside_functions(statements: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    """Every node that runs when these statements run, the bodies of functions left out."""
    for statement in statements:
        yield statement
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        for child in ast.iter_child_nodes(statement):
            yield from _descendants(child)


def _descendants(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.stmt):
        yield from _outside_functions([node])
        return
    yield node
    if isinstance(node, ast.Lambda):
        return
    for child in ast.iter_child_nodes(node):
        yield from _descendants(child)


def bound_names(statements: Sequence[ast.stmt]) -> Iterator[str]:
    """The names that these statements bind in their own scope."""
    for node in _outside_functions(statements):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name
        elif isinstance(node, ast.MatchMapping) and node.rest:
            yield node.rest
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from import_bindings(node, "")


def declared(
    statements: Sequence[ast.stmt], kind: type[ast.Global] | type[ast.Nonlocal]
) -> set[str]:
    """The names that these statements declare ``global`` (or ``nonlocal``)."""
    return {
        name
        for node in _outside_functions(statements)
        if isinstance(node, kind)
        for name in node.names
    }


def _functions(statements: Sequence[ast.stmt], prefix: str) -> Iterator[tuple[str, FunctionNode]]:
    for node in _definitions(statements):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + node.name, node
        else:
            yield from _functions(node.body, f"{prefix}{node.name}.")


def _classes(statements: Sequence[ast.stmt], prefix: str) -> Iterator[tuple[str, ast.ClassDef]]:
    for node in _definitions(statements):
        if isinstance(node, ast.ClassDef):
            yield prefix + node.name, node
            yield from _classes(node.body, f"{prefix}{node.name}.")


def _definitions(statements: Sequence[ast.stmt]) -> Iterator[FunctionNode | ast.ClassDef]:
    for node in _outside_functions(statements):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node


def parameters(arguments: ast.arguments) -> tuple[ast.arg, ...]:
    """Those that take one argument each, in order; ``*args`` and ``**kwargs`` are not among them."""
    return (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)


def called_name(node: ast.Call) -> str:
    """The last part of what is called: ``fit`` in ``model.fit(...)``."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def is_main_guard(node: ast.stmt) -> bool:
    """Whether the statement is ``if __name__ == "__main__":``."""
    return isinstance(node, ast.If) and "__name__" in {
        name.id for name in ast.walk(node.test) if isinstance(name, ast.Name)
    }
