"""Drill 06: every problem is found and fixed."""

PREDICTED, TRUE = [1, 0, 1, 1], [1, 0, 0, 1]


def test_every_function_runs_and_is_right(drill):
    scores = drill.load("scores.py")
    table = {"tree": 81.0, "forest": 84.5}
    for function, arguments, expected in (
        ("accuracy", (PREDICTED, TRUE), 75.0),
        ("survivors_found", (PREDICTED, TRUE), 100.0),
        ("false_hopes", (PREDICTED, TRUE), 1),
        ("confusion", (PREDICTED, TRUE), {(1, 1): 2, (0, 0): 1, (1, 0): 1}),
        ("best_model", (table,), "forest"),
        ("ranking", (table,), ["forest", "tree"]),
    ):
        assert hasattr(scores, function), (
            f"scores.py has no function {function} any more. Only three names had a typing mistake."
        )
        value = drill.call(getattr(scores, function), *arguments)
        assert value == expected, f"{function} should give {expected}, and gives {value}."
