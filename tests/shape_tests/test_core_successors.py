"""What a function was before, under another name and with other parameters."""

import ast
from pathlib import Path
from textwrap import dedent

import pytest

from nbkata.shape_tests.core.successors import changed_methods, formers, gone_with

FILE = Path("features.py")


def functions(text):
    """By place, the functions of a module."""
    return {(FILE, node.name): node for node in ast.parse(dedent(text)).body}


def before(was, now):
    """By name now, each function as it was before."""
    found = formers(functions(was), functions(now))
    return {name: ast.unparse(node) for (_, name), node in found.items()}


WAS = """
    def banded(people):
        return people.assign(Title=people["Name"].map(title), Age=people["Age"].map(band))

    def priced(people, usual):
        return people.assign(Dear=people["Fare"] > usual)

    def features(passengers):
        rows = banded(passengers)
        usual_fare = passengers["Fare"].mean()
        return priced(rows, usual_fare)
"""


def test_the_function_that_is_most_like_the_one_that_is_gone_is_its_successor():
    now = """
        def titled(people):
            return people.assign(Title=people["Name"].map(title))

        def filled(people, known):
            return people.fillna(known)

        def features(passengers):
            return filled(titled(passengers))
    """
    found = before(WAS, now)

    assert found["titled"].startswith("def titled(people):")
    assert ".map(band)" in found["titled"]
    assert "titled(passengers)" in found["features"]
    assert "filled" not in found


@pytest.mark.parametrize(
    "call", ["priced(rows, usual_fare)", "rows.pipe(priced, usual=usual_fare)"]
)
def test_what_calls_a_function_that_has_lost_a_parameter_gives_it_less(call):
    was = WAS.replace("priced(rows, usual_fare)", call)
    now = was.replace("priced(people, usual)", "priced(people)").replace(", usual=usual_fare", "")
    now = now.replace("> usual", '> people["Fare"].mean()').replace("(rows, usual_fare)", "(rows)")

    last = before(was, now)["features"].splitlines()[-1].strip()

    assert last in ("return priced(rows)", "return rows.pipe(priced)")


def test_a_parameter_that_is_gone_is_what_it_was_given_in_names_of_now():
    now = 'def priced(rows):\n    return rows.assign(Dear=rows["Fare"] > rows["Share"].mean())'

    assert before(WAS, now)["priced"] == (
        "def priced(rows):\n    return rows.assign(Dear=rows['Fare'] > rows['Fare'].mean())"
    )


@pytest.mark.parametrize(
    "call",
    [
        "rows.pipe(priced, usual=usual_fare)",
        "rows.pipe(priced, usual_fare)",
        "priced(people=rows, usual=usual_fare)",
    ],
)
def test_however_it_was_called_what_it_was_given_is_known(call):
    was = WAS.replace("priced(rows, usual_fare)", call)
    now = "def priced(people):\n    return people"

    assert "people['Fare'] > people['Fare'].mean()" in before(was, now)["priced"]


def test_a_parameter_may_have_another_name():
    now = "def priced(rows, mean):\n    return rows"

    assert before(WAS, now)["priced"] == (
        "def priced(rows, mean):\n    return rows.assign(Dear=rows['Fare'] > mean)"
    )


def test_what_comes_back_brings_what_it_names_and_is_gone_too():
    gone = functions("""
        def too_old(ages):
            return ages > 64

        def banded(people):
            return people["Age"].mask(too_old(people["Age"]))

        def nobody_asks():
            return banded
    """)
    (table,) = ast.parse("FEATURES = [('Title', title), ('Age', banded)]").body

    back = gone_with(table, FILE, gone)

    assert [node.name for node in back] == ["too_old", "banded"]
    assert not gone_with(table, Path("another.py"), gone)


def test_methods_that_are_new_or_another_are_named_and_functions_are_not():
    was = "class Fares:\n    def shared(self): return 1\n    def kept(self): return 2\ndef f(): return 1"
    now = was.replace("return 1", "return 3") + "\nclass Tickets:\n    def capped(self): return 4"
    modules = [[(FILE, ast.parse(text))] for text in (was, now)]
    assert changed_methods(*modules) == {"shared", "capped"}
