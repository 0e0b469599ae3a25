"""Imports: unused, spread over the notebook, or of everything."""

import re
from collections.abc import Iterator

from astroid import nodes

from nbkata.smells.core.explained import is_explained
from nbkata.smells.core.finding import Spot
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.syntax import Node, root, text_of, walk
from nbkata.smells.core.view import Step, View

_IMPORTS = (nodes.Import, nodes.ImportFrom)
_FOR_THEIR_EFFECT = frozenset({"Axes3D", "readline", "antigravity", "this", "turtle_demo"})


def unused_import(view: View) -> Iterator[Spot]:
    """A name imported and never read, in no scope, no magic and no annotation."""
    used = set(view.reads) | set(_named_elsewhere(view))
    if view.source.path.replace("\\", "/").endswith("__init__.py"):
        return
    for node in view.all(*_IMPORTS):
        if getattr(node, "modname", "") == "__future__" or _is_attempt(node):
            continue
        if is_explained(view, node, r"unused-import|F401|W0611"):
            continue
        names = [
            alias or name.split(".")[0] for name, alias in node.names if name not in ("*", alias)
        ]
        unused = [name for name in names if name not in used and name not in _FOR_THEIR_EFFECT]
        if unused:
            message = (
                f"{_listed(unused)} {'is' if len(unused) == 1 else 'are'} imported and never used: "
                "a reader looks for the use in vain. Remove it."
            )
            yield view.spot(Smell.UNUSED_IMPORT, node, message)


def scattered_import(view: View) -> Iterator[Spot]:
    """Imports after the work has begun; one finding a cell."""
    working = False
    reported: set[int] = set()
    for step in view.steps:
        is_import = isinstance(step.node, _IMPORTS)
        if working and is_import and step.depth == 0 and step.block not in reported:
            reported.add(step.block)
            message = (
                f"{step.node.as_string()} is in the middle of the work: whoever wants to know "
                "what this needs must read all of it. Move it to the top."
            )
            yield view.spot(Smell.SCATTERED_IMPORT, step.node, message)
        elif not working and not is_import:
            working = step.depth == 0 and not _is_setup(view, step)


def wildcard_import(view: View) -> Iterator[Spot]:
    """``from x import *``: nobody can tell where a name comes from."""
    for node in view.all(nodes.ImportFrom):
        if node.names[0][0] == "*":
            message = (
                f"everything of {node.modname or '.'} is imported: nobody sees which names come "
                "from there, and one may replace yours. Import the names that you use."
            )
            yield view.spot(Smell.WILDCARD_IMPORT, node, message)


def _is_setup(view: View, step: Step) -> bool:
    """Settings and constants, which may well stand between imports."""
    node = step.node
    if isinstance(node, nodes.Expr):
        value = node.value
        return not isinstance(value, nodes.Call) or root(value) in {*view.aliases, "print"}
    if isinstance(node, (nodes.Assign, nodes.AnnAssign)):
        calls = [part for part in walk(node) if isinstance(part, nodes.Call)]
        quiet = ("os", "pathlib", "sys", "re", "logging", "warnings", "datetime", "time")
        return all(view.qualified(c.func).split(".")[0] in quiet for c in calls)
    return isinstance(node, (nodes.If, nodes.Try, nodes.Pass))


def _is_attempt(node: Node) -> bool:
    return isinstance(node.parent, (nodes.Try, nodes.ExceptHandler))


def _named_elsewhere(view: View) -> Iterator[str]:
    """Names in magics, in cells that could not be read, in ``__all__`` and in annotations."""
    for block in view.blocks:
        for _, magic in block.python.magics:
            yield from re.findall(r"\w+", re.sub(r"^%+\w+", "", magic))
        if block.python.problem:
            yield from re.findall(r"\w+", block.source)
    for node in view.all(nodes.Assign):
        if any(getattr(target, "name", "") == "__all__" for target in node.targets):
            yield from filter(None, (text_of(part) for part in walk(node.value)))
    for annotation in _annotations(view):
        for part in walk(annotation):
            yield from re.findall(r"\w+", text_of(part) or "")


def _annotations(view: View) -> Iterator[Node]:
    for node in view.all(nodes.AnnAssign):
        yield node.annotation
    for node in view.all(nodes.Arguments):
        yield from filter(None, [*node.annotations, *node.kwonlyargs_annotations])
    for node in view.all(nodes.FunctionDef, nodes.AsyncFunctionDef):
        if node.returns is not None:
            yield node.returns


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
