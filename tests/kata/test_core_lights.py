"""The shape beside a behaviour that is red."""

import pytest

from nbkata.kata.core.lights import STUMBLED, Light, without_stumbles

STUMBLE = f"{STUMBLED} TypeError: tuple indices must be integers or slices, not float"
FINDING = "src/train.py, line 4: iterrows goes over the passengers one by one."


@pytest.mark.parametrize(
    ("messages", "shown"),
    [
        ((STUMBLE, STUMBLE), ("Make behaviour green first: the shape is looked at after that.",)),
        (
            (FINDING, STUMBLE),
            (FINDING, "Make behaviour green first: the rest of the shape is looked at after that."),
        ),
        ((FINDING,), (FINDING,)),
    ],
)
def test_a_shape_test_that_raised_for_wrong_results_asks_for_behaviour_first(
    messages: tuple[str, ...], shown: tuple[str, ...]
):
    assert without_stumbles(Light(False, messages)) == Light(False, shown)
