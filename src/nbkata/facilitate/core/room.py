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
    red_since: datetime | None = None
    # Checks in a row whose behaviour was red.
    reds: int = 0
    hand_since: datetime | None = None

    def after(self, line: RoomLine) -> "Person":
        """The person once a line has come."""
        moment = moment_of(line.time)
        new = replace(self, seen=moment, kata=line.kata, step=line.step, hints=line.hints)
        if (line.kata, line.step) != (self.kata, self.step):
            new = replace(new, behaviour=None, shape=None, mistake="", red_since=None, reds=0)
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

    def state(self, now: datetime) -> State:
        """How the dot looks."""
        if self.behaviour is False:
            long = self.reds >= STUBBORN and minutes(self.red_since, now) >= LONG_RED_MINUTES
            return State.LONG if long else State.RED
        if self.behaviour is None:
            return State.NEW
        return State.GREEN if self.shape else State.WORK


def minutes(since: datetime | None, now: datetime) -> int:
    """Whole minutes, none below 0: a clock may have been set back."""
    return max(int((now - since).total_seconds() // 60), 0) if since else 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What the room is about: who sends of another kata or version stands apart."""

    kata: str
    steps: tuple[Step, ...]
    # By step, then by name: the kit's own sentence for a mistake. No other text of a line is
    # shown.
    mistakes: Mapping[str, Mapping[str, str]]

    def number(self, person: Person) -> str:
        """Of the person's step; empty if the plan does not have it."""
        slugs = (step.slug for step in self.steps if person.kata == self.kata)
        return person.step.partition("-")[0] if person.step in slugs else ""


def room_view(people: Iterable[Person], plan: Plan, now: datetime) -> dict[str, Any]:
    """All that the page shows, in the order in which it shows it."""
    everybody = list(people)
    names = Counter(person.name for person in everybody)
    by_urgency = sorted(everybody, key=lambda one: _urgency(one, names, now))

    def dots(number: str) -> list[dict[str, Any]]:
        here = (one for one in by_urgency if one.step and plan.number(one) == number)
        return [_dot(one, names, now) for one in here]

    rows = [
        {"number": step.number, "title": step.title, "dots": dots(step.number)}
        for step in plan.steps
    ]
    urgent = [one for one in by_urgency if one.hand_since or one.state(now) is State.LONG]
    return {
        "people": len(everybody),
        "first": [
            _dot(one, names, now) | {"step": plan.number(one) or one.step, "id": one.identity}
            for one in urgent
        ],
        "often": _often(everybody, plan),
        "rows": [*rows, {"number": "", "title": "another kata or version", "dots": dots("")}],
        "waiting": sum(not one.step for one in everybody),
    }


def _urgency(person: Person, names: Counter[str], now: datetime) -> tuple[Any, ...]:
    """Hands first, the one that has been up the longest before the others; then by state, time of red, and name."""
    if person.hand_since is not None:
        return (-1, person.hand_since, label(person, names))
    order = list(State).index(person.state(now))
    return (order, person.red_since or now, label(person, names))


def _dot(person: Person, names: Counter[str], now: datetime) -> dict[str, Any]:
    return {
        "who": label(person, names),
        "state": person.state(now),
        "hand": person.hand_since and minutes(person.hand_since, now),
        "red": minutes(person.red_since, now),
        "hints": person.hints,
        "seen": minutes(person.seen, now),
    }


def label(person: Person, names: Counter[str]) -> str:
    """The name, with the tag if two have the same; the tag alone of who gave none."""
    tag = tag_of(person.identity)
    if not person.name:
        return tag
    return f"{person.name} ({tag})" if names[person.name] > 1 else person.name


def _often(people: Iterable[Person], plan: Plan) -> dict[str, Any] | None:
    """The mistake that most people are at now, of those that the kit knows; None if none is."""
    seen = Counter(
        (person.step, person.mistake)
        for person in people
        if plan.number(person) and person.mistake in plan.mistakes.get(person.step, ())
    )
    if not seen:
        return None
    (step, name), count = min(seen.items(), key=lambda entry: (-entry[1], entry[0]))
    number = step.partition("-")[0]
    return {"count": count, "step": number, "name": name, "text": plan.mistakes[step][name]}
