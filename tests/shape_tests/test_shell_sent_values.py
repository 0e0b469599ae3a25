"""Values of a learner's code come over as data and tables; loading them runs nothing of theirs."""

import base64
import enum
import os
import pickle
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.tree import DecisionTreeClassifier

from nbkata.shape_tests.shell.sent_values import Held, packed, unpacked


class Mine:
    """A class of the learner's."""

    def __init__(self) -> None:
        self.rows = pd.DataFrame({"a": [1]})
        self.me = self
        self.double = lambda x: 2 * x

    def predict(self, rows):
        """A method that a check asks for."""
        return rows


class MyFrame(pd.DataFrame):
    """Another one."""


class Sex(enum.IntEnum):
    """And another one."""

    FEMALE = 1


class Title(enum.Enum):
    """One more, whose members are no numbers or texts to Python."""

    MR = "Mr"


def sent(value):
    """As it comes over."""
    return unpacked(packed(value, lambda one: isinstance(one, Mine)))


FRAME = pd.DataFrame(
    {
        "number": [1, 2],
        "text": ["a", None],
        "category": pd.Categorical(["x", "y"]),
        "time": pd.to_datetime(["2020-01-01", "2021-01-01"]),
        "list": [[1], {}],
        "gaps": pd.array([1, None], dtype="Int64"),
        "band": pd.cut([1, 2], [0, 1, 2]),
    },
    index=["u", "v"],
)


@pytest.mark.parametrize("value", [FRAME, FRAME["text"], FRAME.index, pd.Categorical(["x"])])
def test_a_table_comes_over_to_the_last_bit(value):
    assert sent(value).equals(value)
    assert type(sent(value)) is type(value)


@pytest.mark.parametrize(
    "value",
    [1, "a", None, [(1, {2.5})], Path("a"), np.float64(0.1), SimpleNamespace(a=1), slice(1)],
)
def test_plain_data_comes_over_as_it_is(value):
    assert sent(value) == value


def test_an_array_comes_over_with_its_type():
    came = sent([np.array([1.5]), np.array(["a", None], dtype=object)])
    assert [(one.dtype, one.tolist()) for one in came] == [
        (np.dtype(float), [1.5]),
        (np.dtype(object), ["a", None]),
    ]


def test_in_the_place_of_an_object_of_the_learners_comes_what_it_holds():
    came = sent([Mine()])[0]
    assert isinstance(came, Held)
    assert came.rows.equals(pd.DataFrame({"a": [1]})) and came.me is came
    assert isinstance(came.double, Held)
    assert hasattr(came, "predict")


def test_what_is_a_table_a_number_or_a_list_to_python_stays_one():
    came = sent([MyFrame({"a": [1]}), Sex.FEMALE])
    assert came[0].__class__ is pd.DataFrame and came[0].equals(pd.DataFrame({"a": [1]}))
    assert came[1].__class__ is int


def test_a_member_of_an_enumeration_comes_over_as_its_value():
    assert sent([Title.MR]) == ["Mr"]
    assert sent(pd.Series([Title.MR])).tolist() == ["Mr"]


def test_a_model_a_function_and_an_open_file_come_over_as_what_a_check_may_ask_of_them(tmp_path):
    model = DecisionTreeClassifier().fit([[0], [1]], [0, 1])
    with open(tmp_path / "file", "w", encoding="utf-8") as file:
        came = sent([model, pd.read_csv, os.system, Mine, file])
    assert [type(one) for one in came] == [Held] * 5
    assert [hasattr(one, "predict") for one in came] == [True, False, False, False, False]


class Runs:
    """What a hostile process could send."""

    def __init__(self, function, *arguments) -> None:
        self.what = (function, arguments)

    def __reduce__(self):
        return self.what


def _columns():
    yield "Age"


@pytest.mark.parametrize("value", [_columns(), map(str, [1]), iter([1]), len, {}.get, {}.keys()])
def test_what_is_read_once_or_belongs_to_python_comes_over_as_something_that_is_held(value):
    assert isinstance(sent({"result": value})["result"], Held)


@pytest.mark.parametrize(
    "hostile",
    [
        Runs(os.system, "touch was-run"),
        Runs(eval, "open('was-run', 'w')"),
        Runs(pd.read_pickle, "file"),
        Runs(getattr, "a", "upper"),
        Runs(Mine),
        Runs(np.loadtxt, "file"),
    ],
    ids=["system", "eval", "read_pickle", "getattr", "class", "loadtxt"],
)
def test_a_line_that_would_run_something_is_refused(tmp_path, monkeypatch, hostile):
    monkeypatch.chdir(tmp_path)
    line = base64.b64encode(pickle.dumps(hostile)).decode("ascii")
    with pytest.raises(pickle.UnpicklingError, match="is not sent"):
        unpacked(line)
    assert not list(tmp_path.iterdir())
