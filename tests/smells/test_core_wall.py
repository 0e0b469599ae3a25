"""The wall: every note in its zone, none over another, and the formula as the page tells it."""

from itertools import combinations

import pytest

from nbkata.smells.core.finding import Finding, Smells
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.wall import HIGH_EFFORT, HIGH_VALUE, Zone, notes_of, zone_of
from nbkata.smells.core.wall_layout import hang
from nbkata.smells.shell.debt_wall import as_html, as_svg
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
    wall = hang(notes_of([smells(**{name: 1 + 3 * n for n, name in enumerate(names)})], DOCS))
    placed = wall.placed
    assert len(placed) == count
    for (_, one), (_, other) in combinations(placed, 2):
        assert not one.overlaps(other, gap=0)
    for note, box in placed:
        zone = wall.zones[note.zone]
        assert zone.x <= box.x and box.x + box.width <= zone.x + zone.width
        assert zone.y <= box.y and box.y + box.height <= zone.y + zone.height


def test_value_and_effort_are_what_the_formula_on_the_page_says() -> None:
    (note,) = notes_of([smells(not_scaled=4)], DOCS)
    doc = DOCS[Smell.NOT_SCALED]
    assert note.used_later == pytest.approx(0.5 / 4)  # one cell of four, read by half of the cells
    assert note.value == pytest.approx(doc.harm * (1 + 3 * 0.125) * 2)
    assert note.effort == pytest.approx(doc.minutes * 4**0.75)


@pytest.mark.parametrize(
    ("value", "effort", "zone"),
    [
        (HIGH_VALUE, HIGH_EFFORT, "low-hanging fruit"),
        (HIGH_VALUE, HIGH_EFFORT + 1, "worthy investments"),
        (HIGH_VALUE - 0.1, HIGH_EFFORT, "quick wins"),
        (HIGH_VALUE - 0.1, HIGH_EFFORT + 1, "no-go"),
    ],
)
def test_the_zones_are_those_of_the_book(value: float, effort: float, zone: str) -> None:
    found = zone_of(value, effort)
    assert found == zone
    places = hang([]).zones
    assert (places[found].y == min(box.y for box in places.values())) is (value >= HIGH_VALUE)
    assert (places[found].x == min(box.x for box in places.values())) is (effort <= HIGH_EFFORT)


def test_a_note_hangs_in_the_same_zone_whatever_hangs_beside_it() -> None:
    one = notes_of([smells(magic_number=4)], DOCS)
    many = notes_of(
        [smells(magic_number=4, data_leakage=9, no_functions=1, vague_name=30, print_noise=50)],
        DOCS,
    )
    assert one[0] in many


def test_extracting_functions_is_worth_an_investment() -> None:
    (note,) = notes_of([smells(no_functions=1)], DOCS)
    assert note.zone is Zone.INVESTMENT


def test_a_secret_and_a_score_that_is_untrue_come_first() -> None:
    found = smells(display_noise=60, secret_in_code=1, data_leakage=20, blanket_warning_filter=1)
    notes = notes_of([found], DOCS)
    assert {note.smell for note in notes[:2]} == {Smell.SECRET_IN_CODE, Smell.DATA_LEAKAGE}
    assert all(note.comes_first for note in notes[:2]) and not notes[2].comes_first
    assert notes[0].zone is Zone.LOW_HANGING and notes[1].zone is Zone.INVESTMENT
    assert as_html(notes, "Debt").count("first of all") == 4  # in the picture and in the table


def test_a_wall_without_debt_is_an_empty_wall() -> None:
    assert "0 places" in as_svg([], "Nothing") and "</html>" in as_html([], "Nothing")
