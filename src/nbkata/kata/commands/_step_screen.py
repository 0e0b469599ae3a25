"""How a step and its two lights look on the screen."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from nbkata.kata.core.kata import Kata, Step
from nbkata.kata.core.lights import Light, Verdict
from nbkata.terminal import screen
from nbkata.terminal.plain import can


def step_title(step: Step, kata: Kata) -> RenderableType:
    """The head of a step's screen: which step, how long, what for."""
    left = Text(f"{step.number}  {step.title}", "bold")
    place = f"step {step.number} of {kata.steps[-1].number} · about {step.minutes} minutes"
    right = Text(screen.in_plain_dots(place), "dim")
    goal = Padding(Text(step.goal), (0, 0, 0, 4))
    if len(left) + 3 + len(right) > screen.out.width:
        return Group(left, Padding(right, (0, 0, 0, 4)), goal)
    line = Table.grid(expand=True)
    line.add_column(ratio=1)
    line.add_column(justify="right")
    line.add_row(left, right)
    return Group(line, goal)


def lights(behaviour: Light | None, shape: Light | None) -> RenderableType:
    """Both lights as a table; one that was not looked at yet says so."""
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


def todo(lines: tuple[str, ...], guide: str, hint: str, then: str) -> RenderableType:
    """What to do now, numbered; where it is explained; what helps; the command after that."""
    table = Table.grid(padding=(0, 1))
    for number, line in enumerate(lines, start=1):
        table.add_row(f"{number}.", Text(line))  # a text of its own: its brackets are no markup
    return Group(Padding(table, (0, 2)), "", screen.pointers(guide=guide, hint=hint, then=then))


def _light_row(name: str, light: Light | None) -> tuple[Text, Text, Text, RenderableType]:
    if light is None:
        return Text("○" if can("○") else "-", "dim"), Text(name), Text("not yet", "dim"), Text("")
    colour = "green" if light.ok else "red"
    letter = "+" if light.ok else "x"
    messages = Group(*[Text(message, overflow="fold") for message in light.messages])
    return Text("●" if can("●") else letter, colour), Text(name), Text(colour, colour), messages
