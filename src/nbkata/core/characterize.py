"""Characterization tests as text: plain pytest and pandas, for a reader who has never seen nbkata.

What a test file is made of is decided here from a record: which names are tables, which are
values, and which are left out and why. The same functions of that file later make the golden
data, so what is approved and what is compared can never be two things.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath

from nbkata.core.characterize_text import COMPARE, FUNCTION, HEAD, NOTEBOOK, SCRIPT, STAGES, TESTS
from nbkata.core.record import Fingerprint, Kind, Record

MOST_CELLS = 200_000
"""Rows times columns up to which a table is kept whole; a larger one is kept as check sums."""


class Source(StrEnum):
    """What is characterized."""

    NOTEBOOK = "notebook"
    SCRIPT = "script"
    FUNCTION = "function"


@dataclass(frozen=True, slots=True)
class Plan:
    """What the test file compares."""

    source: Source
    path: PurePosixPath
    """From the folder that the tests stand in: ``../src/train.py``."""
    folder: PurePosixPath
    """The working directory of the run, from there too."""
    tables: tuple[str, ...]
    values: tuple[str, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Names that are not compared, with the reason."""
    function: str = ""
    command: str = ""
    """What makes the file again."""


_TABLES = (Kind.FRAME, Kind.SERIES, Kind.INDEX, Kind.ARRAY)
_VALUES = (Kind.SCALAR, Kind.CONTAINER, Kind.MODEL)


def sorted_out(
    names: Mapping[str, Fingerprint], record: Record, chosen: Iterable[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...], dict[str, str]]:
    """Tables, values, and what is left out with its reason.

    A table that equals one already kept is not kept twice; its name is left out with that reason.
    """
    unsteady = {item.name: item.cause for item in record.unsteady}
    wanted = set(chosen) or set(names)
    tables: dict[str, str] = {}
    values: list[str] = []
    left_out: dict[str, str] = {}
    for name in sorted(set(names) & wanted):
        value = names[name]
        if name in unsteady:
            left_out[name] = f"differs between runs: {unsteady[name]}"
        elif value.kind in _TABLES and value.digest in tables:
            left_out[name] = f"equals {tables[value.digest]}"
        elif value.kind in _TABLES and len(value.shape) > 2:
            left_out[name] = "has more than two dimensions"
        elif value.kind in _TABLES and _cells(value) <= MOST_CELLS:
            tables[value.digest] = name
        elif value.kind in _VALUES and "0x" not in value.value:
            values.append(name)
        elif value.kind in _TABLES:
            left_out[name] = "is too large to keep; its check sums are compared"
        else:
            left_out[name] = f"is a {value.type}, which only its type tells"
    return tuple(tables.values()), tuple(values), left_out


def test_file(plan: Plan) -> str:
    """The whole of ``test_characterization.py``."""
    places = {
        "name": plan.path.name,
        "command": plan.command,
        "path": _pathlib(plan.path),
        "folder": _pathlib(plan.folder),
        "function": plan.function,
        "module": plan.path.stem,
        "tables": _listed("TABLES", plan.tables),
        "values": _listed("VALUES", plan.values),
        "left_out": "".join(f"#   {name}: {why}\n" for name, why in plan.left_out.items()),
    }
    run = {Source.NOTEBOOK: NOTEBOOK, Source.SCRIPT: SCRIPT, Source.FUNCTION: FUNCTION}
    parts = [HEAD, run[plan.source], TESTS]
    if plan.source is not Source.FUNCTION:
        parts.append(STAGES)
    text = "\n\n".join(part.strip("\n") for part in (*parts, COMPARE))
    for key, value in places.items():
        text = text.replace(f"<<{key}>>", value)
    text = text.replace("# Not compared:\n\n", "").replace("\n\n\n\n", "\n\n\n")
    return text + "\n"


def _pathlib(path: PurePosixPath) -> str:
    """``HERE.parent / "src" / "train.py"`` for ``../src/train.py``."""
    text = "HERE"
    for part in path.parts:
        text += ".parent" if part == ".." else f' / "{part}"'
    return text


def _listed(label: str, names: tuple[str, ...]) -> str:
    flat = f"{label} = [{', '.join(map(_quoted, names))}]"
    if len(flat) <= 100:
        return flat
    return f"{label} = [\n" + "".join(f"    {_quoted(name)},\n" for name in names) + "]"


def _quoted(name: str) -> str:
    return f'"{name}"'


def _cells(value: Fingerprint) -> int:
    columns = max(1, sum(not column.name.startswith("(index") for column in value.columns))
    return (value.shape[0] if value.shape else 1) * columns
