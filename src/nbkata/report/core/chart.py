"""One figure over the steps as a small chart: blue bars are the kit's, amber marks are yours."""

from collections.abc import Mapping, Sequence
from html import escape

from nbkata.kata.core.figures import ABOUT, Figure, Measured, Row, shown

WIDTH, HEIGHT = 380, 150
_LEFT, _RIGHT, _TOP, _BOTTOM = 6, 374, 24, 124
_LABEL = 14
"""How high a number above a bar is: a mark that near would cross it."""

STYLE = """
  .chart text { font-family: system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif;
    font-size: 9.5px; fill: var(--faint); text-anchor: middle; }
  .chart .value { fill: var(--ink); font-variant-numeric: tabular-nums; }
  .chart .mine { fill: var(--amber); font-weight: 600; }
  .chart rect { fill: var(--blue); } .chart .mark { fill: var(--amber); }
  .chart line { stroke: var(--line); }
"""


def chart(figure: Figure, steps: Sequence[Row], own: Sequence[Row]) -> str:
    """An SVG of its own; empty where nothing was measured."""
    theirs, mine = _values(figure, steps), _values(figure, own)
    columns = list(dict.fromkeys([*(row.label for row in steps), *(row.label for row in own)]))
    largest = max((one.value for one in [*theirs.values(), *mine.values()]), default=None)
    if largest is None:
        return ""
    most = ABOUT[figure].most or largest or 1.0
    width = (_RIGHT - _LEFT) / len(columns)
    parts = []
    for number, label in enumerate(columns):
        middle = _LEFT + width * (number + 0.5)
        parts += _column(figure, middle, width, most, theirs.get(label), mine.get(label))
        parts.append(_text(middle, _BOTTOM + 14, label.partition("-")[0]))
    title, caption = ABOUT[figure].title, _caption(figure, theirs, mine)
    name = f"chart-{figure.value}"
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="{name}-title {name}-told">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-told">{escape(caption)}</desc>'
        f'<line x1="{_LEFT}" y1="{_BOTTOM}" x2="{_RIGHT}" y2="{_BOTTOM}"/>'
        f"{''.join(parts)}</svg>"
    )


def _values(figure: Figure, rows: Sequence[Row]) -> Mapping[str, Measured]:
    found = ((row.label, row.values.get(figure)) for row in rows)
    return {label: one for label, one in found if one is not None}


def _column(
    figure: Figure, middle: float, width: float, most: float,
    theirs: Measured | None, mine: Measured | None,
) -> list[str]:  # fmt: skip
    parts = []
    own = None if mine is None else _height(mine.value, most)
    if theirs is not None:
        top = _height(theirs.value, most)
        thick = min(width * 0.62, 26)
        parts.append(
            f'<rect x="{middle - thick / 2:.1f}" y="{top:.1f}" width="{thick:.1f}" '
            f'height="{max(_BOTTOM - top, 1):.1f}" rx="1.5"/>'
        )
        is_near = own is not None and top - _LABEL < own <= top
        label = own if own is not None and is_near else top
        parts.append(_text(middle, label - 4, _number(figure, theirs), "value"))
    if mine is not None and own is not None:
        mark = min(width * 0.9, 38)
        parts.append(
            f'<rect class="mark" x="{middle - mark / 2:.1f}" y="{own - 1.5:.1f}" '
            f'width="{mark:.1f}" height="3" rx="1.5"/>'
        )
        if theirs is None:
            parts.append(_text(middle, own - 5, _number(figure, mine), "mine"))
    if theirs is None and mine is None:
        parts.append(_text(middle, _BOTTOM - 4, "–"))
    return parts


def _height(value: float, most: float) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * min(value / most, 1.0)


def _number(figure: Figure, measured: Measured) -> str:
    return f"{measured.value:.{ABOUT[figure].places}f}"


def _text(x: float, y: float, text: str, kind: str = "") -> str:
    chosen = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{chosen}>{escape(text)}</text>'


def _caption(figure: Figure, theirs: Mapping[str, Measured], mine: Mapping[str, Measured]) -> str:
    """What the chart says, for who cannot see it; the table has every value."""
    messages = []
    for whose, values in (("the kit's steps", theirs), ("yours", mine)):
        if values:
            ends = list(values.items())
            first, last = (f"{shown(figure, one)} at {label}" for label, one in (ends[0], ends[-1]))
            messages.append(f"{whose}: from {first} to {last}")
    return "; ".join(messages) + ". The table has every value."
