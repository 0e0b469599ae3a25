"""A difference as a page: side by side, and under each other where the window is narrow."""

import difflib
from collections.abc import Sequence
from html import escape

from nbkata.common.core.page import page
from nbkata.diff.core.difference import Block, FileChange, Kind, Row, sums

_STYLE = """
  nav { margin: 1rem 0; } nav ul { list-style: none; margin: 0; padding: 0; columns: 28rem; }
  nav li, summary { font-variant-numeric: tabular-nums; }
  a { color: var(--blue); }
  .plus { color: var(--green); } .minus { color: var(--red); }
  details { border: 1px solid var(--line); border-radius: 6px; background: var(--paper);
    margin: 1rem 0; overflow: hidden; }
  summary { padding: .5rem .8rem; cursor: pointer; position: sticky; top: 0;
    background: var(--paper); }
  .block { border-top: 1px solid var(--line); }
  .block h3 { font-size: .85rem; font-weight: 600; color: var(--faint); margin: 0;
    padding: .35rem .8rem; }
  .lines { font-size: .82rem; line-height: 1.45; }
  .row { display: grid; grid-template-columns: 1fr 1fr; }
  .half { display: grid; grid-template-columns: 3.4rem 1rem 1fr; min-width: 0; }
  .half + .half { border-left: 1px solid var(--line); }
  .no { text-align: right; padding-right: .7rem; color: var(--faint); user-select: none; }
  .sign { user-select: none; }
  .text { white-space: pre-wrap; overflow-wrap: anywhere; min-width: 0; }
  .old { background: var(--gone); } .new { background: var(--new); }
  .old .sign { color: var(--red); } .new .sign { color: var(--green); }
  del, ins { text-decoration: none; border-radius: 2px; }
  del { background: color-mix(in srgb, var(--red) 26%, transparent); }
  ins { background: color-mix(in srgb, var(--green) 26%, transparent); }
  @media (max-width: 900px) {
    .row { grid-template-columns: 1fr; } .half + .half { border-left: 0; }
    .row.same .half + .half, .half.none { display: none; }
    .half { grid-template-columns: 2.6rem 1rem 1fr; }
  }
  @media print { summary { position: static; } details { overflow: visible; } }
"""


def difference_page(found: Sequence[FileChange], old: str, new: str) -> str:
    """The files, each with a link to it, then their lines; ``old`` and ``new`` name the sides."""
    title = f"{old} → {new}"
    intro = f"{sums(found)}." if found else "There is no difference."
    links = "".join(
        f'<li><a href="#file-{number}">{escape(change.name)}</a> {_counts(change)}</li>'
        for number, change in enumerate(found)
    )
    files = "\n".join(_file(change, number) for number, change in enumerate(found))
    body = (
        f"<h1>{escape(title)}</h1>\n<p>{intro}</p>\n"
        f'<p class="faint">Left, marked −: {escape(old)}. Right, marked +: {escape(new)}. '
        "Of notebooks the cells are compared, not what they show.</p>\n"
        f"<nav><ul>{links}</ul></nav>\n{files}"
    )
    return page(title, _STYLE, body)


def _counts(change: FileChange) -> str:
    kind = "" if change.kind is Kind.CHANGED else f"{change.kind.value} "
    note = f'<span class="faint">{escape(kind + change.note)}</span> '
    if not change.blocks:
        return note
    return (
        f'{note}<span class="plus">+{change.added}</span> '
        f'<span class="minus">−{change.removed}</span>'
    )


def _file(change: FileChange, number: int) -> str:
    blocks = "".join(map(_block, change.blocks))
    head = f"<strong>{escape(change.name)}</strong> {_counts(change)}"
    return f'<details open id="file-{number}"><summary>{head}</summary>{blocks}</details>'


def _block(block: Block) -> str:
    title = f"<h3>{escape(block.title)}</h3>" if block.title else ""
    rows = "\n".join(map(_row, block.rows))
    return f'<div class="block">{title}<div class="lines">{rows}</div></div>'


def _row(row: Row) -> str:
    if row.is_context:
        text = escape(row.old or "")
        halves = _half(row.old_line, text, "", " ") + _half(row.new_line, text, "", " ")
        return f'<div class="row same">{halves}</div>'
    old, new = _marked(row.old, row.new)
    return (
        f'<div class="row">{_half(row.old_line, old, "old", "−")}'
        f'{_half(row.new_line, new, "new", "+")}</div>'
    )


def _half(number: int | None, text: str | None, kind: str, sign: str) -> str:
    if text is None:
        return '<div class="half none"></div>'
    shown = "" if number is None else number
    return (
        f'<div class="half {kind}"><span class="no">{shown}</span>'
        f'<span class="sign">{sign}</span><span class="text">{text}</span></div>'
    )


_ALIKE = 0.5
"""The likeness of two lines from which on their words are compared."""


def _marked(old: str | None, new: str | None) -> tuple[str | None, str | None]:
    """Both lines escaped; where they are alike, what differs in them is marked."""
    if old is None or new is None:
        return (None if old is None else escape(old)), (None if new is None else escape(new))
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if max(len(old), len(new)) > 300 or matcher.ratio() < _ALIKE:
        return escape(old), escape(new)
    left, right = "", ""
    for what, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        before, after = escape(old[old_from:old_to]), escape(new[new_from:new_to])
        left += before if what == "equal" or not before else f"<del>{before}</del>"
        right += after if what == "equal" or not after else f"<ins>{after}</ins>"
    return left, right
