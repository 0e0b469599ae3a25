"""The append-only journal of what a learner did.

One line of JSON an event, time in UTC (ISO 8601). A check: ``{"time", "step", "behaviour", "shape",
"seconds", "files"}``, the lights as booleans, the files as a digest. A move: ``{"time", "step", "moved": "catch-up"}``. A hint that
was shown: ``{"time", "step", "hint": 2}``. Lines that cannot be read (the last one, torn by a
crash) are passed over.
"""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple


class Entry(NamedTuple):
    """One check, as the journal keeps it."""

    time: str
    step: str
    behaviour: bool
    shape: bool
    seconds: float
    files: str = ""  # a digest of the learner's files that were checked; empty: not known

    @property
    def ok(self) -> bool:
        """Whether both lights were green."""
        return self.behaviour and self.shape


class Move(NamedTuple):
    """The learner went to a step, by `next`, `catch-up`, `reset` or `undo`."""

    time: str
    step: str
    moved: str  # by which command


class Hinted(NamedTuple):
    """A tier of a step's hints was shown, counted from 1."""

    time: str
    step: str
    hint: int


Event = Entry | Move | Hinted


def line_of(event: Event) -> str:
    """The event as a line, with its line end."""
    return json.dumps(event._asdict()) + "\n"


def events_in(text: str) -> tuple[Event, ...]:
    """The events of a journal, in order."""
    return tuple(event for event in map(_event, text.splitlines()) if event is not None)


def checks_in(events: Iterable[Event]) -> tuple[Entry, ...]:
    """The checks alone."""
    return tuple(event for event in events if isinstance(event, Entry))


def _event(line: str) -> Event | None:
    try:
        found = json.loads(line)
        return _event_of(found, str(found["time"]), str(found["step"]))
    except (ValueError, KeyError, TypeError):
        return None


def _event_of(found: dict[str, Any], time: str, step: str) -> Event:
    if "moved" in found:
        return Move(time, step, str(found["moved"]))
    if "hint" in found:
        return Hinted(time, step, int(found["hint"]))
    behaviour, shape = found["behaviour"] is True, found["shape"] is True
    files = str(found.get("files", ""))
    return Entry(time, step, behaviour, shape, float(found["seconds"]), files)
