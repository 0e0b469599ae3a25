"""Drill 04: the import is there, once, at the top."""

import ast
import math


def test_the_import_is_at_the_top(drill):
    tree = drill.tree("fares.py")
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert imports, "np is not imported yet. Put the cursor on np and ask for the quick fix."
    stars = [node.lineno for node in imports if any(name.name == "*" for name in node.names)]
    assert not stars, (
        f"fares.py, line {stars[0]}: a star brings in 500 names. Choose the fix 'import numpy as np'."
    )
    assert all(node in tree.body for node in imports), (
        "The import is inside the function. Move it to the top of the file."
    )


def test_the_function_works(drill):
    fares = drill.load("fares.py")
    value = drill.call(fares.log_fares, 512.0)
    assert math.isclose(value, math.log(513)), f"log_fares(512) should be 6.24, and is {value}."
