"""Code in comments: kept in case, and never right again."""

import ast
import re
import warnings
from collections.abc import Iterator

from astroid import nodes

from nbkata.smells.core.finding import Spot
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.syntax import text_of
from nbkata.smells.core.view import View

_NOT_CODE = re.compile(
    r"^#\s*(%%|\[code smell\]|noqa|type:|pylint:|pragma|fmt:|isort:|mypy:|-\*-|!|In\s?\[|TODO|FIXME"
    r"|NOTE|https?:|vim:|\+|region|endregion|nbval|flake8|ruff|@)|^#\s*[-=#*~_]{3,}"
)
# A shell line or a magic; not ``#!/bin/sh``, ``# %%`` or ``# %% [markdown]``.
_MAGIC = re.compile(r"^#\s*(!\s?[a-z]\w+ \S|%{1,2}[a-z]\w+( |$))")
_PACKAGES = frozenset(
    """numpy pandas scipy sklearn seaborn matplotlib plotly torch keras os sys re json math random time
    datetime pickle csv glob itertools collections warnings requests""".split()
)
_MESSAGE = (
    "code in a comment: nobody knows whether it still holds, and nothing checks it. "
    "Delete it; version control keeps the old one."
)


def commented_out_code(view: View) -> Iterator[Spot]:
    """Neighbouring comment lines that are Python, and texts alone on a line that are."""
    for block in view.blocks:
        lines = block.source.split("\n")
        start: int | None = None
        end = 0
        for number in _comments(view, block.first, lines):
            if start is not None and number != end + 1:
                yield _spot(start, end)
                start = None
            start, end = (start or number), number
        if start is not None:
            yield _spot(start, end)
    for node in view.all(nodes.Expr):
        text = text_of(node.value)
        if text and "\n" in text.strip() and _is_program(text):
            yield view.spot(Smell.COMMENTED_OUT_CODE, node, _MESSAGE)


def _spot(start: int, end: int) -> Spot:
    return Spot(Smell.COMMENTED_OUT_CODE, start, _MESSAGE, end)


def _comments(view: View, first: int, lines: list[str]) -> Iterator[int]:
    inside = view.once(_lines_in_texts)
    group: list[tuple[int, str]] = []
    for number, line in enumerate([*lines, ""], start=first):
        bare = line.strip()
        if _MAGIC.match(bare) and number not in inside:
            yield number
        elif bare.startswith("#") and number not in inside and not _NOT_CODE.match(bare):
            group.append((number, bare))
            continue
        yield from _code_among(group)
        group = []


def _code_among(group: list[tuple[int, str]]) -> Iterator[int]:
    """The lines that are code: a whole group where it parses as one, else line by line."""
    if not group:
        return
    texts = [re.sub(r"^#+ ?", "", line) for _, line in group]
    if len(group) > 1 and _is_program("\n".join(texts)):
        is_word = [bool(re.fullmatch(r"\w+", text)) for text in texts]
        words = is_word.index(False) if False in is_word else 0  # above the code: what it is about
        yield from (number for number, _ in group[words:])
        return
    for (number, _), text in zip(group, texts, strict=True):
        if _looks_like_code(text.strip()):
            yield number


def _lines_in_texts(view: View) -> set[int]:
    """Lines inside strings of several lines: a ``#`` there is no comment."""
    found: set[int] = set()
    for node in (*view.all(nodes.Const), *view.all(nodes.JoinedStr)):
        if node.end_lineno is not None and node.end_lineno > node.lineno:
            found |= set(range(node.lineno + 1, node.end_lineno + 1))
    return found


def _is_program(text: str) -> bool:
    body = _parsed(text)
    if not body:
        return False
    return any(_says_code(part, ast.get_source_segment(text, part) or "") for part in body) and all(
        _could_be_code(part) for part in body
    )


def _looks_like_code(text: str) -> bool:
    if len(text) < 4 or re.match(r"^[A-Z][a-z]+ ", text):
        return False
    body = _parsed(text) or _parsed(text + "\n    pass")
    return bool(body) and all(_says_code(part, text) for part in body)


def _parsed(text: str) -> list[ast.stmt]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return []


def _could_be_code(part: ast.stmt) -> bool:
    """Whether it may stand among code: one plain word between sentences does not."""
    return not (isinstance(part, ast.AnnAssign) and part.value is None)


def _says_code(part: ast.stmt, text: str) -> bool:
    """Whether nobody would write this as a sentence."""
    if isinstance(part, ast.Import):
        word = re.fullmatch(r"import ([a-z]+)", text)  # "import model" is a heading
        return word is None or word[1] in _PACKAGES
    if isinstance(part, (ast.ImportFrom, ast.FunctionDef, ast.For, ast.With, ast.If)):
        return True
    if isinstance(part, (ast.Assign, ast.AugAssign)):
        return (
            not re.match(r"^\w+ ?= ?[\w ]+$", text)
            or bool(re.search(r"= ?[\d\"'\[({]", text))
            and (
                isinstance(part, ast.Assign)
                and not isinstance(part.value, ast.Tuple)
                and not re.match(r"^[-\d.]+ ?=", text)
                and not _is_legend(part)
            )
        )
    if isinstance(part, ast.Return):
        return part.value is not None and not isinstance(part.value, ast.Constant)
    if isinstance(part, ast.Expr):
        value = part.value
        if isinstance(value, ast.Call):
            return not re.match(r"^[\w.]+ +\(", text) and not _is_signature(value)
        if isinstance(value, ast.Subscript):
            return isinstance(value.slice, ast.Constant) or isinstance(value.value, ast.Attribute)
        return (
            isinstance(value, ast.Attribute)
            and bool(re.match(r"^[a-z_]\w*\.[a-z_]\w+$", text))
            and (text.rsplit(".", 1)[-1] in {"shape", "columns", "dtypes", "index", "values", "T"})
        )
    return False


def _is_legend(part: ast.Assign) -> bool:
    """``# U = unknown``, ``# 0 = died``: a key to values, with a short word or number."""
    return isinstance(part.value, ast.Name)


def _is_signature(call: ast.Call) -> bool:
    """``# fit()``, ``# see train(model)``: a function named in passing, called with nothing."""
    return isinstance(call.func, ast.Name) and not call.args and not call.keywords
