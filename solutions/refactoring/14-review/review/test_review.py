"""What the pull requests got past me; nbkata check runs it on the code before each, and with it."""

from pathlib import Path

import pandas as pd

from train import train

DATA = Path(__file__).parents[1] / "data" / "titanic.csv"


def test_the_missing_fare_is_the_median_of_the_file_that_is_given(tmp_path):
    passengers = pd.read_csv(DATA)
    dearer = passengers.assign(Fare=passengers["Fare"] * 10)
    dearer.to_csv(tmp_path / "dearer.csv", index=False)

    results = train(tmp_path / "dearer.csv")

    fares = pd.concat([results["X_train"], results["X_test"]])["Fare"]
    assert fares[1225] == 4  # the median is 144.54 there
