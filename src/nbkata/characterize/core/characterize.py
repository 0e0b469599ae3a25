"""Characterization tests as text: plain pytest and pandas, for a reader who has never seen nbkata.

What a test file is made of is decided here from a record: which names are tables, which are
values, and which are left out and why. The same functions of that file later make the golden
data, so what is approved and what is compared can never be two things.
"""

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath

from nbkata.characterize.core import comparison, text
from nbkata.record.core.record import INDEX, Fingerprint, Kind, Record

# Rows times columns up to which a table is kept whole; a larger one is kept as check sums.
MOST_CELLS = 200_000


class Source(StrEnum):
    """What is characterized."""

    NOTEBOOK = "notebook"
    PLAIN_NOTEBOOK = "notebook, without IPython"
    SCRIPT = "script"
    FUNCTION = "function"


@dataclass(frozen=True, slots=True)
class Plan:
    """What the test file compares."""

    source: Source
    path: PurePosixPath  # from the folder that the tests stand in: ``../src/train.py``
    folder: PurePosixPath  # the working directory of the run, from there too
    tables: tuple[str, ...]
    values: tuple[str, ...]
    # Names that are not compared, with the reason.
    left_out: Mapping[str, str] = field(default_factory=dict)
    function: str = ""
    command: str = ""  # what makes the file again
    # A function of the script that gives results, but only if it is given arguments.
    overlooked: str = ""
    # Whether the golden data holds tables row by row and exactly; else by rounded check sums alone.
    keeps_rows: bool = True
    # What stays random, from its least to its most.
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    has_instances: bool = False  # whether a value is of a class that the code itself defines
    is_seeded: bool = False  # whether the tests set a seed: the code draws without one


_TABLES = (Kind.FRAME, Kind.SERIES, Kind.INDEX, Kind.ARRAY)
_VALUES = (Kind.SCALAR, Kind.CONTAINER, Kind.MODEL, Kind.INSTANCE)


def sorted_out(
    names: Mapping[str, Fingerprint],
    record: Record,
    chosen: Iterable[str] = (),
    seam: Iterable[str] | None = None,
) -> tuple[tuple[str, ...], tuple[str, ...], dict[str, str]]:
    """Tables to keep whole, values, and what is left out with its reason.

    With ``seam`` only its tables and small ones are kept whole, unless there is no table. A
    table that equals one already kept is not kept twice.
    """
    if seam is not None and not any(names[n].kind in _TABLES for n in seam if n in names):
        seam = None  # no model: the tables themselves are what comes out
    unsteady = {item.name: item.cause for item in record.unsteady}
    wanted = set(chosen) or set(names)
    tables: dict[str, str] = {}
    values: list[str] = []
    left_out = {name: f"{_UNSTEADY}: {cause}" for name, cause in unsteady.items()}
    for name in sorted((set(names) & wanted) - set(unsteady)):
        value = names[name]
        if value.kind in _TABLES:
            why = _not_whole(value, name in seam if seam is not None and not chosen else True)
            why = f"equals {tables[value.digest]}" if value.digest in tables else why
            if why:
                left_out[name] = why
            else:
                tables[value.digest] = name
        elif _SECRET.search(name):
            left_out[name] = "may be a secret"
        elif value.kind in _VALUES and "0x" not in value.value:
            values.append(name)
        else:
            left_out[name] = f"is a {value.type}, which only its type tells"
    return tuple(tables.values()), tuple(values), left_out


def _not_whole(value: Fingerprint, at_seam: bool) -> str:
    """Why a table is not kept row by row; empty if it is."""
    if len(value.shape) > 2:
        return "has more than two dimensions"
    if value.kind is Kind.ARRAY and any(column.dtype == "object" for column in value.columns):
        return "holds objects"
    small = value.kind is Kind.FRAME and value.shape[0] <= SMALL_TABLE
    if _cells(value) > MOST_CELLS or not (at_seam or small):
        return "is compared by its check sums alone"
    return ""


def test_file(plan: Plan) -> str:
    """The whole of ``test_characterization.py``, but for its formatting."""
    compares_stages = plan.keeps_rows and plan.source is not Source.FUNCTION
    parts = [text.HEAD, _RUNS[plan.source]]
    parts += [text.SEED_ALL] if plan.is_seeded else []
    parts += [text.FIXTURE]
    parts += [text.STAGES] if compares_stages else []  # the first to fail should name the stage
    parts += [text.TESTS]
    parts += [text.RANGE_TEST] if plan.ranges else []
    parts += [comparison.INSTANCES] if plan.has_instances else []
    parts += [comparison.ROWS if plan.keeps_rows else comparison.SUMS, comparison.TABLES]
    places = {
        **(comparison.EXACTLY if plan.keeps_rows else comparison.ROUNDED),
        "instance": comparison.INSTANCE if plan.has_instances else "",
        "instance_text": comparison.INSTANCE_TEXT if plan.has_instances else "",
        "name": plan.path.name,
        "command": plan.command,
        "path": _pathlib(plan.path),
        "parent": _pathlib(plan.path.parent),
        "csv": "import csv\n" if plan.keeps_rows else "",
        "io": "import io\n" if plan.keeps_rows else "",
        "random": "import random\n" if plan.is_seeded else "",
        "seed": text.SEED if plan.is_seeded else "",
        "stages": '{"end": checksums(names)}' if compares_stages else "{}",
        "unsteady": _unsteady(plan) if compares_stages else "",
        "imports": _IMPORTS[plan.source] or "import sys\n" * plan.has_instances,
        "ipython": _IPYTHON if plan.source is Source.NOTEBOOK else "",
        "folder": _pathlib(plan.folder),
        "function": plan.function,
        "module": plan.path.stem,
        "tables": _listed("TABLES", plan.tables),
        "values": _listed("VALUES", plan.values),
        "ranges": f"RANGES = {dict(plan.ranges)}" if plan.ranges else "",
        "left_out": "".join(f"#   {name}: {why}\n" for name, why in plan.left_out.items()),
    }
    written = "\n\n\n".join(part.strip("\n") for part in parts)
    for key, value in places.items():
        written = written.replace(f"<<{key}>>", value)
    return written.replace("# Not compared:\n\n", "\n") + "\n"


_RUNS = {
    Source.NOTEBOOK: text.NOTEBOOK,
    Source.PLAIN_NOTEBOOK: text.PLAIN_NOTEBOOK,
    Source.SCRIPT: text.SCRIPT,
    Source.FUNCTION: text.FUNCTION,
}


def _unsteady(plan: Plan) -> str:
    names = sorted({name for name, why in plan.left_out.items() if why.startswith(_UNSTEADY)})
    return _listed("UNSTEADY", tuple(names))


def seam_names(code: Iterable[str]) -> set[str]:
    """Names that models are fitted on, predict from or are scored with, and what comes of it.

    Of a notebook's many tables these are its behaviour; the others are on their way there.
    """
    found: set[str] = set()
    for source in code:
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):  # IPython's own syntax
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _at_seam(node):
                found |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
            if isinstance(node, ast.Assign) and any(
                isinstance(n, ast.Call) and _at_seam(n) for n in ast.walk(node.value)
            ):
                targets = [n for target in node.targets for n in ast.walk(target)]
                found |= {n.id for n in targets if isinstance(n, ast.Name)}
    return found


def _at_seam(node: ast.Call) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    name = node.func.id if isinstance(node.func, ast.Name) else name
    return name.startswith(("fit", "predict", "score", "transform")) or name.endswith(
        ("_score", "_report", "_matrix", "_error", "train_test_split")
    )


_UNSTEADY = "differs between runs"
# Rows up to which any frame is kept whole: a table of scores is the point of a notebook.
SMALL_TABLE = 50
_SECRET = re.compile("token|passw|secret|credential|api_?key", re.IGNORECASE)


_IMPORTS = {
    Source.NOTEBOOK: "",
    Source.PLAIN_NOTEBOOK: "",
    Source.SCRIPT: "import runpy\nimport sys\n",
    Source.FUNCTION: "import sys\n",
}
_IPYTHON = (
    "from IPython.core.interactiveshell import InteractiveShell\n"
    "from traitlets.config import Config\n"
)


def _pathlib(path: PurePosixPath) -> str:
    """``HERE.parent / "src" / "train.py"`` for ``../src/train.py``."""
    written = "HERE"
    for part in path.parts:
        written += ".parent" if part == ".." else f' / "{part}"'
    return written


def _listed(label: str, names: tuple[str, ...]) -> str:
    flat = f"{label} = [{', '.join(map(_quoted, names))}]"
    if len(flat) <= 100:
        return flat
    return f"{label} = [\n" + "".join(f"    {_quoted(name)},\n" for name in names) + "]"


def _quoted(name: str) -> str:
    return f'"{name}"'


def _cells(value: Fingerprint) -> int:
    columns = max(1, sum(not column.name.startswith(INDEX) for column in value.columns))
    return (value.shape[0] if value.shape else 1) * columns
