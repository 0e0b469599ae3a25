"""A step's guide and hints: their parts, and how they read in a terminal."""

import re
from typing import NamedTuple


class Hint(NamedTuple):
    """One tier of a step's hints."""

    tier: int  # from 1; each says more than the one before
    of: int
    title: str
    text: str  # markdown, its keys not filled in


def hints_in(markdown: str) -> tuple[Hint, ...]:
    """The tiers of a ``hints.md``, one for each heading of the second level."""
    parts = re.split(r"^## +(.+)$", markdown, flags=re.MULTILINE)[1:]
    pairs = list(zip(parts[::2], parts[1::2], strict=True))
    return tuple(
        Hint(tier, len(pairs), title.strip(), text.strip())
        for tier, (title, text) in enumerate(pairs, start=1)
    )


def commit_message(guide: str) -> str:
    """The message that the guide proposes; empty if it proposes none."""
    found = re.search(r'^git commit -m "(.+)"$', guide, flags=re.MULTILINE)
    return found[1] if found else ""
