"""Names that are mentioned, though no expression reads them."""

import re

from astroid import nodes

from nbkata.smells.core.syntax import Node, method, text_of, walk
from nbkata.smells.core.view import View


def is_needed_elsewhere(view: View, name: str) -> bool:
    """Whether a magic, a query text, or a cell that could not be read, mentions it."""
    return name in view.once(_words_elsewhere)


def _words_elsewhere(view: View) -> set[str]:
    texts = [text_of(node) or "" for node in _query_texts(view)]
    for block in view.blocks:
        texts += [text for _, text in block.python.magics]
        texts += [block.source] if block.python.problem else []
    return {word for text in texts for word in re.findall(r"\w+", text)}


def _query_texts(view: View) -> list[Node]:
    """Strings that may name variables: ``df.query('@limit')``, ``eval``, ``globals()['x']``."""
    asked = {"query", "eval", "exec", "sqldf", "sql", "execute", "get_ipython", "run_line_magic"}
    found = [p for c in view.calls() if method(c) in asked for p in walk(c) if text_of(p)]
    subscripted = [n.slice for n in view.all(nodes.Subscript) if method(n.value) in _SPACES]
    return found + [node for node in subscripted if text_of(node)]


_SPACES = frozenset({"globals", "locals", "vars"})
