"""The technical-debt wall: value against effort, in four zones.

The zones are those of figure 8-10 in *Effective Machine Learning Teams*; the numbers are our own, and
the page shows how they come about. A kind hangs in the same zone whatever hangs beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from nbkata.smells.core.documentation import SmellDoc
from nbkata.smells.core.finding import Finding, Smells
from nbkata.smells.core.symbols import Smell

# One place that gives wrong results has it, or nine that only cost time.
HIGH_VALUE = 3
# Minutes: more does not fit between two other things.
HIGH_EFFORT = 30
# Before all others: until it is fixed, somebody else has the key, or no result can be trusted.
FIRST = (Smell.SECRET_IN_CODE, Smell.DATA_LEAKAGE, Smell.CHOSEN_BY_TEST_SCORE)

FORMULA = (
    "value = harm × (1 + 3 × used later) × √places",
    "effort = minutes of the fix at one place × places to the power of ¾",
)
FORMULA_READ = (
    "Harm: 1 costs readers time, 2 costs whoever changes it, 3 gives wrong results or leaks. "
    "Used later: the share of the code cells that read what these cells make. "
    "Minutes, roughly: up to 1 delete or move, 5 rewrite a line, 20 extract a function, 60 think again. "
    "The powers say that the tenth place takes less time, and hurts less, than the first. "
    f"A value of {HIGH_VALUE} or more is high, and so is an effort of more than {HIGH_EFFORT} minutes. "
    "What leaks a secret or makes the score untrue comes first, wherever it hangs."
)


class Zone(StrEnum):
    """Where a note hangs."""

    # High value, low effort.
    LOW_HANGING = "low-hanging fruit"
    # High value, high effort.
    INVESTMENT = "worthy investments"
    # Low value, low effort.
    QUICK_WIN = "quick wins"
    # Low value, high effort.
    NO_GO = "no-go"


@dataclass(frozen=True, slots=True)
class Note:
    """All findings of one smell."""

    smell: Smell
    places: int
    where: str
    harm: int
    minutes: float
    used_later: float
    value: float
    effort: float
    zone: Zone
    what: str
    fix: str

    @property
    def comes_first(self) -> bool:
        """Whether it is fixed before all others."""
        return self.smell in FIRST


def notes_of(results: Sequence[Smells], docs: Mapping[Smell, SmellDoc]) -> list[Note]:
    """A note for each smell that was found: what comes `FIRST`, then the most valuable for its effort."""
    groups: dict[Smell, list[Finding]] = {}
    for result in results:
        for finding in result.findings:
            groups.setdefault(finding.symbol, []).append(finding)
    used = {
        (result.path, cell): readers / max(1, result.code_cells)
        for result in results
        for cell, readers in result.reach
    }
    notes = [_note(smell, found, docs[smell], used) for smell, found in groups.items()]
    return sorted(
        notes,
        key=lambda note: (not note.comes_first, -note.value / note.effort, note.smell.value),
    )


def _note(
    smell: Smell,
    found: Sequence[Finding],
    doc: SmellDoc,
    used: Mapping[tuple[str, int], float],
) -> Note:
    cells = {(finding.path, finding.cell) for finding in found}
    shares = [used.get((path, cell), 0.0) for path, cell in cells if cell is not None]
    later = sum(shares) / len(shares) if shares else 0.0
    if smell is Smell.NO_FUNCTIONS:
        later = 1.0  # said at the first cell of them all
    value = doc.harm * (1 + 3 * later) * sqrt(len(found))
    effort = doc.minutes * len(found) ** 0.75
    return Note(
        smell=smell,
        places=len(found),
        where=_where(found),
        harm=doc.harm,
        minutes=doc.minutes,
        used_later=later,
        value=value,
        effort=effort,
        zone=zone_of(value, effort),
        what=doc.what,
        fix=doc.fix,
    )


def zone_of(value: float, effort: float) -> Zone:
    """Where a note of this value and effort hangs."""
    if value >= HIGH_VALUE:
        return Zone.LOW_HANGING if effort <= HIGH_EFFORT else Zone.INVESTMENT
    return Zone.QUICK_WIN if effort <= HIGH_EFFORT else Zone.NO_GO


def _where(found: Sequence[Finding]) -> str:
    """``cells 8, 12, 18 …`` for one notebook, the number of files for several."""
    paths = {finding.path for finding in found}
    if len(paths) > 1:
        return f"{len(paths)} files"
    cells = list(dict.fromkeys(finding.cell for finding in found if finding.cell is not None))
    numbers = cells or list(dict.fromkeys(finding.line for finding in found))
    shown = ", ".join(map(str, numbers[:_SHOWN])) + (" …" if len(numbers) > _SHOWN else "")
    kind = "cell" if cells else "line"
    return f"{kind}{'s' if len(numbers) > 1 else ''} {shown}"


# Numbers that a note has room for.
_SHOWN = 5
