"""The kata's order: which steps there are, what each is for, how long it takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbkata.core.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Step:
    """One step, as ``kata.toml`` lists it."""

    slug: str
    """``00-run``: its folder's name below ``exercises/`` and ``solutions/``."""
    title: str
    minutes: int
    goal: str
    """One sentence: what is there when the step is done."""
    todo: tuple[str, ...]
    """What to do, in order, as the screen shows it; the guide says more."""

    @property
    def number(self) -> str:
        """``00``: as the learner says it."""
        return self.slug.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Kata:
    """The whole way."""

    title: str
    notebook: str
    """In the workspace, with forward slashes."""
    results: tuple[str, ...]
    """The names whose values at the end of a run are the behaviour to keep."""
    shown: tuple[str, ...]
    """Of these, the ones that the notebook may still show once its noise is gone."""
    steps: tuple[Step, ...]

    def step(self, wanted: str) -> Step | Refusal:
        """By number or slug: ``1``, ``01`` and ``01-remove-noise`` are the same step."""
        for step in self.steps:
            if wanted == step.slug or (wanted.isdigit() and int(wanted) == int(step.number)):
                return step
        slugs = ", ".join(step.slug for step in self.steps)
        return Refusal(f"there is no step {wanted!r}.", next_step=f"The steps are: {slugs}.")

    def after(self, step: Step) -> Step | None:
        """The step that follows, or none after the last."""
        index = self.steps.index(step) + 1
        return self.steps[index] if index < len(self.steps) else None


def kata_from_toml(document: Mapping[str, Any], path: str) -> Kata | Refusal:
    """The kata in a parsed ``kata.toml``; ``path`` is for the message where it has a mistake."""
    try:
        kata = document["kata"]
        return Kata(
            title=_text(kata, "title"),
            notebook=_text(kata, "notebook"),
            results=tuple(kata["results"]),
            shown=tuple(kata["shown"]),
            steps=tuple(_step(step) for step in document["step"]),
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
    return Step(slug, _text(entry, "title"), minutes, _text(entry, "goal"), todo)


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table[key]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{key} must be text, not {value!r}")
    return value
