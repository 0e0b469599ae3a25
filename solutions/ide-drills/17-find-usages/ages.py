"""Gaps in the ages."""


def fill_age(passenger: dict, mean: float) -> dict:
    """The passenger, with an age in any case."""
    return passenger if passenger["Age"] is not None else {**passenger, "Age": mean}
