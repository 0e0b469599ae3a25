"""What the commands print with: one console, tables, progress, refusals.

Colour only repeats what a word says, so the screen reads the same under ``NO_COLOR``, in a pipe
and by a screen reader.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from nbkata.terminal import plain
from nbkata.terminal.plain import can
from nbkata.terminal.visible import visible

BAD_INPUT = plain.BAD_INPUT
refuse = plain.refuse


class PlainConsole(Console):
    """A console for which text is text: it knows no markup, and sends no control characters."""

    def __init__(self, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, highlight=False, markup=False, emoji=False)

    @property
    def is_watched(self) -> bool:
        """Whether this is a terminal: ``FORCE_COLOR`` makes none of a pipe, with `patch` at its end."""
        return self.file.isatty()

    def render_str(self, text: str, **how: Any) -> Text:
        """As rich does, with control characters made visible before a width is measured."""
        return super().render_str(visible(text), **how)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """As rich does, with the control characters of texts made visible."""
        if isinstance(renderable, Text) and visible(renderable.plain) != renderable.plain:
            renderable = renderable.copy()
            renderable.plain = visible(renderable.plain)  # before it is cut to a column's width
        for segment in super().render(renderable, options):
            if segment.control or segment.text.isprintable():
                yield segment
            else:
                yield Segment(visible(segment.text), segment.style)


out = PlainConsole()
err = PlainConsole(stderr=True)


def table_of(rows: Iterable[Sequence[str]]) -> RenderableType:
    """Rows of plain text, indented, with air around them."""
    table = Table.grid(padding=(0, 3))
    for row in rows:
        table.add_row(*(Text(visible(cell), overflow="fold") for cell in row))
    return Padding(table, (1, 2))


def print_hanging(text: Text, indent: int) -> None:
    """Print on stdout; lines after the first begin ``indent`` characters in, and end in no blanks.

    A word that is longer than the line, such as a path, stays whole: it can be copied.
    """
    head, body = text.divide([indent])
    width = max(20, out.width - indent)
    lines = [line for part in body.split("\n") for line in part.divide(_breaks(part.plain, width))]
    for place, line in enumerate(lines):
        line.rstrip()
        out.print((head if place == 0 else Text(" " * indent)) + line, soft_wrap=True)


def _breaks(line: str, width: int) -> list[int]:
    """Where the next line begins: before a word that would end outside, except at a line's start."""
    found = [0]
    for word in re.finditer(r"\S+", line):
        if (
            cell_len(line[found[-1] : word.end()]) > width
            and line[found[-1] : word.start()].strip()
        ):
            found.append(word.start())
    return found[1:]


def in_plain_dots(line: str) -> str:
    """With a hyphen for the middle dot where the terminal has none."""
    return line if can("·") else line.replace("·", "-")


def dash() -> str:
    """What a table shows if there is nothing to say."""
    return "–" if can("–") else "-"


def text_of(lines: Iterable[str]) -> Text:
    """Plain lines, with the colours of `plain.coloured`, as rich prints them."""
    return Text.from_ansi("\n".join(map(plain.cleaned, lines)))


def done(line: str, next_command: str) -> Text:
    """What was reached, in a sentence or two, and the next command."""
    return text_of(plain.done(line, next_command))


def pointers(**places: str) -> Text:
    """Labels with the places or commands that they stand for."""
    return text_of(plain.pointers(**places)[1:])


@contextmanager
def cell_progress(total: int) -> Iterator[Progress]:
    """A bar for a notebook's run on stderr; where no one watches, nothing."""
    columns = (
        TextColumn("  running cell {task.fields[cell]}"),
        BarColumn(bar_width=30),
        TextColumn("{task.completed} of {task.total}"),
        TimeElapsedColumn(),
    )
    hidden = not (total and err.is_watched)
    with Progress(*columns, console=err, transient=True, disable=hidden) as progress:
        progress.add_task("cells", total=total, cell=0)
        yield progress


@contextmanager
def slow_progress() -> Iterator[Progress]:
    """Room for the bar of `show_slow` on stderr; where no one watches, nothing."""
    columns = (
        TextColumn("  {task.description}", markup=False),
        BarColumn(bar_width=10),
        TextColumn("{task.fields[count]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_watched) as progress:
        yield progress


@contextmanager
def working(work: str) -> Iterator[Progress]:
    """Say on stderr what takes its time, and for how long; where no one watches, nothing."""
    with slow_progress() as progress:
        show_slow(progress, work, 0, None)
        yield progress


def show_slow(progress: Progress, work: str, count: int, total: int | None, more: str = "") -> None:
    """Show how far one slow thing has come, in place of the one before; None: not known yet."""
    shown = f"{count} of {total}{more}" if total else ""
    for task in progress.tasks:
        if task.description == work:
            progress.update(task.id, completed=count, total=total, count=shown)
            return
        progress.remove_task(task.id)
    progress.add_task(work, completed=count, total=total, count=shown)


@contextmanager
def look_progress(total: int) -> Iterator[Progress]:
    """A bar for a proof's looks on stderr; where no one watches, nothing."""
    columns = (
        BarColumn(bar_width=30),
        TextColumn("{task.completed} of {task.total}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[name]}", style="dim", markup=False),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_watched) as progress:
        progress.add_task("looks", total=total, name="")
        yield progress


def tick(ok: bool) -> Text:
    """Yes or no, in a cell of a table."""
    sign = ("✓" if ok else "✗") if can("✓") else ("ok" if ok else "NO")
    return Text(sign, "green" if ok else "red")
