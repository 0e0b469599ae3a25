"""A function's change, undone piece by piece."""

import ast
from textwrap import dedent

import pytest

from nbkata.shape_tests.core.pieces import undone_pieces


def undone(former, new):
    """What was undone, and the lines of the function then, the first apart."""
    (former,), (new,) = (ast.parse(dedent(text)).body for text in (former, new))
    return {one.what: one.text.splitlines()[1:] for one in undone_pieces(former, new)}


def function(*lines):
    """A function of these lines."""
    return "\n    ".join(["def features(rows):", *lines])


@pytest.mark.parametrize(
    ("former", "new", "what", "then"),
    [
        (
            ["return rows.pipe(name).pipe(band).pipe(fill)"],
            ["return rows.pipe(name).pipe(fill).pipe(cap).pipe(band)"],
            "put .pipe(fill) back after .pipe(band)",
            "return rows.pipe(name).pipe(cap).pipe(band).pipe(fill)",
        ),
        (
            ["return rows['Fare'].div(family).clip(upper=300)"],
            ["return rows['Fare'].clip(upper=300).div(family).round()"],
            "put .clip(upper=300) back after .div(family)",
            "return rows['Fare'].div(family).clip(upper=300).round()",
        ),
        (
            ["return code(fill(band(rows, EDGES)))"],
            ["return code(band(fill(cap(rows)), EDGES))"],
            "put fill(…) back after band(…, EDGES)",
            "return code(fill(band(cap(rows), EDGES)))",
        ),
        (
            ["return make_pipeline(Bands(), Gaps(), Fares())"],
            ["return Pipeline([('gaps', Gaps()), ('bands', Bands())])"],
            None,
            None,
        ),
        (
            ["return Pipeline([('bands', Bands()), ('gaps', Gaps())])"],
            ["return Pipeline([('gaps', Gaps()), ('bands', Bands()), ('cap', Cap())])"],
            "put ('gaps', Gaps()) back after ('bands', Bands())",
            "return Pipeline([('bands', Bands()), ('gaps', Gaps()), ('cap', Cap())])",
        ),
        (
            ["return make_pipeline(Name(), Bands(), Gaps())"],
            ["return make_pipeline(Name(), Gaps(), Cap(), Bands())"],
            "put Gaps() back after Bands()",
            "return make_pipeline(Name(), Cap(), Bands(), Gaps())",
        ),
        (
            ["rows = band(rows)", "rows = fill(rows)", "return rows"],
            ["rows = fill(rows)", "rows = cap(rows)", "rows = band(rows)", "return rows"],
            "put rows = fill(rows) back after rows = band(rows)",
            "rows = cap(rows); rows = band(rows); rows = fill(rows); return rows",
        ),
        (
            ["banded = band(rows)", "filled = fill(banded)", "return filled.astype(int)"],
            ["filled = fill(rows)", "banded = band(filled)", "return cap(banded).astype(int)"],
            "put fill(…) back after band(…)",
            "return cap(fill(band(rows))).astype(int)",
        ),
    ],
)
def test_a_step_is_put_back_in_its_old_place(former, new, what, then):
    found = undone(function(*former), function(*new))

    if what is None:
        assert not any("back" in one for one in found)
    else:
        assert "; ".join(line.strip() for line in found[what]) == then


@pytest.mark.parametrize(
    ("former", "new", "what", "then"),
    [
        (
            [
                "fares = rows['Fare']",
                "ages = rows['Age'] // 10",
                "return rows.assign(Age=ages, Fare=fares)",
            ],
            [
                "fares = rows['Fare'].clip(upper=300)",
                "ages = rows['Age'].fillna(0) // 10",
                "return rows.assign(Age=ages, Fare=fares)",
            ],
            "made fares = rows['Fare'].clip(upper=300) as it was",
            "fares = rows['Fare']; ages = rows['Age'].fillna(0) // 10; return rows.assign(Age=ages, Fare=fares)",
        ),
        (
            ["return rows.pipe(band).pipe(fill).pipe(add, rows.mean())"],
            ["rows = rows.dropna()", "return rows.pipe(fill).pipe(band).pipe(add, 3)"],
            "made .pipe(add, 3) as it was",
            "rows = rows.dropna(); return rows.pipe(fill).pipe(band).pipe(add, rows.mean())",
        ),
        (
            ["rows = rows.dropna()", "rows = old(rows)", "return rows.astype(int)"],
            ["rows = rows.dropna()", "return rows.astype(float)"],
            "put rows = old(rows) back and what follows",
            None,
        ),
        (
            ["mean = rows['Fare'].mean()", "return rows.assign(Dear=dear(rows, mean)).pipe(band)"],
            ["return rows.pipe(band).assign(Age=1, Dear=dear(rows, rows.mean()))"],
            "made Dear=dear(rows, rows.mean()) as it was",
            "mean = rows['Fare'].mean(); return rows.pipe(band).assign(Age=1, Dear=dear(rows, mean))",
        ),
        (
            ["return rows.pipe(fill).pipe(band).astype(int)"],
            ["filled = rows.pipe(fill)", "return cap(filled, filled.max()).pipe(band).astype(int)"],
            "took cap(…, filled.max()) out",
            "filled = rows.pipe(fill); return filled.pipe(band).astype(int)",
        ),
        (
            ["learnt = rows['Fare'].mean()", "return made(rows, fill, learnt)"],
            [
                "whole = made(rows, cap)",
                "learnt = whole['Fare'].mean()",
                "return made(whole, learnt)",
            ],
            "made learnt = whole['Fare'].mean() as it was",
            "whole = made(rows, cap); learnt = rows['Fare'].mean(); return made(whole, learnt)",
        ),
        (
            ["people = rows.people", "return people.pipe(cap).pipe(dear, people.mean())"],
            ["return rows.people.pipe(cap).pipe(dear, 3)"],
            "made .pipe(dear, 3) as it was",
            "people = rows.people; return rows.people.pipe(cap).pipe(dear, people.mean())",
        ),
    ],
)
def test_a_piece_is_made_as_it_was_and_the_rest_stays(former, new, what, then):
    found = undone(function(*former), function(*new))

    if then is None:
        assert what not in found
    else:
        assert "; ".join(line.strip() for line in found[what]) == then


def test_what_is_elsewhere_by_now_is_neither_new_nor_gone():
    former = function("return rows.pipe(fill).pipe(band).pipe(code).astype(int)")
    new = function("banded = rows.pipe(fill).pipe(band)", "return banded.pipe(code).astype(int)")

    assert undone(former, new) == {}


def test_methods_are_looked_at_and_a_docstring_is_no_change():
    new = """
        class Filler:
            def fit(self, rows):
                'Learn.'
                return self.learnt(rows)
            def transform(self, rows):
                return self.band(self.fill(rows))
        """
    former = new.replace("Learn", "Nothing").replace("self.learnt(rows)", "self")
    former = former.replace("self.band(self.fill(rows))", "self.fill(self.band(rows))")

    assert [*undone(former, new)] == [
        "put self.fill(…) back after self.band(…)",
        "made return self.learnt(rows) as it was",
    ]


def test_its_names_are_those_that_are_in_one_of_the_two_alone():
    former = function(
        "high = dear(rows) > rows.old()", "return rows.assign(High=high, Low=low(rows))"
    )
    new = function(
        "high = dear(rows) > rows.new()", "return rows.assign(High=high, Low=flat(rows))"
    )
    (before,), (now,) = (ast.parse(text).body for text in (former, new))

    names = [one.names for one in undone_pieces(before, now)]

    assert {"old", "new"} in names and {"low", "flat"} in names
    assert not any("dear" in one for one in names)
