"""What is on the slides of a step: chosen from its guide and its diff, so that they never go stale."""

import re
from collections.abc import Sequence

from nbkata.diff.core.coloured import Hunk, Run

# Of code on a slide: the last row of the room reads no more.
MOST_ROWS = 16
# Signs on a slide.
LONGEST_WHY = 420


def why_of(guide: str) -> tuple[str, ...]:
    """The first paragraphs of the guide's "Why it matters", as many as fit; lists are left out."""
    section = re.search(r"^## Why[^\n]*\n(.*?)(?=^## |\Z)", guide, re.MULTILINE | re.DOTALL)
    found: list[str] = []
    for paragraph in re.split(r"\n\s*\n", section[1].strip()) if section else ():
        text = " ".join(paragraph.split())
        if text.startswith(("-", "|", "```", "1.", ">")):
            continue
        if found and len("".join(found)) + len(text) > LONGEST_WHY:
            break
        found.append(text)
    return tuple(found)


def best_hunk(hunks: Sequence[Hunk]) -> Hunk | None:
    """The one to show: of those with old and new lines, the one that changes most and fits.

    If none fits, the largest, cut after `MOST_ROWS` rows.
    """
    changed = [hunk for hunk in hunks if _count(hunk, changes_only=True)]
    if not changed:
        return None
    best = max(
        changed, key=lambda hunk: (_turns(hunk), min(_count(hunk, changes_only=True), MOST_ROWS))
    )
    return Hunk(best.title, tuple(_cut(best.runs)))


def _turns(hunk: Hunk) -> bool:
    return any(run.old and run.new for run in hunk.runs if not run.is_context)


def _count(hunk: Hunk, changes_only: bool) -> int:
    return sum(
        max(len(run.old), len(run.new))
        for run in hunk.runs
        if not (changes_only and run.is_context)
    )


def _cut(runs: Sequence[Run]) -> list[Run]:
    left = MOST_ROWS
    kept = []
    for number, run in enumerate(runs):
        if run.is_context and number == 0:  # what leads to the change: its last line is enough
            run = Run(True, run.old[-1:], run.new[-1:])
        if left <= 0:
            break
        run = Run(run.is_context, run.old[:left], run.new[:left])
        left -= max(len(run.old), len(run.new))
        kept.append(run)
    return kept
