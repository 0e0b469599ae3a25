"""What the pull requests got past me; nbkata check runs it on the code before each, and with it."""

from pathlib import Path

import pandas as pd

from train import train

DATA = Path(__file__).parents[1] / "data" / "titanic.csv"


def test_the_mean_fare_is_that_of_the_fares_that_are_known(tmp_path):
    passengers = pd.read_csv(DATA)
    passengers.loc[:599, "Fare"] = None
    passengers.to_csv(tmp_path / "gaps.csv", index=False)

    results = train(tmp_path / "gaps.csv")

    expensive = pd.concat([results["X_train"], results["X_test"]])["Expensive"]
    assert expensive[778] == 0  # 12.48; the known fares have a mean of 13.30
