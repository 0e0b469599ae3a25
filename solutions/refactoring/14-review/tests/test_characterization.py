"""What train() gives. Every refactoring must leave it so, to the last bit.

The golden files were approved with `python tests/approve.py`; a missing one fails the test.
"""

import json
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from train import train

HERE = Path(__file__).parent
DATA = HERE.parent / "data" / "titanic.csv"


@pytest.fixture(scope="module")
def results():
    return train(DATA)


def golden(name):
    return pd.read_csv(HERE / "golden" / name, index_col="row")


def test_the_training_rows_are_what_they_were(results):
    rows = results["X_train"].assign(Survived=results["Y_train"]).rename_axis("row")
    assert_frame_equal(rows, golden("train_rows.csv"))


def test_the_test_rows_and_their_predictions_are_what_they_were(results):
    rows = results["X_test"].assign(Survived=results["Y_test"], Predicted=results["Y_pred"])
    assert_frame_equal(rows.rename_axis("row"), golden("test_rows.csv"))


def test_the_accuracy_is_what_it_was(results):
    metrics = json.loads((HERE / "golden" / "metrics.json").read_text(encoding="utf-8"))
    assert {"accuracy": results["accuracy"]} == metrics
