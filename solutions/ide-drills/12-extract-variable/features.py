"""What a ticket cost."""


def fare_per_person(passenger: dict) -> float:
    """The ticket's fare, shared by the family that travels on it."""
    family_size = passenger["SibSp"] + passenger["Parch"] + 1
    if family_size > 6:
        return 0.9 * passenger["Fare"] / family_size
    return passenger["Fare"] / family_size
