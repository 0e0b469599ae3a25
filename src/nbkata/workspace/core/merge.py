"""Merging two edits of one text: line by line, and for Python definition by definition.

The line merge is the three-way merge of diff3: where only one side changed the base, that side is
taken; where both did, and differently, there is a conflict. Conflicts are never written down: the
caller takes one side whole.
"""

import ast
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher


def merged_lines(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> list[str] | None:
    """Both edits of the base in one text; none if they are in each other's way."""
    merged: list[str] = []
    at_base = at_mine = at_theirs = 0
    for in_base, in_mine, in_theirs, length in _unchanged(base, mine, theirs):
        was = list(base[at_base:in_base])
        ours = list(mine[at_mine:in_mine])
        others = list(theirs[at_theirs:in_theirs])
        if ours != others and was not in (ours, others):
            return None
        merged += others if ours == was else ours
        merged += base[in_base : in_base + length]
        at_base, at_mine, at_theirs = in_base + length, in_mine + length, in_theirs + length
    return merged


def _unchanged(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> Iterator[tuple[int, int, int, int]]:
    """Runs of lines that both sides left alone: where they begin in each, and how long they are.

    The last one is empty, for the ends.
    """
    left = SequenceMatcher(None, base, mine, autojunk=False).get_matching_blocks()
    right = SequenceMatcher(None, base, theirs, autojunk=False).get_matching_blocks()
    i = j = 0
    while i < len(left) and j < len(right):
        (a, in_mine, n), (b, in_theirs, m) = left[i], right[j]
        start, end = max(a, b), min(a + n, b + m)
        if start < end:
            yield start, in_mine + start - a, in_theirs + start - b, end - start
        if a + n < b + m:
            i += 1
        else:
            j += 1
    yield len(base), len(mine), len(theirs), 0


def with_own_definitions(base: str, mine: str, theirs: str) -> tuple[str, tuple[str, ...]]:
    """Their module, and with it the functions and classes that only mine has, with their names.

    What those need of my imports and constants comes along. A definition is my own where neither
    the base nor they have one of its name. Their module alone where mine is not Python.
    """
    try:
        old, new, other = (ast.parse(text) for text in (base, mine, theirs))
    except (SyntaxError, ValueError):
        return theirs, ()
    taken = _bound(old) | _bound(other)
    own = [n for n in new.body if isinstance(n, DEFINITIONS) and n.name not in taken]
    if not own:
        return theirs, ()
    needed = _needed(own, new, _bound(other))
    imports = [_text(node, mine) for node in needed if isinstance(node, IMPORTS)]
    rest = [_text(node, mine) for node in new.body if node in own or node in needed]
    rest = [text for text in rest if text not in imports]
    text = _inserted(theirs, other, imports, rest)
    try:
        ast.parse(text)
    except SyntaxError:
        return theirs, ()
    return text, tuple(node.name for node in own)


DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
IMPORTS = (ast.Import, ast.ImportFrom)


def _bound(module: ast.Module) -> set[str]:
    return {name for node in module.body for name in _names_of(node)}


def _names_of(node: ast.stmt) -> set[str]:
    """The names that a statement of a module's top level gives a meaning to."""
    if isinstance(node, DEFINITIONS):
        return {node.name}
    if isinstance(node, IMPORTS):
        return {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    if isinstance(node, ast.Assign | ast.AnnAssign):
        names = (child for child in ast.walk(node) if isinstance(child, ast.Name))
        return {name.id for name in names if isinstance(name.ctx, ast.Store)}
    return set()


def _needed(own: Sequence[ast.stmt], module: ast.Module, there: set[str]) -> list[ast.stmt]:
    """Imports, constants and functions that the definitions use and that are not there already."""
    found: list[ast.stmt] = []
    open_: list[ast.stmt] = list(own)
    while open_:
        used = {n.id for n in ast.walk(open_.pop()) if isinstance(n, ast.Name)}
        for node in module.body:
            if node not in found and node not in own and _names_of(node) & used - there:
                found.append(node)
                open_.append(node)
    return found


def _text(node: ast.stmt, source: str) -> str:
    """A statement's lines, with its decorators and the comments right above it."""
    lines = source.splitlines()
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)]) - 1
    while first and lines[first - 1].startswith("#"):
        first -= 1
    return "\n".join(lines[first : node.end_lineno])


def _inserted(text: str, module: ast.Module, imports: list[str], rest: list[str]) -> str:
    """The imports after the module's own, the rest at its end, before it is run as a script."""
    lines = text.rstrip("\n").splitlines()
    script = next((n.lineno - 1 for n in module.body if _is_main(n)), len(lines))
    last = max((n.end_lineno or 0 for n in module.body if isinstance(n, IMPORTS)), default=0)
    tail = lines[script:]
    body = "\n".join([*lines[:last], *imports, *lines[last:script]]).rstrip("\n")
    blocks = [body, *rest, *(["\n".join(tail)] if tail else [])]
    return "\n\n\n".join(blocks) + "\n"


def _is_main(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "__name__" in {
        name.id for name in ast.walk(node.test) if isinstance(name, ast.Name)
    }
