"""How a notebook's run ended, as values."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from nbkata.core.refusal import Refusal

DEFAULT_CELL_TIMEOUT_S = 600
"""Seconds that one cell may take before its run is stopped."""


class StopReason(StrEnum):
    """Why a run ended before the last cell."""

    RAISED = "raised"
    TIMED_OUT = "timed out"
    KERNEL_DIED = "kernel died"
    NO_KERNEL = "no kernel"


@dataclass(frozen=True, slots=True)
class Stopped:
    """A run that did not reach the last cell."""

    reason: StopReason
    cell: int | None
    """Over all cells, from 0; none where no cell had begun."""
    detail: str = ""
    """``NameError: name 'df' is not defined``, or what the kernel said."""
    line: int | None = None
    """In that cell, from 1, where the error names one."""
    timeout_s: int = DEFAULT_CELL_TIMEOUT_S

    def refusal(self, path: str) -> Refusal:
        """What to tell the person who asked for the run of ``path``."""
        where = path if self.cell is None else f"{path}, cell {self.cell}"
        if self.line is not None:
            where += f", line {self.line}"
        return Refusal(self._what(), where, self._next_step())

    def _what(self) -> str:
        return {
            StopReason.RAISED: f"{self.detail}.",
            StopReason.TIMED_OUT: f"the cell did not end within {self.timeout_s} s.",
            StopReason.KERNEL_DIED: "the kernel died here (out of memory, or the code ended it).",
            StopReason.NO_KERNEL: f"no Python kernel could be started ({self.detail}).",
        }[self.reason]

    def _next_step(self) -> str:
        return {
            StopReason.RAISED: "Mend the cell, or bring the file back, and run the command again.",
            StopReason.TIMED_OUT: "Look for an endless loop, or give it longer: --timeout SECONDS.",
            StopReason.KERNEL_DIED: "Look at what this cell does, then run the command again.",
            StopReason.NO_KERNEL: "Run ./go (Windows: go.bat) to set the environment up again.",
        }[self.reason]


@dataclass(frozen=True, slots=True)
class Executed:
    """A run that reached the last cell."""

    document: dict[str, Any]
    """The nbformat 4 document with fresh outputs and counts 1, 2, 3, …"""
    seconds: float
