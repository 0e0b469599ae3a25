"""The shape beside a behaviour that is red."""

import pytest

from nbkata.kata.core.lights import CRASHED, Light, without_crashes

CRASH = f"{CRASHED} TypeError: tuple indices must be integers or slices, not float"
FINDING = "src/train.py, line 4: iterrows goes over the passengers one by one."


@pytest.mark.parametrize(
    ("messages", "shown"),
    [
        ((CRASH, CRASH), ("Make behaviour green first: the shape is looked at after that.",)),
        (
            (FINDING, CRASH),
            (FINDING, "Make behaviour green first: the rest of the shape is looked at after that."),
        ),
        ((FINDING,), (FINDING,)),
    ],
)
def test_a_shape_test_that_raised_for_wrong_results_asks_for_behaviour_first(
    messages: tuple[str, ...], shown: tuple[str, ...]
):
    assert without_crashes(Light(False, messages)) == Light(False, shown)
