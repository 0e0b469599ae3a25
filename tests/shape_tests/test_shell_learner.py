"""The learner's code as the shape tests see it: its files, and what its pipelines do."""

from pathlib import Path

import pytest

from nbkata.kata.core.kata import Behaviour, Subject
from nbkata.shape_tests.shell.learner import Learner

pytestmark = pytest.mark.usefixtures("warm")

TRAIN = """
import pandas as pd
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer


def twice(rows):
    return rows.assign(a=rows["a"] * 2)


def train(path):
    rows = pd.DataFrame({"a": [1, 2]})
    return {"X": make_pipeline(FunctionTransformer(twice)).fit_transform(X=rows)}
"""


def test_a_file_is_named_by_its_path_in_the_workspace_in_a_package_too(tmp_path: Path):
    (tmp_path / "src" / "titanic").mkdir(parents=True)
    for name in ("train.py", "titanic/model.py"):
        (tmp_path / "src" / name).touch()
    learner = Learner.__new__(Learner)  # no process: nothing is run
    learner.source_folder = (tmp_path / "src").resolve()
    shown = [learner.shown(path) for path in learner.files]
    assert sorted(shown) == ["src/titanic/model.py", "src/train.py"]


def test_a_pipeline_is_seen_doing_what_its_steps_do_and_with_which_functions(tmp_path: Path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "train.py").write_text(TRAIN, encoding="utf-8")
    behaviour = Behaviour("04", Subject.SEAM, "src/train.py", "", {}, "train", "data.csv")
    learner = Learner(tmp_path, behaviour)
    assert "process" not in vars(learner)  # it takes a second of a processor that others may need
    try:
        (pipeline,) = learner.composed_that(lambda call: call.result["a"].tolist() == [2, 4])
        assert pipeline.calls[0].arguments["X"]["a"].tolist() == [1, 2]
    finally:
        learner.close()
    assert (str(pipeline), pipeline.inside) == ("Pipeline.fit_transform", {("train", "twice")})


FOREST = """
from sklearn.ensemble import RandomForestClassifier

def train(path):
    rows = [[1], [2]]
    model = RandomForestClassifier(n_estimators=0, random_state=0, warm_start=True)
    for _ in range(3):  # `while model.n_estimators < 3` would never end if it forgot its number
        model.n_estimators += 1
        model.fit(rows, [0, 1])
    return {"rows": rows, "trees": len(model.estimators_), "wanted": model.n_estimators}
"""


def test_with_a_text_edited_the_features_are_made_and_no_forest_is_grown(tmp_path: Path):
    path = tmp_path / "src" / "train.py"
    path.parent.mkdir()
    path.write_text(FOREST, encoding="utf-8")
    behaviour = Behaviour("04", Subject.SEAM, "src/train.py", "", {}, "train", "data.csv")
    learner = Learner(tmp_path, behaviour, "sklearn.ensemble:RandomForestClassifier")
    try:
        after = learner.with_edited(path, FOREST.replace("[2]", "[5]"))
        assert learner.run.results == {"rows": [[1], [2]], "trees": 3, "wanted": 3}
    finally:
        learner.close()
    assert after == {"rows": [[1], [5]], "trees": 1, "wanted": 3}


MEMBERS = """
import enum


class Title(enum.Enum):
    MR = "Mr"


def title_of(name):
    return Title.MR


def train(path):
    return {"X": [title_of(name).value for name in ("Berg", "Hall")]}
"""


def test_members_that_a_function_gives_back_one_by_one_are_known_by_their_values(tmp_path: Path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "train.py").write_text(MEMBERS, encoding="utf-8")
    behaviour = Behaviour("04", Subject.SEAM, "src/train.py", "", {}, "train", "data.csv")
    learner = Learner(tmp_path, behaviour)
    try:
        (function,) = learner.functions_that(lambda call: call.result == "Mr")
    finally:
        learner.close()
    assert function.small_results == ["Mr", "Mr"]
