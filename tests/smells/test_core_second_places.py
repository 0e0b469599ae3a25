"""Smells of two places, which a person may name at either."""

import pytest

from nbkata.notebook.core.notebook import Cell, CellKind, Notebook
from nbkata.smells.core.annotate import compare_annotations
from nbkata.smells.core.find import smells_in
from nbkata.smells.core.source import source_of_notebook

READ = "import pandas as pd\nrides = pd.read_csv(source)"
SPLIT = "train, test = train_test_split(rides)"


def _named_wrongly(*cells: str) -> int:
    made = (Cell(number, CellKind.CODE, text) for number, text in enumerate(cells))
    source = source_of_notebook(Notebook(tuple(made)), "a.ipynb")
    compared = compare_annotations(source, smells_in(source).findings)
    return len(compared.false_alarms)


@pytest.mark.parametrize(
    "cells",
    [
        ("# [code smell] overloaded-name: a model\nm = SVC()\nm.fit(X, y)", "m = Perceptron()\nm.fit(X, y)"),
        ("rides['a'] = 1", "# [code smell] dead-code: unread\nrides = rides.drop(columns=['a'])"),
        ("# [code smell] data-leakage: all\nmean = rides.fare.mean()", "rides['b'] = rides.fare.fillna(mean)", SPLIT),
        ("# [code smell] mutated-shared-frame: it is\nrides = rides.copy()", "rides['c'] = rides['a'] + 1"),
    ],
)  # fmt: skip
def test_a_smell_of_two_places_may_be_named_at_the_other_one(cells: tuple[str, ...]):
    assert not _named_wrongly(READ, *cells)


@pytest.mark.parametrize(
    "cells",
    [
        ("# [code smell] overloaded-name: is it\nother = 1", "m = SVC()\nm.fit(X, y)", "m = Tree()\nm.fit(X, y)"),
        ("# [code smell] data-leakage: all\ntotal = len(rides)", "rides['b'] = rides.b.fillna(rides.b.mean())", SPLIT),
        ("# [code smell] row-iteration: slow\nfare = 1", "for i, row in rides.iterrows():\n    print(row, fare)"),
    ],
)  # fmt: skip
def test_where_neither_of_the_two_places_is_the_smell_is_not_there(cells: tuple[str, ...]):
    assert _named_wrongly(READ, *cells) == 1


def test_a_text_that_cannot_be_read_has_no_other_places():
    assert _named_wrongly("# [code smell] overloaded-name: it\nm = (") == 1
