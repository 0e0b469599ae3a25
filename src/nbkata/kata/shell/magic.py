"""`%load_ext nbkata` in a notebook: `%kata check`, `%kata hint` and `%kata status`.

What is checked is the notebook as it was saved: a check runs it in a kernel of its own, so that
nothing that the kernel here remembers can light a light.
"""

import json
import os
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from nbkata.common.core.refusal import Refusal
from nbkata.kata.core.kata import Step
from nbkata.kata.core.lights import Light
from nbkata.kata.core.lights_html import lights_html, text_html
from nbkata.kata.shell.kit import load_kit

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

WORDS = ("check", "hint", "status", "next")
USAGE = "%kata check, %kata hint, %kata status or %kata next; %kata check 04 asks for a step."


class Answer:
    """What a notebook shows as HTML, and anything else as the same in words."""

    def __init__(self, html: str, text: str) -> None:
        self.html, self.text = html, text

    def _repr_html_(self) -> str:  # the name that Jupyter looks for
        return self.html

    def __repr__(self) -> str:
        return self.text


def register(shell: "InteractiveShell") -> None:
    """Make `%kata` known."""
    known: Any = shell  # IPython's own type of this method leaves out the function
    known.register_magic_function(kata, "line", "kata")


def kata(line: str) -> Answer:
    """Run a command of nbkata for the workspace around this notebook, and show its answer.

    %kata check: save first; both lights of the step you are at.
    %kata hint: the next hint. %kata status: where you are. %kata next: on, when both are green.
    """
    words = shlex.split(line) or ["status"]
    if words[0] not in WORDS:
        return Answer(text_html(USAGE, refused=True), USAGE)
    wants_json = words[0] == "check"
    done = subprocess.run(
        [sys.executable, "-m", "nbkata", *words, *(["--json"] if wants_json else [])],
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONUTF8": "1", "NO_COLOR": "1", "COLUMNS": "80"},
    )
    if done.returncode not in (0, 1):
        output = done.stderr.strip() or "nbkata ended without a word."
        return Answer(text_html(output, refused=True), output)
    return _verdict(done.stdout) if wants_json else Answer(text_html(done.stdout), done.stdout)


def _verdict(document: str) -> Answer:
    answer = json.loads(document)
    kit = load_kit()
    step = kit if isinstance(kit, Refusal) else kit.kata.step(answer["step"])
    if isinstance(kit, Refusal) or not isinstance(step, Step):
        return Answer(text_html(document), document)
    behaviour = Light(answer["behaviour"]["ok"], (answer["behaviour"]["message"],))
    shape = Light(answer["shape"]["ok"], tuple(answer["shape"]["messages"]))
    green = behaviour.ok and shape.ok
    then = ["Well done. On with: %kata next"] if green else ["Fix it, save, %kata check again."]
    if green and answer["lost"]:
        then = [
            f"Step {slug.partition('-')[0]} had been reached, and is not any more: {' '.join(messages)}"
            for slug, messages in answer["lost"].items()
        ]
    text = "\n".join(
        f"{name} {'green' if light.ok else 'red'}: {light.message}"
        for name, light in (("behaviour", behaviour), ("shape", shape))
    )
    return Answer(lights_html(kit.kata, step, behaviour, shape, then), text)
