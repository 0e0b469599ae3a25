"""The data set is OpenML's, cell by cell, and can be made again."""

import csv
import gzip
import hashlib
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "notebooks" / "data"
CSV = DATA / "titanic.csv"
NUMERIC = {"pclass", "age", "sibsp", "parch", "fare"}

Row = dict[str, str]


@pytest.fixture(name="rows", scope="module")
def _rows() -> list[Row]:
    with CSV.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(name="original", scope="module")
def _original() -> list[dict[str, object]]:
    """The ARFF file as liac-arff reads it: a parser that the script under test does not use."""
    arff = import_module("sklearn.externals._arff")
    spec = find_spec("sklearn")
    assert spec is not None and spec.origin is not None
    path = Path(spec.origin).parent / (
        "datasets/tests/data/openml/id_40945/data-v1-dl-16826755.arff.gz"
    )
    document = arff.load(gzip.decompress(path.read_bytes()).decode("utf-8"))
    names = [name for name, _ in document["attributes"]]
    return [dict(zip(names, values, strict=True)) for values in document["data"]]


def _as_original(name: str, text: str) -> object:
    if text == "":
        return None
    return float(text) if name in NUMERIC else text


def test_every_cell_equals_the_original(rows: list[Row], original: list[dict[str, object]]) -> None:
    kept = [name for name in original[0] if name not in ("boat", "body", "home.dest")]
    for row, passenger in zip(rows, original, strict=True):
        ours = {name.lower(): text for name, text in row.items() if name != "PassengerId"}
        assert {name: _as_original(name, text) for name, text in ours.items()} == {
            name: passenger[name] for name in kept
        }


def test_passengers_are_numbered_in_the_order_of_the_original(rows: list[Row]) -> None:
    assert [row["PassengerId"] for row in rows] == [str(n) for n in range(1, 1310)]


def test_the_columns_are_those_that_the_kata_names(rows: list[Row]) -> None:
    assert " ".join(rows[0]) == (
        "PassengerId Survived Pclass Name Sex Age SibSp Parch Ticket Fare Cabin Embarked"
    )


@pytest.mark.parametrize(
    ("column", "gaps"),
    [("Age", 263), ("Fare", 1), ("Cabin", 1014), ("Embarked", 2), ("Name", 0), ("Survived", 0)],
)
def test_gaps_are_as_many_as_published(rows: list[Row], column: str, gaps: int) -> None:
    assert sum(row[column] == "" for row in rows) == gaps


def test_five_hundred_survived(rows: list[Row]) -> None:
    assert sum(row["Survived"] == "1" for row in rows) == 500


def test_the_script_makes_the_committed_bytes_again(tmp_path: Path) -> None:
    again = tmp_path / "again.csv"
    subprocess.run([sys.executable, str(DATA / "make_titanic_csv.py"), str(again)], check=True)
    assert again.read_bytes() == CSV.read_bytes()


def test_the_readme_gives_the_sha256_and_every_column(rows: list[Row]) -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    assert hashlib.sha256(CSV.read_bytes()).hexdigest() in readme
    for column in rows[0]:
        assert f"\n| {column} |" in readme
