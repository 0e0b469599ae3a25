"""A measured strength as a page: each survivor with the assertion that would see it."""

from nbkata.common.shell.pages import render
from nbkata.strength.core.strength import MutantStatus, Strength


def survivors_page(found: Strength) -> str:
    """The HTML document."""
    return render(
        "strength/survivors.html",
        title=f"The tests caught {found.caught} of {found.total} changes",
        found=found,
        equal=found.count(MutantStatus.EQUAL),
        stopped=found.count(MutantStatus.STOPPED),
    )
