"""Numbers for the report."""

from ages import fill_age as with_age


def mean_age(passengers: list[dict], mean: float) -> float:
    """The mean, gaps filled."""
    filled = [with_age(passenger, mean)["Age"] for passenger in passengers]
    return sum(filled) / len(filled)


def without_age(passengers: list[dict]) -> int:
    """How many would need fill_age."""
    return sum(passenger["Age"] is None for passenger in passengers)
