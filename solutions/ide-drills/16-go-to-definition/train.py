"""Train on the passengers. Start here."""

from pipeline import prepared


def training_rows(passengers: list[dict]) -> list[dict]:
    """What the model learns from."""
    return [row for row in prepared(passengers) if row["Survived"] is not None]
