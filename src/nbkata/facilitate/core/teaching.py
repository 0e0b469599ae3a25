"""What a facilitator needs to know of a step: its table in ``teach.toml``, and its wrong states."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nbkata.kata.core.kata import Step
from nbkata.workspace.core.journal import Entry, Event


@dataclass(frozen=True, slots=True)
class CommonMistake:
    """A mistake that many make, and what they read then."""

    name: str
    message: str  # the light's whole message; ``[...]`` is where it differs from one to the next


@dataclass(frozen=True, slots=True)
class Teaching:
    """How to teach one step."""

    worth: int  # 1 to 3: when time is short, the steps of the least worth are caught up over first
    say: str  # one sentence that opens the step
    show: str  # the one demonstration
    ask: str  # the question that closes it
    late: str  # what who is late does, in order to go on with the others
    mistakes: tuple[CommonMistake, ...]  # the two that are met most


def teaching_of(table: Mapping[str, Any], known: Iterable[tuple[str, str]], step: Step) -> Teaching:
    """The teaching of a step; its goal opens it by default.

    ``known`` are the names of its wrong states with a message of each. Raises ValueError for a mistake that is
    none of them, and for a worth out of range.
    """
    messages: dict[str, str] = {}
    for name, message in known:
        messages.setdefault(name, message)
    worth, names = table.get("worth", 2), table.get("mistakes", ())
    if worth not in (1, 2, 3):
        raise ValueError(f"{step.slug}: worth must be 1, 2 or 3, not {worth!r}")
    if unknown := [name for name in names if name not in messages]:
        raise ValueError(f"{step.slug}: no wrong state is called {unknown[0]!r}")
    show, ask, late = (str(table.get(name, "")) for name in ("show", "ask", "late"))
    mistakes = tuple(CommonMistake(name, messages[name]) for name in names)
    return Teaching(worth, str(table.get("say", step.goal)), show, ask, late, mistakes)


# Between two events of somebody at work; what is longer was a lunch, or a night.
LONGEST_GAP_S = 3600


def minutes_taken(events: Iterable[Event]) -> dict[str, float]:
    """The minutes that each step took until its first green check, by slug; long gaps left out.

    For the steps that became green. An event whose time is not ISO 8601 is passed over.
    """
    taken: dict[str, float] = {}
    green: set[str] = set()
    before: datetime | None = None
    for event in events:
        try:
            time = datetime.fromisoformat(event.time)
            gap = (time - before).total_seconds() if before else 0.0
        except (ValueError, TypeError):  # a journal that was edited
            continue
        before = time
        if event.step in green:
            continue
        taken[event.step] = taken.get(event.step, 0.0) + (
            gap / 60 if 0 <= gap <= LONGEST_GAP_S else 0.0
        )
        if isinstance(event, Entry) and event.ok:
            green.add(event.step)
    return {slug: minutes for slug, minutes in taken.items() if slug in green}


def first_sentence(message: str) -> str:
    """What a light says first; the rest is for those who meet it."""
    line = message.partition("\n")[0].removeprefix("[...]").strip()
    found = re.match(r".+?[.!?](?=\s|$)", line)
    return found[0] if found else line
