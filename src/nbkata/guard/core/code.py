"""The code that the tests are about, of before and after: what is the same, and what is gone."""

import ast
import re
from collections.abc import Iterator, Mapping

from nbkata.guard.core.paths import is_code
from nbkata.guard.core.suite import Test

Files = Mapping[str, str]


def tests_dead_code(test: Test, before: Files, after: Files) -> bool:
    """Whether what it tests went: a function that nothing else used, or all that it names of the code.

    What is there under another name did not go.
    """
    old, new = ([text for p, text in files.items() if is_code(p)] for files in (before, after))
    bodies = {body for text in new for _, body in _defined(text)}
    named = {item for text in old for item in _defined(text) if item[0] in test.names}
    gone = {item for item in named if not any(_uses(item[0], text) for text in new)}
    if any(sum(_uses(name, text) for text in old) == 1 for name, _ in gone):
        return True
    return bool(named) and gone == named and bodies.isdisjoint(body for _, body in gone)


def _uses(name: str, text: str) -> int:
    return len(re.findall(rf"\b{re.escape(name)}\b", text))


def _defined(text: str) -> Iterator[tuple[str, str]]:
    """The functions and classes, each with its code."""
    if not does_not_parse(text):
        for node in ast.walk(_without_docstrings(ast.parse(text))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                yield node.name, "".join(map(ast.dump, node.body))


def is_name(text: str, before: Files) -> bool:
    """Whether a text names something in the code, as ``monkeypatch`` wants it."""
    name = text.strip("'\"").rpartition(".")[2]
    if not name.isidentifier():
        return False
    defined = re.compile(rf"^\s*(?:def|class) {name}\b|^{name} *=", re.MULTILINE)
    return any(defined.search(code) for path, code in before.items() if is_code(path))


def code_of(text: str | None) -> str | None:
    """The code without its layout, comments and docstrings; a notebook as it is."""
    if text is None:
        return None
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text
    return ast.dump(_without_docstrings(tree))


def _without_docstrings(tree: ast.AST) -> ast.AST:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(
            node
        ):
            node.body = node.body[1:]
    return tree


def does_not_parse(text: str) -> bool:
    """Whether it is no Python."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
    return False
