"""What is remembered of models that were asked before: never more than is the same."""

import functools
import importlib
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.exceptions import DataConversionWarning
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC, NuSVC

from nbkata.child.shell.remembered_models import FOLDER, KINDS, forget_oldest, remember_models

ROWS = pd.DataFrame({"age": [1, 20, 30, 4, 50, 60], "fare": [7.0, 8.0, 9.0, 1.0, 2.0, 3.0]})
ANSWERS = pd.Series([1, 0, 0, 1, 0, 1])

Kind = Callable[..., Any]
Asked = list[tuple[str, Any]]


def forest(kind: Kind = RandomForestClassifier, **settings: Any) -> Any:
    return kind(**{"n_estimators": 3, "random_state": 0, **settings})


def neighbours(**settings: Any) -> Any:
    return KNeighborsClassifier(**{"n_neighbors": 3, **settings})


def machine(kind: Kind = SVC, **settings: Any) -> Any:
    return kind(**{"random_state": 0, **settings})


class Derived(SVC):  # pylint: disable=too-many-ancestors # they are scikit-learn's
    """A learner's own: what it does, scikit-learn does not know."""


@pytest.fixture(name="asked")
def fixture_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What scikit-learn has done itself: the method, and of which model."""
    asked: Asked = []

    def noted(original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def method(model: Any, *given: Any, **named: Any) -> Any:
            asked.append((original.__name__, model))
            return original(model, *given, **named)

        return method

    for module, name, methods in KINDS:
        kind = getattr(importlib.import_module(module), name)
        for method in methods:
            monkeypatch.setattr(kind, method, noted(getattr(kind, method)))
    monkeypatch.setenv(FOLDER, str(tmp_path))
    remember_models()
    forest().fit(ROWS, ANSWERS)
    return asked


@pytest.mark.parametrize("make", [forest, neighbours, machine])
def test_the_same_model_on_the_same_rows_is_fitted_once_and_says_the_same(asked: Asked, make: Kind):
    first, again = make(), make()
    first.fit(ROWS, ANSWERS)
    before = len(asked)
    assert again.fit(ROWS.copy(), ANSWERS.copy()) is again
    assert len(asked) == before
    assert vars(again).keys() == vars(first).keys()
    assert (again.predict(ROWS) == first.predict(ROWS)).all()


def test_the_same_neighbours_are_asked_once_about_the_same_rows(asked: Asked):
    for _ in range(3):  # whoever is asked keeps count: the second time it is another
        model = neighbours().fit(ROWS, ANSWERS)
        before = len(asked)
        output = model.predict(ROWS), model.score(ROWS, ANSWERS)
    assert len(asked) == before
    plain = KNeighborsClassifier(3)
    plain.fit(X=ROWS, y=ANSWERS)  # by name: nothing is remembered
    assert (output[0] == plain.predict(X=ROWS)).all() and output[1] == plain.score(
        X=ROWS, y=ANSWERS
    )


def test_the_fits_inside_a_search_are_remembered(asked: Asked):
    for _ in range(3):  # as above
        search = GridSearchCV(forest(), {"max_depth": [1, 2]}, cv=2)
        before = len(asked)
        search.fit(ROWS, ANSWERS)
    assert len(asked) == before
    plain = forest(**search.best_params_).fit(X=ROWS, y=ANSWERS)
    assert (search.predict(ROWS) == plain.predict(X=ROWS)).all()


@pytest.mark.parametrize("rows", [ROWS.assign(age=[2, 20, 30, 4, 50, 60]), ROWS.iloc[1:]])
def test_neighbours_answer_anew_about_other_rows(asked: Asked, rows: pd.DataFrame):
    model = neighbours().fit(ROWS, ANSWERS)
    wrong = 1 - model.score(ROWS, ANSWERS)
    del asked[:]
    assert len(model.predict(rows)) == len(rows)
    assert asked[0] == ("predict", model)
    assert model.score(ROWS, 1 - ANSWERS) == pytest.approx(wrong)
    assert ("score", model) in asked


def test_a_forest_is_asked_once_how_sure_it_is_of_the_same_rows(asked: Asked):
    for _ in range(3):
        model = forest().fit(ROWS, ANSWERS)
        before = len(asked)
        chances = model.predict_proba(ROWS)
    assert len(asked) == before
    assert (model.predict_proba(X=ROWS) == chances).all()
    model.estimators_[0].tree_.value[:] = 0.5  # deep inside
    assert (model.predict_proba(ROWS) != chances).any()


def test_neighbours_whose_attributes_were_changed_answer_anew(asked: Asked):
    model = neighbours().fit(ROWS, ANSWERS)
    before = model.predict(ROWS)
    model.classes_ = model.classes_ + 5
    assert (model.predict(ROWS) == before + 5).all()
    assert asked[-1] == ("predict", model)


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
        (ROWS, ANSWERS, machine(C=2)),
        (ROWS, ANSWERS, machine(random_state=1)),
        (ROWS, ANSWERS, machine(NuSVC)),
        (ROWS, ANSWERS, neighbours(n_neighbors=2)),
        (ROWS, ANSWERS, neighbours(weights="distance")),
    ],
)
def test_whatever_else_goes_in_is_fitted(
    asked: Asked, rows: pd.DataFrame, answers: pd.Series, model: Any
):
    for make in (forest, machine, neighbours):
        make().fit(ROWS, ANSWERS)
    del asked[:]
    model.fit(rows, answers)
    assert asked == [("fit", model)]


@pytest.mark.parametrize(
    "model",
    [
        forest(random_state=None),
        forest(class_weight={0: 1, 1: 2}),
        forest(verbose=1),
        forest(n_jobs=2),  # threads add up in any order
        machine(random_state=None),
        machine(kernel=lambda one, other: one @ other.T),
        machine(Derived),
        neighbours(metric_params={}),
    ],
)
def test_what_is_not_decided_by_rows_and_plain_settings_is_fitted_each_time(
    asked: Asked, model: Any
):
    del asked[:]
    models = [clone(model).fit(ROWS, ANSWERS) for _ in range(3)]
    assert asked == [("fit", one) for one in models]


@pytest.mark.parametrize("model", [forest(warm_start=True), machine(), neighbours()])
def test_a_model_that_was_fitted_before_is_fitted_again(asked: Asked, model: Any):
    clone(model).fit(ROWS, ANSWERS)
    for _ in range(2):
        twice = clone(model).fit(ROWS, ANSWERS)
        del asked[:]
        twice.set_params(**{"n_estimators": 4} if hasattr(twice, "n_estimators") else {})
        twice.fit(ROWS, ANSWERS)
        assert asked == [("fit", twice)]


def test_weights_are_not_forgotten(asked: Asked):
    for _ in range(2):
        forest().fit(ROWS, ANSWERS, sample_weight=[1, 1, 1, 1, 1, 9])
    assert len(asked) == 3


def test_a_remembered_forest_is_nobody_elses(asked: Asked):
    forest().fit(ROWS, ANSWERS).estimators_.clear()
    assert len(forest().fit(ROWS, ANSWERS).estimators_) == 3
    assert len(asked) == 1


def test_a_fit_that_warns_warns_each_time(asked: Asked):
    for _ in range(3):
        with pytest.warns(DataConversionWarning):
            forest().fit(ROWS, ANSWERS.to_frame())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(DataConversionWarning):
            forest().fit(ROWS, ANSWERS.to_frame())
    assert len(asked) == 2


class Loud(list[int]):
    """Answers of the learner's own that warn when they are read."""

    def __array__(self, *_: Any, **__: Any) -> Any:
        warnings.warn("read again")
        return np.array(list(self))


def test_what_warns_of_somebody_elses_line_is_fitted_each_time(asked: Asked):
    for _ in range(3):
        with pytest.warns(UserWarning, match="read again"):
            forest().fit(ROWS, Loud(ANSWERS))
    assert len(asked) == 5  # the first time it is seen to warn


def test_a_damaged_memory_is_no_memory(asked: Asked, tmp_path: Path):
    for kept in tmp_path.iterdir():
        kept.write_bytes(b"torn")
    forest().fit(ROWS, ANSWERS)
    assert len(asked) == 2


@pytest.mark.usefixtures("asked")
def test_the_oldest_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    first = set(tmp_path.iterdir())
    for depth in (1, 2):
        forest(max_depth=depth).fit(ROWS, ANSWERS)
    kept = set(tmp_path.iterdir())
    forget_oldest()
    assert set(tmp_path.iterdir()) == kept and len(kept) == 3
    room = sum(file.stat().st_size for file in kept - first)
    monkeypatch.setattr("nbkata.child.shell.remembered_models.MOST_BYTES", room)
    forget_oldest()
    assert set(tmp_path.iterdir()) == kept - first
    monkeypatch.setenv(FOLDER, str(tmp_path / "not there yet"))
    forget_oldest()
