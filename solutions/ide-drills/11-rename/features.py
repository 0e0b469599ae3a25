"""The features of one passenger."""

from titles import title_of


def features(passenger: dict) -> dict:
    """What the model is given. The column 'proc' is the port's procedure, as the office wrote it."""
    return {
        "Title": title_of(passenger["Name"]),
        "IsAlone": int(passenger["SibSp"] + passenger["Parch"] == 0),
        "Procedure": passenger["proc"],
    }
