"""What the pull requests got past me; nbkata check runs it on the code before each, and with it."""

from pathlib import Path

import pandas as pd
import pytest

from train import train

DATA = Path(__file__).parents[1] / "data" / "titanic.csv"


def test_a_port_that_has_no_code_stops_the_run(tmp_path):
    passengers = pd.read_csv(DATA)
    passengers.loc[0, "Embarked"] = "X"
    passengers.to_csv(tmp_path / "port.csv", index=False)

    with pytest.raises(ValueError):
        train(tmp_path / "port.csv")
