"""Nondeterminism is found by running again, and its likely cause is named."""

from pathlib import Path

import pytest

from nbkata.record.core.compare import compare
from nbkata.record.core.record import Record
from nbkata.record.shell.steady import record_steadily

CAUSES = {
    "uuid": ("import uuid\nx = uuid.uuid4()", "a uuid is new in every run"),
    "set order": ("x = list({'a', 'b', 'c', 'd', 'e', 'f'})", "the order of a set"),
    "clock": ("import time\nx = time.time()", "the clock"),
    "unseeded": ("import random\nx = random.random()", "random numbers without a seed"),
    "model": (
        "from sklearn.tree import ExtraTreeClassifier\n"
        "x = ExtraTreeClassifier().fit([[i, i * i % 7, i % 3] for i in range(40)], [0, 1] * 20)",
        "a model without random_state",
    ),
    "address": ("x = str(object())", "a memory address"),
    "in a function": (
        "import random\ndef draw():\n    return random.random()\nx = draw()",
        "random numbers without a seed",
    ),
    "inherited": ("import uuid\nu = uuid.uuid4()\nx = str(u)", "a uuid is new in every run"),
    "inherited through an object": (
        "import uuid\nclass Model:\n    def __init__(self, u):\n        self.u = u\n"
        "u = uuid.uuid4()\nmodel = Model(u)\nx = model.u",
        "a uuid is new in every run",
    ),
}


def steady(folder: Path, code: str, runs: int = 2) -> Record:
    path = folder / "script.py"
    path.write_text(code, encoding="utf-8")
    record = record_steadily(path, runs)
    assert isinstance(record, Record)
    return record


@pytest.mark.parametrize(("code", "cause"), CAUSES.values(), ids=CAUSES)
def test_what_differs_between_two_runs_is_named_with_its_likely_cause(
    tmp_path: Path, code: str, cause: str
) -> None:
    found = {item.name: item.cause for item in steady(tmp_path, code).unsteady}
    assert found["x"].startswith(cause)


def test_steady_code_is_recorded_as_steady(tmp_path: Path) -> None:
    code = (
        "import random\nrandom.seed(1)\nx = random.random()\ny = sorted({'a', 'b'})\nz = {'a', 'b'}"
    )
    assert steady(tmp_path, code).unsteady == ()


def test_unsteady_values_are_not_compared_and_the_others_still_are(tmp_path: Path) -> None:
    code = "import random\nx = random.random()\ny = {}"
    golden = steady(tmp_path, code.format(1))
    assert compare(golden, steady(tmp_path, code.format(1))).same
    moved = compare(golden, steady(tmp_path, code.format(2))).first_moved
    assert moved is not None and (moved.cell, moved.name) == (3, "y")


def test_from_thirty_runs_on_a_number_is_compared_with_the_range_seen(tmp_path: Path) -> None:
    golden = steady(tmp_path, "import random\nx = random.random()", runs=30)
    assert golden.unsteady[0].low is not None
    far = compare(golden, steady(tmp_path, "import random\nx = 5 + random.random()")).first_moved
    assert far is not None and far.name == "x"
