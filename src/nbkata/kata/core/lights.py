"""The two lights: behaviour (it still does the same) and shape (it is better built)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple


class Light(NamedTuple):
    """One light, with what the learner reads beside it."""

    ok: bool
    # What was seen when green; what is not there yet, one message each, when red.
    messages: tuple[str, ...]
    # Whether nothing is wrong so far, and something is still looked at: neither green nor red.
    is_open: bool = False

    @property
    def word(self) -> str:
        """How people name its colour."""
        return "not yet" if self.is_open else "green" if self.ok else "red"

    @property
    def message(self) -> str:
        """All of it as one text."""
        return "\n".join(self.messages)


# How the message of a shape test begins that raised something else than an assertion.
CRASHED = "This check itself failed with"


def without_crashes(shape: Light) -> Light:
    """The shape beside a red behaviour: its tests read the results, which may be anything then."""
    sound = [text for text in shape.messages if not text.startswith(CRASHED)]
    if len(sound) == len(shape.messages):
        return shape
    more = "the rest of the shape" if sound else "the shape"
    return Light(False, (*sound, f"Make behaviour green first: {more} is looked at after that."))


class LightSoFar(NamedTuple):
    """A light as the quick tests leave it while a slow one is still at work."""

    light: Light
    work: str  # what the slow test does: ``planting changes in src/train.py``
    done: int = 0
    total: int | None = None  # none as long as it is not known
    so_far: str = ""  # what it has found: ``5 of 5 caught``


class Verdict(NamedTuple):
    """What one check of one step says."""

    step: str
    behaviour: Light
    shape: Light
    seconds: float
    # By slug: the shape of earlier steps that is red again, as far as a check looks back.
    lost: Mapping[str, Light] = MappingProxyType({})

    @property
    def ok(self) -> bool:
        """Whether both lights are green."""
        return self.behaviour.ok and self.shape.ok

    def as_json(self) -> dict[str, Any]:
        """The document of ``nbkata check --json``."""
        return {
            "step": self.step,
            "behaviour": {"ok": self.behaviour.ok, "message": self.behaviour.message},
            "shape": {"ok": self.shape.ok, "messages": list(self.shape.messages)},
            "lost": {slug: list(light.messages) for slug, light in self.lost.items()},
            "seconds": round(self.seconds, 3),
        }
