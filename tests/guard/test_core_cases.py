"""guard/core/cases: tests that become rows of a parametrized test, and rows that go."""

import pytest

from nbkata.guard.core.finding import Kind
from nbkata.guard.core.guard import findings

HEAD = "import pandas as pd\nimport pytest\nfrom train import band\n\n\n"
LOW = "def test_low():\n    assert band(7.5) == 0\n\n\n"
HIGH = "def test_high():\n    assert band(9) == 1\n\n\n"
TOP = "def test_top():\n    assert band(15) == 2\n    assert band(15) is not None\n\n\n"


def _rows(rows: str) -> str:
    names = f"@pytest.mark.parametrize(('value', 'number'), [{rows}])\n"
    return f"{names}def test_band(value, number):\n    assert band(value) == number\n\n\n"


def _of_frames(rows: str) -> str:
    return _rows(rows).replace("band(value) == number", "band(pd.Series([value])).tolist() == [number]")  # fmt: skip


def _one(name: str, value: str, number: int) -> str:
    return f"def test_{name}():\n    assert band(pd.Series([{value}])).tolist() == [{number}]\n\n\n"


def _found(before: str, after: str) -> list[Kind]:
    code = {"src/train.py": "def band(values): ...\n"}
    net = [{**code, "tests/test_a.py": HEAD + text} for text in (before, after)]
    return [one.kind for one in findings(*net)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (LOW + HIGH, _rows("(7.5, 0), (9, 1)")),
        (LOW + HIGH, _rows("pytest.param(7.5, 0, id='low'), pytest.param(9, 1)")),
        (_rows("(7.5, 0)") + HIGH, _rows("(7.5, 0), (9, 1)")),
        (_one("low", "7.5", 0) + _one("high", "9", 1), _of_frames("(7.5, 0), (9, 1)")),
        (_rows("(7.5, 0), (9, 1)"), _rows("(9, 1), (7.5, 0), (15, 2)")),
    ],
)
def test_a_test_may_become_a_row(before: str, after: str):
    assert not _found(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (_rows("(7.5, 0), (9, 1)") + TOP, _rows("(7.5, 0), (15, 2)")),
        (_rows("(1, 0), (2, 0), (2, 1), (1, 1)"), _rows("(1, 0), (2, 0), (2, 1)")),
        (_one("low", "7.5", 0) + _one("high", "9", 1), _of_frames("(7.5, 0)")),
        (_rows("(7.5, 0)") + TOP, _rows("(7.5, 0), (15, 2)")),
    ],
)
def test_a_case_that_goes_on_the_way_is_named(before: str, after: str):
    assert set(_found(before, after)) in ({Kind.REMOVED}, {Kind.DELETED})


def test_the_message_names_the_case():
    code = {"src/train.py": ""}
    before, after = (HEAD + _rows("(7.5, 0), (9, 1)") + TOP, HEAD + _rows("(7.5, 0), (15, 2)"))
    found = findings({**code, "tests/test_a.py": before}, {**code, "tests/test_a.py": after})
    assert "test_band had a case that test_band does not ask: 1, 9." in {o.message for o in found}
