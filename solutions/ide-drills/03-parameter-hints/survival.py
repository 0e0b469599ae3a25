"""Who survived, by groups of passengers."""

from collections import Counter


def survival_rates(
    passengers: list[dict], by: str, digits: int, at_least: int = 1
) -> dict[str, float]:
    """The rate of each group of at least so many people, rounded."""
    people = Counter(passenger[by] for passenger in passengers)
    survivors = Counter(passenger[by] for passenger in passengers if passenger["Survived"])
    return {
        group: round(survivors[group] / count, digits)
        for group, count in people.items()
        if count >= at_least
    }
