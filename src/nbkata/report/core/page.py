"""The report as a page: what changed most, a chart for each figure, and every value in a table."""

from collections.abc import Sequence
from html import escape

from nbkata.common.core.page import page
from nbkata.kata.core.figures import ABOUT, SAMPLED, Figure, Row, shown
from nbkata.report.core.chart import STYLE as CHART_STYLE
from nbkata.report.core.chart import chart

_STYLE = """
  .key { display: flex; flex-wrap: wrap; gap: .4rem 1.4rem; margin: .6rem 0 0; }
  .key span::before { content: ""; display: inline-block; width: .8em; height: .8em;
    margin-right: .45em; background: var(--blue); border-radius: 2px; vertical-align: -.05em; }
  .key .mine::before { background: var(--amber); width: 1.3em; height: .25em;
    vertical-align: .25em; }
  .charts { display: grid; gap: 1rem; margin-top: 1rem;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 25rem), 1fr)); }
  figure { margin: 0; padding: .7rem .8rem .4rem; background: var(--paper);
    border: 1px solid var(--line); border-radius: 6px; break-inside: avoid; }
  figcaption { display: flex; justify-content: space-between; gap: 1rem; align-items: baseline; }
  figcaption strong { font-size: 1rem; }
  figcaption span { color: var(--faint); font-size: .9rem; font-variant-numeric: tabular-nums; }
  svg { display: block; width: 100%; height: auto; }
  .scroll { overflow-x: auto; background: var(--paper); border: 1px solid var(--line);
    border-radius: 6px; }
  table { border-collapse: collapse; width: 100%; font-size: .92rem; white-space: nowrap; }
  thead th { border-top: 0; } h2 + p { margin-bottom: .5rem; }
  th, td { padding: .34rem .7rem; text-align: right; font-variant-numeric: tabular-nums;
    border-top: 1px solid var(--line); }
  thead th { color: var(--faint); font-weight: 600; vertical-align: bottom; white-space: normal; }
  th:first-child { text-align: left; position: sticky; left: 0; background: var(--paper); }
  tbody th { font-weight: 400; } tbody th small { color: var(--faint); display: block; }
  .none { color: var(--faint); }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1rem; max-width: 75ch; }
  dt { font-weight: 600; } dd { margin: 0; }
  @media (max-width: 600px) { dl { display: block; } dd { margin-bottom: .5rem; } }
  @media print { @page { size: A4 landscape; margin: 10mm; } .scroll { overflow: visible; }
    .charts { grid-template-columns: repeat(3, 1fr); } table { font-size: .75rem; }
    th, td { padding: .25rem .4rem; } tr { break-inside: avoid; } }
"""


def report_page(steps: Sequence[Row], own: Sequence[Row]) -> str:
    """Rows of the kit's checkpoints and of the learner's own files; either may be empty."""
    figures = list((steps or own)[0].values) if steps or own else []
    title = "From the mess to the functional core, in figures" if steps else "Your code, in figures"
    drawn = [_figure(figure, steps, own) for figure in figures]
    tables = [
        _table(name, about, figures, rows)
        for name, about, rows in (
            ("The kit's steps", "Each step as it stands at its end.", steps),
            ("Your workspace", "Each step as it stood when it was last green, and now.", own),
        )
        if rows
    ]
    body = [
        f"<h1>{title}</h1>",
        f"<p>{_opening(steps or own)}</p>",
        _key(bool(steps), bool(own)),
        f'<div class="charts">{"".join(drawn)}</div>',
        *tables,
        _meanings(figures),
        _notes([note for row in (*steps, *own) for note in row.notes]),
    ]
    return page(title, _STYLE + CHART_STYLE, "\n".join(part for part in body if part))


_SHOWN_FIRST = (Figure.LINES, Figure.PAGES, Figure.FUNCTIONS, Figure.SMELLS, Figure.PURITY)


def _opening(rows: Sequence[Row]) -> str:
    """What changed most, in words."""
    parts = []
    for figure in _SHOWN_FIRST:
        values = [row.values.get(figure) for row in rows]
        if len(values) > 1 and (values[0] or values[-1]):
            first, last = (shown(figure, value, "none") for value in (values[0], values[-1]))
            parts.append(f"{ABOUT[figure].title.lower()}: {first} → {last}")
    if not parts:
        return "A dash stands where there is nothing to measure."
    sentence = "; ".join(parts)
    return escape(f"{sentence[0].upper()}{sentence[1:]}.")


def _key(steps: bool, own: bool) -> str:
    signs = ["<span>the kit's steps</span>"] if steps else []
    signs += ['<span class="mine">your workspace</span>'] if own else []
    return f'<p class="key">{"".join(signs)}</p>'


def _figure(figure: Figure, steps: Sequence[Row], own: Sequence[Row]) -> str:
    drawing = chart(figure, steps, own)
    if not drawing:
        return ""
    values = [value for row in (steps or own) if (value := row.values.get(figure))]
    ends = " → ".join(dict.fromkeys(shown(figure, value) for value in (*values[:1], *values[-1:])))
    head = f"<strong>{escape(ABOUT[figure].title)}</strong><span>{escape(ends)}</span>"
    return f"<figure><figcaption>{head}</figcaption>{drawing}</figure>"


def _table(name: str, about: str, figures: Sequence[Figure], rows: Sequence[Row]) -> str:
    heads = "".join(f'<th scope="col">{escape(ABOUT[figure].title)}</th>' for figure in figures)
    lines = "\n".join(
        f'<tr><th scope="row">{escape(row.label)}<small>{escape(row.title)}</small></th>'
        f"{''.join(_cell(figure, row) for figure in figures)}</tr>"
        for row in rows
    )
    return (
        f'<h2>{name}</h2><p class="faint">{about} A dash: there is nothing to measure.</p>'
        f'<div class="scroll" role="region" aria-label="{name}" tabindex="0"><table>'
        f'<thead><tr><th scope="col">Step</th>{heads}</tr></thead>\n<tbody>{lines}</tbody>'
        "</table></div>"
    )


def _cell(figure: Figure, row: Row) -> str:
    measured = row.values.get(figure)
    if measured is None:
        return '<td class="none">–</td>'
    share = "" if measured.of is None else f' title="{measured.of[0]} of {measured.of[1]}"'
    return f"<td{share}>{escape(shown(figure, measured))}</td>"


def _meanings(figures: Sequence[Figure]) -> str:
    terms = "".join(
        f"<dt>{escape(ABOUT[figure].title)}</dt><dd>{escape(ABOUT[figure].meaning)}</dd>"
        for figure in figures
    )
    sampled = ""
    if Figure.STRENGTH in figures:
        sampled = (
            f"<p>Strength is a quick look at {SAMPLED} changes, so that the report takes minutes; "
            "<code>nbkata strength</code> plants them all.</p>"
        )
    return f"<h2>What is counted</h2><dl>{terms}</dl>{sampled}"


def _notes(notes: Sequence[str]) -> str:
    if not notes:
        return ""
    return f"<h2>Not measured</h2><ul>{''.join(f'<li>{escape(note)}</li>' for note in notes)}</ul>"
