"""The slides as a page: their text from the guides, their code from the checkpoints."""

from collections.abc import Mapping, Sequence

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.pages import markdown, render
from nbkata.diff.core.coloured import hunks
from nbkata.diff.core.difference import FileChange
from nbkata.diff.shell.sides import differences, start_and_end
from nbkata.facilitate.core.slides import best_hunk, why_of
from nbkata.facilitate.core.teaching import Teaching, first_sentence
from nbkata.kata.core.kata import Step
from nbkata.kata.shell.guides import read_guide, with_keys
from nbkata.kata.shell.kit import Kit


def slides_page(kit: Kit, steps: Sequence[Step], taught: Mapping[str, Teaching]) -> str | Refusal:
    """The slides of some steps. Refuses a guide or a checkpoint that cannot be read."""
    shown = []
    for step in steps:
        guide = read_guide(kit, step)
        if isinstance(guide, Refusal):
            return guide
        found = differences(*start_and_end(kit, step))
        if isinstance(found, Refusal):
            return found
        why = [markdown(text, is_inline=True) for text in why_of(with_keys(guide, kit, None))]
        change = _most_telling(found)
        hunk = best_hunk(list(hunks(change))) if change else None
        shown.append((step, taught[step.slug], why, change, hunk))
    return render(
        "facilitate/slides.html", kata=kit.kata, steps=shown, first_sentence=first_sentence
    )


def _most_telling(found: Sequence[FileChange]) -> FileChange | None:
    """The code that the step is about: what is in ``src/`` first, then the notebook, then tests."""

    def order(change: FileChange) -> tuple[int, int]:
        kinds = (
            change.name.startswith("src/"),
            change.name.endswith(".ipynb"),
            change.name.startswith("tests/"),
        )
        return kinds.index(True) if True in kinds else len(kinds), -change.added - change.removed

    code = [one for one in found if one.blocks and not one.is_data]
    return min(code, key=order, default=None)
