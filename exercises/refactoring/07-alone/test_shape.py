"""Step 07: one function says who is alone, on whole columns, held by a unit test."""

import ast
import copy
from textwrap import shorten

import pandas as pd
import pytest

from nbkata.shape_tests.shell.argument_checks import arguments_changed
from nbkata.shape_tests.shell.made_columns import adds_column, functions_that_make, own_columns
from nbkata.shape_tests.shell.mistakes import Misreading
from nbkata.shape_tests.shell.shape_checks import never_called, not_noticed


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


@pytest.fixture(scope="module")
def old_line(learner):
    """Where a line makes the column though without it the result is the same; else nothing."""
    own = {node.name for _, node in learner.nodes() if isinstance(node, ast.FunctionDef)}
    for path, tree in learner.trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and "'IsAlone'" in ast.unparse(node.targets[0]):
                called = {getattr(inner, "id", "") for inner in ast.walk(node.value)}
                if not own & called and is_not_needed(learner, path, tree, node):
                    return f"{learner.shown(path)}, line {node.lineno}"
    return ""


def is_not_needed(learner, path, tree, node):
    nothing = ast.copy_location(ast.Pass(), node)
    results = learner.with_edited(path, ast.unparse(replaced(tree, node, nothing))) or {}
    column = learner.run.results["X_train"]["IsAlone"]
    return column.equals(getattr(results.get("X_train"), "get", {}.get)("IsAlone"))


def replaced(tree, node, new):
    """A copy of a syntax tree with something else in the place of one of its nodes."""
    place = list(ast.walk(tree)).index(node)
    copied = copy.deepcopy(tree)
    old = list(ast.walk(copied))[place]
    for around in ast.walk(copied):
        for name, held in ast.iter_fields(around):
            if held is old:
                setattr(around, name, new)
            elif isinstance(held, list):
                held[:] = [new if one is old else one for one in held]
    return ast.fix_missing_locations(copied)


def test_the_old_line_is_gone(old_line):
    assert not old_line, (
        f"{old_line} still makes IsAlone, and a function of yours makes it as well. Delete the line."
    )


def test_a_function_of_its_own_says_who_is_alone(learner, functions, alone, old_line):
    if old_line:
        pytest.skip("said by the first test")
    one_by_one = [] if functions else functions_that_make(learner, alone)
    assert not one_by_one, (
        f"{one_by_one[0]} says who is alone, but of one passenger at a time. Let a function take "
        "whole columns and give back one: they can be added and compared."
    )
    uncalled = [] if functions else never_called(learner)
    assert not uncalled, (
        f"{learner.shown(uncalled[0][0])}, line {uncalled[0][1].lineno}: train() never calls "
        f"{uncalled[0][1].name}. Call it in the place of the old line, run pytest, then delete that."
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
    found = {(function.module, function.name) for function in functions}
    alone = set()
    for function in functions:
        inside = [one for one in learner.run.functions if (one.module, one.name) in function.inside]
        is_its_job = len(own_columns(learner, function)) <= 1  # not one among others
        if is_its_job and not function.inside & found:
            parts = [function, *(inside if len(function.inside) == 1 else ())]
            alone |= {learner.written(one) for one in parts}
    for path, tree in learner.trees.items():
        for node in ast.walk(tree):
            is_alone = node in alone
            for place in ast.walk(node) if is_alone else [node]:
                how = row_by_row(place, is_alone) or is_alone and loop(learner, path, tree, place)
                assert not how, (
                    f"{learner.shown(path)}, line {place.lineno}: {how} calls Python once a "
                    "passenger. Compute with whole columns: they can be added and compared."
                )


def row_by_row(node, is_alone):
    """How a call has pandas, or in a function that says who is alone numpy, call one for each row."""
    name = getattr(node.func, "attr", "") if isinstance(node, ast.Call) else ""
    if name != "apply":
        return name if is_alone and name in ("apply_along_axis", "vectorize") else ""
    axes = [word.value for word in node.keywords if word.arg == "axis"] + node.args[1:2]
    rows = any(getattr(value, "value", 0) in (1, "columns") for value in axes)
    return "apply with axis=1" if rows else ""


# In the place of what a loop goes over, and of a function that is mapped or applied: they stop
# the program where the loop is long, or the function is not given a whole column.
FEW = "(lambda rows: rows if len(rows) < 100 else 1 / 0)([*__import__('itertools').islice({}, 100)])"
WHOLE = (
    "(lambda do: do if not callable(do) else lambda one, *more, **named: "
    "do(one, *more, **named) if hasattr(one, 'index') and not isinstance(one, str) else 1 / 0)({})"
)


def in_short(node):
    return shorten(ast.unparse(node), 60, placeholder=" …")


def loop(learner, path, tree, node):
    """How code goes over the rows itself, if it does: it is run to see that."""
    called = getattr(node, "func", None)
    if isinstance(node, ast.For | ast.comprehension):
        asked, instead, how = node.iter, FEW, f"a loop over {in_short(node.iter)}"
        node.lineno = node.iter.lineno
    elif getattr(called, "id", "") == "map" and node.args:
        asked, instead, how = node.args[-1], FEW, f"a loop over {in_short(node)}"
    elif getattr(called, "attr", "") in ("map", "apply") and node.args:
        asked, instead, how = node.args[0], WHOLE, in_short(node)
    else:
        return ""
    new = ast.parse(instead.format(ast.unparse(asked)), mode="eval").body
    stops = learner.with_edited(path, ast.unparse(replaced(tree, asked, new))) is None
    return how if stops else ""
