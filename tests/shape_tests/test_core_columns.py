"""One column of a function's result as it was, in code of whatever shape."""

import ast
from functools import cached_property
from textwrap import dedent

import pandas as pd
import pytest

from nbkata.shape_tests.core.columns import ALL, GAPS, OTHERS, column_undone

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


def test_of_a_class_too_one_column_is_as_it_was_with_all_that_it_had_learnt():
    former, new = (
        """
        class Ages:
            def fit(self, rows):
                self.fill_ = self._shown(rows)["Age"].mean()
                return self

            def transform(self, rows):
                ages = self._shown(rows)["Age"].fillna(self.fill_)
                return rows.assign(Age=ages, Dear=rows["Fare"] > 9)

            def _shown(self, rows):
                return rows // 10
        """,
        """
        class Ages:
            def fit(self, rows):
                self.fill_ = rows["Age"].mean()
                return self

            def fit_transform(self, rows):
                return self.fit(rows).transform(rows)

            def transform(self, rows):
                return rows.assign(Age=rows["Age"].fillna(self.fill_) // 10, Dear=rows["Fare"] > 5)
        """,
    )
    (before,), (now,) = (ast.parse(dedent(text)).body for text in (former, new))
    names = {"__name__": "features"}
    exec(column_undone(before, now, "Age").text, names)  # pylint: disable=exec-used
    rows = pd.DataFrame({"Age": [39.0, 40.0, None], "Fare": [8.0, 4.0, 8.0]})

    ages = names["Ages"]()

    assert ages.fit(rows).transform(rows).to_dict("list") == {
        "Age": [3.0, 4.0, 3.5],
        "Fare": [8.0, 4.0, 8.0],
        "Dear": [True, False, True],
    }
    assert ages.fill_ == 3.5


@pytest.mark.parametrize(
    ("rows", "ages"), [(ALL, [3, 71, 9]), (GAPS, [3, 7, 9]), (OTHERS, [3, 71, 4])]
)
def test_of_two_fixes_in_a_column_each_can_be_undone_alone(rows, ages):
    former, new = (
        """
        def features(rows):
            bands = rows["Age"].where(rows["Age"] > 64, rows["Age"] // 10)
            return rows.assign(Age=bands.fillna(9))
        """,
        """
        def features(rows):
            return rows.assign(Age=(rows["Age"].fillna(40) // 10).astype(int))
        """,
    )
    (before,), (now,) = (ast.parse(dedent(text)).body for text in (former, new))
    names = {}
    exec(column_undone(before, now, "Age", rows=rows).text, names)  # pylint: disable=exec-used

    made = names["features"](pd.DataFrame({"Age": [39.0, 71.0, None]}))

    assert made["Age"].tolist() == ages
    if rows == GAPS:  # as far as it can be: the type of a column is no sign of one of its rows
        assert made["Age"].dtype == int


def test_a_gap_that_comes_back_is_no_error():
    former, new = (
        """
        def features(rows):
            return rows.assign(Age=rows["Age"] // 10)
        """,
        """
        def features(rows):
            return rows.assign(Age=(rows["Age"].fillna(40) // 10).astype(int))
        """,
    )
    (before,), (now,) = (ast.parse(dedent(text)).body for text in (former, new))
    names = {}
    exec(column_undone(before, now, "Age", rows=GAPS).text, names)  # pylint: disable=exec-used

    made = names["features"](pd.DataFrame({"Age": [39.0, None]}))

    assert made["Age"][0] == 3 and pd.isna(made["Age"][1])


def test_of_a_class_of_properties_one_that_gives_a_frame_is_asked_in_both_ways():
    former, new = (
        """
        class Ages:
            def __init__(self, rows):
                self.rows = rows

            @cached_property
            def bands(self):
                return self.rows["Age"].fillna(90) // 10

            @property
            def features(self):
                return self.rows.assign(Age=self.bands, Dear=self.rows["Fare"] > 9)
        """,
        """
        class Ages:
            def __init__(self, rows):
                self.rows = rows

            @cached_property
            def bands(self):
                return self.rows["Age"].fillna(20) // 10

            @property
            def features(self):
                return self.rows.assign(Age=self.bands, Dear=self.rows["Fare"] > 5)
        """,
    )
    (before,), (now,) = (ast.parse(dedent(text)).body for text in (former, new))
    names = {"__name__": "features", "cached_property": cached_property}
    exec(column_undone(before, now, "Age").text, names)  # pylint: disable=exec-used

    ages = names["Ages"](pd.DataFrame({"Age": [39.0, None], "Fare": [8.0, 4.0]}))

    assert ages.features.drop(columns="Fare").to_dict("list") == {
        "Age": [3.0, 9.0],
        "Dear": [True, False],
    }
    assert ages.bands.tolist() == [3.0, 2.0], "a name of the class is what it is now"
