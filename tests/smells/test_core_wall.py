"""The wall: every note in its zone, none over another, and the formula as the page tells it."""

from itertools import combinations

import pytest

from nbkata.smells.core.finding import Finding, Smells
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.wall import Zone, notes_of
from nbkata.smells.core.wall_layout import hang, zone_box
from nbkata.smells.core.wall_page import as_html, as_svg
from nbkata.smells.shell.catalogue import read_catalogue

DOCS = read_catalogue()


def smells(**places: int) -> Smells:
    found = [
        Finding("a.ipynb", cell, 1, 1, Smell(name.replace("_", "-")), "…")
        for name, count in places.items()
        for cell in range(count)
    ]
    return Smells("a.ipynb", tuple(found), reach=((0, 5), (1, 0)), code_cells=10)


@pytest.mark.parametrize("count", [1, 2, 7, 20, len(Smell)])
def test_no_note_hangs_over_another_or_outside_its_zone(count: int) -> None:
    names = [smell.value.replace("-", "_") for smell in Smell][:count]
    placed = hang(notes_of([smells(**{name: 1 + 3 * n for n, name in enumerate(names)})], DOCS))
    assert len(placed) == count
    for (_, one), (_, other) in combinations(placed, 2):
        assert not one.overlaps(other, gap=0)
    for note, box in placed:
        zone = zone_box(note.zone)
        assert zone.x <= box.x and box.x + box.width <= zone.x + zone.width
        assert zone.y <= box.y and box.y + box.height <= zone.y + zone.height


def test_value_and_effort_are_what_the_formula_on_the_page_says() -> None:
    (note,) = notes_of([smells(not_scaled=4)], DOCS)
    doc = DOCS[Smell.NOT_SCALED]
    assert note.used_later == pytest.approx(0.5 / 4)  # one cell of four, read by half of the cells
    assert note.value == pytest.approx(doc.harm * (1 + 3 * 0.125) * 2)
    assert note.effort == pytest.approx(doc.minutes * 4**0.75)


def test_much_harm_for_little_work_is_a_quick_win_and_the_contrary_a_no_go() -> None:
    notes = notes_of([smells(personal_data_shown=9, no_functions=1, nan_equality=2)], DOCS)
    zones = {note.smell: note.zone for note in notes}
    assert zones[Smell.PERSONAL_DATA_SHOWN] is Zone.QUICK_WIN
    assert zones[Smell.NO_FUNCTIONS] is Zone.NO_GO


def test_a_wall_without_debt_is_an_empty_wall() -> None:
    assert "0 places" in as_svg([], "Nothing") and "</html>" in as_html([], "Nothing")
