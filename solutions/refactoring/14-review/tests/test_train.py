from pathlib import Path

import joblib

from train import main

DATA = Path(__file__).parents[1] / "data" / "titanic.csv"


def test_the_program_says_the_accuracy_and_saves_a_model_that_can_predict(tmp_path, capsys):
    saved = tmp_path / "model.joblib"

    main(["--data", str(DATA), "--model", str(saved)])

    assert capsys.readouterr().out.startswith("accuracy: ")
    assert hasattr(joblib.load(saved), "predict")


def test_without_a_file_to_save_to_nothing_is_saved(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    main(["--data", str(DATA)])

    assert not list(tmp_path.iterdir())
