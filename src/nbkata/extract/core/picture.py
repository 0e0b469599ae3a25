"""The flow of cells and names as one self-contained page: the tangle before, the pipeline after."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from nbkata.common.core.page import HEAD
from nbkata.extract.core.analysis import Flow, why_nothing
from nbkata.extract.core.candidates import Candidate, in_order
from nbkata.extract.core.codegen import Example, first_test, function_source
from nbkata.extract.core.facts import Fact, Role

# Height of a cell in the tangle, in pixels.
_ROW = 11
_TOP = 96
_BARS_AT = 250
_WIDTH = 1240
_PIPE_AT = 760
_COLOURS = ("#2563eb", "#c2410c", "#0f766e", "#9333ea", "#be123c", "#4d7c0f", "#0e7490", "#a16207")
_ROLE_COLOURS = {
    Role.READ: "#1f2937",
    Role.COMPUTE: "#2563eb",
    Role.MODEL: "#9333ea",
    Role.SAVE: "#1f2937",
    Role.SHOW: "#cbd5e1",
    Role.SETUP: "#e2e8f0",
    Role.IMPORT: "#e2e8f0",
    Role.DEFINE: "#94a3b8",
}
_ROLE_WORDS = (
    ("reads or saves", "#1f2937"),
    ("computes columns", "#2563eb"),
    ("models", "#9333ea"),
    ("only shows", "#cbd5e1"),
    ("dead: nothing needs it", "#fca5a5"),
)
_DEAD = "#fca5a5"
_WEIGHT = (Role.READ, Role.SAVE, Role.MODEL, Role.COMPUTE, Role.DEFINE, Role.SHOW, Role.SETUP)


@dataclass(frozen=True, slots=True)
class Edge:
    """A name that one cell changes and a later cell looks at."""

    name: str
    start: int
    end: int
    live: bool


def page(flow: Flow, examples: Mapping[str, Example], title: str) -> str:
    """The HTML document; nothing in it comes from elsewhere."""
    rows = _rows(flow)
    edges = tuple(dict.fromkeys(_edges(flow)))
    names = _by_weight(edges)
    pipeline = [item for item in in_order(flow.candidates) if item.kind != "value"]
    pipeline = pipeline or list(in_order(flow.candidates))
    height = max(_TOP + len(rows) * _ROW + 120, _TOP + _pipeline_height(pipeline) + 60)
    svg = "\n".join(
        [
            f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="data flow of {escape(title)}"'
            f' xmlns="http://www.w3.org/2000/svg">',
            *_heads(len(rows), edges, pipeline, is_script=flow.code.is_script),
            *_arcs(edges, rows, names),
            *_bars(flow, rows),
            *_legend(names, _TOP + len(rows) * _ROW + 24),
            *(_pipeline(pipeline, flow) if pipeline else ()),
            "</svg>",
        ]
    )
    return _PAGE.format(
        head=HEAD,
        title=escape(title),
        svg=svg,
        dead=_dead(flow),
        blocks="\n".join(_blocks(flow, examples)) or f"<p>{why_nothing(flow)}</p>",
    )


def _rows(flow: Flow) -> dict[int, int]:
    """The row of each cell."""
    cells = dict.fromkeys(fact.cell for fact in flow.facts)
    return {cell: row for row, cell in enumerate(cells)}


def _edges(flow: Flow) -> Iterator[Edge]:
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
                yield Edge(name, last[name], fact.cell, live)
        last |= dict.fromkeys(fact.binds | fact.edits, fact.cell)


def _by_weight(edges: Sequence[Edge]) -> dict[str, str]:
    """A colour for the names that are passed on most; grey for the rest."""
    counts = Counter(edge.name for edge in edges)
    most = sorted(counts, key=lambda name: (-counts[name], name))[: len(_COLOURS)]
    return dict(zip(most, _COLOURS, strict=False))


def _heads(
    cells: int, edges: Sequence[Edge], pipeline: Sequence[Candidate], *, is_script: bool
) -> Iterator[str]:
    cells_word = "blocks" if is_script else "code cells"
    all_names = len({edge.name for edge in edges})
    yield _text(24, 36, "Before: the tangle" if pipeline else "The flow", "h")
    yield _text(
        24,
        60,
        f"{cells} {cells_word} share {_count(all_names, 'name')}, "
        f"{_count(len(edges), 'thread')} between them.",
        "s",
    )
    if not pipeline:
        return
    yield _text(_PIPE_AT, 36, "After: the pipeline", "h")
    calls = _count(len(pipeline), "function")
    yield _text(_PIPE_AT, 60, f"A thin shell calls {calls} of the core.", "s")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _y(row: int) -> float:
    return _TOP + row * _ROW + _ROW / 2


def _arcs(
    edges: Sequence[Edge], rows: Mapping[int, int], names: Mapping[str, str]
) -> Iterator[str]:
    """Far reaches bulge far; those for a look only are faint."""
    reach = max(len(rows), 1)
    for edge in sorted(edges, key=lambda edge: edge.live):
        start, end = _y(rows[edge.start]), _y(rows[edge.end])
        span = abs(rows[edge.end] - rows[edge.start])
        bulge = 22 + 400 * (span / reach) ** 0.62
        x = _BARS_AT + 30
        colour = names.get(edge.name, "#94a3b8")
        style = (
            'stroke-width="1.3" opacity="0.75"' if edge.live else 'stroke-width="1" opacity="0.28"'
        )
        yield (
            f'<path d="M{x} {start:.1f} C{x + bulge:.0f} {start:.1f} {x + bulge:.0f} {end:.1f} '
            f'{x} {end:.1f}" fill="none" stroke="{colour}" {style}>'
            f"<title>{escape(edge.name)}: cell {edge.start} to cell {edge.end}</title></path>"
        )


def _bars(flow: Flow, rows: Mapping[int, int]) -> Iterator[str]:
    in_cell: dict[int, list[Fact]] = {}
    for fact in flow.facts:
        in_cell.setdefault(fact.cell, []).append(fact)
    for cell, facts in in_cell.items():
        live = any(flow.liveness.live[fact.index] for fact in facts)
        colour = _cell_colour(facts, live)
        y = _y(rows[cell])
        first = facts[0]
        code = flow.code.source(first.first, first.last).strip().split("\n")[0]
        shown = code if len(code) <= 30 else code[:29] + "…"
        faint = "f" if colour in ("#cbd5e1", "#e2e8f0") else "c"
        yield _text(_BARS_AT - 8, y + 3, shown, f"{faint} end")
        yield (
            f'<rect x="{_BARS_AT}" y="{y - 4:.1f}" width="28" height="8" rx="2.5" fill="{colour}">'
            f"<title>cell {cell}\n{escape(flow.code.source(first.first, facts[-1].last)[:600])}"
            "</title></rect>"
        )
        if rows[cell] % 5 == 0:
            yield _text(20, y + 3, str(cell), "f")


def _cell_colour(facts: Sequence[Fact], live: bool) -> str:
    roles = {fact.role for fact in facts}
    if live:
        return next(_ROLE_COLOURS[role] for role in _WEIGHT if role in roles)
    if roles & {Role.COMPUTE, Role.MODEL} and any(fact.columns_written for fact in facts):
        return _DEAD
    role = next(
        (role for role in (Role.SHOW, Role.SETUP, Role.IMPORT, Role.DEFINE) if role in roles), None
    )
    return _ROLE_COLOURS[role] if role else _DEAD


def _legend(names: Mapping[str, str], y: float) -> Iterator[str]:
    x = 24.0
    for word, colour in _ROLE_WORDS:
        yield f'<rect x="{x:.0f}" y="{y - 8:.0f}" width="18" height="8" rx="2.5" fill="{colour}"/>'
        yield _text(x + 24, y, word, "s")
        x += 44 + 6.6 * len(word)
    x, y = 24.0, y + 24
    for name, colour in names.items():
        if x > _PIPE_AT - 120:
            x, y = 24.0, y + 20
        yield f'<path d="M{x:.0f} {y - 4:.0f} h18" stroke="{colour}" stroke-width="2.5"/>'
        yield _text(x + 24, y, name, "m")
        x += 48 + 7.6 * len(name)


_SHELL = 46
_BOX = 40
_GAP = 14


def _pipeline_height(pipeline: Sequence[Candidate]) -> int:
    sections = _sections(pipeline)
    return 2 * (_SHELL + 30) + sum(54 + len(items) * (_BOX + _GAP) for _, items in sections)


def _sections(pipeline: Sequence[Candidate]) -> list[tuple[str, list[Candidate]]]:
    features = [item for item in pipeline if item.kind in ("column", "drop")]
    models = [item for item in pipeline if item.module == "model"]
    named = (("features.py", features), ("model.py", models))
    return [(name, items) for name, items in named if items]


def _pipeline(pipeline: Sequence[Candidate], flow: Flow) -> Iterator[str]:
    x, y, width = _PIPE_AT, _TOP - 6.0, _WIDTH - _PIPE_AT - 24
    reads = [fact for fact in flow.facts if fact.role is Role.READ]
    tables = [source for fact in reads if "read_" in (source := _first_line(flow, fact))]
    what = next(iter(tables), _first_line(flow, reads[0]) if reads else "its arguments")
    yield from _shell_box(x, y, width, "train.py reads", _short(what, 52))
    y += _SHELL
    for name, items in _sections(pipeline):
        yield _arrow(x + width / 2, y, y + 26)
        y += 26
        inner = len(items) * (_BOX + _GAP) + 30
        yield (
            f'<rect x="{x}" y="{y:.0f}" width="{width}" height="{inner}" rx="12" '
            'fill="#eff6ff" stroke="#bfdbfe"/>'
        )
        yield _text(x + 16, y + 21, f"{name}: pure functions", "k")
        y += 32
        for number, item in enumerate(items):
            yield from _function_box(x + 14, y, width - 28, item)
            if number:
                yield _arrow(x + width / 2, y - _GAP, y)
            y += _BOX + _GAP
        y += 28 - _GAP + 2 - 2
    yield _arrow(x + width / 2, y - 16, y + 10)
    shown = sum(fact.role is Role.SHOW for fact in flow.facts)
    stay = "stays" if shown == 1 else "stay"
    tail = f"prints, draws, saves; {_count(shown, 'look')} {stay} out of the core"
    yield from _shell_box(x, y + 10, width, "train.py tells", tail)


def _first_line(flow: Flow, fact: Fact) -> str:
    return flow.code.source(fact.first, fact.last).strip().split("\n")[0]


def _shell_box(x: float, y: float, width: float, head: str, text: str) -> Iterator[str]:
    yield f'<rect x="{x}" y="{y:.0f}" width="{width}" height="{_SHELL}" rx="10" fill="#1f2937"/>'
    yield _text(x + 16, y + 19, head, "w")
    yield _text(x + 16, y + 36, text, "wm")


def _function_box(x: float, y: float, width: float, item: Candidate) -> Iterator[str]:
    colour = "#9333ea" if item.kind in ("model", "split") else "#2563eb"
    yield (
        f'<rect x="{x}" y="{y:.0f}" width="{width}" height="{_BOX}" rx="8" fill="#ffffff" '
        f'stroke="{colour}" stroke-opacity="0.55"/>'
    )
    times = f"  ×{item.repeats}" if item.repeats > 1 else ""
    yield _text(x + 14, y + 17, item.name + times, "n")
    yield _text(x + 14, y + 32, _short(_change(item), 60), "s")
    cells = ", ".join(str(cell) for cell in item.cells[:4]) + (" …" if len(item.cells) > 4 else "")
    yield _text(x + width - 12, y + 17, f"cell{'s' * (len(item.cells) > 1)} {cells}", "f end")


def _change(item: Candidate) -> str:
    if item.kind == "drop":
        return "without " + ", ".join(item.columns_dropped)
    if item.kind == "column":
        return f"{', '.join(item.columns_read) or item.frame} → {', '.join(item.columns_written)}"
    return f"{', '.join(item.inputs)} → {', '.join(item.outputs) or 'scores'}"


def _arrow(x: float, y1: float, y2: float) -> str:
    return (
        f'<path d="M{x:.0f} {y1:.0f} V{y2 - 4:.0f}" stroke="#64748b" stroke-width="1.5"/>'
        f'<path d="M{x - 4:.0f} {y2 - 6:.0f} L{x:.0f} {y2 - 1:.0f} L{x + 4:.0f} {y2 - 6:.0f} Z" '
        'fill="#64748b"/>'
    )


def _text(x: float, y: float, text: str, kind: str) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" class="{kind}">{escape(text)}</text>'


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _dead(flow: Flow) -> str:
    columns = ", ".join(f"{column}" for _, column in flow.liveness.dead_columns)
    names = ", ".join(flow.liveness.dead_names)
    lines: list[str] = []
    if columns:
        lines = [
            *lines,
            f"<p><b>Dead columns</b> (written, needed by no result): {escape(columns)}</p>",
        ]
    if names:
        lines = [*lines, f"<p><b>Dead names</b> (set, never read): {escape(names)}</p>"]
    return "\n".join(lines)


def _blocks(flow: Flow, examples: Mapping[str, Example]) -> Iterator[str]:
    for number, item in enumerate(flow.candidates, start=1):
        effects = "".join(
            f"<li>cell {effect.place.cell}, line {effect.place.line}: {escape(effect.what)}</li>"
            for effect in item.side_effects
        )
        stays = f"<p>Stays in the shell:</p><ul>{effects}</ul>" if effects else ""
        code = escape(function_source(item, flow.code))
        test = escape(first_test(item, examples.get(item.name)))
        cells = ", ".join(str(cell) for cell in item.cells)
        yield (
            f"<details{' open' * (number == 1)}><summary><b>{number}.</b> "
            f"<code>{escape(item.name)}</code> <span>cells {cells}</span></summary>"
            f"{stays}<pre>{code}</pre><pre>{test}</pre></details>"
        )


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
{head}
<title>{title}: what to extract</title>
<style>
body {{ margin: 0 auto; max-width: 1240px; padding: 16px; color: #1f2937; background: #ffffff;
  font: 15px/1.5 system-ui, "Segoe UI", "Liberation Sans", sans-serif; }}
svg {{ width: 100%; height: auto; display: block; }}
text {{ font: 11.5px system-ui, "Segoe UI", "Liberation Sans", sans-serif; fill: #475569; }}
.h {{ font-size: 22px; font-weight: 650; fill: #0f172a; }}
.s {{ font-size: 12px; fill: #64748b; }}
.k {{ font-size: 12px; font-weight: 600; fill: #1d4ed8; }}
.c, .f, .m, .n, .wm {{ font-family: ui-monospace, "Cascadia Mono", "Liberation Mono", monospace; }}
.c {{ font-size: 9px; fill: #334155; }}
.f {{ font-size: 9px; fill: #94a3b8; }}
.m {{ font-size: 11.5px; }}
.n {{ font-size: 13px; font-weight: 600; fill: #0f172a; }}
.w {{ font-size: 12px; font-weight: 600; fill: #ffffff; }}
.wm {{ font-size: 11px; fill: #cbd5e1; }}
.end {{ text-anchor: end; }}
h2 {{ font-size: 20px; margin: 28px 0 8px; }}
details {{ border: 1px solid #e2e8f0; border-radius: 8px; padding: 8px 14px; margin: 8px 0; }}
summary {{ cursor: pointer; }}
summary span {{ color: #64748b; }}
pre {{ background: #f8fafc; border-radius: 6px; padding: 10px; overflow-x: auto; font-size: 12.5px; }}
</style>
</head>
<body>
{svg}
{dead}
<h2>What to extract, the most worthwhile first</h2>
{blocks}
</body>
</html>
"""
