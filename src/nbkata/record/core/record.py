"""The record of a run: what every name held after every cell, as diffable text.

A stage holds only the names that its cell made, changed or took away. Columns that many stages
share are kept once, under their digest.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

# Of the file's format; a record of another version is refused, never guessed at.
VERSION = 1
# How a record's column begins that is no column but the index, or a level of it.
INDEX = "(index"


class Kind(StrEnum):
    """What sort of value a fingerprint is of."""

    FRAME = "frame"
    SERIES = "series"
    INDEX = "index"
    ARRAY = "array"
    SPARSE = "sparse"
    MODEL = "model"
    CONTAINER = "container"
    SCALAR = "scalar"
    # Of a class that the code itself defines: known by its public attributes.
    INSTANCE = "instance"
    # Known by its type alone.
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a frame, the values of a series or array, or an index."""

    name: str
    dtype: str
    digest: str
    missing: int = 0
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One value: equal values have equal digests, in every process and on every machine."""

    kind: Kind
    type: str
    digest: str
    shape: tuple[int, ...] = ()
    columns: tuple[Column, ...] = ()
    value: str = ""  # A small value as ``repr`` shows it
    unseeded: bool = False  # A model whose ``random_state`` is None


@dataclass(frozen=True, slots=True)
class Rows:
    """A column's values as short tokens: one a row, or one for every ``step`` rows."""

    tokens: tuple[str, ...]
    step: int = 1
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Stage:
    """What one cell did to the namespace."""

    cell: int
    # A digest of the cell's code, so that two records of edited notebooks can be aligned.
    source: str
    names: Mapping[str, Fingerprint]  # new or changed
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unsteady:
    """A value that differed between runs of unchanged code."""

    cell: int
    name: str
    column: str
    cause: str
    # The range over all runs, for a single number; otherwise none, and it is not compared.
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One run, or several that agreed but for what is ``unsteady``."""

    source: str
    stages: tuple[Stage, ...]
    values: Mapping[str, Rows] = field(default_factory=dict)
    runs: int = 1
    unsteady: tuple[Unsteady, ...] = ()
    stopped: str = ""  # why the run did not reach the last cell; empty if it did
    # Python and the libraries whose results are recorded.
    versions: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()  # the names that were asked for; empty where all were
    unit: str = "cell"  # what a stage's number counts: cells of a notebook, or lines of a script

    def states(self) -> Iterator[tuple[Stage, Mapping[str, Fingerprint]]]:
        """After each stage, all the names there were."""
        state: dict[str, Fingerprint] = {}
        for stage in self.stages:
            state.update(stage.names)
            for name in stage.gone:
                state.pop(name, None)
            yield stage, dict(state)

    @property
    def last(self) -> Mapping[str, Fingerprint]:
        """All the names after the last cell."""
        state: Mapping[str, Fingerprint] = {}
        for _, state in self.states():
            pass
        return state


def number(value: Fingerprint | None) -> float | None:
    """The number that a scalar holds: ``0.93`` and ``np.float64(0.93)`` alike."""
    if value is None or value.kind is not Kind.SCALAR:
        return None
    try:
        return float(value.value.split("(")[-1].rstrip(")"))
    except ValueError:
        return None


def fingerprint_from_json(answer: Mapping[str, Any]) -> Fingerprint:
    """What the probe or a record file says of one value."""
    return Fingerprint(
        kind=Kind(answer["kind"]),
        type=answer["type"],
        digest=answer["digest"],
        shape=tuple(answer.get("shape", ())),
        columns=tuple(Column(**column) for column in answer.get("columns", ())),
        value=answer.get("value", ""),
        unseeded=answer.get("unseeded", False),
    )


def record_to_text(record: Record) -> str:
    """The record file: JSON with one line for each column and each wrapped line of values."""
    values = {
        digest: {"step": rows.step, "rows": rows.rows, "lines": _wrapped(rows.tokens)}
        for digest, rows in sorted(record.values.items())
    }
    document = {
        "nbkata_record": VERSION,
        "source": record.source,
        "unit": record.unit,
        "runs": record.runs,
        "only": list(record.only),
        "versions": dict(record.versions),
        "stopped": record.stopped,
        "nondeterministic": [_slots(item) for item in record.unsteady],
        "stages": [
            {
                "cell": stage.cell,
                "source": stage.source,
                "names": {name: _slots(value) for name, value in sorted(stage.names.items())},
                "gone": list(stage.gone),
            }
            for stage in record.stages
        ],
        "values": values,
    }
    return _dump(document) + "\n"


def record_from_text(text: str) -> Record:
    """The record in a file. Raises ``ValueError`` saying why if it is none."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"this is not a record: not JSON at line {error.lineno}") from error
    if not isinstance(document, dict) or "nbkata_record" not in document:
        raise ValueError("this is not a record of nbkata")
    if document["nbkata_record"] != VERSION:
        raise ValueError(f"its format is {document['nbkata_record']}, this kit reads {VERSION}")
    try:
        return _record(document)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"the record is damaged ({type(error).__name__}: {error})") from error


def _record(document: Mapping[str, Any]) -> Record:
    return Record(
        source=document["source"],
        stages=tuple(
            stage_from_json(stage["cell"], stage["source"], stage) for stage in document["stages"]
        ),
        values={
            digest: Rows(tuple(_unwrapped(rows["lines"])), rows["step"], rows["rows"])
            for digest, rows in document["values"].items()
        },
        runs=document["runs"],
        unsteady=tuple(Unsteady(**item) for item in document["nondeterministic"]),
        stopped=document["stopped"],
        versions=document["versions"],
        only=tuple(document.get("only", ())),
        unit=document.get("unit", "cell"),
    )


def stage_from_json(cell: int, source: str, answer: Mapping[str, Any]) -> Stage:
    """A stage from the probe's answer after ``cell``, or from a record file."""
    names = {name: fingerprint_from_json(value) for name, value in answer["names"].items()}
    return Stage(cell, source, names, tuple(answer["gone"]))


def rows_from_json(answer: Mapping[str, Any]) -> dict[str, Rows]:
    """The columns in the probe's answer, by digest."""
    return {
        digest: Rows(tuple(rows["tokens"]), rows["step"], rows["rows"])
        for digest, rows in answer.items()
    }


def _slots(value: Any) -> dict[str, Any]:
    """A slotted dataclass as JSON, without what is at its default."""
    fields = type(value).__dataclass_fields__
    found = {name: getattr(value, name) for name in fields}
    answer = {n: v for n, v in found.items() if n == "digest" or v != fields[n].default}
    if answer.get("columns"):
        answer["columns"] = [_slots(column) for column in answer["columns"]]
    return answer


_WIDTH = 100


def _wrapped(tokens: Iterable[str]) -> list[str]:
    """Tokens joined by ``|`` in lines of about 100 characters: a diff shows the rows that moved."""
    lines: list[str] = []
    line: list[str] = []
    length = 0
    for token in tokens:
        if line and length + len(token) >= _WIDTH:
            lines.append("|".join(line))
            line, length = [], 0
        line.append(token)
        length += len(token) + 1
    return [*lines, "|".join(line)] if line else lines


def _unwrapped(lines: Iterable[str]) -> list[str]:
    return [token for line in lines for token in line.split("|")]


def _dump(value: Any, indent: str = "") -> str:
    """Like ``json.dumps(indent=1)``, but what fits one line stays on one line."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + len(indent) <= _WIDTH or not isinstance(value, dict | list) or not value:
        return flat
    inner = indent + " "
    if isinstance(value, dict):
        lines = [f"{inner}{json.dumps(k)}: {_dump(v, inner)}" for k, v in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    lines = [inner + _dump(item, inner) for item in value]
    return "[\n" + ",\n".join(lines) + f"\n{indent}]"
