"""The report as pages: the way with its figures, and for each step its guide, lights, figures and diff."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.pages import markdown, render
from nbkata.diff.core.coloured import hunks
from nbkata.diff.core.difference import FileChange, sums, with_conversion
from nbkata.diff.shell.sides import differences, start_and_end
from nbkata.kata.core.figures import ABOUT, SAMPLED, Figure, Row, shown
from nbkata.kata.core.kata import Step
from nbkata.kata.core.lights import Light
from nbkata.kata.shell.guides import read_guide, with_keys
from nbkata.kata.shell.kit import Kit
from nbkata.report.core.chart import chart, way
from nbkata.workspace.shell.outputs import write_page

_SHOWN_FIRST = (Figure.LINES, Figure.PAGES, Figure.FUNCTIONS, Figure.SMELLS, Figure.PURITY)


class Place(NamedTuple):
    """A step on the way, as the learner has it."""

    step: Step
    behaviour: Light | None = None
    shape: Light | None = None
    is_here: bool = False


def report_page(
    steps: Sequence[Row],
    own: Sequence[Row],
    reasons: Mapping[Figure, Mapping[str, str]] | None = None,
    places: Sequence[Place] = (),
    folder: str = "",
) -> str:
    """Rows of the kit's checkpoints and of the learner's own files; either may be empty.

    ``folder`` is where the pages of the steps are; empty: there are none.
    """
    figures = list((steps or own)[0].values) if steps or own else []
    charts = [chart(figure, steps, own, reasons or {}) for figure in figures]
    ends = [(ABOUT[figure].title, way(figure, steps or own)) for figure in _SHOWN_FIRST]
    tables = (
        ("The kit's steps", "Each step as it is at its end.", steps),
        ("Your workspace", "Each step as it was when it was last green, and now.", own),
    )
    return render(
        "report/report.html",
        steps=steps,
        own=own,
        figures=[(figure, ABOUT[figure]) for figure in figures],
        charts=[one for one in charts if one],
        ends=[(title, text) for title, text in ends if text],
        tables=[table for table in tables if table[2]],
        notes=[note for row in (*steps, *own) for note in row.notes],
        sampled=SAMPLED if Figure.STRENGTH in figures else 0,
        places=places,
        linked={place.step.slug for place in places} if folder else (),
        folder=folder,
        shown=shown,
    )


def write_pages(
    kit: Kit, path: Path, page: str, places: Sequence[Place], rows: Mapping[str, Row]
) -> Path | Refusal:
    """Write the page, and one for each step into the folder beside it."""
    written = write_page(path, page)
    if isinstance(written, Refusal):
        return written
    folder = path.with_name(steps_folder(path))
    for number, place in enumerate(places):
        around = [
            places[at].step if 0 <= at < len(places) else None for at in (number - 1, number + 1)
        ]
        text = _step_page(kit, place, around, rows, f"../{path.name}")
        if isinstance(text, Refusal):
            return text
        done = write_page(folder / f"{place.step.slug}.html", text)
        if isinstance(done, Refusal):
            return done
    return written


def steps_folder(path: Path) -> str:
    """The name of the folder for the pages of the steps."""
    return f"{path.stem}-steps"


def _step_page(
    kit: Kit, place: Place, around: Sequence[Step | None], rows: Mapping[str, Row], index: str
) -> str | Refusal:
    step = place.step
    guide = read_guide(kit, step)
    if isinstance(guide, Refusal):
        return guide
    found = differences(*start_and_end(kit, step))
    if isinstance(found, Refusal):
        return found
    changes: Sequence[FileChange] = with_conversion(found)
    before = kit.kata.before(step)
    return render(
        "report/step.html",
        place=place,
        previous=around[0],
        following=around[1],
        index=index,
        guide=markdown(with_keys(guide.partition("\n")[2], kit, None)),
        figures=_figures(rows.get(before.slug) if before else None, rows.get(step.slug)),
        reasons=[
            (ABOUT[Figure(name)].title, texts[step.slug])
            for name, texts in kit.kata.worse.items()
            if step.slug in texts
        ],
        changes=[(change, list(hunks(change))) for change in changes],
        sums=sums(changes),
    )


def _figures(before: Row | None, after: Row | None) -> list[tuple[str, str, str]]:
    if after is None:
        return []
    return [
        (
            ABOUT[figure].title,
            shown(figure, before.values.get(figure) if before else None),
            shown(figure, value),
        )
        for figure, value in after.values.items()
    ]
