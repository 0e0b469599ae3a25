"""A debt huddle: twenty minutes in which a team looks at its debts and chooses one or two to pay.

The practice is that of *Effective Machine Learning Teams*, chapter 8; agenda and minutes are our own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nbkata.smells.core.wall import Note, Zone, zone_of

# Minutes and what happens; 20 minutes in all.
AGENDA = (
    (3, "Each adds a card or two, in silence: what slowed you down lately?"),
    (5, "Read the cards aloud, the urgent ones first. Put together what is the same debt."),
    (7, "Move cards that hang in the wrong zone. Whoever moves one says why."),
    (4, "Choose one card, two at most. Write on it who pays it, and by when."),
    (1, "Take a picture of the wall, and compare it with the last one."),
)


@dataclass(frozen=True, slots=True)
class Card:
    """One debt, found by the kit or written by the room."""

    title: str
    zone: Zone
    value: float
    minutes: float  # to fix it
    where: str = ""
    fix: str = ""
    comes_first: bool = False
    is_own: bool = False  # whether the room wrote it


def card_of(note: Note) -> Card:
    """The card of a kind of smell."""
    title = f"{note.smell.value}: {note.what}"
    return Card(title, note.zone, note.value, note.effort, note.where, note.fix, note.comes_first)


def own_cards(text: str) -> list[Card] | str:
    """The room's cards: a line each, ``value minutes text``; a text says which line is none.

    ``3 20 Nobody knows who makes the input file``. Empty lines and lines that begin with # are
    passed over.
    """
    cards = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s+(\d+)\s+(\S.*?)\s*", line)
        if found is None:
            return f"line {number} is no card: {line.strip()[:60]}"
        value, minutes = float(found[1]), float(found[2])
        cards.append(Card(found[3], zone_of(value, minutes), value, minutes, is_own=True))
    return cards


def in_order(cards: Sequence[Card]) -> list[Card]:
    """Zone by zone as one reads the wall; what cannot wait first, then the most value for its time."""
    zones = list(Zone)
    return sorted(
        cards,
        key=lambda one: (
            not one.comes_first,
            zones.index(one.zone),
            -one.value / max(1.0, one.minutes),
            one.title,
        ),
    )
