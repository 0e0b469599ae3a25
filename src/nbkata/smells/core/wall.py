"""The technical-debt wall: value against effort, in four zones.

The zones are those of the debt-wall exercise in agile teams; the numbers are our own, and the page
shows how they come about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import median

from nbkata.smells.core.documentation import SmellDoc
from nbkata.smells.core.finding import Finding, Smells
from nbkata.smells.core.symbols import Smell

FORMULA = (
    "value = harm × (1 + 3 × used later) × √places",
    "effort = minutes of the fix at one place × places to the power of ¾",
)
FORMULA_READ = (
    "Harm: 1 costs readers time, 2 costs whoever changes it, 3 gives wrong results or leaks. "
    "Used later: the share of the code cells that read what these cells make. "
    "Minutes, roughly: up to 1 delete or move, 5 rewrite a line, 20 extract a function, 60 think again. "
    "The powers say that the tenth place takes less time, and hurts less, than the first. "
    "The lines between the zones stand at the median of the notes."
)


class Zone(StrEnum):
    """Where a note hangs."""

    QUICK_WIN = "quick wins"
    INVESTMENT = "worthy investments"
    LOW_HANGING = "low-hanging fruit"
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


def notes_of(results: Sequence[Smells], docs: Mapping[Smell, SmellDoc]) -> list[Note]:
    """A note for each smell that was found, the most valuable for its effort first."""
    groups: dict[Smell, list[Finding]] = {}
    for result in results:
        for finding in result.findings:
            groups.setdefault(finding.symbol, []).append(finding)
    used = {
        (result.path, cell): readers / max(1, result.code_cells)
        for result in results
        for cell, readers in result.reach
    }
    drafts = [_draft(smell, found, docs[smell], used) for smell, found in groups.items()]
    if not drafts:
        return []
    middle = (median(d.value for d in drafts), median(d.effort for d in drafts))
    notes = [_hung(draft, *middle) for draft in drafts]
    return sorted(notes, key=lambda note: (-note.value / note.effort, note.smell.value))


def _draft(
    smell: Smell,
    found: Sequence[Finding],
    doc: SmellDoc,
    used: Mapping[tuple[str, int], float],
) -> Note:
    cells = {(finding.path, finding.cell) for finding in found}
    shares = [used.get((path, cell), 0.0) for path, cell in cells if cell is not None]
    later = sum(shares) / len(shares) if shares else 0.0
    return Note(
        smell=smell,
        places=len(found),
        where=_where(found),
        harm=doc.harm,
        minutes=doc.minutes,
        used_later=later,
        value=doc.harm * (1 + 3 * later) * sqrt(len(found)),
        effort=doc.minutes * len(found) ** 0.75,
        zone=Zone.LOW_HANGING,
        what=doc.what,
        fix=doc.fix,
    )


def _hung(draft: Note, middle_value: float, middle_effort: float) -> Note:
    valuable = draft.value > middle_value
    easy = draft.effort <= middle_effort
    zone = {
        (True, True): Zone.QUICK_WIN,
        (True, False): Zone.INVESTMENT,
        (False, True): Zone.LOW_HANGING,
        (False, False): Zone.NO_GO,
    }[valuable, easy]
    fields = {name: getattr(draft, name) for name in draft.__slots__}
    return Note(**{**fields, "zone": zone})


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


_SHOWN = 5
"""Numbers that a note has room for."""
