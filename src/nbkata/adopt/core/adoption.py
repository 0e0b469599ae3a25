"""All that adopting found out about a notebook: what the plan is written from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nbkata.adopt.core.blocked import Blocked
from nbkata.adopt.core.translate import Translated
from nbkata.extract.core.analysis import Flow
from nbkata.extract.core.codegen import Example
from nbkata.record.core.record import Unsteady
from nbkata.smells.core.finding import Smells
from nbkata.smells.core.wall import Note
from nbkata.strength.core.strength import Strength


@dataclass(frozen=True, slots=True)
class Adoption:
    """One notebook, looked at, run, and held still as far as that went."""

    name: str  # the script's name without ``.py``
    notebook: str
    kind: str
    notes: tuple[str, ...]  # what was done to read it and its data
    cells: int
    code_cells: int
    translated: tuple[Translated, ...]
    checklist: tuple[Blocked, ...]  # what is missing, by cell; empty for a notebook that runs
    reason: str = ""  # why it does not run; empty if it does
    until: int | None = None  # the cell at which it stops, if those before it are held
    seconds: float = 0.0
    unsteady: tuple[Unsteady, ...] = ()
    seeds: tuple[str, ...] = ()
    reproduces: bool | None = None  # none if there was no run to compare with
    difference: str = ""  # the first stage that differs, where one does
    has_seam: bool = False
    results: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    unheld: tuple[str, ...] = ()  # what is shown where it cannot be held, with its place
    # Cells that show something else than they did when the notebook was saved, and what.
    changed: tuple[tuple[int, str], ...] = ()
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    strength: Strength | None = None
    no_strength: str = ""
    # How many tests the notebook's own asserts became; only where there are no results.
    asserts: int = 0
    smells: Smells | None = None
    wall: tuple[Note, ...] = ()
    flow: Flow | None = None
    examples: Mapping[str, Example] = field(default_factory=dict)
    first_tests: Mapping[str, str] = field(default_factory=dict)  # with made-up values, by function
    reads: tuple[str, ...] = ()  # files in the workspace's data folder
    writes: tuple[str, ...] = ()
    # Calls that want the network, with their cells; the tests make them too.
    fetches: tuple[str, ...] = ()

    @property
    def runs(self) -> bool:
        """Whether the notebook runs to its end."""
        return not self.reason

    def as_json(self, out: str) -> dict[str, Any]:
        """The document of ``nbkata adopt --json``."""
        return {
            "notebook": self.notebook,
            "kind": self.kind,
            "runs": self.runs,
            "reason": self.reason,
            "held_until": self.until,
            "checklist": [item.as_json() for item in self.checklist],
            "cells": self.cells,
            "seconds": round(self.seconds, 2),
            "nondeterministic": sorted({item.name for item in self.unsteady}),
            "script_reproduces": self.reproduces,
            "first_difference": self.difference,
            "seam": "run" if self.has_seam else "",
            "strength": self.strength.as_json() if self.strength else None,
            "smells": len(self.smells.findings) if self.smells else 0,
            "debts": [
                {
                    "debt": note.smell.value,
                    "places": note.places,
                    "zone": note.zone.value,
                    "value": round(note.value, 1),
                    "minutes": round(note.effort),
                }
                for note in self.wall
            ],
            "candidates": (
                [item.signature for item in self.flow.candidates[:3]] if self.flow else []
            ),
            "out": out,
        }
