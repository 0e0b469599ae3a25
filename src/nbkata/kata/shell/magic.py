"""`%load_ext nbkata` in a notebook: `%kata check`, `%kata hint`, `%kata status` and more.

What is checked is the notebook as it was saved: a check runs it in a kernel of its own, so that
nothing that the kernel here remembers can light a light.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.pages import markdown, render
from nbkata.kata.core.kata import Step
from nbkata.kata.core.lights import Light
from nbkata.kata.shell.kit import kit_around

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

WORDS = ("check", "hint", "status", "next", "guide", "solution")
USAGE = (
    "%kata check, %kata hint, %kata status, %kata next, %kata guide or %kata solution; "
    "%kata check 04 asks for a step."
)


# A command in a sentence, with its words and options.
COMMAND = re.compile(r"(%kata [a-z-]+(?: \d+| --[a-z-]+)*)")


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
    %kata guide: what the step is about. %kata solution --peek: one way to solve it.
    """
    words = shlex.split(line) or ["status"]
    if words[0] not in WORDS:
        return _in_words(USAGE, is_refused=True)
    shown = ANSWERS.get(words[0])
    found_by_name = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "nbkata", *words, *(["--json"] if shown else [])],
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
        stdin=subprocess.DEVNULL,
        env=os.environ
        | {"PYTHONUTF8": "1", "NO_COLOR": "1", "COLUMNS": "80", "PATH": found_by_name},
    )
    if done.returncode not in (0, 1):
        return _in_words(done.stderr.strip() or "nbkata ended without a word.", is_refused=True)
    return shown(json.loads(done.stdout)) if shown else _in_words(done.stdout.strip())


def _checked(document: Mapping[str, Any]) -> Answer:
    behaviour = Light(document["behaviour"]["ok"], (document["behaviour"]["message"],))
    shape = Light(document["shape"]["ok"], tuple(document["shape"]["messages"]))
    if not (behaviour.ok and shape.ok):
        then = ["Fix it, save, %kata check again.", "%kata hint gives a hint."]
    elif document["lost"]:
        then = [
            f"Step {slug.partition('-')[0]} had been reached, and is not any more: {' '.join(messages)}"
            for slug, messages in document["lost"].items()
        ]
    else:
        then = ["Well done. On with: %kata next"]
    return _answer(document["step"], behaviour, shape, then=then)


def _standing(document: Mapping[str, Any]) -> Answer:
    if document["step"] is None:
        return _in_words("Well done: that was the last step.")
    behaviour, shape = (
        None if document[name] is None else Light(document[name], ("at the last check",))
        for name in ("behaviour", "shape")
    )
    if behaviour and shape and behaviour.ok and shape.ok:
        return _answer(document["step"], behaviour, shape, then=["Well done. On with: %kata next"])
    then = ["%kata guide says more.", "When it is done: save, %kata check."]
    return _answer(document["step"], behaviour, shape, has_todo=True, then=then)


def _hinted(document: Mapping[str, Any]) -> Answer:
    number = document["step"].partition("-")[0]
    last = f"That is the last hint. The solution: %kata solution {number} --peek"
    more = f"{document['left']} more, each says more than the last: %kata hint"
    then = [more if document["left"] else last]
    return _answer(document["step"], hints=document["hints"], then=then)


# The commands whose JSON is shown as HTML; all others are shown as they print.
ANSWERS: Mapping[str, Callable[[Mapping[str, Any]], Answer]] = {
    "check": _checked,
    "hint": _hinted,
    "status": _standing,
}


def _answer(
    slug: str,
    behaviour: Light | None = None,
    shape: Light | None = None,
    *,
    hints: Sequence[Mapping[str, Any]] = (),
    has_todo: bool = False,
    then: Sequence[str] = (),
) -> Answer:
    kit = kit_around(None)
    step = kit if isinstance(kit, Refusal) else kit.kata.step(slug)
    if isinstance(kit, Refusal) or isinstance(step, Refusal):
        return _in_words(str(step), is_refused=True)
    return answer(
        step,
        kit.kata.steps[-1],
        lights=() if hints else (("behaviour", behaviour), ("shape", shape)),
        hints=[{**hint, "text": _in_notebook(hint["text"])} for hint in hints],
        todo=[_in_notebook(line) for line in step.todo] if has_todo else (),
        then=then,
    )


def answer(
    step: Step,
    last: Step,
    lights: Sequence[tuple[str, Light | None]] = (),
    hints: Sequence[Mapping[str, Any]] = (),
    todo: Sequence[str] = (),
    then: Sequence[str] = (),
) -> Answer:
    """A step with what there is to say of it: its lights, its hints, what to do."""
    values = {"step": step, "last": last, "lights": lights, "hints": hints, "todo": todo}
    words = [f"{step.number}  {step.title}"]
    words += [
        f"{name} {'not yet' if light is None else 'green' if light.ok else 'red'}"
        + (f": {light.message}" if light else "")
        for name, light in lights
    ]
    words += [hint["text"] for hint in hints] + [*todo, *then]
    return Answer(_html(**values, then=then), "\n".join(words))


def _in_words(text: str, is_refused: bool = False) -> Answer:
    text = _in_notebook(text)
    return Answer(_html(text=text, is_refused=is_refused), text)


def _html(**values: Any) -> str:
    nothing = {"step": None, "lights": (), "hints": (), "text": "", "todo": (), "then": ()}
    shown = {**nothing, **values}
    return render("kata/answer.html", **shown, markdown=markdown, commands=COMMAND.split)


def _in_notebook(text: str) -> str:
    """With the commands that work in a notebook as they are typed there."""
    return re.sub(rf"(?:[^\s`]*[/\\])?\bnbkata ({'|'.join(WORDS)})\b", r"%kata \1", text)
