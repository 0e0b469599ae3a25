"""Step 07: one function says who is alone, on whole columns, held by a unit test."""

import ast

import pandas as pd
import pytest

from nbkata.shape_tests.shell.shape_checks import (
    Misreading,
    adds_column,
    arguments_changed,
    not_noticed,
)


@pytest.fixture(scope="module")
def functions(learner):
    """The functions that make the column that says who is alone."""
    results = learner.run.results
    rows = pd.concat([results["X_train"], results["X_test"]]).sort_index()
    alone = rows["IsAlone"].tolist()
    return learner.functions_that(lambda call: adds_column(call, alone))


def test_a_function_of_its_own_says_who_is_alone(functions):
    assert functions, (
        "No function says who is alone yet: while train() ran, none was called that gives back a "
        "column with 1 for those who have no family aboard. Write add_is_alone, test first, and "
        "call it."
    )


def test_a_unit_test_notices_when_it_is_broken(learner, functions, their_tests):
    if not functions:
        pytest.skip("said by the first test")
    passengers = pd.read_csv(learner.workspace / learner.behaviour.takes)
    ignored = [
        Misreading(
            f"ignored {column}, as if it were 0 in each row",
            ("always", 0),
            passengers[column].tolist().__eq__,
            f"Let one of your passengers have relatives in {column} alone.",
        )
        for column in ("SibSp", "Parch")
    ]
    message = not_noticed(learner, their_tests, functions, "says who is alone", ignored)
    assert not message, message


def test_it_leaves_its_argument_alone(learner, functions):
    message = arguments_changed(learner, functions)
    assert not message, message


def test_no_apply_goes_over_the_rows(learner):
    for path, node in learner.nodes():
        if not (isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "apply"):
            continue
        rows = any(
            word.arg == "axis" and getattr(word.value, "value", 0) in (1, "columns")
            for word in node.keywords
        )
        assert not rows, (
            f"{learner.shown(path)}, line {node.lineno}: apply with axis=1 calls Python once a "
            "passenger. Compute with whole columns: they can be added and compared."
        )
