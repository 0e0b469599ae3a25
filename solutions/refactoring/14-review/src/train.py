"""The shell: arguments in, passengers read, the core called, the model saved, the score shown."""

import argparse
from pathlib import Path

import joblib
import pandas as pd

from features import derive_features
from model import accuracy, fit_model, split


def train(path):
    passengers = pd.read_csv(path)
    features, survived = derive_features(passengers), passengers["Survived"]

    X_train, X_test, Y_train, Y_test = split(features, survived)
    model = fit_model(X_train, Y_train)

    return {
        "model": model,
        "X_train": X_train,
        "X_test": X_test,
        "Y_train": Y_train,
        "Y_test": Y_test,
        "Y_pred": model.predict(X_test),
        "accuracy": accuracy(model, X_test, Y_test),
    }


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Train the model on a list of passengers.")
    parser.add_argument("--data", type=Path, default=Path("data/titanic.csv"))
    parser.add_argument("--model", type=Path, help="save the model to this file")
    given = parser.parse_args(arguments)

    results = train(given.data)

    if given.model:
        joblib.dump(results["model"], given.model)
    print(f"accuracy: {results['accuracy']}")


if __name__ == "__main__":
    main()
