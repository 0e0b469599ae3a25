"""Drill 13: a block became a function with a name, which can be tested."""

import ast
import inspect

MADE_UP = {"extracted_method", "extracted_function", "extracted", "new_method", "new_func", "method"}
ELISE = {"Name": "Doe, Mlle. Elise", "SibSp": 1, "Parch": 0, "Fare": 7.25}


def functions(tree):
    """The functions of the module itself, by name."""
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_there_is_a_function_for_the_title(drill):
    found = functions(drill.tree("features.py"))
    assert "features" in found, "features itself is gone. nbkata drill reset."
    calls = {
        node.func.id
        for node in ast.walk(found["features"])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    new = calls & set(found)
    assert new, "features calls no new function yet. Select the two lines that make the title, extract."
    assert "split" not in ast.unparse(found["features"]), (
        "The name is still split inside features: the selection was too short, or the lines were copied."
    )
    assert not new & MADE_UP, f"{sorted(new)[0]} is what the IDE calls it. Name it for what it gives."


def test_it_gives_the_title_of_a_name(drill):
    module = drill.load("features.py")
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if name == "features":
            continue
        assert len(inspect.signature(function).parameters) == 1, (
            f"{name} takes {inspect.signature(function)}. It needs the passenger's name, no more: "
            "select only the two lines that make the title."
        )
        titles = [drill.tried(function, given) for given in (ELISE["Name"], ELISE)]
        assert "Miss" in titles, (
            f"{name} gives {titles[0]!r} for 'Doe, Mlle. Elise', and should give 'Miss'. Both lines "
            "belong to it: the split, and the rare titles."
        )


def test_features_gives_the_same(drill):
    given = drill.call(drill.load("features.py").features, ELISE)
    expected = {"Title": "Miss", "IsAlone": 0, "Fare": 7.25}
    assert given == expected, f"features should give {expected}, and gives {given}."
