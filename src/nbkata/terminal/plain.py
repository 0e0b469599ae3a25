"""What the commands print that must be there at once: plain lines, without rich.

Rich and typer take ten times as long to import as Python takes to start.
"""

import os
import re
import sys
from collections.abc import Iterable
from typing import TextIO

from nbkata.common.core.refusal import Refusal
from nbkata.terminal.visible import visible

# The exit code of every refusal.
BAD_INPUT = 2
# Columns of a pointer's name, of ``commit`` and shorter: those of one screen line up.
LABEL = 6
# Columns that a person reads with ease; wider terminals stay empty on the right.
WIDEST = 100


def refuse(refusal: Refusal) -> int:
    """Print it on stderr; returns its exit code."""
    sign = "✗" if can("✗", sys.stderr.encoding) else "x"
    lines = []
    for line in visible(f"{sign} {refusal}").split("\n"):  # an indented one is code, or a caret
        lines += [line] if line.startswith(" ") else wrapped(line, whole_width())
    lines[0] = coloured(sign, "31", sys.stderr) + lines[0].removeprefix(sign)
    print("\n".join(lines), file=sys.stderr)
    return BAD_INPUT


def note(text: str) -> None:
    """Say something on stderr that is no part of the answer."""
    print(visible(text), file=sys.stderr)


def pointers(**places: str) -> list[str]:
    """Labels with the places or commands that they stand for."""
    widest = max(LABEL, *map(len, places))
    shown = {name: coloured(at, "36") if name == "then" else at for name, at in places.items()}
    return ["", *(f"  {name:<{widest}}  {place}" for name, place in shown.items())]


def done(line: str, next_command: str) -> list[str]:
    """What was reached, in a sentence or two, and the next command."""
    return [*wrapped(line, width(), "  "), *pointers(then=next_command)]


def show(lines: Iterable[str]) -> None:
    """Print them; a sign that the terminal has not becomes a question mark."""
    text = "\n".join(cleaned(line.rstrip()) for line in lines)
    encoding = sys.stdout.encoding or "ascii"
    print(text.encode(encoding, "replace").decode(encoding))


# A command up to the path or quoted text in it, or a word: none of these is broken, so that a
# command with a long path, and with blanks in it, can be copied in one go.
_UNBROKEN = re.compile(
    r"(?:(?:nbkata|git|python3?|black|jupytext|nbdime|pytest|pip|cd)(?: [\w=-]+)*? "
    r"""(?:"[^"\n]*"|'[^'\n]*'|[^\s"']*/)[^\s"']*|\S)\S*"""
)


def wrapped(text: str, columns: int, first: str = "", other: str | None = None) -> list[str]:
    """The text in lines of at most so many columns where its words allow; ``first`` and ``other``
    stand before them."""
    begin = first if other is None else other
    lines, line = [], first
    for word in _UNBROKEN.findall(text):
        if len(line) + len(word) > columns and line.strip():
            lines.append(line.rstrip())
            line = begin
        line += f"{word} "
    return [*lines, line.rstrip()]


def width() -> int:
    """Columns to fill with text that is read: those of the terminal, or fewer."""
    return min(whole_width(), WIDEST)


def whole_width() -> int:
    """Columns of the terminal: what COLUMNS says, what the terminal says, or 80."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def can(sign: str, encoding: str | None = None) -> bool:
    """Whether the terminal's encoding knows the sign (older Windows consoles do not)."""
    try:
        sign.encode(encoding or sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def cleaned(line: str) -> str:
    """The line with nothing that steers the terminal but the colours of ``coloured``."""
    parts = _COLOUR.split(line)
    return "".join(part if place % 2 else visible(part) for place, part in enumerate(parts))


# What ``coloured`` makes, as a group: the codes of bold, dim and the colours.
_COLOUR = re.compile(r"(\x1b\[(?:[0-2]|3[1-7])m)")


def coloured(text: str, code: str, where: TextIO | None = None) -> str:
    """With the colour of this ANSI code, on a terminal that shows it and a person who wants it."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    wanted = (where or sys.stdout).isatty() and not plain and sys.platform != "win32"
    return f"\x1b[{code}m{text}\x1b[0m" if wanted else text
