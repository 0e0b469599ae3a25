"""Drill 05: the warning is understood, and its cause is gone."""

import pandas as pd


def test_the_passengers_without_age_are_found(drill):
    module = drill.load("missing_ages.py")
    passengers = pd.DataFrame({"PassengerId": [1, 2, 3, 4], "Age": [22.0, None, 4.0, None]})
    found = drill.call(module.without_age, passengers)
    assert len(found), (
        "Still nobody is found, and two of the four have no age. "
        "Read the warning on the line: nothing is equal to nan, not even nan."
    )
    assert list(found["PassengerId"]) == [2, 4], (
        f"Passengers 2 and 4 have no age. Yours finds {list(found['PassengerId'])}: "
        "is the question turned around?"
    )


def test_the_warning_is_not_just_silenced(drill):
    for line, text in enumerate(drill.text("missing_ages.py").splitlines(), start=1):
        assert "disable=" not in text and "noqa" not in text, (
            f"missing_ages.py, line {line}: a comment hides the warning. Take it out: the warning is right."
        )
