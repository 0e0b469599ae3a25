import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "src"))

from features import add_derived_title, prepare  # noqa: E402
import train  # noqa: E402


@pytest.fixture(name="passengers")
def fixture_passengers():
    return pd.read_csv(ROOT / "data" / "passengers.csv")


def test_the_whole_run_saves_a_model_and_its_scores(tmp_path):
    train.main([str(ROOT / "data" / "passengers.csv"), "--out", str(tmp_path)])
    assert (tmp_path / "model.joblib").exists()
    assert "accuracy" in (tmp_path / "scores.json").read_text(encoding="utf-8")


def test_a_mademoiselle_is_a_miss():
    lady = pd.DataFrame({"name": ["Sagesser, Mlle. Emma"]})
    assert add_derived_title(lady)["title"].tolist() == ["Miss"]


def test_every_feature_is_a_number(passengers):
    assert prepare(passengers).notna().all().all()
