"""What a ticket cost."""


def fare_per_person(passenger: dict) -> float:
    """The ticket's fare, shared by the family that travels on it."""
    if passenger["SibSp"] + passenger["Parch"] + 1 > 6:
        return 0.9 * passenger["Fare"] / (passenger["SibSp"] + passenger["Parch"] + 1)
    return passenger["Fare"] / (passenger["SibSp"] + passenger["Parch"] + 1)
