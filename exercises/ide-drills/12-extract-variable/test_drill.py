"""Drill 12: a sum that stood there three times has a name."""

import ast

NOT_A_NAME = {"extracted_variable", "extracted_value", "new_var", "newvariable", "variable", "var", "x"}
FAMILIES = ((0, 0, 7.25, 7.25), (1, 2, 40.0, 10.0), (5, 2, 80.0, 9.0))


def test_it_computes_the_same(drill):
    features = drill.load("features.py")
    for siblings, parents, fare, expected in FAMILIES:
        passenger = {"SibSp": siblings, "Parch": parents, "Fare": fare}
        value = drill.call(features.fare_per_person, passenger)
        assert value == expected, (
            f"A family of {siblings + parents + 1} with a fare of {fare} should pay {expected} each, and "
            f"pays {value}. Select the sum with its + 1, without the brackets around it."
        )


def test_the_sum_stands_there_once(drill):
    reads = [
        node.lineno
        for node in ast.walk(drill.tree("features.py"))
        if isinstance(node, ast.Constant) and node.value == "SibSp"
    ]
    assert len(reads) == 1, (
        f"features.py, line {reads[-1]}: SibSp is still read {len(reads)} times. Where the IDE asks, "
        "replace all occurrences."
    )


def test_the_name_says_what_it_is(drill):
    tree = drill.tree("features.py")
    names = [
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    assert names, "There is no variable yet: extract SibSp + Parch + 1."
    assert not set(names) & NOT_A_NAME, (
        f"{names[0]} is the name that the IDE made up. Call it family_size."
    )
