"""What `nbkata smells` prints: the kinds, worst first, and the places."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from nbkata.smells.core import report
from nbkata.smells.core.finding import Smells
from nbkata.smells.core.wall import Note, notes_of
from nbkata.smells.shell.catalogue import read_catalogue
from nbkata.terminal import screen
from nbkata.terminal.visible import visible

# Findings that are shown place by place, whether that is asked for or not.
FEW = 10
# How much a kind of smell hurts, in words that fit a column.
HARMS = {1: "costs time", 2: "hard to change", 3: "wrong results"}
# Numbers of places that a line has room for.
_SHOWN = 3
# Columns from which there is room for the harm, and for the places.
_WITH_HARM, _WIDE = 60, 75


def show(results: Sequence[Smells], every_place: bool) -> None:
    """The kinds, worst first; the places if they are asked for or few; how much there is in all."""
    notes = sorted(
        notes_of(results, read_catalogue()),
        key=lambda note: (not note.comes_first, -note.harm, -note.value),
    )
    count = sum(note.places for note in notes)
    if len(notes) > 1:
        screen.out.print(_summary(notes))
    if every_place or count <= FEW:
        _show_places(results)
    show_notes(results)
    for result in results:
        for unread in result.unread:
            screen.err.print(Text(f"{unread}"), soft_wrap=True)
    screen.out.print(Text(report.summary(results)))
    if not count:
        return
    is_short = count > FEW and not every_place
    more = f"Each place: add -v, or a kind such as {notes[0].smell.value}. " if is_short else ""
    hint = f"{more}What a kind is: --explain KIND. Where to begin: --wall wall.html"
    screen.out.print(Text(hint, "dim"))


def _summary(notes: Sequence[Note]) -> RenderableType:
    """A line a kind: what harm it does, what its fix takes, and where; as much as there is room for."""
    is_wide, has_harm = screen.out.width >= _WIDE, screen.out.width >= _WITH_HARM
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, min_width=max(len(note.smell) for note in notes))
    table.add_column(justify="right", no_wrap=True, min_width=len("places"))
    if has_harm:
        table.add_column(no_wrap=True, min_width=max(map(len, HARMS.values())))
    table.add_column(no_wrap=True, min_width=len("90 min"))
    if is_wide:
        table.add_column(no_wrap=True, overflow="ellipsis")
    heads = [
        "smell",
        "places",
        *(["harm"] if has_harm else []),
        "fix",
        *(["where"] if is_wide else []),
    ]
    table.add_row(*(Text(head, "dim") for head in heads))
    for note in notes:
        style = "bold yellow" if note.harm == max(HARMS) else "yellow"
        harm = Text("first of all" if note.comes_first else HARMS[note.harm])
        where = Text(visible(_first_places(note.where)), "dim")
        table.add_row(
            Text(note.smell.value, style),
            Text(str(note.places)),
            *([harm] if has_harm else []),
            Text(_hours(note.effort)),
            *([where] if is_wide else []),
        )
    return Padding(table, (0, 0, 1, 0))


def _first_places(where: str) -> str:
    """As many as fit beside the rest, each whole: ``cells 65, 70, 72 …``."""
    first = where.removesuffix(" …").split(", ")
    return where if len(first) <= _SHOWN else f"{', '.join(first[:_SHOWN])} …"


def _hours(minutes: float) -> str:
    """Roughly, as an estimate is: ``5 min``, ``2 h``."""
    return f"{max(1, round(minutes))} min" if minutes < 90 else f"{minutes / 60:.0f} h"


def _show_places(results: Sequence[Smells]) -> None:
    for result in results:
        if result.findings:
            screen.out.print(Text(result.path, "bold"))
        for place, group in report.by_place(result.findings):
            where = (
                f"line {place.line}"
                if place.cell is None
                else f"cell {place.cell}, line {place.line}"
            )
            screen.out.print(Padding(Text(where, "cyan"), (0, 0, 0, 2)))
            if place.source.strip():
                screen.out.print(Text(f"    | {place.source.rstrip()}", "dim"), soft_wrap=True)
            for finding in group:
                line = Text.assemble((finding.symbol.value, "yellow"), ": ", finding.message)
                screen.out.print(Padding(line, (0, 0, 0, 4)))


def show_notes(results: Sequence[Smells]) -> None:
    """What was left out, and why; on stderr."""
    for result in results:
        for note in result.notes:
            screen.err.print(Text(note), soft_wrap=True)
