"""Who is where in a room, and who needs somebody first: from the lines that learners sent."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from nbkata.kata.core.kata import Step
from nbkata.kata.core.progress import LONG_RED_MINUTES, STUBBORN
from nbkata.workspace.core.room import RoomLine, moment_of, tag_of


class State(StrEnum):
    """How a person's dot looks; in the order in which a row shows them."""

    # Behaviour has been red for `LONG_RED_MINUTES`, and over `STUBBORN` checks.
    LONG = "long"
    # Not green, not red, and at the step for `TIMES_AS_LONG` of what it should take.
    LATE = "late"
    # Behaviour is red.
    RED = "red"
    # Behaviour is green, shape is not yet.
    WORK = "work"
    GREEN = "green"
    # The step has not been checked.
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Person:
    """A learner, as the lines so far leave them."""

    identity: str
    name: str = ""
    kata: str = ""
    step: str = ""
    behaviour: bool | None = None
    shape: bool | None = None
    hints: int = 0
    mistake: str = ""
    seen: datetime | None = None
    # When the step's first line came.
    since: datetime | None = None
    red_since: datetime | None = None
    # Checks in a row whose behaviour was red.
    reds: int = 0
    hand_since: datetime | None = None

    def after(self, line: RoomLine) -> "Person":
        """The person once a line has come."""
        moment = moment_of(line.time)
        new = replace(self, seen=moment, kata=line.kata, step=line.step, hints=line.hints)
        if (line.kata, line.step) != (self.kata, self.step):
            lights: dict[str, Any] = {"behaviour": None, "shape": None, "mistake": ""}
            new = replace(new, since=moment, red_since=None, reds=0, **lights)
        if line.checked:
            red = line.behaviour is False
            new = replace(
                new,
                behaviour=line.behaviour,
                shape=line.shape,
                mistake=line.mistake,
                reds=new.reds + 1 if red else 0,
                red_since=(new.red_since or moment) if red else None,
            )
        if line.help is not None:
            new = replace(new, hand_since=(self.hand_since or moment) if line.help else None)
        return new

    def lowered(self, at: datetime | None) -> "Person":
        """With the hand down, if the facilitator lowered it since it went up."""
        if at is None or self.hand_since is None or self.hand_since > at:
            return self
        return replace(self, hand_since=None)

    def state(self, now: datetime, planned: int = 0) -> State:
        """How the dot looks; ``planned`` are the minutes that the step should take, 0 if nobody knows."""
        if self.behaviour is False:
            long = self.reds >= STUBBORN and minutes(self.red_since, now) >= LONG_RED_MINUTES
            return State.LONG if long else State.RED
        if self.behaviour and self.shape:
            return State.GREEN
        if planned and minutes(self.since, now) >= TIMES_AS_LONG * planned:
            return State.LATE
        return State.NEW if self.behaviour is None else State.WORK


TIMES_AS_LONG = 2


def minutes(since: datetime | None, now: datetime) -> int:
    """Whole minutes, none below 0: a clock may have been set back."""
    return max(int((now - since).total_seconds() // 60), 0) if since else 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What the room is about: who sends of another kata or version is shown apart."""

    kata: str
    steps: tuple[Step, ...]
    # By step, then by name: the kit's own sentence for a mistake. No other text of a line is
    # shown.
    mistakes: Mapping[str, Mapping[str, str]]

    def step(self, person: Person) -> Step | None:
        """The person's; None if the plan does not have it."""
        steps = self.steps if person.kata == self.kata else ()
        return next((step for step in steps if step.slug == person.step), None)

    def sentence(self, person: Person) -> str:
        """The kit's own for the mistake that the person is at; empty if it has none."""
        known = self.mistakes.get(person.step, {}) if self.step(person) else {}
        return known.get(person.mistake, "")


def room_view(people: Iterable[Person], plan: Plan, now: datetime) -> dict[str, Any]:
    """All that the page shows, in the order in which it shows it."""
    everybody = list(people)
    names = Counter(person.name for person in everybody)
    dots: list[tuple[Person, dict[str, Any]]] = sorted(
        ((person, _dot(person, plan, names, now)) for person in everybody if person.step),
        key=lambda pair: _urgency(pair[0], pair[1], now),
    )
    by_step: dict[str, list[dict[str, Any]]] = {}
    for person, dot in dots:
        step = plan.step(person)
        by_step.setdefault(step.slug if step else "", []).append(dot)
    rows = [
        {"number": step.number, "title": step.title, "dots": by_step.get(step.slug, [])}
        for step in plan.steps
    ]
    other = {"number": "", "title": "another kata or version", "dots": by_step.get("", [])}
    return {
        "people": len(everybody),
        "waiting": len(everybody) - len(dots),
        "first": [
            dot | {"step": person.step.partition("-")[0], "id": person.identity}
            for person, dot in dots
            if person.hand_since or dot["state"] in (State.LONG, State.LATE)
        ],
        "often": _often(everybody, plan),
        "rows": [*rows, other],
    }


def _urgency(person: Person, dot: dict[str, Any], now: datetime) -> tuple[Any, ...]:
    """Hands first, then by state; in both, who waits the longest before the others; then by name."""
    if person.hand_since is not None:
        return (-1, person.hand_since, dot["who"])
    since = person.since if dot["state"] is State.LATE else person.red_since
    return (list(State).index(dot["state"]), since or now, dot["who"])


def _dot(person: Person, plan: Plan, names: Counter[str], now: datetime) -> dict[str, Any]:
    step = plan.step(person)
    return {
        "who": label(person, names),
        "state": person.state(now, step.minutes if step else 0),
        "hand": person.hand_since and minutes(person.hand_since, now),
        "red": minutes(person.red_since, now),
        "here": minutes(person.since, now),
        "hints": person.hints,
        "seen": minutes(person.seen, now),
        "mistake": person.mistake if plan.sentence(person) else "",
    }


def label(person: Person, names: Counter[str]) -> str:
    """The name, with the tag if two have the same; the tag alone if they gave none."""
    tag = tag_of(person.identity)
    if not person.name:
        return tag
    return f"{person.name} ({tag})" if names[person.name] > 1 else person.name


def _often(people: Iterable[Person], plan: Plan) -> dict[str, Any] | None:
    """The mistake that most people are at now, of those that the kit knows; None if none is."""
    seen = Counter(
        (person.step, person.mistake, plan.sentence(person))
        for person in people
        if plan.sentence(person)
    )
    if not seen:
        return None
    (step, name, text), count = min(seen.items(), key=lambda entry: (-entry[1], entry[0]))
    return {"count": count, "step": step.partition("-")[0], "name": name, "text": text}
