"""A difference as a page: side by side, or the old above the new if the window is narrow."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from nbkata.common.shell.pages import render
from nbkata.diff.core.coloured import hunks
from nbkata.diff.core.difference import FileChange, sums


def difference_page(
    found: Sequence[FileChange],
    old: str,
    new: str,
    ways: Mapping[str, str] = MappingProxyType({}),
    about: Sequence[str] = (),
) -> str:
    """The files, each with a link to it, then their lines; ``old`` and ``new`` name the sides.

    ``ways`` are commands that show the differences ``Before`` and ``After`` this one, ``about``
    are lines to be read before.
    """
    changes = [(change, list(hunks(change))) for change in found]
    shown = {"changes": changes, "sums": sums(found), "old": old, "new": new, "ways": ways}
    return render("diff/difference.html", **shown, about=about)
