"""A step and its two lights as plain lines, without rich."""

from collections.abc import Sequence

from nbkata.kata.core.kata import Kata, Step
from nbkata.kata.core.lights import Light
from nbkata.terminal.plain import can, coloured, width, wrapped


def step_title(step: Step, kata: Kata) -> list[str]:
    """The head of a step's screen: which step, how long, what for."""
    left = f"{step.number}  {step.title}"
    dot = "·" if can("·") else "-"
    right = f"step {step.number} of {kata.steps[-1].number} {dot} about {step.minutes} minutes"
    gap = width() - len(left) - len(right)
    head = [f"{left}{' ' * gap}{right}"] if gap >= 3 else [left, *wrapped(right, width(), "    ")]
    return [*head, *wrapped(step.goal, width(), "    ")]


def lights(behaviour: Light | None, shape: Light | None) -> list[str]:
    """Both lights; one that was not looked at yet says so."""
    return ["", _light("behaviour", behaviour), _light("shape", shape), ""]


def todo(lines: Sequence[str]) -> list[str]:
    """What to do now, numbered."""
    return [
        line
        for number, text in enumerate(lines, start=1)
        for line in wrapped(f"{number}. {text}", width(), "  ", "     ")
    ]


def _light(name: str, light: Light | None) -> str:
    if light is None:
        return f"  {'○' if can('○') else '-'}  {name:<9}  not yet"
    word, code, letter = ("green", "32", "+") if light.ok else ("red", "31", "x")
    sign = coloured("●" if can("●") else letter, code)
    return f"  {sign}  {name:<9}  {coloured(f'{word:<5}', code)}  {light.message}".rstrip()
