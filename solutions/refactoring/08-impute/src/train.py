import os

import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

TITLE_GROUPS = {
    "Mlle": "Miss",
    "Ms": "Miss",
    "Mme": "Mrs",
    **dict.fromkeys(["Dr", "Rev", "Col", "Major", "Capt"], "Other"),
    **dict.fromkeys(["Sir", "Don", "Jonkheer", "Lady", "Dona", "the Countess"], "Other"),
}


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
    # [code smell] data-leakage: the test rows help to choose the port, the fare and the ages
    mean_ages = passengers.groupby("Title")["Age"].transform("mean")
    return passengers.assign(
        Embarked=passengers["Embarked"].fillna(passengers["Embarked"].mode()[0]),
        Fare=passengers["Fare"].fillna(passengers["Fare"].median()),
        Age=passengers["Age"].fillna(mean_ages),
    )


def train(path):
    # [code smell] mutated-shared-frame: df is changed in place, in 20 cells
    # [code smell] vague-name: df, tmp, data1, df2: what is one row?
    df = pd.read_csv(path)

    mean_fare = df["Fare"].mean()

    # features

    # [code smell] duplicate-responsibility: columns are dropped here, and in five more places
    # [code smell] not-idempotent: a second run of this cell stops with a KeyError
    df = df.drop("PassengerId", axis=1)

    df = add_derived_title(df)

    df = df.drop(["Name"], axis=1)
    df = df.drop("Ticket", axis=1)

    # bands for age and fare, so that the models do not overfit

    # age
    # [code smell] magic-number: the edges of the bands have no names
    # [code smell] duplicate-code: one line a band, eleven times
    df.loc[df["Age"] <= 12, "Age"] = 0
    df.loc[(df["Age"] > 12) & (df["Age"] <= 20), "Age"] = 1
    df.loc[(df["Age"] > 20) & (df["Age"] <= 40), "Age"] = 2
    df.loc[(df["Age"] > 40) & (df["Age"] <= 64), "Age"] = 3

    df = fill_gaps(df)

    df["Sex"] = df["Sex"].map({"male": 0, "female": 1})
    df["Embarked"] = df["Embarked"].map({"S": 0, "C": 1, "Q": 2})

    df["FamilySize"] = df["SibSp"] + df["Parch"] + 1

    df = add_is_alone(df)

    # fare is for the whole ticket -> per person
    df["Fare"] = df["Fare"] / df["FamilySize"]

    df["Expensive"] = 0
    # [code smell] exposed-internals: the mean is of whole tickets, the fare is per person; a bug to keep for now
    df.loc[df["Fare"] > mean_fare, "Expensive"] = 1  # more than the average

    # fare, first numbers from qcut, then by hand
    df.loc[df["Fare"] <= 7.5, "Fare"] = 0
    df.loc[(df["Fare"] > 7.5) & (df["Fare"] <= 9), "Fare"] = 1
    df.loc[(df["Fare"] > 9) & (df["Fare"] <= 15), "Fare"] = 2
    df.loc[(df["Fare"] > 15) & (df["Fare"] <= 50), "Fare"] = 3
    df.loc[(df["Fare"] > 50) & (df["Fare"] <= 200), "Fare"] = 4
    df.loc[df["Fare"] > 200, "Fare"] = 5
    df["Fare"] = df["Fare"].astype(int)
    df["Age"] = df["Age"].astype(int)

    df["Title"] = df["Title"].map({"Mr": 0, "Mrs": 1, "Miss": 2, "Master": 3, "Other": 4})

    # IsAlone is enough
    df = df.drop(["SibSp", "Parch", "FamilySize"], axis=1)

    df = df.drop("Cabin", axis=1)

    # models

    X = df.drop("Survived", axis=1)
    Y = df["Survived"]

    # 80/20
    X_train, X_test, Y_train, Y_test = train_test_split(X, Y, test_size=0.2, random_state=42)

    # depth 4, 6, 8, 12 tried, 8 is best on test
    clf = RandomForestClassifier(n_estimators=100, max_depth=8, random_state=42)
    clf.fit(X_train, Y_train)
    Y_pred = clf.predict(X_test)
    # [code smell] data-leakage: scored on the rows it learnt from
    acc_random_forest = round(clf.score(X_train, Y_train) * 100, 2)

    return {
        "X_train": X_train,
        "X_test": X_test,
        "Y_train": Y_train,
        "Y_test": Y_test,
        "Y_pred": Y_pred,
        "accuracy": acc_random_forest,
    }


if __name__ == "__main__":
    # [code smell] hard-coded-path: found only from one folder
    path = (
        "data/titanic.csv" if os.path.exists("data/titanic.csv") else "notebooks/data/titanic.csv"
    )  # laptop / server
    print(train(path)["accuracy"])
