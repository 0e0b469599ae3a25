"""Train the forest."""

import json
import os
from pathlib import Path

import pandas as pd
from sklearn.ensemble import RandomForestClassifier


def load(folder: str) -> pd.DataFrame:
    """The passengers, from the folder or from where DATA says."""
    return pd.read_csv(Path(os.environ.get("DATA", folder)) / "titanic.csv")


def forest() -> RandomForestClassifier:
    """The model of the slides."""
    return RandomForestClassifier(n_estimators=100, max_depth=8, random_state=42)


def scores_as_text(scores: dict[str, float]) -> str:
    """One JSON document."""
    return json.dumps(scores)
