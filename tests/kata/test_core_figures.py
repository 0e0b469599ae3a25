"""kata/core/code_size.py, figures.py and the report's page: what is counted, and how it is shown."""

import re

import pytest

from nbkata.kata.core.code_size import CodeSize, code_size
from nbkata.kata.core.figures import (
    Figure,
    Measured,
    Row,
    as_document,
    figures_named,
    measured_from_json,
    shown,
)
from nbkata.report.core.chart import chart, way, worse_steps
from nbkata.report.shell.pages import report_page

SCRIPT = '''"""Trains."""

import sys

LIMIT = 8  # deep


def fit(rows):
    """Fits."""
    # slowly
    for row in rows:
        if row > LIMIT:
            return row
    return sum(
        rows
    )


class Model:
    def score(self):
        return 1


if __name__ == "__main__":
    fit(sys.argv)
'''


def test_lines_hold_code_and_neither_comments_nor_docstrings_nor_nothing():
    assert code_size([SCRIPT]) == CodeSize(lines=14, functions=2, ways=(3, 1))


def test_code_outside_of_functions_counts_as_one_function():
    cells = "import re\nfor name in names:\n    if name:\n        print(name)\n"
    assert code_size([cells]).ways == (3,)
    assert code_size([cells, cells]).ways == (3, 3)


def test_the_main_guard_imports_and_constants_are_no_function():
    assert (
        code_size(["import re\nLIMIT = 3\nif __name__ == '__main__':\n    print(1)\n"]).ways == ()
    )


def test_code_that_is_not_python_raises():
    with pytest.raises(SyntaxError):
        code_size(["def fit(:"])


def test_a_figure_that_does_not_exist_is_a_dash_and_null_and_never_0():
    row = Row("00-run", "Run it", {Figure.COVERAGE: None, Figure.SMELLS: Measured(0)})
    assert shown(Figure.COVERAGE, None) == "–"
    assert as_document([row], [])["steps"] == [{"step": "00-run", "coverage": None, "smells": 0}]


def test_figures_are_named_one_by_one_or_by_kind():
    assert figures_named(["smells,lines"]) == (Figure.LINES, Figure.SMELLS)
    assert figures_named(["complexity"]) == (Figure.WAYS_MOST, Figure.WAYS_MEAN)
    assert figures_named([]) == tuple(Figure)
    assert figures_named(["lines", "beauty"]) == "beauty"


def test_what_the_cache_keeps_comes_back():
    share = Measured(90.0, (9, 10))
    assert measured_from_json(share.as_json()) == share
    assert measured_from_json(None) is None


def rows(*values: float | None) -> list[Row]:
    measured = [None if value is None else Measured(value) for value in values]
    return [
        Row(f"{number:02}-step", "A step", {Figure.PURITY: value})
        for number, value in enumerate(measured)
    ]


def test_the_page_says_in_words_what_it_draws():
    page = report_page(rows(None, 50, 80), [Row("now", "as it is", {Figure.PURITY: Measured(60)})])
    assert "the kit&#39;s steps: 50\u00a0% → 80\u00a0%, from 01 on; yours: 60\u00a0%." in page
    assert page.count('class="bar"') == 2 and page.count('class="mark"') == 1
    assert '<td class="faint">–</td>' in page


def test_headline_and_chart_say_the_same_of_a_figure_that_ends_on_the_way():
    steps = rows(41, 7, None)
    assert way(Figure.PURITY, steps) == "41\u00a0% → 7\u00a0%, none after 01"
    assert (
        report_page(steps, []).count("41\u00a0% → 7\u00a0%, none after 01") == 3
    )  # and for a screen reader


def test_a_figure_that_gets_worse_is_marked_with_its_reason_and_one_that_looks_the_same_is_not():
    steps = rows(50, 40, 39.9, 60)
    assert worse_steps(Figure.PURITY, steps) == ["01-step"]
    reasons = {Figure.PURITY: {"01-step": "A shell is new.", "03-step": "Never said."}}
    found = chart(Figure.PURITY, steps, [], reasons)
    assert found and found.reasons == (("01", "A shell is new."),)
    assert [column.number for column in found.columns if column.is_worse] == ["01"]
    assert "A shell is new." in report_page(steps, [], reasons)


def test_the_page_fetches_nothing_and_knows_light_and_dark():
    page = report_page(rows(0, 100), [])
    assert "://" not in page and "<script" not in page
    assert "color-scheme: light dark" in page
    assert len(set(re.findall(r' id="([\w-]+)"', page))) == len(re.findall(r' id="', page))


def test_a_report_on_nothing_but_the_own_workspace_has_its_charts():
    page = report_page([], rows(10, 20))
    assert "<h1>Your code, in figures</h1>" in page
    assert "<span>10\u00a0% → 20\u00a0%</span>" in page
    assert 'class="chart"' in page and "The kit&#39;s steps" not in page


def test_a_number_is_written_above_a_mark_that_would_cross_it():
    found = chart(Figure.PURITY, rows(50, 50, 50), rows(60, 90, 40), {})
    assert found and [one.theirs and one.theirs.text_at for one in found.columns] == [60, 50, 50]
