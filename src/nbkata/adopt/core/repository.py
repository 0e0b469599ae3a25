"""What adopting says of all notebooks of a repository: which run, what they owe, where to begin."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nbkata.smells.core.wall import Zone

RUNS, STOPS, REFUSED = "runs", "does not run", "refused"


@dataclass(frozen=True, slots=True)
class Debt:
    """One kind of smell: of a notebook, or of all."""

    name: str
    places: int
    value: float
    minutes: float
    is_low_hanging: bool = False  # of a notebook: much value for little effort
    notebooks: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One notebook."""

    id: str  # the name of its workspace
    notebook: str
    ended: str  # `RUNS`, `STOPS`, `REFUSED`, or by which limit
    reason: str = ""  # why it does not run
    missing: int = 0  # points of its checklist
    cells: int = 0
    strength: float | None = None  # per cent of the planted changes that its tests notice
    debts: tuple[Debt, ...] = ()
    has_plan: bool = False
    found: Mapping[str, Any] = field(default_factory=dict)  # all that `adopt --json` says of it

    @property
    def runs(self) -> bool:
        """Whether it runs to its end."""
        return self.ended == RUNS

    @property
    def places(self) -> int:
        """Of all debts."""
        return sum(debt.places for debt in self.debts)

    @property
    def minutes(self) -> float:
        """Of work at all debts."""
        return sum(debt.minutes for debt in self.debts)

    @property
    def low_hanging(self) -> tuple[Debt, ...]:
        """What pays at once."""
        return tuple(debt for debt in self.debts if debt.is_low_hanging)


def entry_of(name: str, notebook: str, found: Mapping[str, Any]) -> Entry:
    """The entry of a document of ``nbkata adopt --json``. Raises ``LookupError`` or ``TypeError``."""
    strength = found["strength"]
    return Entry(
        name,
        notebook,
        RUNS if found["runs"] else STOPS,
        found["reason"],
        len(found["checklist"]),
        found["cells"],
        strength["percent"] if strength and strength["total"] else None,
        tuple(
            Debt(
                one["debt"],
                one["places"],
                one["value"],
                one["minutes"],
                one["zone"] == Zone.LOW_HANGING,
            )
            for one in found["debts"]
        ),
        has_plan=True,
        found=found,
    )


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Where to begin: what runs, has the most value in low-hanging fruit, and takes the least effort.

    Of the others, first those that miss the least.
    """

    def rank(one: Entry) -> tuple[bool, bool, int, float, float, str]:
        value = sum(debt.value for debt in one.low_hanging)
        missing = 0 if one.runs else one.missing
        return not one.runs, not one.has_plan, missing, -value, one.minutes, one.id

    return sorted(entries, key=rank)


def debts_of(entries: Iterable[Entry]) -> list[Debt]:
    """The kinds of debt of all notebooks together, those of the most notebooks first."""
    kinds: dict[str, list[Debt]] = {}
    for entry in entries:
        for debt in entry.debts:
            kinds.setdefault(debt.name, []).append(debt)
    together = [
        Debt(
            name,
            sum(debt.places for debt in debts),
            sum(debt.value for debt in debts),
            sum(debt.minutes for debt in debts),
            notebooks=len(debts),
        )
        for name, debts in kinds.items()
    ]
    return sorted(together, key=lambda debt: (-debt.notebooks, -debt.places, debt.name))


def document(entries: Iterable[Entry], engine: str, sandbox: str) -> dict[str, Any]:
    """The JSON document of ``--json`` and ``repository.json``."""
    ordered = in_order(entries)
    return {
        "engine": engine,
        "sandbox": sandbox,
        "notebooks": [
            {**one.found, "id": one.id, "notebook": one.notebook, "ended_by": one.ended}
            | {"reason": one.reason}
            for one in ordered
        ],
        "debts": [
            {"debt": one.name, "places": one.places, "notebooks": one.notebooks}
            for one in debts_of(ordered)
        ],
    }
