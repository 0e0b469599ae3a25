"""Step 01: nothing is shown any more, but the answer; and nobody's name."""

import csv
import html
import re

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
    answer = re.compile(rf"({'|'.join(kata.shown)})\b")
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


SETS_UP_PLOTS = re.compile(r"\s*((import|from) (matplotlib|seaborn)\b|%matplotlib|(plt|sns|matplotlib)\.)")


def test_no_set_up_of_plots_is_left_without_a_plot(notebook, noise):
    if any(finding.symbol is Smell.PLOT_NOISE for finding in noise):
        pytest.skip("there are plots yet")
    left = [
        f"Cell {cell.index}, line {number} still sets up plots: {line.strip()}"
        for cell in notebook.code_cells
        for number, line in enumerate(cell.source.splitlines(), start=1)
        if SETS_UP_PLOTS.match(line)
    ]
    more = f"\nAnd {len(left) - 3} more lines like these." if len(left) > 3 else ""
    assert not left, "\n".join(left[:3]) + more


def test_nobodys_name_is_on_the_screen(notebook, fresh_run, workspace):
    with (workspace / "data" / "titanic.csv").open(encoding="utf-8", newline="") as file:
        names = [row["Name"] for row in csv.DictReader(file)]
    for text, what in ((shown(fresh_run), "shows"), (shown(notebook), "was saved with")):
        for cell, message in text.items():
            found = next((name for name in names if name[:20] in message), None)
            assert found is None, (
                f"Cell {cell} {what} a passenger's name ({found}). Outputs go into version control "
                "with the code: take the cell out, restart, run all, save."
            )


def shown(notebook):
    """The text of each cell's outputs."""
    return {
        cell.index: "\n".join(f"{out.text}\n{html.unescape(out.html)}" for out in cell.outputs)
        for cell in notebook.code_cells
    }
