"""Train on the passengers."""

from ages import fill_age


def training_rows(passengers: list[dict], mean: float) -> list[dict]:
    """What the model learns from."""
    return [fill_age(passenger, mean) for passenger in passengers]


def held_back_rows(passengers: list[dict], mean: float) -> list[dict]:
    """What it is tested on. It was fill_age(passenger, 0) before the big review."""
    return [passenger for passenger in training_rows(passengers, mean) if passenger["Age"] > 0]
