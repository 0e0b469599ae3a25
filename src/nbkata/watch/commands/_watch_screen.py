"""What `nbkata watch` shows: a screen that is drawn anew, or lines one after the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from nbkata.common.core.refusal import Refusal
from nbkata.drills.core.drills import Drill
from nbkata.kata.commands._step_lines import light_lines, lights, step_title
from nbkata.kata.core.behaviour import LIKELY
from nbkata.kata.core.code_run import AGAIN
from nbkata.kata.core.kata import Kata, Step, Subject
from nbkata.kata.core.lights import Light
from nbkata.terminal import screen

# Keys that run the command of that name.
KEYS = {"h": "hint", "d": "diff", "n": "next", "u": "undo"}
# Shown beside a light.
MOST_MESSAGES = 2
KEY_LINE = "h hint  d diff  n next  u undo  q quit  ? help"


@dataclass(frozen=True, slots=True)
class View:
    """All that the screen shows."""

    step: Step
    kata: Kata
    behaviour: Light | None = None
    shape: Light | None = None
    # What `next` would refuse though both lights are green: an earlier step is red again.
    lost: tuple[str, ...] = ()
    refusal: Refusal | None = None
    doing: str = ""  # ``warming up``, ``checking``; empty where nothing goes on
    changed: str = ""  # the files saved last
    seconds: float | None = None  # from save to verdict
    drill: Drill | None = None
    drill_light: Light | Refusal | None = None
    note: str = ""
    looks: int = 0  # how many have begun: what one notes, the next may note again
    cell: int | None = None  # the cell that the notebook's run has come to
    port: int = 0  # where a debugger may attach; 0 where none is wanted

    @property
    def green(self) -> bool:
        """Whether both lights are, for good."""
        return bool(
            not self.doing and self.behaviour and self.behaviour.ok and self.shape and self.shape.ok
        )


class Redrawn:
    """The whole screen at each change; what stood there before comes back at the end."""

    def __init__(self, with_keys: bool) -> None:
        self.with_keys = with_keys
        self.last: tuple[View, int] | None = None

    @contextmanager
    def opened(self) -> Iterator[None]:
        """A screen of its own; the last view stays readable afterwards."""
        try:
            yield
        finally:
            screen.out.set_alt_screen(False)
            if self.last:
                screen.out.print(page(replace(self.last[0], doing=""), with_keys=False))

    def show(self, view: View) -> None:
        """Draw it, if anything in it has changed, or the width of the terminal."""
        shown = (view, screen.out.width)
        if shown == self.last:
            return
        self.last = shown
        with screen.out.capture() as drawn:
            screen.out.print(page(view, self.with_keys))
        if not screen.out.is_alt_screen:
            screen.out.set_alt_screen(True)
        screen.out.clear()
        lines = list(Text.from_ansi(drawn.get().rstrip("\n")).split("\n"))
        if len(lines) >= screen.out.height:  # the lights stand at the top
            lines = [*lines[: screen.out.height - 2], Text("  (a taller window shows the rest)")]
        screen.out.print(Text("\n").join(lines), end="")

    def clear(self) -> None:
        """For a command's answer: on the ordinary screen, where a long one can be scrolled."""
        self.last = None
        screen.out.set_alt_screen(False)


class Lines:
    """A line for each thing that is new: for screen readers, pipes and logs."""

    def __init__(self, with_keys: bool) -> None:
        self.with_keys = with_keys
        self.last: View | None = None

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Nothing to prepare."""
        yield

    def show(self, view: View) -> None:
        """Print what the last view did not say; which cell runs is too much to listen to."""
        view = replace(view, doing="checking", cell=None) if view.cell is not None else view
        last, self.last = self.last, view
        for line in new_lines(last, view, self.with_keys):
            screen.out.print(Text(line), soft_wrap=True)

    def clear(self) -> None:
        """Nothing to clear: lines stay."""


def page(view: View, with_keys: bool) -> RenderableType:
    """The whole screen."""
    parts: list[RenderableType] = [screen.text_of(step_title(view.step, view.kata))]
    if view.refusal:
        parts.append(Padding(Text(_message(view.refusal), "red"), (1, 2)))
    else:
        shown = lights(_shortened(view.behaviour), _shortened(view.shape))
        parts.append(screen.text_of(shown))
    if view.drill is not None and view.drill_light is not None:
        light = view.drill_light
        light = Light(False, (str(light),)) if isinstance(light, Refusal) else light
        parts.append(screen.text_of([*light_lines(f"drill {view.drill.number}", light), ""]))
    rows = {"note": view.note, "debug": debug(view)}
    rows |= {"saved": view.changed, "state": state(view)}
    rows["next"] = what_next(view, with_keys)
    parts.append(screen.pointers(**{name: text for name, text in rows.items() if text}))
    if with_keys:
        parts += ["", Padding(Text(KEY_LINE, "dim"), (0, 2))]
    return Group(*parts)


def _shortened(light: Light | None) -> Light | None:
    """The first messages, one thing after the other, and the likely cause: it helps most."""
    if light is None:
        return None
    causes = [message for message in light.messages if message.startswith(LIKELY)]
    others = [message for message in light.messages if message not in causes]
    more = len(others) - MOST_MESSAGES
    if more <= 1:  # one more takes no more room than saying so
        return light
    shown = (*others[:MOST_MESSAGES], f"And {more} more: nbkata check", *causes)
    return light._replace(messages=shown)


def _message(refusal: Refusal) -> str:
    """A save is enough to run again: that need not be said."""
    return str(refusal._replace(next_step="") if refusal.next_step == AGAIN else refusal).strip()


def state(view: View) -> str:
    """What goes on, or how long the last check took."""
    if view.doing:
        return view.doing
    return f"checked in {view.seconds:.1f} s" if view.seconds is not None else ""


def debug(view: View) -> str:
    """What a debugger at the port can do in this step."""
    if not view.port:
        return ""
    if view.kata.behaviour(view.step).subject is Subject.NOTEBOOK:
        return "begins with the script; your editor debugs a notebook"
    return f"attach to port {view.port}, then save: your breakpoints are hit"


def what_next(view: View, with_keys: bool) -> str:
    """One line on what to do now; nothing while a check goes on."""
    if view.doing:
        return ""
    if view.green and view.lost:
        return "; ".join(view.lost)
    if view.green:
        following = view.kata.after(view.step)
        reached = f"step {following.number}" if following else "well done: that was the last step"
        return f"{reached}: {'press n' if with_keys else 'nbkata next'}"
    if view.refusal:
        return "fix it and save"
    return "fix it and save; h gives a hint" if with_keys else "fix it and save, or: nbkata hint"


def new_lines(last: View | None, view: View, with_keys: bool) -> list[str]:
    """What has changed from one view to the next, as sentences."""
    lines = []
    if last is None or last.step != view.step:
        lines.append(f"Step {view.step.number}, {view.step.title}. {view.step.goal}")
        last = replace(
            view, behaviour=None, shape=None, refusal=None, changed="", doing="", note=""
        )
        lines += [f"Debug: {debug(view)}."] if view.port else []
    if view.note and (view.note, view.looks) != (last.note, last.looks):
        lines.append(view.note)
    if view.doing and (view.doing, view.changed) != (last.doing, last.changed):
        saved = f"{view.changed}: " if view.changed else ""
        lines.append(f"{saved}{view.doing}.")
    for name in ("behaviour", "shape"):
        light = getattr(view, name)
        if light is not None and light != getattr(last, name):
            lines.append(f"{name} {light.word}: {light.message}")
    if view.refusal and view.refusal != last.refusal:
        lines.append(_message(view.refusal))
    if view.drill and view.drill_light and view.drill_light != last.drill_light:
        light = view.drill_light
        words = str(light) if isinstance(light, Refusal) else light.message
        colour = "green" if isinstance(light, Light) and light.ok else "red"
        lines.append(f"drill {view.drill.number} {colour}: {words}")
    if not view.doing and last.doing:
        lines.append(f"{state(view).capitalize()}. Next: {what_next(view, with_keys)}.")
    return lines
