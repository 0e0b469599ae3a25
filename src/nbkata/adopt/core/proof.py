"""Whether the script does what the notebook did: its record, cell by cell, against the other."""

from collections.abc import Sequence, Set
from dataclasses import replace

from nbkata.adopt.core.paths import parsed
from nbkata.adopt.core.script import Script
from nbkata.record.core.record import Fingerprint, Record, Stage
from nbkata.smells.core.personal_names import is_personal_name


def last_statements(script: Script) -> tuple[int, ...]:
    """The line on which the last top-level statement of each cell begins; none if it is no Python."""
    found: dict[int, int] = {}
    tree = parsed(script.text)
    for node in tree.body if tree else []:
        cell = script.cell_at(node.lineno)
        if cell is not None:
            found[cell] = node.lineno
    return tuple(sorted(found.values()))


def by_cell(ran: Record, script: Script, cells: Sequence[tuple[int, str]]) -> Record:
    """A script's record with the notebook's stages: (cell, digest of its code) in order.

    A cell without any statement is a stage that changes nothing.
    """
    names: dict[int, dict[str, Fingerprint]] = {cell: {} for cell, _ in cells}
    gone: dict[int, tuple[str, ...]] = {}
    for stage in ran.stages:
        cell = script.cell_at(stage.cell)
        if cell is not None and cell in names:
            names[cell].update(stage.names)
            gone[cell] = (*gone.get(cell, ()), *stage.gone)
    stages = [Stage(cell, source, names[cell], gone.get(cell, ())) for cell, source in cells]
    return replace(ran, stages=tuple(stages), unit="cell")


def only_names(record: Record, names: set[str] | None) -> Record:
    """With these names alone; none keeps all."""
    if names is None:
        return record
    stages = tuple(
        replace(
            stage,
            names={name: value for name, value in stage.names.items() if name in names},
            gone=tuple(name for name in stage.gone if name in names),
        )
        for stage in record.stages
    )
    return replace(record, stages=stages)


def without_names(record: Record, names: Set[str]) -> Record:
    """As if these names had never been."""
    return only_names(record, {name for stage in record.stages for name in stage.names} - names)


def with_masked_rows(record: Record) -> Record:
    """With the rows of all columns but those that look personal."""
    personal = {
        column.digest
        for stage in record.stages
        for value in stage.names.values()
        for column in value.columns
        if is_personal_name(column.name)
    }
    values = {digest: rows for digest, rows in record.values.items() if digest not in personal}
    return replace(record, values=values)


def without_rows(record: Record) -> Record:
    """Check sums and summaries alone: no value of a row, no text."""
    stages = tuple(
        replace(stage, names={name: _summary(value) for name, value in stage.names.items()})
        for stage in record.stages
    )
    return replace(record, stages=stages, values={})


def _summary(value: Fingerprint) -> Fingerprint:
    is_number = value.kind.value == "scalar" and value.type in _NUMBERS
    columns = tuple(
        replace(c, low="", high="") if is_personal_name(c.name) else c for c in value.columns
    )
    return replace(value, value=value.value if is_number else "", columns=columns)


_NUMBERS = {"int", "float", "bool", "complex", "NoneType"} | {
    f"{kind}{bits}" for kind in ("int", "uint", "float") for bits in (8, 16, 32, 64)
}
