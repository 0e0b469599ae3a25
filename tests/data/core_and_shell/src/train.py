"""Read, prepare, train, judge, save: the thin shell around features and model."""

import argparse
import json
from pathlib import Path

import joblib
import pandas as pd

import features
import model


def main(arguments: list[str] | None = None) -> None:
    """Train on a passenger list and save the model and its scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("passengers", type=Path)
    parser.add_argument("--out", type=Path, default=Path("out"))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    passengers = pd.read_csv(options.passengers)
    rows = model.split(features.prepare(passengers), passengers["survived"], options.seed)
    trained = model.train(rows[0], rows[2])
    scores = model.judge(trained, rows[1], rows[3])
    save(trained, scores, options.out)


def save(trained: object, scores: model.Scores, out: Path) -> None:
    """The model and its scores as files in ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    joblib.dump(trained, out / "model.joblib")
    text = json.dumps({"accuracy": scores.accuracy})
    (out / "scores.json").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
