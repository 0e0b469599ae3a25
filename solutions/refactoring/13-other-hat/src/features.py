"""From passengers, one a row, to the columns that the model learns from. Pure."""

import pandas as pd

TITLE_GROUPS = {
    "Mlle": "Miss",
    "Ms": "Miss",
    "Mme": "Mrs",
    **dict.fromkeys(["Dr", "Rev", "Col", "Major", "Capt"], "Other"),
    **dict.fromkeys(["Sir", "Don", "Jonkheer", "Lady", "Dona", "the Countess"], "Other"),
}
CODES = {
    "Sex": {"male": 0, "female": 1},
    "Embarked": {"S": 0, "C": 1, "Q": 2},
    "Title": {"Mr": 0, "Mrs": 1, "Miss": 2, "Master": 3, "Other": 4},
}
LAST_AGE_OF_BAND = [12, 20, 40, 64]
LAST_FARE_OF_BAND = [7.5, 9, 15, 50, 200]
HIGHEST_FARE = 300
FEATURES = ["Pclass", "Sex", "Age", "Fare", "Embarked", "Title", "IsAlone", "Expensive"]


def add_derived_title(passengers):
    """Adds Title, read from a Name like 'Surname, Title. First names'."""
    after_surname = passengers["Name"].str.split(",").str[1]
    titles = after_surname.str.split(".").str[0].str.strip()
    return passengers.assign(Title=titles.map(lambda title: TITLE_GROUPS.get(title, title)))


def add_is_alone(passengers):
    """Adds IsAlone: 1 for passengers without family aboard, else 0."""
    relatives = passengers["SibSp"] + passengers["Parch"]
    return passengers.assign(IsAlone=(relatives == 0).astype(int))


def fill_gaps(passengers):
    """Fills Embarked with the commonest port, Fare with the median, Age by the Title's mean."""
    # of all rows, the test rows among them: see BUGS.md
    mean_ages = passengers.groupby("Title")["Age"].transform("mean")
    return passengers.assign(
        Embarked=passengers["Embarked"].fillna(passengers["Embarked"].mode()[0]),
        Fare=passengers["Fare"].fillna(passengers["Fare"].median()),
        Age=passengers["Age"].fillna(mean_ages),
    )


def encode(passengers, codes):
    """Replaces the words in each column of ``codes`` by their numbers."""
    encoded = {column: passengers[column].map(table) for column, table in codes.items()}
    return passengers.assign(**encoded)


def band(values, last_of_band):
    """The number of each value's band, from 0; what lies above the last edge is one more."""
    return pd.cut(values, [-float("inf"), *last_of_band, float("inf")], labels=False)


def band_ages(passengers):
    """Age becomes its band."""
    return passengers.assign(Age=band(passengers["Age"], LAST_AGE_OF_BAND))


def band_fares(passengers):
    """Fare becomes its band."""
    return passengers.assign(Fare=band(passengers["Fare"], LAST_FARE_OF_BAND))


def cap_fares(passengers):
    """Fare, the price of a whole ticket, is at most HIGHEST_FARE."""
    return passengers.assign(Fare=passengers["Fare"].clip(upper=HIGHEST_FARE))


def share_fares(passengers):
    """Fare, the price of a whole ticket, becomes the price for each of the family."""
    family = passengers["SibSp"] + passengers["Parch"] + 1
    return passengers.assign(Fare=passengers["Fare"] / family)


def add_is_expensive(passengers):
    """Adds Expensive: 1 where Fare, per person by now, is above the mean of all, else 0."""
    fares = passengers["Fare"]
    return passengers.assign(Expensive=(fares > fares.mean()).astype(int))


def derive_features(passengers):
    """The model's columns, all of them whole numbers."""
    return (
        passengers.pipe(add_derived_title)
        .pipe(add_is_alone)
        .pipe(fill_gaps)
        .pipe(band_ages)
        .pipe(cap_fares)
        .pipe(share_fares)
        .pipe(add_is_expensive)
        .pipe(band_fares)
        .pipe(encode, CODES)
        .filter(FEATURES)
        .astype(int)
    )
