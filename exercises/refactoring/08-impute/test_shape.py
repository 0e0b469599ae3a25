"""Step 08: one function fills all gaps, nothing else fills any, held by a unit test."""

import ast

import pytest

from nbkata.shell.shape_checks import arguments_changed, not_noticed

FILLING = ("fillna", "ffill", "bfill", "interpolate", "combine_first", "isnull", "isna")


def gaps(frame):
    """The columns with gaps, but for those that are mostly gap."""
    missing = frame.isna().mean()
    return set(missing.index[(missing > 0) & (missing < 0.5)])


def fills_all(call):
    """Whether a frame with gaps in three columns went in, and one without any came out."""
    return any(
        hasattr(value, "columns")
        and len(gaps(value)) >= 3
        and hasattr(call.result, "columns")
        and not gaps(call.result) & gaps(value)
        for value in call.arguments.values()
    )


@pytest.fixture(scope="module")
def functions(learner):
    """The innermost functions that fill all gaps: what calls them may do other things as well."""
    found = learner.functions_that(fills_all)
    fillers = [function for function in found if mentions_filling(learner, function)]
    return fillers or found


def mentions_filling(learner, function):
    return any(
        path.resolve() == function.path.resolve()
        and isinstance(node, ast.FunctionDef)
        and node.name == function.name
        and any(getattr(inner, "attr", "") in FILLING for inner in ast.walk(node))
        for path, node in learner.nodes()
    )


def test_one_function_fills_every_gap(functions):
    assert functions, (
        "No function fills all gaps yet: while train() ran, none was called with gaps in ages, "
        "fares and ports and gave back a frame without any. Bring the lines together first, one "
        "move at a time; then extract them as fill_gaps."
    )


def test_nothing_else_fills_gaps(learner, functions):
    if not functions:
        pytest.skip("said by the first test")
    names = {function.name for function in functions}
    inside = {
        (path, getattr(inner, "lineno", 0))
        for path, node in learner.nodes()
        if isinstance(node, ast.FunctionDef) and node.name in names
        for inner in ast.walk(node)
    }
    for path, node in learner.nodes():
        name = getattr(node, "attr", "")
        assert name not in FILLING or (path, node.lineno) in inside, (
            f"src/{path.name}, line {node.lineno}: {name} still deals with gaps here. One job, one "
            f"place: move it into {functions[0].name}; or delete it, where no gap can be any more."
        )


def test_a_unit_test_notices_when_it_is_broken(functions, their_tests):
    if not functions:
        pytest.skip("said by the first test")
    said = not_noticed(their_tests, functions, "fills the gaps")
    assert not said, said


def test_no_function_changes_the_frame_that_it_was_given(learner):
    said = arguments_changed(learner)
    assert not said, said
