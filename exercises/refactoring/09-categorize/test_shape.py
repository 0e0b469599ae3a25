"""Step 09: bands and codes are decided by tables, and nowhere else."""

import ast
import copy

import pytest

from nbkata.shell.shape_checks import not_noticed

FARE_EDGES = (7.5, 9, 15, 50, 200)
AGE_EDGES = (12, 20, 40, 64)


def inside(value):
    """All numbers and texts in a table, however it is nested."""
    if isinstance(value, dict):
        return [x for pair in value.items() for part in pair for x in inside(part)]
    if isinstance(value, list | tuple | set | frozenset):
        return [x for part in value for x in inside(part)]
    if hasattr(value, "to_dict"):
        return inside(value.to_dict())
    if hasattr(value, "tolist"):
        return inside(value.tolist())
    return [value]


def tables_with(learner, wanted):
    """The tables at the top level of the learner's modules that hold all of these."""
    return [
        (module, name, value)
        for module in learner.modules
        for name, value in vars(module).items()
        if not name.startswith("__")
        and isinstance(value, list | tuple | dict)
        and set(wanted) <= {x for x in inside(value) if isinstance(x, int | float | str)}
    ]


def changed(value, old, new):
    if isinstance(value, dict):
        return {changed(k, old, new): changed(v, old, new) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(changed(part, old, new) for part in value)
    return new if value == old and type(value) is not bool else value


def follows(learner, tables, column, old, new):
    """Whether the features move when an entry of the tables is changed."""
    before = learner.run.results["X_train"][column]
    kept = [(module, name, value, copy.deepcopy(value)) for module, name, value in tables]
    try:
        for module, name, value in tables:
            replaced = changed(value, old, new)
            if isinstance(value, list):
                value[:] = replaced
            elif isinstance(value, dict):
                value.clear()
                value.update(replaced)
            for other in learner.modules:
                if vars(other).get(name) is value and not isinstance(value, list | dict):
                    setattr(other, name, replaced)
        return not learner.again()["X_train"][column].equals(before)
    finally:
        for module, name, value, original in kept:
            if isinstance(value, list):
                value[:] = original
            elif isinstance(value, dict):
                value.clear()
                value.update(original)
            for other in learner.modules:
                if name in vars(other) and not isinstance(value, list | dict):
                    setattr(other, name, original)


@pytest.mark.parametrize(
    ("edges", "column", "old", "new", "what"),
    [
        (FARE_EDGES, "Fare", 7.5, 8.5, "the edges of the fares' bands (7.5, 9, 15, 50, 200)"),
        (AGE_EDGES, "Age", 40, 30, "the edges of the ages' bands (12, 20, 40, 64)"),
    ],
    ids=["fares", "ages"],
)
def test_a_table_decides_about_the_bands(learner, edges, column, old, new, what):
    tables = tables_with(learner, edges)
    assert tables, (
        f"No table holds {what} yet. Put them into a list with a name, at the top of the module, "
        "and let one function band by it."
    )
    assert follows(learner, tables, column, old, new), (
        f"{tables[0][1]} holds {what}, but when I change {old} to {new} in it, {column} stays the "
        "same: the numbers that decide stand somewhere else. Let the function read the table."
    )


@pytest.mark.parametrize(
    ("words", "column", "number"),
    [(("male", "female"), "Sex", 1), (("S", "C", "Q"), "Embarked", 2), (("Mr", "Mrs"), "Title", 3)],
    ids=["sexes", "ports", "titles"],
)
def test_a_table_decides_about_the_codes(learner, words, column, number):
    tables = [found for found in tables_with(learner, (*words, 0, 1)) if isinstance(found[2], dict)]
    shown = " and ".join(words[:2])
    assert tables, (
        f"No table gives {shown} their codes yet. Put the codes of {column} into a dictionary at "
        "the top of the module, beside the others."
    )
    assert follows(learner, tables, column, number, 9), (
        f"{tables[0][1]} has codes for {shown}, but when I change one, {column} stays the same. "
        "Let the function read the table."
    )


def test_no_edge_stands_in_a_function(learner):
    for path, node in learner.nodes():
        if not isinstance(node, ast.FunctionDef):
            continue
        for inner in ast.walk(node):
            number = inner.value if isinstance(inner, ast.Constant) else None
            assert not (
                number in {7.5, 15, 50, 200, 12, 20, 40, 64} and type(number) is not bool
            ), (
                f"src/{path.name}, line {inner.lineno}: {number} stands in {node.name}, and nobody "
                "sees what it means or where else it stands. Read it from the table."
            )


def test_unit_tests_notice_when_the_banding_is_broken(learner, their_tests):
    ages = learner.run.results["X_train"]["Age"]
    assert ages is not None
    banding = [
        function
        for function in learner.run.functions
        if any("cut" in line or "digitize" in line or "searchsorted" in line
               for line in source_of(learner, function))
    ] or learner.run.functions  # fmt: skip
    said = not_noticed(their_tests, banding, "sorts into bands")
    assert not said, said


def source_of(learner, function):
    for path, node in learner.nodes():
        if isinstance(node, ast.FunctionDef) and node.name == function.name:
            yield from ast.unparse(node).splitlines()
