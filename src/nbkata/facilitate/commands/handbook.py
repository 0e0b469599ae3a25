"""`nbkata facilitate handbook`: how to lead a workshop, from the week before to the day after."""

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.paths import shown_path
from nbkata.kata.shell.kit import kit_root
from nbkata.terminal import plain
from nbkata.terminal.markdown import show_markdown

HANDBOOK = "docs/facilitating.md"


def handbook() -> int:
    """Show the handbook: the week and day before, the rhythm of a step, what goes wrong, the end."""
    path = kit_root() / HANDBOOK
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        what = f"it cannot be read ({error.strerror})."
        bring_back = "Bring it back: git checkout docs, or install the kit again."
        return plain.refuse(Refusal(what, shown_path(path), bring_back))
    show_markdown(text, plain.pointers(then="nbkata facilitate run-sheet"))
    return 0
