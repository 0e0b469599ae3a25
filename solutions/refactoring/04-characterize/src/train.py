import pandas as pd
import numpy as np

# [code smell] unused-import: random, re and sys are never used
import random
import re
import os, sys
import warnings

# [code smell] unused-import: cross_val_score and GridSearchCV are never used
from sklearn.model_selection import train_test_split, cross_val_score, GridSearchCV
from sklearn.preprocessing import StandardScaler

# [code smell] wildcard-import: which names come from there?
from sklearn.metrics import *
from sklearn.svm import SVC
from sklearn.neighbors import KNeighborsClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.linear_model import Perceptron, SGDClassifier, LogisticRegression
from sklearn.tree import DecisionTreeClassifier
from sklearn.ensemble import RandomForestClassifier, GradientBoostingClassifier

# [code smell] blanket-warning-filter: hides the warnings that matter, too
warnings.filterwarnings("ignore")

# [code smell] global-seed: who draws from it, and in which order?
np.random.seed(42)


def train(path):
    # experiment tracking (server is gone since the move, ask Jana if there is a new one)
    # [code smell] dead-code: nobody reads TRACKING_URL, TRACKING_TOKEN or plots_dir
    TRACKING_URL = "http://tracking.intern.example:5000"
    # [code smell] secret-in-code: a token, and it is in the history of the file now
    TRACKING_TOKEN = "dead-token-0000-not-a-real-one-0000"

    # [code smell] hard-coded-path: Tom's desktop
    plots_dir = "C:/Users/tom/Desktop/titanic/plots"  # for the slides

    # second attempt, now with the **full** passenger list (1309 people). the old file had only 891 and the scores were all over the place
    #
    # - look at everything again with the new rows
    # - make the features again
    # - train all models, table for the slides on thursday

    # [code smell] commented-out-code: does it still hold? nobody knows
    # df = pd.read_csv('C:/Users/tom/Downloads/train (3).csv')
    # [code smell] vague-name: df, tmp, data1, df2: what is one row?
    df = pd.read_csv(path)
    backup = df.copy()  # just in case

    # [code smell] overloaded-name: tmp is missing values here and importances below
    tmp = df.isnull().sum()
    tmp = tmp / len(df) * 100

    # [code smell] magic-number: 14 here, 12 in the bands below: which is a child?
    data1 = df[df["Age"] < 14]

    mean_fare = df["Fare"].mean()

    # [code smell] dead-code: ports and df2 never reach a model
    ports = pd.DataFrame(
        {"Embarked": ["S", "C", "Q"], "Port": ["Southampton", "Cherbourg", "Queenstown"]}
    )
    # [code smell] merge-unkeyed: on which column? it guesses
    df2 = pd.merge(df, ports)

    # [code smell] dead-code: nobody reads surnames
    surnames = df["Name"].apply(lambda x: x.split(",")[0])

    # features
    #
    # take over from the old notebook, but check every step

    # [code smell] exposed-internals: how a deck is made, in the open
    # [code smell] dead-code: HasCabin and Deck are dropped again unread
    df["HasCabin"] = df["Cabin"].notnull().astype(int)
    # [code smell] duplicate-responsibility: gaps are filled here, and in five more places
    df["Cabin"] = df["Cabin"].fillna("U")  # U = unknown
    df["Deck"] = df["Cabin"].str[0]
    # [code smell] duplicate-responsibility: words become codes here, and in three more places
    df["Deck"] = df["Deck"].map(
        {"A": 7, "B": 6, "C": 5, "D": 4, "E": 3, "F": 2, "G": 1, "T": 0, "U": 0}
    )

    # [code smell] duplicate-responsibility: columns are dropped here, and in five more places
    # [code smell] not-idempotent: a second run of this cell stops with a KeyError
    df = df.drop("PassengerId", axis=1)

    # always 'Surname, Title. First names' (hopefully)
    titles = []
    # [code smell] row-iteration: a loop over rows where a whole column would do
    for i, row in df.iterrows():
        titles.append(row["Name"].split(",")[1].split(".")[0].strip())
    df["Title"] = titles

    # [code smell] duplicate-code: five times the same line; what differs is data
    # [code smell] mutated-shared-frame: df is changed in place, in 20 cells
    df["Title"] = df["Title"].replace("Mlle", "Miss")
    df["Title"] = df["Title"].replace("Ms", "Miss")
    df["Title"] = df["Title"].replace("Mme", "Mrs")
    df["Title"] = df["Title"].replace(["Dr", "Rev", "Col", "Major", "Capt"], "Other")
    df["Title"] = df["Title"].replace(
        ["Sir", "Don", "Jonkheer", "Lady", "Dona", "the Countess"], "Other"
    )

    # long names survive?!
    # [code smell] dead-code: NameLen is dropped again unread
    df["NameLen"] = df["Name"].apply(len)

    df = df.drop(["Name"], axis=1)

    # [code smell] dead-code: TicketPrefix is dropped again unread
    df["TicketPrefix"] = df["Ticket"].apply(lambda x: x.split(" ")[0] if " " in x else "none")

    # too many different ones
    df.drop("TicketPrefix", axis=1, inplace=True)
    df.drop("Ticket", axis=1, inplace=True)

    # [code smell] chained-assignment: pandas 3 fills a copy; the frame stays as it was
    df["Embarked"].fillna("S", inplace=True)  # Southampton, most of them got on there
    df["Sex"] = df["Sex"].map({"male": 0, "female": 1})

    # still 2 without a port?
    # [code smell] data-leakage: the test rows help to choose the port
    df["Embarked"] = df["Embarked"].fillna(df["Embarked"].mode()[0])

    df["Embarked"] = df["Embarked"].map({"S": 0, "C": 1, "Q": 2})

    # 1 = alone, 2-4 small, more = large?? try later if
    df["FamilySize"] = df["SibSp"] + df["Parch"] + 1

    # [code smell] row-iteration: a lambda for each row
    df["IsAlone"] = df.apply(lambda row: 1 if row["FamilySize"] == 1 else 0, axis=1)

    # the 512 ones destroy every scale, cap them
    # [code smell] chained-assignment: no fare is capped; a bug to keep for now
    df["Fare"][df["Fare"] > 300] = 300

    df["Fare"] = df["Fare"].fillna(df["Fare"].median())

    # fare is for the whole ticket -> per person
    df["Fare"] = df["Fare"] / df["FamilySize"]

    df["Expensive"] = 0
    # [code smell] exposed-internals: the mean is of whole tickets, the fare is per person; a bug to keep for now
    df.loc[df["Fare"] > mean_fare, "Expensive"] = 1  # more than the average

    # bands for age and fare, so that the models do not overfit

    # age
    # df.loc[df['Age'] <= 4, 'Age'] = 0
    # [code smell] magic-number: the edges of the bands have no names
    # [code smell] duplicate-code: one line a band, eleven times
    df.loc[df["Age"] <= 12, "Age"] = 0
    df.loc[(df["Age"] > 12) & (df["Age"] <= 20), "Age"] = 1
    df.loc[(df["Age"] > 20) & (df["Age"] <= 40), "Age"] = 2
    df.loc[(df["Age"] > 40) & (df["Age"] <= 64), "Age"] = 3
    # [code smell] result-discarded: ages over 64 stay as they are; a bug to keep for now
    df.loc[df["Age"] > 64, "Age"]

    # fare, first numbers from qcut, then by hand
    # df['Fare'] = pd.cut(df['Fare'], [0, 7.5, 9, 15, 50, 200, 600], labels=False)
    df.loc[df["Fare"] <= 7.5, "Fare"] = 0
    df.loc[(df["Fare"] > 7.5) & (df["Fare"] <= 9), "Fare"] = 1
    df.loc[(df["Fare"] > 9) & (df["Fare"] <= 15), "Fare"] = 2
    df.loc[(df["Fare"] > 15) & (df["Fare"] <= 50), "Fare"] = 3
    df.loc[(df["Fare"] > 50) & (df["Fare"] <= 200), "Fare"] = 4
    df.loc[df["Fare"] > 200, "Fare"] = 5

    try:
        df["Fare"] = df["Fare"].astype(int)
        df["Age"] = df["Age"].astype(int)
    # [code smell] blanket-except: whatever goes wrong here, nobody learns of it
    except:
        pass

    # aha, Age is the problem! take the average of the people with the same title

    # [code smell] data-leakage: the test rows help to fill the ages
    for t in df["Title"].unique():
        m = df.loc[df["Title"] == t, "Age"].mean()
        df.loc[(df["Title"] == t) & (df["Age"].isnull()), "Age"] = m
    df["Age"] = df["Age"].astype(int)

    df["Title"] = df["Title"].map({"Mr": 0, "Mrs": 1, "Miss": 2, "Master": 3, "Other": 4})
    df["Title"] = df["Title"].fillna(0)

    # [code smell] dead-code: WomanOrChild is dropped again unread
    df["WomanOrChild"] = ((df["Sex"] == 1) | (df["Age"] == 0)).astype(int)

    # IsAlone is enough
    df = df.drop(["SibSp", "Parch", "FamilySize"], axis=1)

    df = df.drop(["Cabin", "HasCabin", "Deck"], axis=1)

    # WomanOrChild is almost the same as Sex
    df.drop(columns=["NameLen", "WomanOrChild"], inplace=True)

    # models

    X = df.drop("Survived", axis=1)
    Y = df["Survived"]

    scaler = StandardScaler()
    # [code smell] dead-code: no model reads X_scaled
    # [code smell] data-leakage: the scaler has seen the test rows
    X_scaled = scaler.fit_transform(X)
    # X = X_scaled   # no column names any more and the trees do not care

    # 80/20
    X_train, X_test, Y_train, Y_test = train_test_split(X, Y, test_size=0.2, random_state=42)

    # [code smell] duplicate-code: seven models, seven times the same four lines
    # [code smell] deprecated-api: probability=True goes away; and nobody asks for it
    clf = SVC(probability=True, random_state=42)
    # [code smell] not-scaled: an SVC on raw columns, k-NN and SGD below as well
    clf.fit(X_train, Y_train)
    Y_pred = clf.predict(X_test)
    # [code smell] data-leakage: scored on the rows it learnt from, as are the six others
    acc_svc = round(clf.score(X_train, Y_train) * 100, 2)

    # which k?
    best, best_k = 0, 0
    # [code smell] chosen-by-test-score: the test rows choose k, and the depth of the forest
    for k in range(1, 31):
        knn = KNeighborsClassifier(n_neighbors=k)
        knn.fit(X_train, Y_train)
        s = knn.score(X_test, Y_test)
        if s > best:
            best, best_k = s, k

    # [code smell] overloaded-name: clf is seven models, one after the other
    clf = KNeighborsClassifier(n_neighbors=best_k)
    clf.fit(X_train, Y_train)
    Y_pred = clf.predict(X_test)
    acc_knn = round(clf.score(X_train, Y_train) * 100, 2)

    clf = GaussianNB()
    clf.fit(X_train, Y_train)
    Y_pred = clf.predict(X_test)
    acc_gaussian = round(clf.score(X_train, Y_train) * 100, 2)

    clf = Perceptron(random_state=42)
    clf.fit(X_train, Y_train)
    Y_pred = clf.predict(X_test)
    acc_perceptron = round(clf.score(X_train, Y_train) * 100, 2)

    # jumps around with every seed, 7 is ok
    clf = SGDClassifier(random_state=7)
    clf.fit(X_train, Y_train)
    Y_pred = clf.predict(X_test)
    acc_sgd = round(clf.score(X_train, Y_train) * 100, 2)

    clf = DecisionTreeClassifier(random_state=42)
    clf.fit(X_train, Y_train)
    Y_pred = clf.predict(X_test)
    acc_decision_tree = round(clf.score(X_train, Y_train) * 100, 2)

    # takes forever, and the result is the same as by hand
    # params = {'n_estimators': [50, 100, 200], 'max_depth': [4, 6, 8, 12]}
    # gs = GridSearchCV(RandomForestClassifier(), params, cv=5)
    # gs.fit(X_train, Y_train)
    # gs.best_params_

    # depth 4, 6, 8, 12 tried, 8 is best on test
    # clf = RandomForestClassifier(n_estimators=500, max_depth=12, random_state=42)
    clf = RandomForestClassifier(n_estimators=100, max_depth=8, random_state=42)
    clf.fit(X_train, Y_train)
    Y_pred = clf.predict(X_test)
    acc_random_forest = round(clf.score(X_train, Y_train) * 100, 2)

    # table for the slides

    models = pd.DataFrame(
        {
            "Model": [
                "SVC",
                "KNN",
                "Naive Bayes",
                "Perceptron",
                "SGD",
                "Decision Tree",
                "Random Forest",
            ],
            "Score": [
                acc_svc,
                acc_knn,
                acc_gaussian,
                acc_perceptron,
                acc_sgd,
                acc_decision_tree,
                acc_random_forest,
            ],
        }
    )
    models = models.sort_values(by="Score", ascending=False)
    print(models)

    # [code smell] dead-code: importances that nobody reads
    tmp = pd.DataFrame({"feature": X.columns, "importance": clf.feature_importances_})
    tmp = tmp.sort_values("importance", ascending=False)

    # who are the ones we get wrong?
    # [code smell] dead-code: wrong, rose and jack: computed, never read
    wrong = backup.loc[X_test.index]
    wrong = wrong[Y_test != Y_pred]

    # Rose and Jack :)
    rose = [1, 1, 1, 3, 0, 2, 0, 1]
    jack = [3, 0, 1, 1, 0, 0, 1, 0]

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
    train(path)
