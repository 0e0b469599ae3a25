"""Comparing two records: the first stage that moved, and in it the column and the rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from nbkata.record.core.record import (
    INDEX,
    Column,
    Fingerprint,
    Record,
    Rows,
    Stage,
    Unsteady,
    number,
)


@dataclass(frozen=True, slots=True)
class Example:
    """One row that moved."""

    row: str  # its label in the index; a place where the record kept no labels
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Moved:
    """One name that differs at one stage."""

    cell: int  # in the record compared with; the line, where that is of a script
    name: str
    how: str  # A phrase to follow the name: ``is gone``, ``has another dtype: int64, was float64``
    column: str = ""
    # How many rows differ; none if the records keep too little to count them.
    rows: int | None = None
    examples: tuple[Example, ...] = ()
    unit: str = "cell"

    @property
    def part(self) -> str:
        """Of the name, what moved: a column, or the index; empty for all of it."""
        if self.column.startswith(INDEX):
            return f"its {self.column.strip('()')}"
        return self.column and f"column {self.column}"

    def __str__(self) -> str:
        part = f", {self.part}" if self.part else ""
        return f"{self.unit} {self.cell}: {self.name}{part} {self.how}"


@dataclass(frozen=True, slots=True)
class Difference:
    """What comparing two records says."""

    first_moved: Moved | None = None
    also: tuple[Moved, ...] = ()  # what else moved at the same stage
    consequences: tuple[str, ...] = ()  # names that moved only at later stages
    unsteady: tuple[Unsteady, ...] = ()
    left_out: tuple[str, ...] = ()  # names whose last cell is no longer there: not compared

    @property
    def same(self) -> bool:
        """Whether nothing moved."""
        return self.first_moved is None

    def as_json(self) -> dict[str, Any]:
        """The document of ``nbkata compare --json``."""
        first = self.first_moved
        return {
            "same": self.same,
            "first_moved": first
            and {
                "cell": first.cell,
                "name": first.name,
                "column": first.column,
                "rows": first.rows,
                "message": str(first),
                "examples": [asdict(example) for example in first.examples],
            },
            "consequences": list(self.consequences),
            "left_out": list(self.left_out),
            "nondeterministic": unsteady_as_json(self.unsteady),
        }


def unsteady_as_json(unsteady: Sequence[Unsteady]) -> list[dict[str, Any]]:
    """The nondeterministic values, as the commands' JSON tells them."""
    return [
        {"cell": item.cell, "name": item.name, "column": item.column, "cause": item.cause}
        for item in unsteady
    ]


def compare(golden: Record, now: Record) -> Difference:
    """What moved between two records of the same notebook, edited or not.

    Stages are aligned by their cells' code. A name whose last cell has no counterpart in ``now``
    is left out, not missed; what the golden record calls nondeterministic is compared as a range
    or not at all.
    """
    values = {**golden.values, **now.values}
    moved: list[Moved] = []
    later: list[str] = []
    left_out: set[str] = set()
    only = set(golden.only) & set(now.only) or set(golden.only) | set(now.only)
    for stage, before, after, dropped in _aligned(golden, now):
        left_out |= dropped & only if only else dropped
        found = [
            replace(difference, unit=golden.unit)
            for name in sorted(before)
            if name not in dropped and name not in later and (name in only or not only)
            for difference in moves(name, stage.cell, before[name], after.get(name), values)
            if not _expected(difference, golden.unsteady, after.get(name))
        ]
        if not moved:
            moved = found
            later = sorted({difference.name for difference in found})
        else:
            later += sorted({difference.name for difference in found} - set(later))
    first_names = {difference.name for difference in moved}
    return Difference(
        first_moved=moved[0] if moved else None,
        also=tuple(moved[1:]),
        consequences=tuple(name for name in later if name not in first_names),
        unsteady=golden.unsteady,
        left_out=tuple(sorted(left_out)),
    )


_Names = Mapping[str, Fingerprint]


def _aligned(golden: Record, now: Record) -> Iterator[tuple[Stage, _Names, _Names, set[str]]]:
    """Matching stages: both states, and the names whose last cell has no match."""
    before, after = list(golden.states()), list(now.states())
    pairs = _pairs([s.source for s, _ in before], [s.source for s, _ in after])
    owner: dict[str, int] = {}
    for place, (stage, state) in enumerate(before):
        owner.update(dict.fromkeys(stage.names, place))
        if place in pairs:
            other = after[pairs[place]][1]
            dropped = {n for n in state if n not in other and owner[n] not in pairs}
            yield stage, state, other, dropped


def _pairs(before: Sequence[str], now: Sequence[str]) -> dict[int, int]:
    """The place in ``now`` of each stage: same code, or one edited between two that match.

    The last stages always match: whatever was edited, a notebook's end is its result.
    """
    if len(before) == len(now):
        return {place: place for place in range(len(before))}
    pairs: dict[int, int] = {}
    matcher = SequenceMatcher(None, before, now, autojunk=False)
    for _, start, stop, other, other_stop in matcher.get_opcodes():
        if stop - start == other_stop - other:
            pairs.update(zip(range(start, stop), range(other, other_stop), strict=True))
    if before and now and len(now) - 1 not in pairs.values():
        pairs[len(before) - 1] = len(now) - 1
    return pairs


def moves(
    name: str, cell: int, before: Fingerprint, now: Fingerprint | None, values: Mapping[str, Rows]
) -> list[Moved]:
    """How one name differs, the columns of a table one by one; empty if it does not."""
    if now is None:
        return [Moved(cell, name, "is gone")]
    if (before.kind, before.type, before.digest) == (now.kind, now.type, now.digest):
        return []  # one of the two may keep less beside its digest
    if (before.kind, before.type) != (now.kind, now.type):
        plain = before.type if before.type in ("float", "int", "bool", "str") else ""
        way = f" ({plain}(...) makes it one)" if plain else ""
        return [Moved(cell, name, f"is now {_a(now.type)}, it was {_a(before.type)}{way}")]
    if not before.columns:
        return [Moved(cell, name, _value_moved(before, now))]
    found = list(_shape_moves(name, cell, before, now))
    if not found:
        found = list(_column_moves(name, cell, before, now, values))
    return found or [Moved(cell, name, "differs")]


def _value_moved(before: Fingerprint, now: Fingerprint) -> str:
    if before.value and now.value and before.value != now.value:
        return f"is {now.value}, it was {before.value}"
    if before.kind.value == "model":
        return "was fitted to something else (same parameters, other fitted values)"
    return "differs (the record keeps no more of it than a digest)"


def _shape_moves(name: str, cell: int, before: Fingerprint, now: Fingerprint) -> Iterator[Moved]:
    old, new = [c.name for c in before.columns], [c.name for c in now.columns]
    lost = [column for column in old if column not in new]
    added = [column for column in new if column not in old]
    for column in lost:
        yield Moved(cell, name, "is no longer there", column)
    for column in added:
        yield Moved(cell, name, "is new", column)
    if before.shape and now.shape and before.shape[0] != now.shape[0]:
        how = f"has {now.shape[0]} rows, it had {before.shape[0]}"
        yield Moved(cell, name, how, rows=abs(now.shape[0] - before.shape[0]))
    elif before.shape != now.shape and not lost and not added:
        yield Moved(cell, name, f"has the shape {now.shape}, it had {before.shape}")
    elif old != new and not lost and not added:
        now_named, had = (
            ", ".join(column for column in columns if not column.startswith(INDEX))
            for columns in (new, old)
        )
        yield Moved(cell, name, f"has its columns in another order: {now_named}; it had {had}")


def _column_moves(
    name: str, cell: int, before: Fingerprint, now: Fingerprint, values: Mapping[str, Rows]
) -> Iterator[Moved]:
    labels = next((c.digest for c in before.columns if c.name.startswith(INDEX)), "")
    for old, new in zip(before.columns, now.columns, strict=True):
        if old.digest != new.digest:
            yield _column_moved(name, cell, (old, new), values, labels)


def _column_moved(
    name: str, cell: int, columns: tuple[Column, Column], values: Mapping[str, Rows], labels: str
) -> Moved:
    old, new = columns
    before, now = values.get(old.digest), values.get(new.digest)
    dtype = f"has the dtype {new.dtype}, it was {old.dtype}" if old.dtype != new.dtype else ""
    if before is None or now is None or len(before.tokens) != len(now.tokens):
        return Moved(cell, name, dtype or "differs", old.name)
    pairs = enumerate(zip(before.tokens, now.tokens, strict=True))
    # 0 that became 0.0 is said by the dtype: what else moved is what made it one.
    same = _same_value if dtype else str.__eq__
    different = [place for place, (was, is_) in pairs if not same(was, is_)]
    if before.step > 1:
        return Moved(cell, name, dtype or _runs_moved(different, before), old.name)
    count = len(different)
    how = f"differs in {count} of {len(now.tokens)} rows" if count else "differs"
    if dtype:
        values_differ = "value differs" if count == 1 else "values differ"
        how = f"{dtype}; {count} {values_differ}" if count else dtype
    kept = values.get(labels)
    examples = tuple(
        Example(_label(place, kept), before.tokens[place], now.tokens[place])
        for place in different[:3]
    )
    return Moved(cell, name, how, old.name, count, examples)


def _same_value(one: str, other: str) -> bool:
    """Whether two tokens are the same number, written as another type writes it."""
    try:
        return one == other or float(one) == float(other)
    except ValueError:
        return False


def _runs_moved(different: Sequence[int], rows: Rows) -> str:
    if not different:
        return "differs"
    first, last = different[0] * rows.step, min((different[-1] + 1) * rows.step, rows.rows) - 1
    return f"differs between rows {first} and {last} (at least {len(different)} of {rows.rows})"


def _label(place: int, kept: Rows | None) -> str:
    return (
        kept.tokens[place]
        if kept and kept.step == 1 and place < len(kept.tokens)
        else (f"at place {place}")
    )


def _expected(moved: Moved, unsteady: Sequence[Unsteady], now: Fingerprint | None) -> bool:
    """Whether the golden runs already disagreed on it; a number must stay in their range."""
    for item in unsteady:
        if item.name != moved.name or item.column not in ("", moved.column):
            continue
        if moved.cell < item.cell or now is None:
            continue
        amount = number(now)
        if item.low is None or item.high is None or amount is None:
            return True
        return item.low <= amount <= item.high
    return False


def _a(type_name: str) -> str:
    return f"{'an' if type_name[:1].lower() in 'aeiou' else 'a'} {type_name}"
