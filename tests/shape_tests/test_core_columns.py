"""One column of a function's result as it was, in code of whatever shape."""

import ast
from textwrap import dedent

import pandas as pd
import pytest

from nbkata.shape_tests.core.columns import column_undone

FORMER = """
    def features(rows, top=9):
        mean = rows["Fare"].mean()
        return rows.assign(Age=rows["Age"] // 10, Dear=rows["Fare"] > mean)
    """
NEW = """
    def features(rows, top=9):
        filled = fill(rows)
        fares = cap(filled["Fare"], top)
        return filled.assign(Age=band(filled["Age"]), Dear=fares > 0)
    """


def undone(new, column, leaving=()):
    """The column of such functions, undone."""
    (former,), (now,) = (ast.parse(dedent(text)).body for text in (FORMER, new))
    return column_undone(former, now, column, leaving)


def test_one_column_is_as_it_was_and_the_others_as_they_are_now():
    names = {"fill": lambda rows: rows, "cap": pd.Series.clip, "band": lambda ages: ages * 0}
    exec(undone(NEW, "Age").text, names)  # pylint: disable=exec-used

    made = names["features"](pd.DataFrame({"Age": [34.0], "Fare": [8.0]}), top=5)

    assert made.to_dict("list") == {"Age": [3.0], "Fare": [8.0], "Dear": [True]}


@pytest.mark.parametrize(
    ("column", "names"),
    [("Age", {"fill", "band", "filled"}), ("Dear", {"fill", "cap", "fares", "filled", "top"})],
)
def test_its_names_are_those_that_the_column_is_made_of(column, names):
    assert undone(NEW, column).names == names
    assert undone(NEW, column, leaving=["fill"]).names == names - {"fill"}


def test_a_column_set_in_a_table_is_made_of_what_it_is_set_to():
    new = """
        def features(rows):
            rows["Dear"] = compare(rows)
            rows["Age"] = band(rows)
            return rows
        """

    assert undone(new, "Age").names == {"band"}
    assert undone(new, "Sex").names == {"band", "compare"}
