"""What `next` shows at the very end: before and after, in figures, and the way to one's own notebook."""

from collections.abc import Mapping

from nbkata.kata.commands._opened import Opened, called
from nbkata.kata.core.figures import ABOUT, Figure, shown
from nbkata.kata.shell.quick_figures import Found, Unmeasured, sizes, smells, worked_on
from nbkata.terminal import plain

# What is measured in a second or two; `nbkata report` shows the others.
FIGURES = (Figure.LINES, Figure.FUNCTIONS, Figure.WAYS_MOST, Figure.SMELLS)


def reached(found: Opened) -> list[str]:
    """The lines to print."""
    kit, here = found.kit, found.workspace.path
    if kit.is_adopted:
        return []
    start, now = [kit.start_files[kit.kata.notebook]], worked_on(here)
    try:
        table = _table({**sizes(start), **smells(start)}, {**sizes(now), **smells(now)})
    except (OSError, Unmeasured):  # the step was green all the same
        table = []
    pointers: Mapping[str, str] = {
        "all figures": f"{called()} report",
        "your own": f"{called()} adopt my.ipynb",
    }
    return ["", *table, *plain.pointers(**pointers)]


def _table(before: Found, now: Found) -> list[str]:
    widest = max(len(ABOUT[figure].title) for figure in FIGURES)
    return [
        f"  {ABOUT[figure].title:<{widest}}  {shown(figure, before[figure]):>6}"
        f"  now {shown(figure, now[figure]):>6}"
        for figure in FIGURES
    ]
