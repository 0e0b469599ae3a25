"""How a run of other people's code ended."""

from dataclasses import dataclass
from enum import StrEnum


class Failure(StrEnum):
    """Why a run has no result."""

    DIED = "died"
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    TOO_MUCH_OUTPUT = "too much output"
    NOT_STARTED = "would not start"  # there was no sandbox for it


@dataclass(frozen=True, slots=True)
class Failed:
    """A run without a result."""

    failure: Failure
    reason: str  # in plain words, without a full stop


@dataclass(frozen=True, slots=True)
class Finished:
    """A run that came to its end."""

    code: int  # its exit code
    output: str  # the end of what it printed
    seconds: float

    @property
    def last_line(self) -> str:
        """Of a traceback, what was raised."""
        return last_line(self.output)


def last_line(output: str) -> str:
    """What the last traceback says was raised; without one, the last line that is not empty.

    Behind a traceback there may be what the program had printed before: it is written out at the end.
    """
    lines = output.strip().splitlines()
    starts = [at for at, line in enumerate(lines) if line.startswith(TRACEBACK)]
    behind = lines[starts[-1] + 1 :] if starts else []
    raised = (line for line in behind if line.strip() and not line[0].isspace())
    return next(raised, lines[-1] if lines else "")


TRACEBACK = "Traceback (most recent call last):"
