"""The proof of the steps: what was found of each, and whether it holds."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from nbkata.kata.core.behaviour import LIKELY
from nbkata.kata.core.kata import Kata, Step
from nbkata.kata.core.lights import CRASHED, Light

# In an expected message: any text, for what differs from machine to machine.
ANYTHING = "[...]"


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look at one workspace gave."""

    behaviour: Light | None  # none if it was not asked for
    shapes: Mapping[str, Light]  # by the step's slug

    def as_json(self) -> dict[str, Any]:
        """To be kept by content."""
        return asdict(self)


def looked_from_json(answer: Mapping[str, Any]) -> Looked:
    """What `Looked.as_json` wrote."""
    behaviour, shapes = answer["behaviour"], answer["shapes"]
    return Looked(behaviour and _light(*behaviour), {k: _light(*v) for k, v in shapes.items()})


@dataclass(frozen=True, slots=True)
class WrongState:
    """A named mistake on top of a step's checkpoint, and what the learner must read then."""

    step: str
    name: str
    edits: tuple[Mapping[str, Any], ...]
    shape: str = ""
    behaviour: str = ""
    green: bool = False  # no mistake but another way to the goal: both lights must be green
    # What the behaviour light must name as the likely cause; empty: it must name none.
    cause: str = ""
    # The last step at which the same results have this cause; empty: its own.
    until: str = ""
    # The step whose checkpoint it changes and whose lights say so; empty: its own.
    on: str = ""
    # What the shape must say as well, if there is more than one mistake in it.
    also: tuple[str, ...] = ()
    alone: bool = False  # the shape must say nothing beside: a sentence more would not be true

    def complaint(self, looked: Looked) -> str:
        """Why the look at it is not what was expected; empty if it is."""
        if self.green:
            red = [light for light in (looked.behaviour, *looked.shapes.values())
                   if light is not None and not light.ok]  # fmt: skip
            return f"{self.step}, '{self.name}' should be green. {_message(red[0])}" if red else ""
        if crashes := _crashes(*looked.shapes.values()):
            return f"{self.step}, '{self.name}': {crashes[0]}"
        shape = looked.shapes.get(self.step)
        more = [(wanted, shape) for wanted in self.also]
        for wanted, light in ((self.shape, shape), *more, (self.behaviour, looked.behaviour)):
            if wanted and light is not None and not _says(light, wanted):
                return f"{self.step}, '{self.name}': {_message(light)} Expected: {wanted}"
        if self.alone and shape is not None and len(shape.messages) > 1:
            return f"{self.step}, '{self.name}' says more than one thing. {_message(shape)}"
        if self.behaviour and looked.behaviour is not None and not self.on:
            likely = [said for said in looked.behaviour.messages if said.startswith(LIKELY)]
            if likely != ([LIKELY + self.cause] if self.cause else []):
                said = f"{self.step}, '{self.name}': {_message(looked.behaviour)}"
                return f"{said} Cause: {self.cause}"
        return ""


@dataclass(frozen=True, slots=True)
class StepProof:
    """All that was looked at for one step; a text in ``problems`` for each thing that fails."""

    slug: str
    behaviour: bool
    fails_before: bool
    passes_after: bool
    wrong_states: tuple[int, int]  # how many gave the message they must give, of how many
    hints: bool
    listings: bool
    formatted: bool
    diff_lines: int
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing fails."""
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        """One step of the document of ``nbkata dev check --json``."""
        right, of = self.wrong_states
        return {**asdict(self), "wrong_states": {"right": right, "of": of}}


def steps_to_look_at(kata: Kata, checkpoint: Step | None) -> tuple[Step, ...]:
    """Of a checkpoint (none: the start), the steps whose shape is to be looked at.

    Those that must be green: it and the earlier ones whose goal still holds. And the next one,
    which must be red.
    """
    if checkpoint is None:
        return kata.steps[:1]
    place = kata.steps.index(checkpoint)
    green = [step for step in kata.steps[: place + 1] if _holds(kata, step, checkpoint)]
    return (*green, *kata.steps[place + 1 : place + 2])


def _holds(kata: Kata, step: Step, checkpoint: Step) -> bool:
    last = kata.step(step.until) if step.until else kata.steps[-1]
    return isinstance(last, Step) and checkpoint.slug <= last.slug


def lights_proof(
    kata: Kata, step: Step, before: Looked, after: Mapping[str, Looked]
) -> tuple[bool, bool, bool, list[str]]:
    """Behaviour, fails before, passes after, and what is wrong, from the looks at checkpoints.

    ``after`` holds the looks at the step's own checkpoint and all later ones, by slug.
    """
    problems = []
    behaviour = after[step.slug].behaviour
    if behaviour is None or not behaviour.ok:
        problems.append(
            f"{step.slug}: behaviour is red at its own checkpoint. {_message(behaviour)}"
        )
    fails_before = not before.shapes[step.slug].ok
    if not fails_before:
        problems.append(f"{step.slug}: its shape is green before the step is done.")
    problems += [
        f"{step.slug}, before it is done: {text}" for text in _crashes(before.shapes[step.slug])
    ]
    passes = True
    for known in kata.steps[kata.steps.index(step) :]:
        if _holds(kata, step, known) and not after[known.slug].shapes[step.slug].ok:
            passes = False
            light = after[known.slug].shapes[step.slug]
            problems.append(f"{step.slug}: its shape is red at {known.slug}. {_message(light)}")
    return behaviour is not None and behaviour.ok, fails_before, passes, problems


def missing_listings(guide: str, sources: str) -> list[str]:
    """The lines of the Python listings in a guide that do not stand in the checkpoint."""
    known = {line.strip() for line in sources.splitlines()}
    return [
        line.strip()
        for listing in re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
        for line in listing.splitlines()
        if line.strip() and line.strip() not in known
    ]


HEADINGS = ("Goal", "Why it matters", "The moves", "Done when", "Commit")
TIERS = ["Nudge", "Plan", "Nearly the answer"]


def guide_problems(slug: str, guide: str, hints: str) -> list[str]:
    """What a guide or its hints lack."""
    problems = [
        f"{slug}: the guide has no section '{heading}'."
        for heading in HEADINGS
        if f"\n## {heading}\n" not in guide
    ]
    lines = len(guide.splitlines())
    if not 60 <= lines <= 160:
        problems.append(f"{slug}: the guide has {lines} lines, not 60 to 160.")
    tiers = re.findall(r"^## (.+)\n\n(.+)", hints, re.MULTILINE)
    if [title for title, _ in tiers] != TIERS:
        problems.append(f"{slug}: the hints are not {', '.join(TIERS)}, each with a text.")
    return problems


def as_document(proofs: Sequence[StepProof], seconds: float) -> dict[str, Any]:
    """The document of ``nbkata dev check --json``."""
    return {
        "ok": all(proof.ok for proof in proofs),
        "seconds": round(seconds, 1),
        "steps": [proof.as_json() for proof in proofs],
    }


def _says(light: Light, wanted: str) -> bool:
    pattern = re.escape(wanted.strip()).replace(re.escape(ANYTHING), ".*?")
    return not light.ok and any(
        re.fullmatch(pattern, message.strip(), re.DOTALL) for message in light.messages
    )


def _crashes(*lights: Light) -> list[str]:
    """What they say of checks that came to no verdict: a red light is not enough."""
    return [text for light in lights for text in light.messages if text.startswith(CRASHED)]


def _message(light: Light | None) -> str:
    if light is None:
        return "It was not looked at."
    return f"It said: {' / '.join(light.messages)}"


def _light(ok: bool, messages: Sequence[str], is_open: bool = False) -> Light:
    return Light(ok, tuple(messages), is_open)
