"""A learner's tests that pass, and that ask nothing of the code."""

import pytest

from nbkata.shape_tests.shell.shape_checks import asserts_nothing


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("chance(1) > chance(3)", "asks and drops the answer: chance(1) > chance(3). Write assert"),
        ("filled.equals(expected)", "asks and drops the answer: filled.equals(expected)"),
        ("np.array_equal(a, b)", "asks and drops the answer: np.array_equal(a, b)"),
        ("assert (a == 1, b == 2)", "asserts less than it seems to: assert (a == 1, b == 2)"),
    ],
)
def test_a_comparison_that_decides_nothing_is_named(tmp_path, line, says):
    (tmp_path / "test_it.py").write_text(f"def test_it():\n    {line}\n", encoding="utf-8")

    assert asserts_nothing(tmp_path).startswith(f"Your test test_it.py, line 2, {says}")


@pytest.mark.parametrize(
    "line",
    [
        "assert chance(1) > chance(3)",
        "with pytest.raises(TypeError):\n        1 < None",
        "np.testing.assert_array_equal(a, b)",
        "same = filled.equals(expected)",
        "assert_frame_equal(a, b)",
    ],
)
def test_a_comparison_that_decides_is_left_alone(tmp_path, line):
    (tmp_path / "test_it.py").write_text(f"def test_it():\n    {line}\n", encoding="utf-8")

    assert asserts_nothing(tmp_path) == ""
