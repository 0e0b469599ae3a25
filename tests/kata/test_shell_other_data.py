"""The other data that a seam is called with: what is kept in the code, and should not be, shows."""

from pathlib import Path

import pandas as pd
import pytest
from support.builders import ROOT

from nbkata.common.core.refusal import Refusal
from nbkata.kata.core.behaviour import other_data_light
from nbkata.kata.core.kata import Behaviour, OtherData, Step, Subject
from nbkata.kata.shell.check import load_golden, observe
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.run_code import run_code
from nbkata.record.core.record import Record

pytestmark = pytest.mark.usefixtures("warm")

TITLES = {
    **{"Mlle": "Miss", "Ms": "Miss", "Mme": "Mrs"},
    **{title: title for title in ("Mr", "Mrs", "Miss", "Master")},
}
SEAM = Behaviour("00-a", Subject.SEAM, "train.py", "g", {"x": "x"}, "train", "data.csv")


def passengers(path: str) -> pd.DataFrame:
    """With their titles, and the ages in bands as the notebook has them."""
    read = pd.read_csv(ROOT / path)
    title = read["Name"].str.extract(r", ([^.]+)\.")[0].str.strip()
    edges = [-1, 12, 20, 40, 64, 200]
    bands = read["Age"].where(read["Age"] > 64, pd.cut(read["Age"], edges, labels=False))
    return read.assign(
        Title=title.map(lambda word: TITLES.get(word, "Other")),
        Band=bands,
    )


def test_whatever_the_old_code_works_out_from_the_data_comes_out_differently_for_the_other():
    own = passengers("notebooks/data/titanic.csv")
    other = passengers("exercises/refactoring/passengers.csv")
    assert own["Embarked"].mode()[0] != other["Embarked"].mode()[0]
    fares = [
        pd.cut([frame["Fare"].median()], [0, 7.5, 9, 15, 50, 200])[0] for frame in (own, other)
    ]
    assert fares[0] != fares[1], "a canned median would fall into the same band"
    assert abs(own["Fare"].mean() - other["Fare"].mean()) > 10
    for title in ("Mr", "Mrs", "Miss", "Other"):
        ages = [frame[frame["Title"] == title]["Band"].mean() for frame in (own, other)]
        assert int(ages[0]) != int(ages[1]), title


def test_the_other_data_has_gaps_to_fill_in_each_column_that_has_some_and_every_group_known():
    other = passengers("exercises/refactoring/passengers.csv")
    assert (other[["Age", "Fare", "Embarked"]].isna().sum() >= 10).all()
    assert set(other["Title"]) == {"Mr", "Mrs", "Miss", "Master", "Other"}
    assert other.groupby("Title")["Age"].count().min() > 0
    assert not other["PassengerId"].is_monotonic_increasing


@pytest.fixture(name="workspace")
def fixture_workspace(tmp_path: Path) -> Path:
    (tmp_path / "data.csv").write_text("x\n1\n", encoding="utf-8")
    (tmp_path / "other.csv").write_text("x\n2\n", encoding="utf-8")
    return tmp_path


def given(workspace: Path, code: str) -> Record | Refusal | None:
    """What the seam gives for the other data."""
    (workspace / "train.py").write_text(f"def train(path):\n    {code}\n", encoding="utf-8")
    run = run_code(SEAM, workspace, 60, workspace / "other.csv")
    assert not isinstance(run, Refusal), run
    return run.other


def test_a_seam_is_called_with_a_copy_of_the_other_data(workspace: Path):
    found = given(workspace, "return {'x': open(path).read().split()[1]}")
    assert isinstance(found, Record)
    assert found.last["x"].value == "'2'"
    given(workspace, "open(path, 'a').write('spoilt'); return {'x': 1}")
    assert (workspace / "other.csv").read_text(encoding="utf-8") == "x\n2\n"


def test_a_seam_that_stops_for_other_data_is_red_with_the_line(workspace: Path):
    found = given(workspace, "return {'data.csv': {'x': 1}}[path]")
    assert isinstance(found, Refusal)
    behaviour = SEAM._replace(other=OtherData("other.csv", "g", "one row"))
    output, cause = other_data_light(behaviour, found._replace(where="train.py, line 2")).messages
    assert output.startswith(
        "For data.csv the results are as they were. For other data (one row) train() stops "
        "(train.py, line 2): KeyError: "
    )
    assert "a constant or another file in its place" in cause
    assert "the test rows by themselves, say, or before the gaps were filled" in cause


@pytest.mark.parametrize("answer", ['{"runs": [{"results": 1}]}', '{"runs": []}', '{"ru', "[]"])
def test_half_an_answer_is_none(workspace: Path, answer: str):
    code = f"import json; json.dumps = lambda *_, **__: {answer!r}; return {{'x': 1}}"
    (workspace / "train.py").write_text(f"def train(path):\n    {code}\n", encoding="utf-8")
    run = run_code(SEAM, workspace, 60, workspace / "other.csv")
    assert isinstance(run, Refusal)
    assert "Python died while it ran" in str(run)


def test_a_missing_file_of_other_data_is_refused_and_not_passed_over(tmp_path: Path):
    kit = load_kit()
    assert isinstance(kit, Kit)
    step = kit.kata.step("08")
    assert isinstance(step, Step)
    seam = kit.kata.behaviour(step)
    assert seam.other is not None
    lost = seam._replace(other=seam.other._replace(file="lost.csv", golden="lost.json"))
    elsewhere = kit._replace(kata=kit.kata._replace(behaviours=(lost,)))
    assert "the kit's own data is not there" in str(observe(elsewhere, step, tmp_path))
    assert "the golden record cannot be read" in str(load_golden(elsewhere, lost))
