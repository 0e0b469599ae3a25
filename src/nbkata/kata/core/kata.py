"""The kata's order: which steps there are, what each is for, how long it takes."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from nbkata.common.core.refusal import Refusal


class Subject(StrEnum):
    """What is run to see the behaviour."""

    NOTEBOOK = "notebook"  # from a fresh kernel; the results are its names after the last cell
    SCRIPT = "script"  # as ``python FILE``; the results are its names at the end
    SEAM = "seam"  # one function of it is called; the results are what it gives back


class OtherData(NamedTuple):
    """Data that the seam is called with besides: what it gives must come from the data, not be kept."""

    file: str  # a file beside ``kata.toml``; the seam gets a copy under another folder
    golden: str  # the record of what the unchanged code gives for it
    what: str  # how it differs from the kata's own, for a sentence


class Behaviour(NamedTuple):
    """What counts as the behaviour from one step on, as ``kata.toml`` says it."""

    since: str  # the slug of the first step that it holds for
    subject: Subject
    file: str
    golden: str  # the record to compare with: a file beside ``kata.toml``
    # What the subject calls each result, and what the golden record calls it.
    results: Mapping[str, str]
    seam: str = ""  # the function to call; empty for a notebook or a script
    takes: str = ""  # the path that the seam is called with, in the workspace
    # How the results are when they equal a golden record that this step changes on purpose.
    right: str = ""
    other: OtherData | None = None


class Step(NamedTuple):
    """One step, as ``kata.toml`` lists it."""

    slug: str  # ``00-run``: its folder's name below ``exercises/`` and ``solutions/``
    title: str
    minutes: int
    goal: str  # one sentence: what is there when the step is done
    todo: tuple[str, ...]  # what to do, in order, as the screen shows it; the guide says more
    # The slug of the last step whose checkpoint still reaches this goal; empty: the last of all.
    until: str = ""

    # Whether its shape tests take a minute: then `nbkata next` does not look back at it.
    slow: bool = False
    # Whether its shape tests only read files: then each check of a later step looks back at it.
    quick: bool = False

    @property
    def number(self) -> str:
        """``00``: as the learner says it."""
        return self.slug.partition("-")[0]

    @property
    def title_inside(self) -> str:
        """The title in the middle of a sentence: its names keep their capitals."""
        return self.title[:1].lower() + self.title[1:]


class Kata(NamedTuple):
    """The whole way."""

    title: str
    notebook: str
    shown: tuple[str, ...]  # names that the notebook may still show once its noise is gone
    steps: tuple[Step, ...]
    # In the steps' order; the first holds from the first step on.
    behaviours: tuple[Behaviour, ...] = ()
    # What a new workspace holds: the path in it, and the file of the kit that it is made from.
    files: Mapping[str, str] = MappingProxyType({})
    model: str = ""  # the class that learns, as ``module:Class``: model tests watch it and break it
    # By figure and step's slug: why the report's figure gets worse in that step.
    worse: Mapping[str, Mapping[str, str]] = MappingProxyType({})

    def behaviour(self, step: Step) -> Behaviour:
        """What counts as the behaviour in a step: the last one that began before it or with it."""
        return [known for known in self.behaviours if known.since <= step.slug][-1]

    def step(self, wanted: str) -> Step | Refusal:
        """By number or slug: ``1``, ``01`` and ``01-remove-noise`` are the same step."""
        for step in self.steps:
            if wanted == step.slug or (wanted.isdigit() and int(wanted) == int(step.number)):
                return step
        return Refusal(f"there is no step '{wanted}'.", next_step=self.steps_like(wanted))

    def steps_like(self, wanted: str) -> str:
        """The step that was probably meant, or all of them, as a sentence."""
        # pylint: disable-next=import-outside-toplevel # for this alone
        from difflib import get_close_matches

        names = {step.slug: step for step in self.steps}
        names |= {step.slug.partition("-")[2]: step for step in self.steps}
        near = get_close_matches(wanted.lower(), names, n=1)
        if near:
            return f"Did you mean {names[near[0]].slug}?"
        return f"The steps are: {', '.join(step.slug for step in self.steps)}."

    def lasting(self, step: Step) -> tuple[Step, ...]:
        """The earlier steps whose goals still hold at the end of this one, the slow ones left out."""
        earlier = self.steps[: self.steps.index(step)]
        return tuple(
            one for one in earlier if not one.slow and (not one.until or one.until >= step.slug)
        )

    def quickly_lasting(self, step: Step) -> tuple[Step, ...]:
        """Those of them whose shape tests take no time."""
        return tuple(one for one in self.lasting(step) if one.quick)

    def is_past(self, step: Step, here: Step) -> bool:
        """Whether a step lies behind the one where somebody is."""
        return self.steps.index(step) < self.steps.index(here)

    def has_ended(self, step: Step, here: Step) -> bool:
        """Whether the goal of an earlier step is none any more: the notebook became a script."""
        return self.is_past(step, here) and not step.slow and step not in self.lasting(here)

    def before(self, step: Step) -> Step | None:
        """The step that precedes, or none before the first."""
        index = self.steps.index(step)
        return self.steps[index - 1] if index else None

    def after(self, step: Step) -> Step | None:
        """The step that follows, or none after the last."""
        index = self.steps.index(step) + 1
        return self.steps[index] if index < len(self.steps) else None


def kata_from_toml(document: Mapping[str, Any], path: str) -> Kata | Refusal:
    """The kata in a parsed ``kata.toml``; ``path`` is for the message if it has a mistake."""
    try:
        kata = document["kata"]
        steps = tuple(_step(step) for step in document["step"])
        return Kata(
            title=_text(kata, "title"),
            notebook=_text(kata, "notebook"),
            shown=tuple(kata["shown"]),
            steps=steps,
            behaviours=_behaviours(document["behaviour"], steps),
            files={str(name): str(source) for name, source in kata.get("files", {}).items()},
            model=str(kata.get("model", "")),
            worse=_worse(document.get("worse", ())),
        )
    except KeyError as missing:
        what = f"the key {missing} is missing."
    except (TypeError, ValueError) as error:
        what = f"{error}."
    return Refusal(what, path, "Bring the file back (git checkout) and run the command again.")


def _step(entry: Mapping[str, Any]) -> Step:
    slug = _text(entry, "slug")
    number, _, name = slug.partition("-")
    if not (number.isdigit() and len(number) == 2 and name):
        raise ValueError(f"slug {slug!r} is not of the form 00-name")
    minutes = entry["minutes"]
    if not isinstance(minutes, int):
        raise ValueError(f"step {slug}: minutes must be a whole number, not {minutes!r}")
    todo = tuple(str(line) for line in entry["todo"])
    until = str(entry.get("until", ""))
    slow, quick = (entry.get(name, False) is True for name in ("slow", "quick"))
    return Step(
        slug, _text(entry, "title"), minutes, _text(entry, "goal"), todo, until, slow, quick
    )


def _behaviours(entries: Any, steps: tuple[Step, ...]) -> tuple[Behaviour, ...]:
    found = tuple(_behaviour(entry) for entry in entries)
    slugs = [step.slug for step in steps]
    order = [slugs.index(known.since) if known.since in slugs else -1 for known in found]
    if not found or order[0] != 0 or order != sorted(order):
        raise ValueError("the behaviours must begin with the first step and follow the steps")
    return found


def _behaviour(entry: Mapping[str, Any]) -> Behaviour:
    subject = Subject(entry["run"])
    golden_names = entry.get("golden_names", {})
    other = entry.get("other") if subject is Subject.SEAM else None
    return Behaviour(
        since=_text(entry, "since"),
        subject=subject,
        file=_text(entry, "file"),
        golden=_text(entry, "golden"),
        results={str(name): str(golden_names.get(name, name)) for name in entry["results"]},
        seam=_text(entry, "seam") if subject is Subject.SEAM else "",
        takes=_text(entry, "takes") if subject is Subject.SEAM else "",
        right=str(entry.get("right", "")),
        other=other and OtherData(*(_text(other, name) for name in OtherData._fields)),
    )


def _worse(entries: Any) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for entry in entries:
        known = found.setdefault(_text(entry, "figure"), {})
        known |= dict.fromkeys(map(str, entry["steps"]), _text(entry, "why"))
    return found


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table[key]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{key} must be text, not {value!r}")
    return value
