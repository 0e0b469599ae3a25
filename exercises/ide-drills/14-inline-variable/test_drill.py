"""Drill 14: names that said nothing are gone."""

import ast


def test_no_temporary_name_is_left(drill):
    left = [
        (node.lineno, node.id)
        for node in ast.walk(drill.tree("split.py"))
        if isinstance(node, ast.Name) and node.id in ("tmp", "temporary")
    ]
    assert not left, (
        f"split.py, line {left[0][0]}: {left[0][1]} is still there. With the cursor on it, inline it."
    )


def test_no_other_name_took_its_place(drill):
    tree = drill.tree("split.py")
    assigned = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    assert not assigned, (
        f"split.py, line {assigned[0].lineno}: the variable was renamed, not inlined. "
        "Its value can stand where it is used."
    )


def test_it_computes_the_same(drill):
    split = drill.load("split.py")
    rows = [{"PassengerId": number} for number in range(10)]
    taken = drill.call(split.training_rows, rows, 0.85)
    assert taken == rows[:8], f"Of 10 rows, 85 % are 8 rows, and not {len(taken)}."
    assert drill.call(split.is_training_row, 8, 10, 0.85) is False, (
        "Row 8 of 10 is not a training row at 85 %: the int() around people * share got lost."
    )
