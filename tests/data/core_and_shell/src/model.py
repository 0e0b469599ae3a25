"""Training and judging, on frames alone."""

from dataclasses import dataclass

import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler


@dataclass(frozen=True)
class Scores:
    """How often the model is right: on all, and on each sex."""

    accuracy: float
    by_sex: dict[int, float]


def split(features: pd.DataFrame, survived: pd.Series, seed: int) -> list[pd.DataFrame]:
    """Training and test rows: features, features, answers, answers."""
    return train_test_split(features, survived, test_size=0.3, random_state=seed)


def train(features: pd.DataFrame, survived: pd.Series) -> Pipeline:
    """A fitted model."""
    model = make_pipeline(StandardScaler(), LogisticRegression())
    model.fit(features, survived)
    return model


def judge(model: Pipeline, features: pd.DataFrame, survived: pd.Series) -> Scores:
    """The scores of a fitted model."""
    right = pd.Series(model.predict(features) == survived.to_numpy(), index=features.index)
    by_sex = right.groupby(features["sex"]).mean()
    return Scores(accuracy=float(right.mean()), by_sex=by_sex.to_dict())
