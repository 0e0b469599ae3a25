"""A learner's progress, derived from an append-only journal.

One line of JSON a check: ``{"time", "step", "behaviour", "shape", "seconds"}``, time in UTC
(ISO 8601), the lights as booleans. Lines that cannot be read (the last one, torn by a crash) are
passed over.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from nbkata.core.kata import Kata, Step
from nbkata.core.lights import Verdict


@dataclass(frozen=True, slots=True)
class Entry:
    """One check, as the journal keeps it."""

    time: str
    step: str
    behaviour: bool
    shape: bool
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether both lights were green."""
        return self.behaviour and self.shape


def entry_of(verdict: Verdict, time: str) -> Entry:
    """The entry that a verdict leaves."""
    seconds = round(verdict.seconds, 3)
    return Entry(time, verdict.step, verdict.behaviour.ok, verdict.shape.ok, seconds)


def line_of(entry: Entry) -> str:
    """The entry as a line, with its line end."""
    return json.dumps(asdict(entry)) + "\n"


def entries_in(text: str) -> tuple[Entry, ...]:
    """The entries of a journal, in order."""
    return tuple(entry for entry in map(_entry, text.splitlines()) if entry is not None)


def current_step(kata: Kata, entries: Iterable[Entry]) -> Step | None:
    """The first step that was never seen with both lights green; none when all were."""
    green = {entry.step for entry in entries if entry.ok}
    return next((step for step in kata.steps if step.slug not in green), None)


def _entry(line: str) -> Entry | None:
    try:
        found = json.loads(line)
        return Entry(
            time=str(found["time"]),
            step=str(found["step"]),
            behaviour=found["behaviour"] is True,
            shape=found["shape"] is True,
            seconds=float(found["seconds"]),
        )
    except (ValueError, KeyError, TypeError):
        return None
