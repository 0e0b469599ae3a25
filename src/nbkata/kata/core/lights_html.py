"""The two lights and the commands' other answers as HTML, for a notebook's output area.

Colour only repeats what a word says, and is set on the lights alone: the text keeps the colour of
the page, bright or dark.
"""

from collections.abc import Sequence
from html import escape

from nbkata.kata.core.kata import Kata, Step
from nbkata.kata.core.lights import Light

GREEN, RED = "#2da44e", "#e5534b"
"""Readable on white and on black."""


def lights_html(
    kata: Kata, step: Step, behaviour: Light | None, shape: Light | None, then: Sequence[str]
) -> str:
    """A step's title and goal, its lights, and lines on what to do next."""
    place = f"step {step.number} of {kata.steps[-1].number}, about {step.minutes} minutes"
    rows = [_row(name, light) for name, light in (("behaviour", behaviour), ("shape", shape))]
    listed = "".join(f"<li>{escape(line)}</li>" for line in then)
    return (
        f"<div><p><b>{step.number} {escape(step.title)}</b> ({place})<br>{escape(step.goal)}</p>"
        f'<table style="color: inherit; font-size: inherit"><tbody>{"".join(rows)}</tbody></table>'
        + (f"<ul>{listed}</ul>" if listed else "")
        + "</div>"
    )


def text_html(text: str, refused: bool = False) -> str:
    """What a command printed; a refusal is told to assistive technology as an alert."""
    role = ' role="alert"' if refused else ""
    return f'<pre{role} style="white-space: pre-wrap">{escape(text.strip())}</pre>'


def _row(name: str, light: Light | None) -> str:
    if light is None:
        colour, word, text = "inherit", "not yet", ""
    else:
        colour, word = (GREEN, "green") if light.ok else (RED, "red")
        text = "<br>".join(escape(line) for line in light.message.splitlines())
    style = 'style="text-align: left; vertical-align: top"'
    return (
        f'<tr><th scope="row" {style}><span aria-hidden="true" style="color: {colour}">&#9679;'
        f"</span> {name}</th><td {style}>{word}</td><td {style}>{text}</td></tr>"
    )
