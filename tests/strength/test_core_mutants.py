"""Mutants are edits of the learner's own text, of the kinds that matter in data code."""

import ast

import pytest

from nbkata.strength.core.mutants import Operator, mutants


def changed(source: str, operator: Operator) -> set[str]:
    return {m.applied(source) for m in mutants(source, "m.py") if m.operator is operator}


CASES = {
    "a number": ("x = 12\n", Operator.CONSTANT, "x = 13\n"),
    "a share": ("x = f(test_size=0.2)\n", Operator.CONSTANT, "x = f(test_size=0.3)\n"),
    "a boundary": ("y = x <= 4\n", Operator.COMPARISON, "y = x < 4\n"),
    "arithmetic": ("y = a + b\n", Operator.ARITHMETIC, "y = a - b\n"),
    "a mask": ("y = (a > b) & c\n", Operator.BOOLEAN, "y = (a > b) | c\n"),
    "an inverted mask": ("y = ~a\n", Operator.BOOLEAN, "y = a\n"),
    "and": ("y = a and b\n", Operator.BOOLEAN, "y = a or b\n"),
    "a dropped edit": ("df['a'] = f(df)\n", Operator.DROPPED, "pass\n"),
    "swapped edits": (
        "df['a'] = 1\ndf['b'] = df['a']\n",
        Operator.SWAPPED,
        "df['b'] = df['a']\ndf['a'] = 1\n",
    ),
    "a map's text": ("m = {'Mr': 1}\n", Operator.TEXT, "m = {'Mr_': 1}\n"),
    "a map's key": ("m = {'Mr': 1, 'Mrs': 2}\n", Operator.ELEMENT, "m = {'Mr': 1}\n"),
    "a list's element": ("x = ['a', 'b']\n", Operator.ELEMENT, "x = ['b']\n"),
    "a statistic": ("x = s.median()\n", Operator.STATISTIC, "x = s.mean()\n"),
    "how": ("x = a.merge(b, how='left')\n", Operator.KEYWORD, "x = a.merge(b, how='inner')\n"),
    "axis": ("x = a.sum(axis=0)\n", Operator.CONSTANT, "x = a.sum(axis=1)\n"),
    "ascending": (
        "x = a.sort_values('b', ascending=False)\n",
        Operator.CONSTANT,
        "x = a.sort_values('b', ascending=True)\n",
    ),
    "a slice": ("x = a[1:]\n", Operator.SLICE, "x = a[:]\n"),
    "a parameter": ("m = Forest(depth=3, n=4)\n", Operator.PARAMETER, "m = Forest(depth=3)\n"),
    "a column": (
        "x = df.drop('y', axis=1)\n",
        Operator.COLUMN,
        "x = df.drop('y', axis=1).iloc[:, 1:]\n",
    ),
    "the split": (
        "X_train = X_test = 1\nm.fit(X_train)\n",
        Operator.SPLIT,
        "X_train = X_test = 1\nm.fit(X_test)\n",
    ),
}


@pytest.mark.parametrize(("source", "operator", "expected"), CASES.values(), ids=CASES)
def test_each_operator_makes_its_change(source: str, operator: Operator, expected: str) -> None:
    assert expected in changed(source, operator)


def test_every_mutant_is_python_and_differs_in_meaning() -> None:
    source = "".join(case[0] for case in CASES.values()) + "é = 'Zoë' if é < 3 else f'{é}'\n"
    found = mutants(source, "m.py")
    assert len(found) > 50
    for mutant in found:
        assert ast.dump(ast.parse(mutant.applied(source))) != ast.dump(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        "print('rows', 3)\n",
        "plt.title('a', size=3)\n",
        "'''About 3 things.'''\n",
        "df.head(3)\n",
        "x: 'int | 3'\n",
        "raise ValueError('3')\n",
        "if __name__ == '__main__':\n    main(3)\n",
    ],
)
def test_what_only_shows_or_explains_is_left_alone(source: str) -> None:
    assert mutants(source, "m.py") == []


def test_a_column_name_is_not_misspelled_and_a_first_assignment_is_kept() -> None:
    assert mutants("x = df['Age']\n", "m.py") == []


def test_the_diff_shows_the_learners_own_formatting() -> None:
    source = "df.loc[ df['Age']<=12 , 'Age' ] = 0   # children\n"
    diffs = [m.diff(source) for m in mutants(source, "m.py") if m.operator is Operator.COMPARISON]
    assert diffs == [
        "@@ -1 +1 @@\n-df.loc[ df['Age']<=12 , 'Age' ] = 0   # children"
        "\n+df.loc[ df['Age']<12 , 'Age' ] = 0   # children"
    ]
