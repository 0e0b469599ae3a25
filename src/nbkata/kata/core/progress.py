"""A learner's progress, derived from the journal."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nbkata.kata.core.kata import Kata, Step
from nbkata.kata.core.lights import Verdict
from nbkata.workspace.core.journal import Entry, Event, Hinted, Move, checks_in

if TYPE_CHECKING:  # it takes a millisecond to load, and a hint needs no clock of it
    from datetime import datetime


def entry_of(verdict: Verdict, time: str, files: str = "") -> Entry:
    """The entry that a verdict leaves."""
    seconds = round(verdict.seconds, 3)
    return Entry(time, verdict.step, verdict.behaviour.ok, verdict.shape.ok, seconds, files)


def current_step(kata: Kata, events: Iterable[Event]) -> Step | None:
    """Where the learner is: at the step moved to last, or at a later one that was seen green.

    A green step is left by `nbkata next`. The second rule finds the place again where the journal
    was lost. None after the last step was green.
    """
    places = {step.slug: place for place, step in enumerate(kata.steps)}
    here, done = 0, False
    for event in events:
        place = places.get(event.step, -1)
        if isinstance(event, Move) and place >= 0:
            here, done = place, False
        elif isinstance(event, Entry) and event.ok and place >= here:
            here, done = place, place == len(kata.steps) - 1
    return None if done else kata.steps[here]


def last_check(step: Step, events: Iterable[Event]) -> Entry | None:
    """The step's last check since the learner went there last."""
    found = None
    for event in events:
        if event.step == step.slug and not isinstance(event, Hinted):
            found = event if isinstance(event, Entry) else None
    return found


def was_green(step: Step, events: Iterable[Event]) -> bool:
    """Whether both lights of the step were ever seen green."""
    return any(entry.step == step.slug and entry.ok for entry in checks_in(events))


def red_minutes(step: Step, events: Iterable[Event], now: "datetime") -> float:
    """For how long the behaviour light of the step has been red without a break; 0 if it has not.

    It counts from the first red check of the run, which must have `STUBBORN` of them at least:
    "red, red, red, revert". Shape is red until a step is done, and says nothing.
    """
    run: list[str] = []
    for event in events:
        if isinstance(event, Move) or (isinstance(event, Entry) and event.behaviour):
            run = []
        elif isinstance(event, Entry) and event.step == step.slug:
            run.append(event.time)
    if len(run) < STUBBORN:
        return 0.0
    try:
        return max((now - type(now).fromisoformat(run[0])).total_seconds() / 60, 0.0)
    except (ValueError, TypeError):  # a journal that was edited
        return 0.0


# Red checks in a row before one should think of going back.
STUBBORN = 3
# The last green state is a few minutes away; whoever digs for longer has taken too large a bite.
LONG_RED_MINUTES = 10


def hints_shown(step: Step, events: Iterable[Event]) -> int:
    """How many tiers of the step's hints the learner has seen."""
    shown = [e.hint for e in events if isinstance(e, Hinted) and e.step == step.slug]
    return max(shown, default=0)
