"""From the passenger list to a trained model."""

import json
from pathlib import Path


def read_passengers(path: Path) -> list[dict]:
    """The list as the office wrote it."""

    def number(text: str) -> float | None:
        """Empty is not zero."""
        return float(text) if text.strip() else None

    header, *lines = path.read_text(encoding="utf-8").splitlines()
    names = header.split(";")
    rows = []
    for line in lines:
        row = dict(zip(names, line.split(";"), strict=True))
        for name in ("Age", "Fare"):
            row[name] = number(row[name])
        rows.append(row)
    return rows


def fill_gaps(passengers: list[dict]) -> list[dict]:
    """Ages by the mean, fares by the middle one."""

    def mean_age() -> float:
        """Of those whose age is known."""
        known = [row["Age"] for row in passengers if row["Age"] is not None]
        return sum(known) / len(known)

    def middle_fare() -> float:
        """Half of the people paid less."""
        known = sorted(row["Fare"] for row in passengers if row["Fare"] is not None)
        return known[len(known) // 2]

    age, fare = mean_age(), middle_fare()
    filled = []
    for row in passengers:
        filled.append(
            {
                **row,
                "Age": age if row["Age"] is None else row["Age"],
                "Fare": fare if row["Fare"] is None else row["Fare"],
            }
        )
    return filled


def add_features(passengers: list[dict]) -> list[dict]:
    """What the notebook made in forty cells."""

    def title(name: str) -> str:
        """Between the comma and the full stop."""
        return name.split(",")[1].split(".")[0].strip()

    def is_alone(row: dict) -> int:
        """Nobody else on board belongs to them."""
        return int(row["SibSp"] + row["Parch"] == 0)

    return [{**row, "Title": title(row["Name"]), "IsAlone": is_alone(row)} for row in passengers]


def train(passengers: list[dict]) -> dict[str, float]:
    """The simplest model there is: how many of each title survived."""

    def rate(title: str) -> float:
        """Of the people with this title."""
        fates = [row["Survived"] for row in passengers if row["Title"] == title]
        return sum(fates) / len(fates)

    return {row["Title"]: rate(row["Title"]) for row in passengers}


def save(model: dict[str, float], path: Path) -> None:
    """As JSON, sorted, so that two versions can be compared."""
    path.write_text(json.dumps(model, sort_keys=True), encoding="utf-8")
