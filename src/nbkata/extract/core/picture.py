"""What the picture of a notebook's flow shows: its cells and the names between them, and the pipeline."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nbkata.extract.core.analysis import Flow
from nbkata.extract.core.candidate import Candidate
from nbkata.extract.core.candidates import in_order
from nbkata.extract.core.facts import Fact, Role

# Names that have a colour of their own, those that are passed on most; the rest is grey.
COLOURS = 8
_KINDS = {
    Role.READ: "io",
    Role.COMPUTE: "compute",
    Role.MODEL: "model",
    Role.SAVE: "io",
    Role.SHOW: "show",
    Role.SETUP: "define",
    Role.IMPORT: "define",
    Role.DEFINE: "define",
}
# The kinds of cells, for the style and in words.
KINDS = (
    ("io", "reads or saves"),
    ("compute", "computes columns"),
    ("model", "models"),
    ("show", "only shows"),
    ("define", "imports, sets up, defines"),
    ("dead", "dead: nothing needs it"),
)
_WEIGHT = (Role.READ, Role.SAVE, Role.MODEL, Role.COMPUTE, Role.DEFINE, Role.SHOW, Role.SETUP)


@dataclass(frozen=True, slots=True)
class Cell:
    """A row of the picture."""

    number: int
    kind: str
    first_line: str
    code: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A name that one cell changes and a later cell looks at; its rows, and how far it reaches out."""

    name: str
    start: int
    end: int
    is_live: bool
    colour: int | None
    # 0 to 1: long ones reach far.
    reach: float
    start_row: int
    end_row: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The tangle before, the pipeline after."""

    cells: tuple[Cell, ...]
    threads: tuple[Thread, ...]
    # Those with a colour, in the order of the colours.
    names: tuple[str, ...]
    # What the shell reads: a line of code.
    reads: str
    modules: tuple[tuple[str, tuple[Candidate, ...]], ...]
    # Cells that only show something: they stay out of the core.
    shown: int


def picture(flow: Flow) -> Picture:
    """The picture of a flow."""
    cells = tuple(_cells(flow))
    edges = tuple(dict.fromkeys(_edges(flow)))
    counts = Counter(name for name, *_ in edges)
    names = tuple(sorted(counts, key=lambda name: (-counts[name], name))[:COLOURS])
    pipeline = [item for item in in_order(flow.candidates) if item.kind != "value"]
    return Picture(
        cells,
        tuple(_threads(edges, [cell.number for cell in cells], names)),
        names,
        _what_is_read(flow),
        tuple(_modules(pipeline or list(in_order(flow.candidates)))),
        sum(fact.role is Role.SHOW for fact in flow.facts),
    )


def change(item: Candidate) -> str:
    """What a function does with its frame, in a line."""
    if item.kind == "drop":
        return "without " + ", ".join(item.columns_dropped)
    if item.kind == "column":
        return f"{', '.join(item.columns_read) or item.frame} → {', '.join(item.columns_written)}"
    return f"{', '.join(item.inputs)} → {', '.join(item.outputs) or 'scores'}"


def _cells(flow: Flow) -> Iterator[Cell]:
    in_cell: dict[int, list[Fact]] = {}
    for fact in flow.facts:
        in_cell.setdefault(fact.cell, []).append(fact)
    for number, facts in in_cell.items():
        code = flow.code.source(facts[0].first, facts[-1].last).strip()
        is_live = any(flow.liveness.live[fact.index] for fact in facts)
        yield Cell(number, _kind(facts, is_live), _first_line(flow, facts[0]), code[:600])


def _kind(facts: Sequence[Fact], is_live: bool) -> str:
    roles = {fact.role for fact in facts}
    if is_live:
        return next(_KINDS[role] for role in _WEIGHT if role in roles)
    if roles & {Role.COMPUTE, Role.MODEL} and any(fact.columns_written for fact in facts):
        return "dead"
    harmless = (Role.SHOW, Role.SETUP, Role.IMPORT, Role.DEFINE)
    return next((_KINDS[role] for role in harmless if role in roles), "dead")


_Edge = tuple[str, int, int, bool]


def _edges(flow: Flow) -> Iterator[_Edge]:
    """From the last cell that changed a name to each cell that looks at it."""
    imported = {
        name
        for fact in flow.facts
        if fact.role in (Role.IMPORT, Role.DEFINE)
        for name in fact.binds
    }
    last: dict[str, int] = {}
    for fact, live in zip(flow.facts, flow.liveness.live, strict=True):
        for name in sorted((fact.reads | fact.edits) - imported):
            if name in last and last[name] != fact.cell:
                yield name, last[name], fact.cell, live
        last |= dict.fromkeys(fact.binds | fact.edits, fact.cell)


def _threads(
    edges: Sequence[_Edge], cells: Sequence[int], names: Sequence[str]
) -> Iterator[Thread]:
    """The live ones last: they are drawn over the others."""
    rows = {cell: row for row, cell in enumerate(cells)}
    for name, start, end, is_live in sorted(edges, key=lambda edge: edge[3]):
        reach = (abs(rows[end] - rows[start]) / len(cells)) ** 0.62
        colour = names.index(name) if name in names else None
        yield Thread(name, start, end, is_live, colour, reach, rows[start], rows[end])


def _modules(pipeline: Sequence[Candidate]) -> Iterator[tuple[str, tuple[Candidate, ...]]]:
    features = tuple(item for item in pipeline if item.kind in ("column", "drop"))
    models = tuple(item for item in pipeline if item.module == "model")
    named = (("features.py", features), ("model.py", models))
    yield from ((name, items) for name, items in named if items)


def _what_is_read(flow: Flow) -> str:
    reads = [_first_line(flow, fact) for fact in flow.facts if fact.role is Role.READ]
    return next((line for line in reads if "read_" in line), next(iter(reads), "its arguments"))


def _first_line(flow: Flow, fact: Fact) -> str:
    return flow.code.source(fact.first, fact.last).strip().split("\n")[0]
