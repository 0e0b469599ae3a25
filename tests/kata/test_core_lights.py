"""The shape beside a behaviour that is red, and a light that is neither green nor red."""

import pytest

from nbkata.kata.commands._step_lines import light_lines
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


def test_a_shape_that_is_still_looked_at_is_not_green():
    light = Light(False, ("still at work: planting changes",), is_open=True)
    (line,) = light_lines("shape", light)
    assert "not yet  still at work: planting changes" in line and "green" not in line
