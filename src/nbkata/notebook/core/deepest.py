"""The place of the expression that is nested the deepest: parsers that give up at the code do so there."""

import ast
import warnings
from collections.abc import Iterable


def deepest_line(sources: Iterable[tuple[str, str]]) -> tuple[str, int]:
    """Of texts with their names: the name, and the line where the deepest statement begins.

    What no parser can read counts as deeper than all else, and by its longest line.
    """
    found = [(*_deepest(text), name) for name, text in sources]
    _, line, name = max(found, default=(0, 1, ""))
    return name, line


def is_too_deep(text: str) -> bool:
    """Whether no parser can read it, for this reason alone."""
    return _deepest(text)[0] >= len(text) > 0


def _deepest(text: str) -> tuple[int, int]:
    """How deep, and the line."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError as error:
        return 0, error.lineno or 1
    except (ValueError, RecursionError, MemoryError):
        lines = text.splitlines()
        return len(text), 1 + max(range(len(lines)), key=lambda number: len(lines[number]))
    return max(((_depth(node), node.lineno) for node in tree.body), default=(0, 1))


def _depth(node: ast.AST) -> int:
    deepest, waiting = 0, [(node, 1)]
    while waiting:
        inner, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting += ((child, depth + 1) for child in ast.iter_child_nodes(inner))
    return deepest
