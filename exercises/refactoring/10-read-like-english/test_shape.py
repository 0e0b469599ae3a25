"""Step 10: names say what a row is, the features are one sentence, train() is short."""

import ast
import re

import pytest

from nbkata.shape_tests.shell.shape_checks import TESTS_PASS, arguments_changed, not_passing
from nbkata.shape_tests.shell.since_before import new_untested

VAGUE = re.compile(r"_?(df|data|tmp|temp|x|frame|dataframe)\d*$")
LONGEST = 10
"""Statements in train()."""


def functions(learner):
    return [(path, node) for path, node in learner.nodes() if isinstance(node, ast.FunctionDef)]


def test_names_say_what_is_in_them(learner):
    assert learner.run
    vague = sorted(
        {
            (learner.shown(path), node.lineno, name)
            for path, function in functions(learner)
            for node in ast.walk(function)
            if VAGUE.match(name := given_name(node))
        }
    )
    others = ", ".join(f"{name} ({shown}, line {line})" for shown, line, name in vague[1:])
    assert not vague, (
        f"{vague[0][0]}, line {vague[0][1]}: {vague[0][2]} says what type it has, not what is in it. "
        "What is one row? A passenger: then the frame is passengers."
        + (f" And so does {others}." if others else "")
    )


def given_name(node):
    """The name that a parameter (a lambda's, too) or an assignment gives; else none."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return node.id
    return node.arg if isinstance(node, ast.arg) else ""


def test_the_tests_pass_as_they_are(their_tests):
    failing = not_passing(their_tests)
    assert not failing, failing


@pytest.mark.slow("breaking your new functions on purpose", needs=TESTS_PASS)
def test_a_unit_test_holds_each_new_function(learner, their_tests, files_before):
    if not_passing(their_tests):
        pytest.skip("said by a test before")
    message = new_untested(learner, their_tests, files_before)
    assert not message, message


def test_no_function_changes_the_frame_that_it_was_given(learner):
    message = arguments_changed(learner)
    assert not message, message


def test_one_function_gives_all_features_and_nothing_else(learner):
    results = learner.run.results
    columns, rows = list(results["X_train"].columns), len(results["X_train"])

    def makes_them(call):
        given = call.arguments.values()
        return (
            hasattr(call.result, "columns")
            and list(call.result.columns) == columns
            and len(call.result) >= rows
            and not any(list(getattr(value, "columns", ())) == columns for value in given)
        )

    assert learner.functions_that(makes_them) + learner.composed_that(makes_them), (
        f"No function gives back the model's columns ({', '.join(columns[:3])}, ...) and nothing "
        "else. Let one function, derive_features, chain the others with pipe and pick the columns "
        "at its end."
    )


def test_columns_are_picked_once_and_not_dropped_all_over(learner):
    drops = [
        (path.name, node.lineno)
        for path, node in learner.nodes()
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "drop"
    ]
    places = ", ".join(f"src/{name}, line {line}" for name, line in drops[:3])
    assert len(drops) <= 1, (
        f"Columns are dropped in {len(drops)} places ({places}). To know what is left, one has to "
        "read all of them. Say once which columns the model gets."
    )


def test_train_reads_as_a_sentence(learner):
    seam = learner.behaviour.seam
    for path, function in functions(learner):
        if function.name != seam:
            continue
        statements = [n for n in ast.walk(function) if isinstance(n, ast.stmt)][1:]
        assert len(statements) <= LONGEST, (
            f"{learner.shown(path)}: {seam}() has {len(statements)} statements. Read it aloud: "
            "passengers, features, split, model, answer. What is not in that sentence belongs "
            "into a function with a name."
        )
        for node in statements:
            target = node.targets[0] if isinstance(node, ast.Assign) else None
            assert not isinstance(target, ast.Subscript), (
                f"{learner.shown(path)}, line {node.lineno}: {seam}() changes a column here "
                f"({ast.unparse(node)[:50]}). Give the job a name and a function."
            )
