"""What `nbkata watch` remembers of forests that were fitted before: never more than is the same."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.ensemble._forest import BaseForest
from sklearn.exceptions import DataConversionWarning

from nbkata.shell.remembered_fits import FITS, remember_fits

ROWS = pd.DataFrame({"age": [1, 20, 30, 4, 50, 60], "fare": [7.0, 8.0, 9.0, 1.0, 2.0, 3.0]})
ANSWERS = pd.Series([1, 0, 0, 1, 0, 1])

Forest = Callable[..., Any]


def forest(kind: Forest = RandomForestClassifier, **settings: Any) -> Any:
    return kind(**{"n_estimators": 3, "random_state": 0, **settings})


@pytest.fixture(name="fitted")
def fixture_fitted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The models that scikit-learn has fitted itself, while fits are remembered."""
    fitted: list[Any] = []
    original = BaseForest.fit

    def fit(model: Any, *given: Any, **named: Any) -> Any:
        fitted.append(model)
        return original(model, *given, **named)

    monkeypatch.setattr(BaseForest, "fit", fit)
    monkeypatch.setenv(FITS, str(tmp_path))
    remember_fits()
    forest().fit(ROWS, ANSWERS)
    return fitted


def test_the_same_forest_on_the_same_rows_is_fitted_once_and_says_the_same(fitted: list[Any]):
    again = forest()
    assert again.fit(ROWS.copy(), ANSWERS.copy()) is again
    assert len(fitted) == 1
    assert (again.predict_proba(ROWS) == fitted[0].predict_proba(ROWS)).all()
    assert vars(again).keys() == vars(fitted[0]).keys()


@pytest.mark.parametrize(
    ("rows", "answers", "model"),
    [
        (ROWS.assign(age=[2, 20, 30, 4, 50, 60]), ANSWERS, forest()),
        (ROWS.rename(columns={"age": "years"}), ANSWERS, forest()),
        (ROWS[["fare", "age"]], ANSWERS, forest()),
        (ROWS.astype({"age": float}), ANSWERS, forest()),
        (ROWS.iloc[::-1], ANSWERS, forest()),
        (ROWS, 1 - ANSWERS, forest()),
        (ROWS, ANSWERS, forest(max_depth=1)),
        (ROWS, ANSWERS, forest(random_state=1)),
        (ROWS, ANSWERS, forest(ExtraTreesClassifier)),
    ],
)
def test_whatever_else_goes_in_is_fitted(
    fitted: list[Any], rows: pd.DataFrame, answers: pd.Series, model: Any
):
    model.fit(rows, answers)
    assert fitted[1:] == [model]


@pytest.mark.parametrize(
    "settings",
    [{"random_state": None}, {"class_weight": {0: 1, 1: 2}}, {"warm_start": True}, {"verbose": 1}],
)
def test_what_is_not_decided_by_rows_and_plain_settings_is_fitted_each_time(
    fitted: list[Any], settings: dict[str, Any]
):
    for _ in range(2):
        model = forest(**settings).fit(ROWS, ANSWERS)
        model.set_params(n_estimators=4).fit(ROWS, ANSWERS)  # now it has been fitted before
    assert len(fitted) >= 4


def test_weights_are_not_forgotten(fitted: list[Any]):
    for _ in range(2):
        forest().fit(ROWS, ANSWERS, sample_weight=[1, 1, 1, 1, 1, 9])
    assert len(fitted) == 3


def test_a_remembered_forest_is_nobody_elses(fitted: list[Any]):
    forest().fit(ROWS, ANSWERS).estimators_.clear()
    assert len(forest().fit(ROWS, ANSWERS).estimators_) == 3
    assert len(fitted) == 1


def test_a_fit_that_warns_warns_each_time(fitted: list[Any]):
    for _ in range(3):
        with pytest.warns(DataConversionWarning):
            forest().fit(ROWS, ANSWERS.to_frame())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(DataConversionWarning):
            forest().fit(ROWS, ANSWERS.to_frame())
    assert fitted


def test_a_damaged_memory_is_no_memory(fitted: list[Any], tmp_path: Path):
    for kept in tmp_path.iterdir():
        kept.write_bytes(b"torn")
    forest().fit(ROWS, ANSWERS)
    assert len(fitted) == 2


@pytest.mark.usefixtures("fitted")
def test_the_oldest_fits_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("nbkata.shell.remembered_fits.MOST", 2)
    for depth in (1, 2, 3):
        forest(max_depth=depth).fit(ROWS, ANSWERS)
    assert len(list(tmp_path.iterdir())) == 2
