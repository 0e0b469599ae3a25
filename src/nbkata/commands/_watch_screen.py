"""What `nbkata watch` shows: a screen that is drawn anew, or lines one after the other."""

from dataclasses import dataclass, replace

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from nbkata import screen
from nbkata.core.drills import Drill
from nbkata.core.kata import Kata, Step
from nbkata.core.lights import Light
from nbkata.core.refusal import Refusal

KEYS = {"h": "hint", "d": "diff", "n": "next", "u": "undo"}
"""Keys that run the command of that name."""
KEY_LINE = "h hint  d diff  n next  u undo  q quit  ? help"


@dataclass(frozen=True, slots=True)
class View:
    """All that the screen shows."""

    step: Step
    kata: Kata
    behaviour: Light | None = None
    shape: Light | None = None
    refusal: Refusal | None = None
    doing: str = ""
    """``warming up``, ``checking``; empty where nothing goes on."""
    changed: str = ""
    """The files saved last."""
    seconds: float | None = None
    """From save to verdict."""
    drill: Drill | None = None
    drill_light: Light | Refusal | None = None
    note: str = ""

    @property
    def green(self) -> bool:
        """Whether both lights are, for good."""
        return bool(
            not self.doing and self.behaviour and self.behaviour.ok and self.shape and self.shape.ok
        )


class Redrawn:
    """The whole screen at each change."""

    def __init__(self, with_keys: bool) -> None:
        self.with_keys = with_keys
        self.last: View | None = None

    def show(self, view: View) -> None:
        """Draw it, if anything in it has changed."""
        if view == self.last:
            return
        self.last = view
        with screen.out.capture() as drawn:
            screen.out.print(page(view, self.with_keys))
        screen.out.clear()
        screen.out.print(Text.from_ansi(drawn.get().rstrip("\n")))

    def clear(self) -> None:
        """For something else to be shown."""
        self.last = None
        screen.out.clear()


class Lines:
    """A line for each thing that is new: for screen readers, pipes and logs."""

    def __init__(self) -> None:
        self.last: View | None = None

    def show(self, view: View) -> None:
        """Print what the last view did not say."""
        last, self.last = self.last, view
        for line in new_lines(last, view):
            screen.out.print(Text(line), soft_wrap=True)

    def clear(self) -> None:
        """Nothing to clear: lines stay."""


def page(view: View, with_keys: bool) -> RenderableType:
    """The whole screen."""
    parts: list[RenderableType] = [screen.step_title(view.step, view.kata)]
    if view.refusal:
        parts.append(Padding(Text(str(view.refusal), "red"), (1, 2)))
    else:
        parts.append(screen.lights(view.behaviour, view.shape))
    if view.drill is not None and view.drill_light is not None:
        light = view.drill_light
        light = Light(False, (str(light),)) if isinstance(light, Refusal) else light
        parts += [screen.light_line(f"drill {view.drill.number}", light), ""]
    rows = {"note": view.note, "saved": view.changed, "state": state(view)}
    rows["next"] = what_next(view)
    parts.append(screen.pointers(**{name: text for name, text in rows.items() if text}))
    if with_keys:
        parts += ["", Padding(Text(KEY_LINE, "dim"), (0, 2))]
    return Group(*parts)


def state(view: View) -> str:
    """What goes on, or how long the last check took."""
    if view.doing:
        return view.doing
    return f"checked in {view.seconds:.1f} s" if view.seconds is not None else ""


def what_next(view: View) -> str:
    """One line on what to do now; nothing while a check goes on."""
    if view.doing:
        return ""
    if view.green:
        following = view.kata.after(view.step)
        return f"step {following.number}: press n" if following else "that was the last step"
    return "mend it and save" if view.refusal else f"{view.step.todo[0]}"


def new_lines(last: View | None, view: View) -> list[str]:
    """What has changed from one view to the next, as sentences."""
    lines = []
    if last is None or last.step != view.step:
        lines.append(f"Step {view.step.number}, {view.step.title}. {view.step.goal}")
        last = replace(
            view, behaviour=None, shape=None, refusal=None, changed="", doing="", note=""
        )
    if view.note and view.note != last.note:
        lines.append(view.note)
    if view.doing and (view.doing, view.changed) != (last.doing, last.changed):
        saved = f"{view.changed}: " if view.changed else ""
        lines.append(f"{saved}{view.doing}.")
    for name in ("behaviour", "shape"):
        light = getattr(view, name)
        if light is not None and light != getattr(last, name):
            lines.append(f"{name} {'green' if light.ok else 'red'}: {light.message}")
    if view.refusal and view.refusal != last.refusal:
        lines.append(str(view.refusal))
    if view.drill and view.drill_light and view.drill_light != last.drill_light:
        light = view.drill_light
        said = str(light) if isinstance(light, Refusal) else light.message
        colour = "green" if isinstance(light, Light) and light.ok else "red"
        lines.append(f"drill {view.drill.number} {colour}: {said}")
    if not view.doing and last.doing:
        lines.append(f"{state(view).capitalize()}. Next: {what_next(view)}")
    return lines
