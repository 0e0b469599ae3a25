"""Drill 01: the call is complete."""

import pandas as pd


def test_people_are_counted_by_port(drill):
    ports = drill.load("ports.py")
    passengers = pd.DataFrame({"Embarked": ["S", "C", "S", "Q", "S", "C"]})
    counted = drill.call(ports.people_by_port, passengers)
    assert not callable(counted), (
        "The name is complete, but nothing calls it yet: add the brackets, value_counts()."
    )
    assert getattr(counted, "to_dict", dict)() == {"S": 3, "C": 2, "Q": 1}, (
        f"people_by_port should count the people of each port. Yours gives:\n{counted}"
    )
