"""What the commands print with: one console, the two lights, progress, refusals.

Colour only repeats what a word says, so the screen reads the same under ``NO_COLOR``, in a pipe
and by a screen reader.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from nbkata import plain
from nbkata.core.kata import Kata, Step
from nbkata.core.lights import Light, Verdict
from nbkata.core.refusal import Refusal
from nbkata.plain import can

BAD_INPUT = plain.BAD_INPUT
out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)


def refuse(refusal: Refusal) -> int:
    """Print it on stderr; returns its exit code."""
    err.print(Text.assemble(("✗ " if can("✗") else "x ", "red"), str(refusal)))
    return BAD_INPUT


def table_of(rows: Iterable[Sequence[str]]) -> RenderableType:
    """Rows of plain text, indented, with air around them."""
    table = Table.grid(padding=(0, 3))
    for row in rows:
        table.add_row(*(Text(cell, overflow="fold") for cell in row))
    return Padding(table, (1, 2))


def print_hanging(text: Text, indent: int) -> None:
    """Print on stdout; lines after the first begin ``indent`` characters in, and end in no blanks."""
    head, body = text.divide([indent])
    for place, line in enumerate(body.wrap(out, max(20, out.width - indent))):
        line.rstrip()
        out.print((head if place == 0 else Text(" " * indent)) + line)


def step_title(step: Step, kata: Kata) -> RenderableType:
    """The head of a step's screen: which step, how long, what for."""
    line = Table.grid(expand=True)
    line.add_column(ratio=1)
    line.add_column(justify="right")
    place = f"step {step.number} of {kata.steps[-1].number} · about {step.minutes} minutes"
    line.add_row(
        Text(f"{step.number}  {step.title}", "bold"), Text(in_plain_dots(place), style="dim")
    )
    return Group(line, Padding(Text(step.goal), (0, 0, 0, 4)))


def lights(behaviour: Light | None, shape: Light | None) -> RenderableType:
    """Both lights as a table; a light that was not looked at yet is told so."""
    table = Table.grid(padding=(0, 2))
    table.add_column(width=1)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, min_width=5)
    table.add_column(ratio=1)
    for name, light in (("behaviour", behaviour), ("shape", shape)):
        table.add_row(*_light_row(name, light))
    return Padding(table, (1, 2))


def verdict_lights(verdict: Verdict) -> RenderableType:
    """The lights of a check just made."""
    return lights(verdict.behaviour, verdict.shape)


def light_line(name: str, light: Light) -> RenderableType:
    """One light alone."""
    table = Table.grid(padding=(0, 2))
    table.add_column(width=1)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, min_width=5)
    table.add_column(ratio=1)
    table.add_row(*_light_row(name, light))
    return Padding(table, (1, 2, 0, 2))


def in_plain_dots(line: str) -> str:
    """With a hyphen for the middle dot where the terminal has none."""
    return line if can("·") else line.replace("·", "-")


def dash() -> str:
    """What stands in a table where there is nothing to tell."""
    return "–" if can("–") else "-"


def _light_row(name: str, light: Light | None) -> tuple[Text, Text, Text, RenderableType]:
    if light is None:
        return Text("○" if can("○") else "-", "dim"), Text(name), Text("not yet", "dim"), Text("")
    colour = "green" if light.ok else "red"
    letter = "+" if light.ok else "x"
    messages = Group(*[Text(message, overflow="fold") for message in light.messages])
    return Text("●" if can("●") else letter, colour), Text(name), Text(colour, colour), messages


def todo(lines: tuple[str, ...], guide: str, next_command: str) -> RenderableType:
    """What to do now, numbered; where it is explained; the next command."""
    table = Table.grid(padding=(0, 1))
    for number, line in enumerate(lines, start=1):
        table.add_row(f"{number}.", Text(line))  # a text of its own: its brackets are no markup
    return Group(Padding(table, (0, 2)), "", pointers(guide=guide, next=next_command))


def done(line: str, next_command: str, **before: str) -> RenderableType:
    """What was reached, in a sentence or two; what to do ``before``, and the next command."""
    return Group(Padding(Text(line), (0, 2)), "", pointers(**before, next=next_command))


def pointers(**places: str) -> RenderableType:
    """Labels with the places or commands that they stand for."""
    table = Table.grid(padding=(0, 2))
    table.add_column(min_width=plain.LABEL)
    table.add_column()
    for name, place in places.items():
        style = "bold cyan" if name == "next" else ""
        table.add_row(name, Text(place, style, overflow="fold"))
    return Padding(table, (0, 2))


@contextmanager
def cell_progress(total: int) -> Iterator[Progress]:
    """A bar for a notebook's run on stderr; where no one watches, nothing."""
    columns = (
        TextColumn("  running cell {task.fields[cell]}"),
        BarColumn(bar_width=30),
        TextColumn("{task.completed} of {task.total}"),
        TimeElapsedColumn(),
    )
    hidden = not (total and err.is_terminal)
    with Progress(*columns, console=err, transient=True, disable=hidden) as progress:
        progress.add_task("cells", total=total, cell=0)
        yield progress


@contextmanager
def look_progress(total: int) -> Iterator[Progress]:
    """A bar for a proof's looks on stderr; where no one watches, nothing."""
    columns = (
        BarColumn(bar_width=30),
        TextColumn("{task.completed} of {task.total}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[name]}", style="dim"),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        progress.add_task("looks", total=total, name="")
        yield progress


def tick(ok: bool) -> Text:
    """Yes or no, in a cell of a table."""
    sign = ("✓" if ok else "✗") if can("✓") else ("ok" if ok else "NO")
    return Text(sign, "green" if ok else "red")
