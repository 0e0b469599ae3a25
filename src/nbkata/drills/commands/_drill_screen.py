"""How the drills look on the screen."""

from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from nbkata.drills.core.drills import Drill, shown_seconds
from nbkata.kata.commands._step_lines import light_lines
from nbkata.kata.core.lights import Light
from nbkata.keys.core.habits import Choice
from nbkata.keys.shell.keymaps import read_keymaps
from nbkata.terminal import screen

# Columns below which only a drill's number and title are shown.
NARROW = 66


def overview(
    drills: Sequence[Drill], bests: Mapping[str, float], current: Drill | None
) -> RenderableType:
    """All drills, what each takes, and the learner's best time."""
    table = Table.grid(padding=(0, 2))
    table.add_column(width=1)
    table.add_column(justify="right", no_wrap=True, min_width=2)
    table.add_column(no_wrap=True, overflow="ellipsis")
    more_heads = () if screen.out.width < NARROW else ("min", "par", "best", "for step")
    for head in more_heads:
        table.add_column(justify="right", no_wrap=True, min_width=len(head))
    headings = ("", "", "drill", *more_heads)
    table.add_row(*[Text(word, "dim") for word in headings])
    for drill in drills:
        best = shown_seconds(bests[drill.slug]) if drill.slug in bests else "-"
        sign = Text("x" if drill.slug in bests else ("*" if drill == current else ""), "green")
        more = (str(drill.minutes), str(drill.par), best, drill.step[:2])
        cells = (drill.title, *(more if more_heads else ()))
        table.add_row(sign, drill.number, *[Text(cell) for cell in cells])
    done = sum(drill.slug in bests for drill in drills)
    message = f"{done} of {len(drills)} done (x); * is open. par: moves with the right keys."
    return Group(
        Padding(table, (0, 2)), "", Padding(Text(message, "dim"), (0, 2)),
        Padding(Text("Ghost text solves a drill for you: nbkata assistant off.", "dim"), (0, 2)),
        screen.done("Open one: nbkata drill 11, or the next one:", "nbkata drill next"),
    )  # fmt: skip


def task(
    drill: Drill, guide: str, folder: str, best: float | None, choice: Choice, running: bool
) -> RenderableType:
    """One drill: what and why, the keys, where the files are."""
    title, _, text = guide.partition("\n")
    message = f"{choice.place.title} · about {drill.minutes} min · par {drill.par} moves (yours are not counted)"
    if best is not None:
        message += f" · best {shown_seconds(best)}"
    lines: list[RenderableType] = [
        Text(title.removeprefix("# "), "bold"),
        Text(screen.in_plain_dots(message), "dim"),
        "",
        Padding(Group(*_paragraphs(text)), (0, 2)),
        "",
        screen.pointers(folder=folder, then="nbkata drill check"),
    ]
    if choice.guessed:
        other = next(ide for ide in read_keymaps().ides if ide != choice.place.ide)
        hint = f"Keys of {other.name} instead: add --ide {other}, once."
        lines.append(Padding(Text(hint, "dim"), (0, 2)))
    stopped = "The stopwatch is stopped: nbkata drill reset starts it."
    watch = "The stopwatch is running." if running else stopped
    lines.append(Padding(Text(watch, "dim"), (0, 2)))
    return Group(*lines)


def _paragraphs(text: str) -> list[RenderableType]:
    """Wrapped lines joined again, so that they fit the terminal and not the file."""
    blocks: list[RenderableType] = []
    for block in text.strip().split("\n\n"):
        if block[:1].isdecimal():
            table = Table.grid(padding=(0, 1))
            for line in block.replace("\n   ", " ").splitlines():
                number, _, rest = line.partition(" ")
                table.add_row(number, Text(rest.replace("`", "")))
            blocks.append(table)
        else:
            blocks.append(Text(block.replace("\n", " ").replace("`", "")))
        blocks.append("")
    return blocks[:-1]


def verdict(
    drill: Drill,
    light: Light,
    seconds: float | None,
    earlier: float | None,
    following: Drill | None,
) -> RenderableType:
    """Green with the time, or red with the mistake."""
    row = screen.text_of(["", *light_lines(f"drill {drill.slug}", light)])
    if not light.ok:
        return Group(row, "", screen.pointers(then="nbkata drill check"))
    message = "The stopwatch had stopped already: nbkata drill reset starts it again."
    if seconds is not None:
        message = f"{shown_seconds(seconds)}."
        if earlier is None:
            message += " Your first time; it is kept."
        elif seconds < earlier:
            message += f" Your best so far (it was {shown_seconds(earlier)})."
        else:
            message += f" Your best is {shown_seconds(earlier)}: nbkata drill reset tries again."
    if following is None:
        return Group(row, "", screen.done(message + " That was the last one.", "nbkata drill list"))
    return Group(row, "", screen.done(message, f"nbkata drill {following.number}"))


def put_back(drill: Drill, kept: str) -> RenderableType:
    """After a reset; ``kept`` is where the learner's files are now, empty where none were changed."""
    line = f"Drill {drill.slug} starts again."
    if kept:
        line += f" What you had is kept in {kept}; nbkata drill undo brings it back."
    return screen.done(line, f"nbkata drill check {drill.number}")


def all_done() -> RenderableType:
    """When no drill is left."""
    line = "Every drill was green once. Any of them gets faster with a second go."
    return screen.done(line, "nbkata drill list")
