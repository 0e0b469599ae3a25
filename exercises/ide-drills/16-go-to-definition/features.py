"""Features of one passenger."""

from ages import age_band, age_group


def with_age_band(passenger: dict) -> dict:
    """The passenger, with the band of the age."""
    return {**passenger, "AgeBand": age_band(passenger["Age"])}


def with_age_group(passenger: dict) -> dict:
    """The older way, kept for the report."""
    return {**passenger, "AgeGroup": age_group(passenger["Age"])}
