"""The debt wall as SVG and as a page of its own; nothing in it is fetched from elsewhere."""

from collections.abc import Sequence
from html import escape

from nbkata.common.core.page import HEAD
from nbkata.smells.core.wall import FORMULA, FORMULA_READ, Note, Zone
from nbkata.smells.core.wall_layout import LEFT, RIGHT, TOP, WIDTH, Box, Wall, hang

_HARMS = {1: "costs readers time", 2: "costs whoever changes it", 3: "wrong results or leaks"}
_ADVICE = {
    Zone.LOW_HANGING: "do these first",
    Zone.INVESTMENT: "plan these, one at a time",
    Zone.QUICK_WIN: "take them along when you pass by",
    Zone.NO_GO: "leave these until they hurt more",
}

_LIGHT = """
  --ground: #faf8f3; --ink: #22262b; --faint: #5c6570; --line: #b9b4a6;
  --low: #e6f2e4; --invest: #e7eef8; --quick: #f4f1e6; --nogo: #eeeceb;
  --harm1: #fff3a8; --harm1-ink: #3d3600; --harm2: #ffd39b; --harm2-ink: #4a2900;
  --harm3: #ffb9b0; --harm3-ink: #52120b; --edge: #00000026;
"""
_DARK = """
  --ground: #16191d; --ink: #e9e6df; --faint: #a5acb5; --line: #4a5058;
  --low: #1d2b22; --invest: #1c2735; --quick: #262419; --nogo: #232324;
  --harm1: #5c5312; --harm1-ink: #fff6c2; --harm2: #6d4511; --harm2-ink: #ffe7c9;
  --harm3: #742820; --harm3-ink: #ffdfda; --edge: #ffffff2e;
"""
_DRAWING = """
  .wall text { font-family: system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
  .wall .zone-name { font-size: 21px; font-weight: 700; fill: var(--ink); }
  .wall .advice { font-size: 15px; fill: var(--faint); }
  .wall .axis { font-size: 17px; fill: var(--faint); }
  .wall .title { font-size: 26px; font-weight: 700; fill: var(--ink); }
  .wall .note rect { stroke: var(--edge); }
  .wall .smell { font-weight: 700; }
"""


def as_svg(notes: Sequence[Note], title: str) -> str:
    """The picture alone, for a slide or a printer."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        + _drawing(notes, title, f"<style>{_styles(':root')}</style>")
        + "\n"
    )


def as_html(notes: Sequence[Note], title: str) -> str:
    """The picture, the formula, and the same as a table for whoever cannot see the picture."""
    formula = "".join(f"<li><code>{escape(line)}</code></li>" for line in FORMULA)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
{HEAD}
<title>{escape(title)}</title>
<style>{_styles(":root")}{_PAGE}</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
<div class="frame">
{_drawing(notes, title, "")}
</div>
<section>
<h2>How the notes got their places</h2>
<ul>{formula}</ul>
<p>{escape(FORMULA_READ)}</p>
</section>
<section>
<h2>The same as a table</h2>
{_table(notes)}
</section>
</main>
</body>
</html>
"""


_PAGE = """
  * { box-sizing: border-box; }
  body { margin: 0; background: var(--ground); color: var(--ink); line-height: 1.5;
    font-family: system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
  main { max-width: 1640px; margin: 0 auto; padding: 1rem; }
  h1 { font-size: 1.5rem; margin: 0 0 .5rem; } h2 { font-size: 1.15rem; margin: 1.5rem 0 .5rem; }
  .frame { overflow-x: auto; } svg { display: block; width: 100%; min-width: 1300px; height: auto; }
  svg .title { display: none; }
  p { max-width: 75ch; }
  .scroll { overflow-x: auto; }
  table { border-collapse: collapse; width: 100%; font-size: .92rem; }
  caption { text-align: left; color: var(--faint); padding-bottom: .4rem; }
  th, td { text-align: left; vertical-align: top; padding: .3rem .6rem;
    border-bottom: 1px solid var(--line); }
  td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
  code { font-size: 1.02em; }
  @media print { @page { size: A4 landscape; margin: 10mm; } main { padding: 0; max-width: none; }
    .frame { break-after: page; overflow: visible; } svg { min-width: 0; }
    .scroll { overflow: visible; } tr { break-inside: avoid; }
    * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""


def _styles(scope: str) -> str:
    return (
        f"{scope} {{{_LIGHT}}}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ {scope} {{{_DARK}}} }}\n{_DRAWING}"
    )


def _drawing(notes: Sequence[Note], title: str, style: str) -> str:
    counts = f"{sum(note.places for note in notes)} places, {len(notes)} kinds of smell"
    wall = hang(notes)
    parts = [
        f'<svg class="wall" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {wall.height:g}"'
        f' role="img" aria-labelledby="wall-title wall-desc">',
        f'<title id="wall-title">{escape(title)}</title>',
        f'<desc id="wall-desc">{escape(counts)}, hung by value and effort; '
        "the table below the picture says the same.</desc>",
        style,
        f'<rect width="{WIDTH}" height="{wall.height:g}" fill="var(--ground)"/>',
        f'<text class="title" x="{LEFT}" y="44">{escape(title)}</text>',
        _legend(),
        *(_zone(zone, box) for zone, box in wall.zones.items()),
        *(_note(note, box, number) for number, (note, box) in enumerate(wall.placed)),
        _axes(wall),
        "</svg>",
    ]
    return "\n".join(part for part in parts if part)


def _legend() -> str:
    parts = []
    x = RIGHT - 715
    for harm, text in _HARMS.items():
        parts.append(
            f'<rect x="{x}" y="28" width="22" height="18" rx="3" fill="var(--harm{harm})"'
            ' stroke="var(--edge)"/>'
            f'<text class="advice" x="{x + 30}" y="42">{escape(text)}</text>'
        )
        x += 205 + (55 if harm == 2 else 0)
    return "".join(parts)


_FILL = {
    Zone.LOW_HANGING: "low",
    Zone.INVESTMENT: "invest",
    Zone.QUICK_WIN: "quick",
    Zone.NO_GO: "nogo",
}


def _zone(zone: Zone, box: Box) -> str:
    return (
        f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}"'
        f' fill="var(--{_FILL[zone]})" stroke="var(--line)"/>'
        f'<text x="{box.x + 14}" y="{box.y + 30}"><tspan class="zone-name">{zone.value}</tspan>'
        f'<tspan class="advice" dx="12">{escape(_ADVICE[zone])}</tspan></text>'
    )


def _note(note: Note, box: Box, number: int) -> str:
    """A sticky note, a little crooked as those are."""
    tilt = (-0.9, 0.6, -0.4, 1.0, -0.7, 0.4)[number % 6]
    size = min(17.5, (box.width - 22) / (len(note.smell.value) * 0.66))
    places = f"{note.places} place{'s' if note.places > 1 else ''}"
    places += ": first of all" if note.comes_first else ""
    lines = [
        (30, size, "smell", note.smell.value),
        (51, 15.0, "", places),
        (71, 15.0, "", note.where),
    ]
    texts = "".join(
        f'<text class="{kind}" x="{box.x + 11:.1f}" y="{box.y + top:.1f}"'
        f' font-size="{text_size:.1f}" fill="var(--harm{note.harm}-ink)">{escape(text)}</text>'
        for top, text_size, kind, text in lines
    )
    middle = f"{box.x + box.width / 2:.1f} {box.y + box.height / 2:.1f}"
    return (
        f'<g class="note" transform="rotate({tilt} {middle})">'
        f"<title>{escape(f'{note.what} {note.fix}')}</title>"
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}"'
        f' rx="3" fill="var(--harm{note.harm})"/>{texts}</g>'
    )


def _axes(wall: Wall) -> str:
    middle = (TOP + wall.bottom) / 2
    return (
        f'<text class="axis" x="{(LEFT + RIGHT) / 2}" y="{wall.bottom + 38:g}" text-anchor="middle">'
        "effort of the fix →</text>"
        f'<text class="axis" x="38" y="{middle}" text-anchor="middle"'
        f' transform="rotate(-90 38 {middle})">value of the fix →</text>'
    )


def _table(notes: Sequence[Note]) -> str:
    order = list(Zone)
    rows = "\n".join(
        f'<tr><th scope="row">{note.smell.value}</th><td>{note.zone.value}</td>'
        f'<td class="number">{note.places}</td><td>{escape(note.where)}</td>'
        f'<td class="number">{note.harm}</td><td class="number">{note.used_later:.0%}</td>'
        f'<td class="number">{note.value:.1f}</td><td class="number">{note.minutes:g}</td>'
        f'<td class="number">{note.effort:.0f}</td><td>{escape(note.fix)}</td></tr>'
        for note in sorted(
            notes, key=lambda note: (not note.comes_first, order.index(note.zone), -note.value)
        )
    )
    heads = "".join(
        f'<th scope="col" class="{"number" if number else "text"}">{name}</th>'
        for name, number in (
            ("smell", False),
            ("zone", False),
            ("places", True),
            ("where", False),
            ("harm", True),
            ("used later", True),
            ("value", True),
            ("minutes", True),
            ("effort", True),
            ("fix", False),
        )
    )
    return (
        '<div class="scroll"><table><caption>One row a note: what comes first, then by zone and value.</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>\n{rows}\n</tbody></table></div>"
    )
