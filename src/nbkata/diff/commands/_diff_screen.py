"""A difference on a terminal: side by side if it is wide, else under each other."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from nbkata.common.core.refusal import or_refuse
from nbkata.diff.core.coloured import places
from nbkata.diff.core.difference import (
    Block,
    FileChange,
    Kind,
    signed_lines,
    sums,
    unified,
    with_conversion,
)
from nbkata.diff.shell.difference_page import difference_page
from nbkata.diff.shell.editors import open_differences
from nbkata.diff.shell.sides import Side
from nbkata.keys.shell.keymaps import chosen_platform
from nbkata.terminal import screen
from nbkata.terminal.written import wrote
from nbkata.workspace.shell.outputs import page_path, write_page

# Columns from which two sides fit beside each other.
WIDE = 140
_COLOURS = {"-": "red", "+": "green", " ": ""}


class Shown(NamedTuple):
    """How a person wants to see it."""

    html: Path | None = None
    in_browser: bool = False
    in_ide: bool = False
    ide: str = ""
    # On a page: commands that show the differences before and after this one, and lines to be
    # read before.
    ways: Mapping[str, str] = MappingProxyType({})
    about: Sequence[str] = ()


def present(
    found: Sequence[FileChange], sides: tuple[Side, Side], how: Shown, workspace: Path | None
) -> int:
    """In the IDE, as a page, on the terminal, or as a plain diff. Returns the exit code of a failure."""
    old, new = sides
    if how.in_ide:
        choice = or_refuse(chosen_platform(workspace, how.ide, ""))
        names = [change.name for change in found]
        say_opened(or_refuse(open_differences(choice.place.ide, names, old, new)))
    elif how.html is not None or how.in_browser:
        page = difference_page(with_conversion(found), old.label, new.label, how.ways, how.about)
        written = or_refuse(write_page(how.html or page_path("nbkata-diff.html"), page))
        return wrote(written, how.in_browser)
    elif is_watched():
        show(with_conversion(found), old.label, new.label)
    else:
        write_plain(found, old.label, new.label)
    return 0


def is_watched() -> bool:
    """Whether somebody looks, in colour; otherwise a plain diff is of more use."""
    return screen.out.is_watched and not screen.out.no_color


def write_plain(found: Sequence[FileChange], old: str, new: str) -> None:
    """A diff for ``patch``: in a pipe UTF-8 with plain line ends, on every system."""
    text = "".join(unified(change, old, new) for change in found)
    if screen.out.is_watched:
        screen.out.print(Text(text), end="", soft_wrap=True)
    else:
        sys.stdout.flush()  # what was said before the diff
        sys.stdout.buffer.write(text.encode("utf-8"))
    if not found:
        say_equal(old, new)


def say_equal(old: str, new: str) -> None:
    """Where nothing differs; on stderr, for a patch without lines is an empty one."""
    screen.err.print(f"No difference between {old} and {new}.", markup=False, soft_wrap=True)


def say_opened(count: int) -> None:
    """How many files the IDE was given."""
    files = "1 file" if count == 1 else f"{count} files"
    screen.out.print(f"Opened {files} in your IDE." if count else "There is no difference.")


def show(found: Sequence[FileChange], old: str, new: str) -> None:
    """Every file, then the sums."""
    if not found:
        say_equal(old, new)
        return
    for change in found:
        screen.out.print(_head(change))
        for title, block in zip(places(change), change.blocks, strict=True):
            screen.out.print(Text(f"  {title}", "cyan"))
            wide = screen.out.width >= WIDE
            screen.out.print(_side_by_side(block) if wide else _in_one_column(block))
    screen.out.print(Text.assemble((f"{old} -> {new}: ", "bold"), sums(found)))


def _head(change: FileChange) -> Text:
    kind = "" if change.kind is Kind.CHANGED else f", {change.kind.value}"
    note = f" ({change.note})" if change.note else ""
    head = Text.assemble((change.name, "bold"), kind, note)
    if change.blocks:
        head.append(f"  +{change.added}", "green")
        head.append(f" -{change.removed}", "red")
    return head


def _in_one_column(block: Block) -> RenderableType:
    lines = [Text(f"  {sign} {_safe(line)}", _COLOURS[sign]) for sign, line in signed_lines(block)]
    return Text("\n").join([*lines, Text()])


def _side_by_side(block: Block) -> RenderableType:
    table = Table.grid(expand=True, padding=(0, 1))
    for _ in range(2):
        table.add_column(justify="right", width=5, style="dim")
        table.add_column(width=1)
        table.add_column(ratio=1, overflow="fold")
    for row in block.rows:
        old, new = (" ", " ") if row.is_context else ("-", "+")
        table.add_row(*_half(row.old_line, row.old, old), *_half(row.new_line, row.new, new))
    table.add_row()
    return table


def _half(number: int | None, line: str | None, sign: str) -> tuple[str, Text, Text]:
    if line is None:
        return "", Text(), Text()
    colour = _COLOURS[sign]
    return str(number), Text(sign, colour), Text(_safe(line), colour)


def _safe(line: str) -> str:
    """A file's own control characters must not steer the terminal."""
    return "".join(sign if sign.isprintable() or sign == "\t" else "?" for sign in line)
