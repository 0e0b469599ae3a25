"""guard/core/limits: the limits of a test that are written in tables, parameters and fixtures."""

import pytest

from nbkata.guard.core.finding import Kind
from nbkata.guard.core.guard import findings

LOOPED = (
    "def test_it():\n    for group, least in LEAST.items():\n        assert score(group) >= least\n"
)
TABLE = 'LEAST = {"women": 0.8, "men": 0.7}\n\n\n'
ASKED = [
    pytest.param(TABLE + LOOPED, id="a table in a loop"),
    pytest.param(TABLE.replace("LEAST", "LEAST: dict[str, float]") + LOOPED, id="with its type"),
    pytest.param(
        'LEAST = {"Sex": {"women": 0.8, "men": 0.7}, "Class": {2: 0.9}}\n'
        "CASES = [(by, group, least) for by, one in LEAST.items() for group, least in one.items()]\n\n\n"
        '@pytest.mark.parametrize("by, group, least", CASES)\n'
        "def test_it(by, group, least):\n    right = score(by, group)\n    assert right >= least\n",
        id="cases made of a table",
    ),
    pytest.param(
        '@pytest.mark.parametrize(("group", "least"), [("women", 0.8), ("men", 0.7)])\n'
        "def test_it(group, least):\n    assert least <= score(group)\n",
        id="parameters",
    ),
    pytest.param(
        'LEAST = dict(women=0.8, men=0.7)\n\n\n@pytest.mark.parametrize("group", sorted(LEAST))\n'
        "def test_it(group):\n    assert score(group) > LEAST[group]\n",
        id="a table asked by its key",
    ),
    pytest.param(
        '@pytest.fixture\ndef limits():\n    return {"women": 0.8, "men": 0.7}\n\n\n'
        'def test_it(limits):\n    assert score("women") > limits["women"]\n',
        id="a fixture",
    ),
    pytest.param(
        TABLE + "def test_it():\n"
        "    assert all(score(group) >= least for group, least in LEAST.items())\n",
        id="all of a table",
    ),
    pytest.param(
        TABLE + "def test_it():\n    assert (scores() >= pd.Series(LEAST)).all()\n", id="a series"
    ),
    pytest.param(
        "class TestIt:\n    LEAST = {'women': 0.8}\n\n"
        "    def test_it(self):\n        assert score('women') >= self.LEAST['women']\n",
        id="a table in a class",
    ),
    pytest.param(
        "def test_it():\n    assert score('women') >= guess() + 0.8\n", id="a distance from a guess"
    ),
    pytest.param(
        'GROUPS = ["women", "men"]\nLEAST = [0.8, 0.7]\n\n\n'
        "def test_it():\n    for group, least in zip(GROUPS, LEAST):\n"
        "        assert score(group) >= least\n",
        id="two lists",
    ),
    pytest.param(
        'LIMITS = {"women": (0.8, 0.95)}\n\n\ndef test_it():\n'
        "    for group, (low, high) in LIMITS.items():\n        assert low <= score(group) <= high\n",
        id="two limits",
    ),
]


def _found(before: str, after: str) -> list[Kind]:
    return [one.kind for one in findings({"tests/test_a.py": before}, {"tests/test_a.py": after})]


@pytest.mark.parametrize("text", ASKED)
def test_a_lower_limit_is_weaker_wherever_it_is_written(text: str):
    assert _found(text, text.replace("0.8", "0.3")) == [Kind.WEAKER]


@pytest.mark.parametrize("text", ASKED)
def test_a_higher_limit_is_no_weaker(text: str):
    assert not _found(text, text.replace("0.8", "0.85"))


def test_a_limit_that_is_gone_is_a_case_less():
    one = TABLE + LOOPED
    assert _found(one, one.replace(', "men": 0.7', "")) == [Kind.REMOVED]


def test_a_tolerance_in_a_table_may_not_grow():
    one = 'CLOSE = {"mean": 1e-9}\n\n\ndef test_it():\n    assert mean() == approx(3, abs=CLOSE["mean"])\n'
    assert _found(one, one.replace("1e-9", "0.5")) == [Kind.WEAKER]


def test_numbers_that_are_measured_are_no_limits():
    one = (
        '@pytest.mark.parametrize("size, least", [(30, 0.7), (60, 0.8)])\n'
        "def test_it(size, least):\n    score = measured(size)\n    assert score >= least\n"
    )
    assert not _found(one, one.replace("60", "50").replace("30", "20"))
    assert not _found(one, one.replace("(30, 0.7), (60, 0.8)", "(60, 0.8), (30, 0.7)"))


def test_the_message_names_the_case_and_both_limits():
    before = {"tests/test_a.py": TABLE + LOOPED}
    after = {"tests/test_a.py": (TABLE + LOOPED).replace("0.7", "0.2")}
    said = "test_it allows more now: at least 0.2 for 'men', and it was 0.7."
    assert [one.message for one in findings(before, after)] == [said]
