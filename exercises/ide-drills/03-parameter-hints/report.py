"""The rates for the report."""

from survival import survival_rates


def rates_by_class(passengers: list[dict]) -> dict[str, float]:
    """By class, to 2 digits; only classes with 3 people or more."""
    return survival_rates(passengers, 3, 2, "Pclass")
