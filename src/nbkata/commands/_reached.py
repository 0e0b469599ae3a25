"""What `next` shows at the very end: before and after, in figures, and the way to one's own notebook."""

from collections.abc import Mapping

from nbkata import plain
from nbkata.commands._opened import Opened, called
from nbkata.core.figures import ABOUT, Figure, Row, shown
from nbkata.shell.checkpoint import own_files
from nbkata.shell.report import Subject, measure

FIGURES = (Figure.LINES, Figure.FUNCTIONS, Figure.WAYS_MOST, Figure.SMELLS)
"""What is measured in a second or two; `nbkata report` shows the others."""


def reached(found: Opened) -> list[str]:
    """The lines to print."""
    kit, here = found.kit, found.workspace.path
    if kit.is_adopted:
        return []
    notebook = {kit.kata.notebook: kit.start_files[kit.kata.notebook]}
    before, now = measure(
        kit,
        [Subject("start", "", notebook), Subject("now", "", own_files(here), here)],
        FIGURES,
    )
    pointers: Mapping[str, str] = {
        "all figures": f"{called()} report",
        "your own": f"{called()} adopt my.ipynb",
    }
    return ["", *_table(before, now), *plain.pointers(**pointers)]


def _table(before: Row, now: Row) -> list[str]:
    widest = max(len(ABOUT[figure].title) for figure in FIGURES)
    return [
        f"  {ABOUT[figure].title:<{widest}}  {shown(figure, before.values[figure]):>6}"
        f"  now {shown(figure, now.values[figure]):>6}"
        for figure in FIGURES
    ]
