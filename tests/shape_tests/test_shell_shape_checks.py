"""A learner's tests that pass, and that ask nothing of the code."""

import ast
from unittest.mock import Mock

import pytest

from nbkata.shape_tests.shell import learner_tests
from nbkata.shape_tests.shell.same_sides import compared_in
from nbkata.shape_tests.shell.empty_assertions import asserts_nothing
from nbkata.shape_tests.shell.shape_checks import not_passing


def test_a_message_is_not_cut_at_its_colon():
    said = "core.fill is impure:\n  core.py:3: changes rows, its argument.\n  Give a new one back."
    failed = learner_tests.Tested("test_pure.py", "test_pure", "failed", said, ())

    assert not_passing(Mock(as_they_are=learner_tests.TestRun((failed,)))) == (
        "Your test test_pure.py, test_pure, fails: "
        "core.fill is impure: core.py:3: changes rows, its argument."
    )


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


ITSELF = "compares a thing with itself: "


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("assert rows == rows", ITSELF + "assert rows == rows"),
        ("assert (rows['Age'] == rows['Age']).all()", ITSELF),
        ("assert rows.equals(rows)", ITSELF),
        ("assert_frame_equal(rows, rows.copy())", ITSELF),
        ("self.assertEqual(rows, rows)", ITSELF),
        ("np.testing.assert_array_equal(rows, rows)", ITSELF),
        ("assert abs(rows - rows).max() < 0.1", ITSELF),
        ("assert rows == pytest.approx(rows)", ITSELF),
        (
            "before = rows\nfill(rows)\nassert_frame_equal(rows, before)",
            "name for a frame is no copy",
        ),
        ("mine = made()\nbefore = mine\nfill(mine)\nassert mine.equals(before)", ITSELF),
        ("a = rows['Age']\nb = rows['Age']\nassert all(one == one for one in zip(a, b))", ITSELF),
        ("a = rows.copy()\nassert rows.equals(a)", ITSELF),
        # A copy from before; a name that changes hands; the same answer twice is a question.
        ("before = rows.copy()\nfill(rows)\nassert_frame_equal(rows, before)", ""),
        ("before = rows['Age']\nfill(rows)\nassert rows['Age'].equals(before)", ""),
        ("before = rows\nrows = fill(rows)\nassert rows.equals(before)", ""),
        ("assert train(seed=1) == train(seed=1)", ""),
        ("assert rows != rows", ""),
        ("assert len(rows) == len(rows.dropna())", ""),
        ("assert 1 == rows", ""),
        (
            "self.assert_addressed_as(rows, rows)",
            "",
        ),  # a helper, given a word and what becomes of it
    ],
)
def test_a_comparison_of_a_thing_with_itself_is_named(tmp_path, lines, says):
    text = "def test_it(self, rows):\n" + "".join(f"    {line}\n" for line in lines.split("\n"))
    (tmp_path / "test_it.py").write_text(text, encoding="utf-8")

    found = asserts_nothing(tmp_path)

    assert says in found and bool(says) == bool(found)


RENAMED = "other['Name'] = 'x'"


@pytest.mark.parametrize(
    ("lines", "is_same"),
    [
        ("assert (chances(rows) == chances(rows)).all()", True),
        ("a = chances(rows)\nb = chances(rows)\nassert (a == b).all()", True),
        ("a = chances(rows)\nassert np.allclose(a, chances(rows.copy()))", True),
        ("a = chances(rows)\nb = chances(rows.assign(Name='x'))\nassert (a == b).all()", False),
        ("a = rows.assign(Name=rows['Name'])\nassert chances(rows) == chances(a)", True),
        ("a = rows.assign(Name=rows['Age'])\nassert chances(rows) == chances(a)", False),
        ("a = chances(rows)\nrows['Name'] = 'x'\nb = chances(rows)\nassert (a == b).all()", False),
        ("for name in 'xy':\n        assert chances(rows, name) == chances(rows, name)", True),
        (f"other = rows\n{RENAMED}\na = chances(rows)\nb = chances(other)\nassert a == b", True),
        (f"other = rows.copy()\n{RENAMED}\na = chances(other)\nassert a == chances(other)", True),
        (f"other = rows.copy()\n{RENAMED}\na = chances(rows)\nassert a == chances(other)", False),
        (f"other = rows\na = chances(rows)\n{RENAMED}\nassert a == chances(other)", False),
    ],
)
def test_an_answer_compared_with_the_answer_to_the_same_question_is_known(lines, is_same):
    text = "def test_it(rows):\n" + "".join(f"    {line}\n" for line in lines.split("\n"))
    (test,) = ast.parse(text).body
    assert isinstance(test, ast.FunctionDef)

    (found,) = compared_in(test)

    assert found.is_same == is_same
    assert found.calls or not is_same
