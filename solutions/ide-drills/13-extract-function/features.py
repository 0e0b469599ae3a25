"""The features of one passenger."""

RARE = {"Mlle": "Miss", "Ms": "Miss", "Mme": "Mrs"}


def title_of(name: str) -> str:
    """'Surname, Title. First names' -> 'Title', rare ones by their usual form."""
    title = name.split(",")[1].split(".")[0].strip()
    return RARE.get(title, title)


def features(passenger: dict) -> dict:
    """What the model is given."""
    name = passenger["Name"]
    title = title_of(name)
    alone = int(passenger["SibSp"] + passenger["Parch"] == 0)
    return {"Title": title, "IsAlone": alone, "Fare": passenger["Fare"]}
