"""What keeps a notebook from running: the kind, the place, and the command that helps."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Obstacle(StrEnum):
    """Why a notebook cannot run."""

    PACKAGE = "missing package"
    OUTDATED = "changed library"
    DATA = "missing data"
    KERNEL = "other kernel"
    PYTHON2 = "Python 2"
    NETWORK = "network"
    INPUT = "asks for input"
    SECRET = "secret"
    GPU = "graphics card"
    RAISES = "cell raises"
    TIME = "time limit"
    MEMORY = "memory"
    OUTPUT = "too much output"
    DIED = "kernel died"
    EMPTY = "no code"
    SYNTAX = "not Python"


@dataclass(frozen=True, slots=True)
class Blocked:
    """One obstacle at its place."""

    kind: Obstacle
    what: str  # one sentence, without the place
    command: str  # what to do: a command or one sentence
    cell: int | None = None
    line: int | None = None

    def __str__(self) -> str:
        place = "" if self.cell is None else f"cell {self.cell}"
        place += f", line {self.line}" if self.cell is not None and self.line else ""
        return f"{place}: {self.what}" if place else self.what

    def as_json(self) -> dict[str, object]:
        """One entry of the document's ``checklist``."""
        return {
            "kind": self.kind.value,
            "cell": self.cell,
            "line": self.line,
            "what": self.what,
            "command": self.command,
        }


def in_order(found: Iterable[Blocked]) -> tuple[Blocked, ...]:
    """By cell, each once; of one line that asks for one thing, the first."""
    unique: dict[tuple[Obstacle, object], Blocked] = {}
    for item in found:
        asked = [(one.cell, one.line, one.command) for one in unique.values()]
        if item.line is not None and (item.cell, item.line, item.command) in asked:
            continue
        same: object = item.command if item.kind is Obstacle.PACKAGE else item.what
        unique.setdefault((item.kind, item.cell if item.kind is Obstacle.INPUT else same), item)
    return tuple(
        sorted(
            unique.values(),
            key=lambda item: (item.cell if item.cell is not None else -1, item.line or 0),
        )
    )
