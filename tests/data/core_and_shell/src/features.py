"""What the model looks at, made from what the ship's list says."""

import pandas as pd

COMMON_TITLES = {"Mr", "Mrs", "Miss", "Master"}
SPELLINGS = {"Mlle": "Miss", "Ms": "Miss", "Mme": "Mrs"}
AGE_EDGES = (0, 16, 32, 48, 64)
MODEL_COLUMNS = ["pclass", "sex", "age_band", "is_alone", "title"]


def add_derived_title(passengers: pd.DataFrame) -> pd.DataFrame:
    """With a column ``title``: what stands before the first point of the name."""
    title = passengers["name"].str.extract(r" ([A-Za-z]+)\.", expand=False).replace(SPELLINGS)
    return passengers.assign(title=title.where(title.isin(COMMON_TITLES), "Rare"))


def add_is_alone(passengers: pd.DataFrame) -> pd.DataFrame:
    """With a column ``is_alone``: nobody else of the family is on board."""
    passengers = passengers.copy()
    passengers["is_alone"] = (passengers["sibsp"] + passengers["parch"] == 0).astype(int)
    return passengers


def fill_gaps(passengers: pd.DataFrame) -> pd.DataFrame:
    """Ages by the median of their class and sex, the port by the most frequent one."""
    by_group = passengers.groupby(["pclass", "sex"])["age"].transform("median")
    return passengers.assign(
        age=passengers["age"].fillna(by_group),
        embarked=passengers["embarked"].fillna(passengers["embarked"].mode()[0]),
    )


def band_ages(passengers: pd.DataFrame) -> pd.DataFrame:
    """Ages in bands of sixteen years; those over 64 in the last."""
    edges = [*AGE_EDGES, float("inf")]
    bands = pd.cut(passengers["age"], bins=edges, labels=False, include_lowest=True)
    return passengers.assign(age_band=bands)


def encode(passengers: pd.DataFrame, columns: tuple[str, ...] = ("sex", "title")) -> pd.DataFrame:
    """Texts as numbers, in the order of the alphabet."""
    encoded = passengers.copy()
    for column in columns:
        codes = {value: code for code, value in enumerate(sorted(encoded[column].unique()))}
        encoded[column] = encoded[column].map(codes)
    return encoded


def prepare(passengers: pd.DataFrame) -> pd.DataFrame:
    """All features of all passengers."""
    return (
        passengers.pipe(add_derived_title)
        .pipe(add_is_alone)
        .pipe(fill_gaps)
        .pipe(band_ages)
        .pipe(encode)[MODEL_COLUMNS]
    )
