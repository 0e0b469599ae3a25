"""Step 01: nothing is shown any more, but the answer; and nobody's name."""

import csv
import html
import re
from textwrap import shorten

import pytest

from nbkata.smells.core.find import smells_in_notebook
from nbkata.smells.core.symbols import NOISE, Smell

WORDS = {
    Smell.PRINT_NOISE: "prints",
    Smell.DISPLAY_NOISE: "looks at",
    Smell.PLOT_NOISE: "plots",
}


@pytest.fixture
def noise(fresh_run, kata):
    answer = re.compile(rf"(display\()?({'|'.join(kata.shown)})\b")
    return [
        finding
        for finding in smells_in_notebook(fresh_run, kata.notebook, NOISE).findings
        if finding.symbol in WORDS
        and not (finding.symbol is Smell.DISPLAY_NOISE and answer.match(finding.source.strip()))
    ]


def test_no_print_display_or_plot_is_left(noise):
    places = [
        f"Cell {finding.cell}, line {finding.line} still {WORDS[finding.symbol]} something: "
        f"{finding.source.strip()}"
        for finding in noise[:3]
    ]
    more = f"\nAnd {len(noise) - 3} more places like these." if len(noise) > 3 else ""
    assert not noise, "\n".join(places) + more


SWITCHED_OFF = re.compile(
    r"\s*#\s*((print|display)\(|(plt|sns)\.|[\w.\[\]'\"]+\.(head|tail|sample|info|describe)\()"
)


def lines_like(pattern, notebook, what):
    """Where a line begins so, and what to say of it."""
    for cell in notebook.code_cells:
        for number, line in enumerate(cell.source.splitlines(), start=1):
            if pattern.match(line):
                yield f"Cell {cell.index}, line {number} {what}: {shorten(line, 60, placeholder=' …')}"


def test_nothing_that_shows_is_only_switched_off(notebook):
    places = list(lines_like(SWITCHED_OFF, notebook, "is switched off, not gone"))
    more = f"\nAnd {len(places) - 3} more like these." if len(places) > 3 else ""
    assert not places, (
        "\n".join(places[:3]) + more + "\nDelete it: git and the kit keep the old one."
    )


def test_no_cell_is_left_without_code(notebook, notebook_before):
    before, now = without_code(notebook_before), without_code(notebook)
    new = [cell for cell in now if not cell.source.strip() or cell.source not in before.values()]
    places = [
        f"Cell {cell.index}, below {last_line(notebook.cells[max(cell.index - 1, 0)])}"
        for cell in new[:5]
    ]
    assert len(now) <= len(before), (
        f"{len(now)} cells are without code now, and {len(before)} were before. If a cell only shows "
        "something, delete the cell, not only its lines. Look at:\n" + "\n".join(places)
    )


def last_line(cell):
    """By which people find a cell: its number is shown by no editor."""
    return cell.source.strip().rpartition("\n")[2][:50] or "an empty cell"


def without_code(notebook):
    """By cell, the source of those with comments or nothing in them; the last may be one to write in.

    Or that is named as empty: step 02 asks for that.
    """
    cells = list(notebook.code_cells)
    while cells and not re.sub(r"#\s*\[code smell\].*", "", cells[-1].source).strip():
        cells.pop()
    return {
        cell: cell.source
        for cell in cells
        if not re.search(r"^\s*[^#\s]", cell.source, re.MULTILINE)
    }


SETS_UP_PLOTS = re.compile(r"\s*((import|from) (matplotlib|seaborn)\b|%matplotlib|(plt|sns|matplotlib)\.)")


def test_no_set_up_of_plots_is_left_without_a_plot(notebook, noise):
    if any(finding.symbol is Smell.PLOT_NOISE for finding in noise):
        pytest.skip("there are plots yet")
    left = list(lines_like(SETS_UP_PLOTS, notebook, "still sets up plots"))
    more = f"\nAnd {len(left) - 3} more lines like these." if len(left) > 3 else ""
    assert not left, "\n".join(left[:3]) + more


def test_nobodys_name_is_on_the_screen(notebook, fresh_run, workspace):
    with (workspace / "data" / "titanic.csv").open(encoding="utf-8", newline="") as file:
        names = [row["Name"] for row in csv.DictReader(file)]
    for text, what in ((shown(fresh_run), "shows"), (shown(notebook), "was saved with")):
        for cell, message in text.items():
            found = next((name for name in names if name[:20] in message), None)
            assert found is None, (
                f"Cell {cell} ({last_line(notebook.cells[cell])}) {what} a passenger's name ({found}). Outputs go into version control "
                "with the code: take out what shows it, restart, run all, save."
            )


def shown(notebook):
    """The text of each cell's outputs."""
    return {
        cell.index: "\n".join(f"{out.text}\n{html.unescape(out.html)}" for out in cell.outputs)
        for cell in notebook.code_cells
    }
