"""What the check of one workspace of a cohort came to, as a value and as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Ended(StrEnum):
    """How the check of a workspace ended. Those after the first two say nothing about the code's quality."""

    GREEN = "green"
    RED = "red"
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    TOO_MUCH_OUTPUT = "too much output"
    NOT_STARTED = "would not start"
    REFUSED = "refused"


# Ended by a limit: neither right nor wrong.
LIMITS = (Ended.TIMED_OUT, Ended.OUT_OF_MEMORY, Ended.TOO_MUCH_OUTPUT)


@dataclass(frozen=True, slots=True)
class Result:
    """One workspace's. All that comes from inside the sandbox is text and numbers."""

    id: str  # how the facilitator knows it: its path, without what all have in common
    ended: Ended
    step: str = ""  # the slug of the step that was checked
    behaviour: bool = False
    shape: bool = False
    messages: tuple[str, ...] = ()  # why it is not green
    notes: tuple[str, ...] = ()  # what green lights say: how many mutants were caught
    # By slug: whether the goals of the step and, if asked for, of the earlier ones are reached.
    steps: Mapping[str, bool] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()  # files that could change how a check goes
    shape_of_code: str = ""  # equal for solutions that differ in names and layout alone
    files: Mapping[str, str] = field(default_factory=dict)  # the learner's code, by path
    red_minutes: float = 0.0  # of the step, as the journal says
    hints: int = 0  # as the journal says
    seconds: float = 0.0

    @property
    def first_message(self) -> str:
        """The first line of why it is not green; empty if it is."""
        return "".join(self.messages[:1]).strip().partition("\n")[0]

    def as_json(self) -> dict[str, Any]:
        """For files and pipes."""
        return asdict(self)


def result_from_json(found: Any) -> Result:
    """The result in a document that a process left in which other people's code ran.

    Raises ``ValueError``, ``KeyError`` or ``TypeError`` if it is none.
    """
    return Result(
        id=_text(found["id"]),
        ended=Ended(found["ended"]),
        step=_text(found["step"]),
        behaviour=found["behaviour"] is True,
        shape=found["shape"] is True,
        messages=_texts(found["messages"]),
        notes=_texts(found["notes"]),
        steps={_text(slug): ok is True for slug, ok in found["steps"].items()},
        left_out=_texts(found["left_out"]),
        shape_of_code=_text(found["shape_of_code"]),
        files={_text(name): _text(text) for name, text in found["files"].items()},
        red_minutes=float(found["red_minutes"]),
        hints=int(found["hints"]),
        seconds=float(found["seconds"]),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"not text: {type(value).__name__}")
    return value


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(map(_text, values))
