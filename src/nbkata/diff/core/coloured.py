"""The lines of a difference in pieces for a page: what is code's, and what a line changed in."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, Token

from nbkata.diff.core.difference import Block, Content, FileChange, as_text

# The likeness of two lines from which on their words are compared.
_ALIKE = 0.5
# Signs of a line whose words are not compared.
_LONG = 300
# The class on a page of a token and what is below it.
_CLASSES = {
    Keyword: "k",
    Operator.Word: "k",
    String: "s",
    Comment: "c",
    Number: "n",
    Name.Function: "f",
    Name.Class: "f",
    Name.Decorator: "f",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line, its class on the page, and whether it differs from the other side."""

    text: str
    kind: str = ""
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of one side, and its row among those of its run."""

    number: int | None
    pieces: tuple[Piece, ...]
    row: int


@dataclass(frozen=True, slots=True)
class Run:
    """Lines that are equal, or the old ones and the new ones in their place."""

    is_context: bool
    old: tuple[Line, ...]
    new: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Hunk:
    """A block as the page shows it."""

    title: str
    runs: tuple[Run, ...]


def hunks(change: FileChange) -> Iterator[Hunk]:
    """The blocks of a file, coloured if they are Python."""
    is_script = change.name.endswith(".py")
    sides = [
        _lexed(as_text(side)) if side and is_script else [] for side in (change.old, change.new)
    ]
    for title, block in zip(places(change), change.blocks, strict=True):
        old, new = _lexed_cell(block) if block.title else sides
        yield Hunk(title, tuple(_runs(block, old, new)))


def places(change: FileChange) -> Iterator[str]:
    """Of each block the cell; or its line and, in a script, the function around it, as git says it."""
    is_script = change.name.endswith(".py")
    olds, news = (_around(side) if side and is_script else [] for side in (change.old, change.new))
    for block in change.blocks:
        first = block.rows[0]
        number, names = (first.new_line, news) if first.new_line else (first.old_line, olds)
        name = names[number] if names and number else ""
        yield block.title or f"line {number}" + (f", in {name}" if name else "")


def _around(side: Content) -> list[str]:
    """By line number: the function or class at the top of the module that began last."""
    names = [""]
    for line in as_text(side).splitlines():
        found = re.match(r"(?:async )?(?:def|class) (\w+)", line)
        names.append(found[1] if found else names[-1])
    return names


_Lines = list[list[Piece]]


def _lexed(text: str) -> _Lines:
    lines: _Lines = [[]]
    for token, value in PythonLexer(stripnl=False).get_tokens(text):
        for place_in_token, part in enumerate(value.split("\n")):
            if place_in_token:
                lines.append([])
            if part:
                lines[-1].append(Piece(part, _class_of(token)))
    return lines


def _class_of(token: Any) -> str:
    while token is not Token and token not in _CLASSES:
        token = token.parent
    return _CLASSES.get(token, "")


def _lexed_cell(block: Block) -> list[_Lines]:
    """Both sides of a cell, by line number as well: lines that the block leaves out are empty."""
    found: list[_Lines] = []
    olds = [(row.old_line, row.old) for row in block.rows]
    for lines in (olds, [(row.new_line, row.new) for row in block.rows]):
        texts = {number: text for number, text in lines if number and text is not None}
        whole = [texts.get(number, "") for number in range(1, max(texts, default=0) + 1)]
        found.append(_lexed("\n".join(whole)))
    return found


def _runs(block: Block, old: _Lines, new: _Lines) -> Iterator[Run]:
    rows = list(block.rows)
    while rows:
        is_context = rows[0].is_context
        count = next(
            (n for n, row in enumerate(rows) if row.is_context is not is_context), len(rows)
        )
        left: list[Line] = []
        right: list[Line] = []
        for row_number, row in enumerate(rows[:count], start=1):
            before, after = _pieces(old, row.old_line, row.old), _pieces(new, row.new_line, row.new)
            if not is_context:
                before, after = _marked(before, after)
            if row.old is not None:
                left.append(Line(row.old_line, tuple(before), row_number))
            if row.new is not None:
                right.append(Line(row.new_line, tuple(after), row_number))
        yield Run(is_context, tuple(left), tuple(right))
        rows = rows[count:]


def _pieces(lines: _Lines, number: int | None, text: str | None) -> list[Piece]:
    found = lines[number - 1] if number and number <= len(lines) else []
    is_same = text is not None and "".join(piece.text for piece in found) == text
    return found if is_same else [Piece(text or "")]


def _marked(old: list[Piece], new: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """If the two lines are alike, what differs in them is marked."""
    before, after = ("".join(piece.text for piece in side) for side in (old, new))
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    if max(len(before), len(after)) > _LONG or matcher.ratio() < _ALIKE:
        return old, new
    steps = [step for step in matcher.get_opcodes() if step[0] != "equal"]
    return _cut(old, [(a, b) for _, a, b, _, _ in steps]), _cut(
        new, [(c, d) for _, _, _, c, d in steps]
    )


def _cut(pieces: Sequence[Piece], marked: Sequence[tuple[int, int]]) -> list[Piece]:
    """The same text in more pieces: each is marked as a whole or not at all."""
    edges = {edge for span in marked for edge in span}
    found: list[Piece] = []
    start = 0
    for piece in pieces:
        end = start + len(piece.text)
        cuts = [start, *sorted(edge for edge in edges if start < edge < end), end]
        for low, high in zip(cuts, cuts[1:], strict=False):
            is_marked = any(a <= low and high <= b for a, b in marked)
            found.append(Piece(piece.text[low - start : high - start], piece.kind, is_marked))
        start = end
    return found
