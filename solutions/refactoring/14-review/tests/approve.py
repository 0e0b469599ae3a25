"""Approve what train() gives today: python tests/approve.py, then look at the diff."""

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "src"))

from train import train

if __name__ == "__main__":
    results = train(HERE.parent / "data" / "titanic.csv")
    train_rows = results["X_train"].assign(Survived=results["Y_train"])
    test_rows = results["X_test"].assign(Survived=results["Y_test"], Predicted=results["Y_pred"])
    golden = HERE / "golden"
    golden.mkdir(exist_ok=True)
    train_rows.to_csv(golden / "train_rows.csv", index_label="row", lineterminator="\n")
    test_rows.to_csv(golden / "test_rows.csv", index_label="row", lineterminator="\n")
    metrics = json.dumps({"accuracy": results["accuracy"]}) + "\n"
    (golden / "metrics.json").write_text(metrics, encoding="utf-8", newline="\n")
