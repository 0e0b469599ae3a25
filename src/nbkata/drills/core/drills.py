"""The IDE drills: which there are, and what a learner's journal says about them.

One line of JSON an event in the journal: ``{"time", "drill", "event", "seconds"}``, time in UTC
(ISO 8601), seconds since the drill was opened (0 for the opening itself). Lines that cannot be
read (the last one, torn by a crash) are passed over.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from nbkata.common.core.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Drill:
    """One drill, as ``drills.toml`` lists it."""

    slug: str  # ``11-rename``: its folder's name below ``exercises/`` and ``solutions/``
    title: str
    goal: str
    minutes: int
    par: int  # the moves it takes with the right keys: a key, a choice, a word typed
    keys: tuple[str, ...]  # the actions that it practises
    step: str  # the step of the kata that needs the move most

    @property
    def number(self) -> str:
        """``11``: as the learner says it."""
        return self.slug.partition("-")[0]


class Event(StrEnum):
    """What happened to a drill."""

    # As given: the stopwatch starts.
    OPENED = "opened"
    # Opened with the learner's changes in it: the stopwatch goes on, or stays stopped.
    CONTINUED = "continued"
    # A reset was undone: what is there may be solved already, so the stopwatch stops.
    UNDONE = "undone"
    RED = "red"
    GREEN = "green"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal."""

    time: str
    drill: str
    event: Event
    seconds: float = 0.0


def drills_from(document: Mapping[str, Any], path: str) -> tuple[Drill, ...] | Refusal:
    """The drills in a parsed ``drills.toml``; ``path`` is for the message about a mistake in it."""
    try:
        return tuple(_drill(entry) for entry in document["drill"])
    except KeyError as missing:
        what = f"the key {missing} is missing."
    except (TypeError, ValueError, AttributeError) as error:
        what = f"{error}."
    return Refusal(what, path, "Bring the file back (git checkout) and run the command again.")


def _drill(entry: Mapping[str, Any]) -> Drill:
    slug = str(entry["slug"])
    if not (slug[:2].isdigit() and slug[2:3] == "-" and slug[3:]):
        raise ValueError(f"slug {slug!r} is not of the form 01-name")
    for name in ("minutes", "par"):
        if not isinstance(entry[name], int):
            raise ValueError(f"drill {slug}: {name} must be a whole number, not {entry[name]!r}")
    return Drill(
        slug=slug,
        title=str(entry["title"]),
        goal=str(entry["goal"]),
        minutes=entry["minutes"],
        par=entry["par"],
        keys=tuple(map(str, entry["keys"])),
        step=str(entry["step"]),
    )


def drill_named(wanted: str, drills: Sequence[Drill]) -> Drill | Refusal:
    """By number, slug or the slug's name: ``11``, ``11-rename`` and ``rename`` are the same."""
    word = wanted.strip().lower().rstrip("/")
    for drill in drills:
        number, _, name = drill.slug.partition("-")
        if word in (drill.slug, name) or (word.isdecimal() and int(word) == int(number)):
            return drill
    names = [drill.slug.partition("-")[2] for drill in drills]
    near = get_close_matches(word, names, n=1)
    meant = f"Did you mean {near[0]}? " if near else ""
    what = f"there is no drill {wanted!r}."
    return Refusal(what, next_step=f"{meant}nbkata drill list shows them.")


def line_of(entry: Entry) -> str:
    """The entry as a line, with its line end."""
    return json.dumps(asdict(entry)) + "\n"


def entries_in(text: str) -> tuple[Entry, ...]:
    """The entries of a journal, in order."""
    return tuple(entry for entry in map(_entry, text.splitlines()) if entry is not None)


def _entry(line: str) -> Entry | None:
    try:
        found = json.loads(line)
        event = Event(found["event"])
        datetime.fromisoformat(found["time"])
        return Entry(str(found["time"]), str(found["drill"]), event, float(found["seconds"]))
    except (ValueError, KeyError, TypeError):
        return None


def personal_bests(entries: Iterable[Entry]) -> dict[str, float]:
    """Seconds of the fastest green, by slug."""
    bests: dict[str, float] = {}
    for entry in entries:
        if entry.event is Event.GREEN:
            bests[entry.drill] = min(entry.seconds, bests.get(entry.drill, entry.seconds))
    return bests


def is_running(drill: Drill, entries: Iterable[Entry]) -> bool:
    """Whether its stopwatch runs: opened as given, and neither green nor undone since."""
    changing = (Event.OPENED, Event.UNDONE, Event.GREEN)
    events = [e.event for e in entries if e.drill == drill.slug and e.event in changing]
    return bool(events) and events[-1] is Event.OPENED


def seconds_since_opened(drill: Drill, entries: Iterable[Entry], now: str) -> float | None:
    """How long its stopwatch has been running at ``now`` (ISO 8601); none if it is stopped."""
    mine = [entry for entry in entries if entry.drill == drill.slug]
    if not is_running(drill, mine):
        return None
    opened = next(entry for entry in reversed(mine) if entry.event is Event.OPENED)
    passed = datetime.fromisoformat(now) - datetime.fromisoformat(opened.time)
    return max(0.0, round(passed.total_seconds(), 1))


def current_drill(drills: Sequence[Drill], entries: Sequence[Entry]) -> Drill | None:
    """The one that was opened last."""
    by_slug = {drill.slug: drill for drill in drills}
    opening = (Event.OPENED, Event.CONTINUED)
    opened = (e for e in reversed(entries) if e.event in opening and e.drill in by_slug)
    entry = next(opened, None)
    return by_slug[entry.drill] if entry else None


def next_drill(drills: Sequence[Drill], entries: Sequence[Entry]) -> Drill | None:
    """The first after the current one that was never green, going round; none when all were."""
    done = personal_bests(entries)
    current = current_drill(drills, entries)
    start = drills.index(current) + 1 if current else 0
    round_trip = [*drills[start:], *drills[:start]]
    return next((drill for drill in round_trip if drill.slug not in done), None)


def shown_seconds(seconds: float) -> str:
    """``7.5 s`` or ``2 min 05 s``."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    return f"{minutes // 60} h {minutes % 60:02} min"
