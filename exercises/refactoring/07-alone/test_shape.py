"""Step 07: one function says who is alone, on whole columns, held by a unit test."""

import ast

import pandas as pd
import pytest

from nbkata.shape_tests.shell.shape_checks import (
    Misreading,
    adds_column,
    arguments_changed,
    functions_that_make,
    not_noticed,
)


@pytest.fixture(scope="module")
def alone(learner):
    """Who is alone, in the order of the passengers."""
    results = learner.run.results
    rows = pd.concat([results["X_train"], results["X_test"]]).sort_index()
    return rows["IsAlone"].tolist()


@pytest.fixture(scope="module")
def functions(learner, alone):
    """The functions that make the column that says who is alone."""
    return learner.functions_that(lambda call: adds_column(call, alone))


def test_a_function_of_its_own_says_who_is_alone(learner, functions, alone):
    one_by_one = [] if functions else functions_that_make(learner, alone)
    assert not one_by_one, (
        f"{one_by_one[0]} says who is alone, but of one passenger at a time. Let a function take "
        "whole columns and give back one: they can be added and compared."
    )
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


def test_nothing_goes_over_the_rows(learner, functions):
    found = {function.name for function in functions}
    alone = set()
    for function in functions:
        inside = {name for _, name in function.inside}
        if not inside & found:  # not one that does this job among others
            alone |= {function.name} | (inside if len(inside) == 1 else set())
    for path, node in learner.nodes():
        how = row_by_row(node)
        if not how and isinstance(node, ast.FunctionDef) and node.name in alone:
            node, how = next(((one, how) for one in ast.walk(node) if (how := loop(one))), (node, ""))
        assert not how, (
            f"{learner.shown(path)}, line {node.lineno}: {how} calls Python once a "
            "passenger. Compute with whole columns: they can be added and compared."
        )


def row_by_row(node):
    """How a call has pandas or numpy call a function for each row, if it does."""
    name = getattr(node.func, "attr", "") if isinstance(node, ast.Call) else ""
    if name != "apply":
        return name if name in ("apply_along_axis", "vectorize") else ""
    axes = [word.value for word in node.keywords if word.arg == "axis"] + node.args[1:2]
    rows = any(getattr(value, "value", 0) in (1, "columns") for value in axes)
    return "apply with axis=1" if rows else ""


def loop(node):
    """How code goes over the rows itself, if it does."""
    if not isinstance(node, ast.Call):
        return ""
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    records = any(
        getattr(value, "value", "") == "records"
        for value in (*node.args, *(word.value for word in node.keywords))
    )
    if name in ("iterrows", "itertuples", "zip") or name == "to_dict" and records:
        return f"a loop over {ast.unparse(node)[:60]}"
    return ""
