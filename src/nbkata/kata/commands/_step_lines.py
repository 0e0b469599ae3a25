"""A step and its two lights, as lines that are ready for the screen."""

from collections.abc import Sequence

from nbkata.kata.core.kata import Kata, Step
from nbkata.kata.core.lights import Light
from nbkata.terminal.plain import can, coloured, whole_width, width, wrapped


def step_title(step: Step, kata: Kata) -> list[str]:
    """The head of a step's screen: which step, how long, what for."""
    left = f"{step.number}  {step.title}"
    dot = "·" if can("·") else "-"
    right = f"step {step.number} of {kata.steps[-1].number} {dot} about {step.minutes} minutes"
    gap = width() - len(left) - len(right)
    bold = coloured(left, "1")
    below = [bold, *wrapped(right, width(), "    ")]
    head = [f"{bold}{' ' * gap}{coloured(right, '2')}"] if gap >= 3 else below
    return [*head, *wrapped(step.goal, width(), "    ")]


def lights(behaviour: Light | None, shape: Light | None) -> list[str]:
    """Both lights; one that was not looked at yet says so."""
    return ["", *light_lines("behaviour", behaviour), *light_lines("shape", shape), ""]


def todo(lines: Sequence[str]) -> list[str]:
    """What to do now, numbered."""
    return [
        line
        for number, text in enumerate(lines, start=1)
        for line in wrapped(f"{number}. {text}", width(), "  ", "     ")
    ]


def light_lines(name: str, light: Light | None) -> list[str]:
    """One light, and below it what it says, message by message."""
    if light is None:
        return [f"  {'○' if can('○') else '-'}  {name:<9}  not yet"]
    word, code, letter = light.word, *(("32", "+") if light.ok else ("31", "x"))
    letter = "●" if can("●") else letter
    if light.is_open:
        code, letter = "33", "○" if can("○") else "-"
    head = f"  {letter}  {name:<9}  {word:<5}  "
    indent = " " * len(head)
    lines: list[str] = []
    for line in "\n".join(light.messages).split("\n"):
        is_code = line.startswith(" ")
        lines += [indent + line] if is_code else wrapped(line, whole_width(), indent)
    coloured_head = f"  {coloured(letter, code)}  {name:<9}  {coloured(f'{word:<5}', code)}  "
    return [(coloured_head + lines[0].removeprefix(indent)).rstrip(), *lines[1:]]
