"""How a notebook's run ended, as values."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from nbkata.common.core.refusal import Refusal

# Seconds that one cell may take before its run is stopped.
DEFAULT_CELL_TIMEOUT_S = 600


class StopReason(StrEnum):
    """Why a run ended before the last cell."""

    RAISED = "raised"
    TIMED_OUT = "timed out"
    TOO_MUCH_OUTPUT = "too much output"
    KERNEL_DIED = "kernel died"
    NO_KERNEL = "no kernel"


@dataclass(frozen=True, slots=True)
class Stopped:
    """A run that did not reach the last cell."""

    reason: StopReason
    cell: int | None  # over all cells, from 0; none if no cell had begun
    # ``NameError: name 'df' is not defined``, what the kernel said, or how much output is too much.
    detail: str = ""
    line: int | None = None  # in that cell, from 1, where the error names one
    timeout_s: int = DEFAULT_CELL_TIMEOUT_S
    magic: str = ""  # that line, if it is a command of IPython that lacks its ``%``: ``cd -q ..``

    def refusal(self, path: str) -> Refusal:
        """What to tell the person who asked for the run of ``path``."""
        where = path if self.cell is None else f"{path}, cell {self.cell}"
        if self.line is not None:
            where += f", line {self.line}"
        what, next_step = self._raised() if self.reason is StopReason.RAISED else self._ended()
        return Refusal(what, where, next_step, self._limit)

    @property
    def _limit(self) -> str:
        if self.reason in (StopReason.TIMED_OUT, StopReason.TOO_MUCH_OUTPUT):
            return self.reason
        is_memory = self.detail.partition(": ")[0].endswith("MemoryError")
        return "out of memory" if is_memory and self.reason is StopReason.RAISED else ""

    def _raised(self) -> tuple[str, str]:
        kind, _, message = self.detail.partition(": ")
        if self.magic:
            return (
                f"{self.detail}: IPython runs a command without % only if nothing else is in its "
                "cell, not even a comment.",
                f"Write %{self.magic}, then run the command again.",
            )
        if kind == "ModuleNotFoundError":
            return (
                f"{message[:1].upper()}{message[1:]}.",
                "Install it in this environment, then run the command again.",
            )
        if kind == "StdinNotImplementedError":
            return (
                "the cell asks for input, and nobody is there to answer.",
                "Write the answer into the cell, then run the command again.",
            )
        if kind.endswith("MemoryError"):
            return (
                f"there is not enough memory ({message}).",
                "Read fewer rows, or free what is used no more (del NAME), then run the command again.",
            )
        fix = "Fix the cell, then run the command again."
        if kind == "KeyError" and re.fullmatch(r"'[A-Z][A-Z0-9_]*'", message):
            name = message.strip("'")
            fix += f" Is {name} an environment variable? Set NBKATA_PASS to {name}."
        return f"{self.detail}.", fix

    def _ended(self) -> tuple[str, str]:
        if self.reason is StopReason.TIMED_OUT:
            return (
                f"the cell did not end within {self.timeout_s} s.",
                "Look for an endless loop, or give it longer: --timeout SECONDS.",
            )
        if self.reason is StopReason.TOO_MUCH_OUTPUT:
            return (
                f"the cell printed more than {self.detail}, counting the cells before; stopped.",
                "Print less, or look for an endless loop, then run the command again.",
            )
        if self.reason is StopReason.KERNEL_DIED:
            return (
                "the kernel died here (out of memory, or the code ended it).",
                "Look at what the cell does, then run the command again.",
            )
        return (
            f"no Python kernel could be started ({self.detail}).",
            "Run ./go (Windows: go.bat) to set the environment up again.",
        )


@dataclass(frozen=True, slots=True)
class Executed:
    """A run that reached the last cell."""

    document: dict[str, Any]  # the nbformat 4 document with fresh outputs and counts 1, 2, 3, …
    seconds: float
