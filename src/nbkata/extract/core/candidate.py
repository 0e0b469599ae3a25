"""A function that is worth having, and what it is worth."""

import ast
from dataclasses import dataclass

from nbkata.extract.core.constants import Constant, distinct_constants
from nbkata.extract.core.facts import Fact
from nbkata.extract.core.lines import SourceLine


@dataclass(frozen=True, slots=True)
class SideEffect:
    """A statement among those of a candidate that stays in the shell."""

    place: SourceLine
    what: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A function that is worth having."""

    name: str
    kind: str  # ``column``, ``drop``, ``split``, ``model`` or ``value``
    facts: tuple[Fact, ...]  # its statements; of a repeated block those of the first
    cells: tuple[int, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    frame: str = ""  # the frame that goes in and comes out
    columns_read: tuple[str, ...] = ()
    columns_written: tuple[str, ...] = ()
    columns_dropped: tuple[str, ...] = ()
    constants: tuple[Constant, ...] = ()
    side_effects: tuple[SideEffect, ...] = ()
    lists: frozenset[str] = frozenset()  # inputs that are lists
    repeats: int = 1
    calls: tuple[str, ...] = ()  # what the constants are where it is called again
    worth: float = 0.0

    @property
    def module(self) -> str:
        """Where it belongs."""
        return "model" if self.kind in ("split", "model") else "features"

    @property
    def takes(self) -> tuple[str, ...]:
        """Its parameters, but for the constants."""
        estimator = estimator_name(self)
        return (estimator, *self.inputs) if estimator else self.inputs

    @property
    def returns(self) -> tuple[str, ...]:
        """What it gives back; with a model that it fitted."""
        estimator = estimator_name(self)
        known = not estimator or estimator in self.outputs
        return self.outputs if known else (estimator, *self.outputs)

    @property
    def signature(self) -> str:
        """``add_title(df)``, constants with their values as defaults."""
        constants = distinct_constants(self.constants)
        given = [*self.takes, *(f"{item.name}={item.shown}" for item in constants)]
        return f"{self.name}({', '.join(given)})"


def estimator_name(item: Candidate) -> str:
    """For a block that makes and fits one estimator: its name, to become a parameter."""
    if item.kind != "model" or item.repeats == 1:
        return ""
    first = item.facts[0].node
    match first:
        case ast.Assign(
            targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id=made))
        ) if made[:1].isupper() and any(name in fact.edits for fact in item.facts[1:]):
            return name
    return ""


def worth_of(item: Candidate) -> float:
    """Columns and lines that leave the notebook, against what must be handed over."""
    lines = sum(fact.last - fact.first + 1 for fact in item.facts)
    gain = 2 * len(item.columns_written) + min(lines, 12) + 0.5 * len(item.columns_dropped)
    gain = gain * item.repeats if item.repeats > 1 else gain
    handed_over = max(len(item.inputs) - 1, 0) + max(len(item.outputs) - 1, 0)
    kinds = {"column": 3.0, "split": 1.0, "model": 1.0, "drop": 0.0, "value": -1.0}
    return round(gain - 1.5 * handed_over + kinds[item.kind], 1)
