"""The features of one passenger."""

RARE = {"Mlle": "Miss", "Ms": "Miss", "Mme": "Mrs"}


def features(passenger: dict) -> dict:
    """What the model is given."""
    name = passenger["Name"]
    title = name.split(",")[1].split(".")[0].strip()
    title = RARE.get(title, title)
    alone = int(passenger["SibSp"] + passenger["Parch"] == 0)
    return {"Title": title, "IsAlone": alone, "Fare": passenger["Fare"]}
