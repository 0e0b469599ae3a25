"""What the commands print with: one console, the two lights, progress, refusals.

Colour only repeats what a word says, so the screen reads the same under ``NO_COLOR``, in a pipe
and by a screen reader.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from nbkata.core.kata import Kata, Step
from nbkata.core.lights import Light, Verdict
from nbkata.core.refusal import Refusal

BAD_INPUT = 2
"""The exit code of every refusal."""

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)


def refuse(refusal: Refusal) -> int:
    """Print it on stderr; returns its exit code."""
    err.print(Text.assemble(("✗ " if _can("✗") else "x ", "red"), str(refusal)))
    return BAD_INPUT


def step_title(step: Step, kata: Kata) -> RenderableType:
    """The first line of a step's screen."""
    line = Table.grid(expand=True)
    line.add_column(ratio=1)
    line.add_column(justify="right")
    place = f"step {step.number} of {kata.steps[-1].number} · about {step.minutes} minutes"
    line.add_row(
        Text.assemble((f"{step.number}  {step.title}", "bold")),
        Text(place if _can("·") else place.replace("·", "-"), style="dim"),
    )
    return line


def lights(behaviour: Light | None, shape: Light | None) -> RenderableType:
    """Both lights as a table; a light that was not looked at yet is told so."""
    table = Table.grid(padding=(0, 2))
    table.add_column(width=1)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for name, light in (("behaviour", behaviour), ("shape", shape)):
        table.add_row(*_light_row(name, light))
    return Padding(table, (1, 2))


def verdict_lights(verdict: Verdict) -> RenderableType:
    """The lights of a check just made."""
    return lights(verdict.behaviour, verdict.shape)


def _light_row(name: str, light: Light | None) -> tuple[Text, Text, Text, RenderableType]:
    if light is None:
        return Text("○" if _can("○") else "-", "dim"), Text(name), Text("not yet", "dim"), Text("")
    sign, word, colour = ("●", "green", "green") if light.ok else ("●", "red", "red")
    if not _can(sign):
        sign = "+" if light.ok else "x"
    messages = Group(*[Text(message) for message in light.messages])
    return Text(sign, colour), Text(name), Text(word, f"bold {colour}"), messages


def todo(lines: tuple[str, ...], next_command: str) -> RenderableType:
    """What to do now, numbered, and the next command."""
    table = Table.grid(padding=(0, 1))
    for number, line in enumerate(lines, start=1):
        table.add_row(f"  {number}.", line)
    parts: list[RenderableType] = [table, Text("")] if lines else []
    return Group(*parts, Text.assemble("  Next: ", (next_command, "bold cyan")))


@contextmanager
def cell_progress(total: int) -> Iterator[Progress]:
    """A bar for a notebook's run on stderr; where no one watches, nothing."""
    columns = (
        TextColumn("  running cell {task.fields[cell]}"),
        BarColumn(bar_width=30),
        TextColumn("{task.completed} of {task.total}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        progress.add_task("cells", total=total, cell=0)
        yield progress


def _can(sign: str) -> bool:
    """Whether the terminal's encoding knows the sign (older Windows consoles do not)."""
    try:
        sign.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
