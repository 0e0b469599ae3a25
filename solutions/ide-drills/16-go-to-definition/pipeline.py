"""The steps, in order."""

from features import with_age_band


def prepared(passengers: list[dict]) -> list[dict]:
    """Every passenger with all features."""
    return [with_age_band(passenger) for passenger in passengers]
