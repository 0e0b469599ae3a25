"""Which tables a learner's function must not change: those from outside, however it holds them."""

import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import create_autospec

import pytest

from nbkata.shape_tests.shell.argument_checks import arguments_changed, change_not_noticed
from nbkata.shape_tests.shell.learner_driver import Watched
from nbkata.shape_tests.shell.learner_tests import LearnerTests

HEAD = "import pandas as pd\n\nKEPT = pd.DataFrame({'a': [1]})\n\n\n"
MAKER = (
    "class Maker:\n    def __init__(self, rows):\n        self.rows = {rows}\n\n"
    "    def add(self):\n        self.rows['b'] = 1\n        return self.rows\n\n\n"
)
TRAIN = "def train(path):\n    rows = pd.DataFrame({{'a': [1]}})\n    return {{'x': {call}}}\n"


@pytest.fixture(name="folder")
def fixture_folder(tmp_path: Path) -> Iterator[Path]:
    """A workspace's folder, whose imports are forgotten."""
    (tmp_path / "src").mkdir()
    path, finders = list(sys.path), list(sys.meta_path)
    yield tmp_path
    sys.path[:], sys.meta_path[:] = path, finders


def changed(folder: Path, code: str, call: str) -> str:
    """What is said of a program in which train() calls this."""
    name = f"program_{abs(hash((code, call)))}"
    text = HEAD + code + TRAIN.format(call=call)
    (folder / "src" / f"{name}.py").write_text(text, encoding="utf-8")
    output = arguments_changed(Watched(folder / "src" / f"{name}.py", "train", "d.csv"))
    return output.partition(". Whoever")[0].partition(") changes ")[2]


@pytest.mark.parametrize(
    ("code", "call", "message"),
    [
        (
            MAKER.format(rows="rows"),
            "Maker(rows).add()",
            "self.rows, the frame that it was given",
        ),
        (
            MAKER.format(rows="{'of': rows}").replace("self.rows['b']", "self.rows['of']['b']"),
            "Maker(rows).add()",
            "self.rows['of'], the frame that it was given",
        ),
        (
            "def add(lists):\n    lists[0][0]['b'] = 1\n    return 1\n\n\n",
            "add([(rows,)])",
            "lists[0][0], the frame that it was given",
        ),
        (
            "def add():\n    KEPT['b'] = 1\n    return 1\n\n\n",
            "add()",
            "KEPT, a frame from outside of it",
        ),
        (
            "def add(values):\n    values[0] = 7\n    return 1\n\n\n",
            "add(rows['a'].to_numpy(copy=True))",
            "values, the frame that it was given",
        ),
    ],
    ids=["attribute", "container in an attribute", "containers", "global", "array"],
)
def test_a_table_from_outside_that_is_changed_is_named_as_the_function_calls_it(
    folder: Path, code: str, call: str, message: str
):
    assert changed(folder, code, call) == message


@pytest.mark.parametrize(
    ("code", "call"),
    [
        (MAKER.format(rows="rows.copy()"), "Maker(rows).add()"),
        (
            "def add(rows):\n    rows = rows.copy()\n    rows['b'] = 1\n    return 1\n\n\n",
            "add(rows)",
        ),
        (
            "class Mean:\n    def fit(self, rows):\n        self.of_ = rows.mean()\n"
            "        return self\n\n\n",
            "Mean().fit(rows).fit(rows * 2)",
        ),
    ],
    ids=["a copy of its own", "a copy", "what fit learns"],
)
def test_what_belongs_to_the_function_or_object_it_may_change(folder: Path, code: str, call: str):
    assert changed(folder, code, call) == ""


def test_a_function_that_changes_its_frame_is_not_said_to_have_no_test_that_would_notice(
    folder: Path,
):
    code = "def add(rows):\n    rows['b'] = 1\n    return rows\n\n\n"
    (folder / "src" / "changing.py").write_text(
        HEAD + code + TRAIN.format(call="add(rows)"), encoding="utf-8"
    )
    learner = Watched(folder / "src" / "changing.py", "train", "d.csv")
    their_tests = create_autospec(LearnerTests, instance=True)
    assert "add (changing.py, line 6) changes rows" in arguments_changed(learner)
    assert change_not_noticed(learner, their_tests, learner.run.functions, "adds") == ""
    assert not their_tests.mock_calls
