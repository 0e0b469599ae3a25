"""First tests from made-up arguments: they run, pass, and fail if the function does something else."""

from pathlib import Path

import pytest
from support.builders import notebook_of, write_json

from nbkata.adopt.shell.first_tests import first_tests
from nbkata.common.core.refusal import Refusal
from nbkata.extract.core.codegen import function_source
from nbkata.extract.shell.run import read_flow
from nbkata.notebook.shell.kernels import OWN
from nbkata.record.shell.record import record_notebook

HEAD = "import numpy as np\nimport pandas as pd\nfrom sklearn.linear_model import LinearRegression"


def made_tests(folder: Path, *cells: str) -> dict[str, tuple[str, str]]:
    """The functions proposed for a notebook, and their first tests, by name."""
    document = notebook_of(HEAD, *cells)
    path = folder / "rides.ipynb"
    write_json(path, document)
    flow = read_flow(path)
    assert not isinstance(flow, Refusal)
    recorded = record_notebook(document, folder, kernel=OWN)
    assert not isinstance(recorded, Refusal)
    found = first_tests(flow, recorded.record, folder)
    sources = {item.name: function_source(item, flow.code) for item in flow.candidates}
    return {name: (sources[name], test) for name, test in found.items()}


def passes(source: str, test: str, module: str) -> bool:
    """Whether the test passes with this function in its module."""
    names: dict[str, object] = {}
    head = f"{HEAD}\nfrom sklearn.base import clone\nimport pytest\n"
    code = head + source + test.replace(f"from {module} import", "#")
    exec(code, names)  # pylint: disable=exec-used # generated
    (call,) = [value for name, value in names.items() if name.startswith("test_")]
    try:
        call()  # type: ignore[operator]
    except (AssertionError, ValueError):
        return False
    return True


TABLE = "who,age,fare,day\nAnn,61,7.5,01/02/2020\nBob,,8.5,03/04/2021\nCy,8,9.5,05/06/2022\n"
READ = "df = pd.read_csv('rides.csv')"


@pytest.mark.parametrize(
    ("cells", "name", "change", "holds"),
    [
        pytest.param(
            ["a = np.diff(df['fare'].to_numpy())\nat = np.argmin(np.abs(a))\nleast = a[at]\nprint(least)",
             "print(least + 1)"],
            "compute_least", ("argmin", "argmax"), "assert least == pytest.approx(", id="a number"),
        pytest.param(
            ["ages = df['age'].to_numpy()", "old = [n for n in ages if n > 60]\nmean = sum(old) / len(old)",
             "print(mean)"],
            "compute_mean", ("> 60", ">= 60"), "[59.0, 60.0, 61.0", id="the limit of a comparison"),
        pytest.param(
            ["df['day'] = pd.to_datetime(df['day'], format='%d/%m/%Y')\nprint(df)"],
            "convert_day", ("%d/%m/%Y", "%m/%d/%Y"), '"29/01/2024"', id="days in their format"),
        pytest.param(
            ["df['age'] = df['age'].fillna(df['age'].median())\nprint(df)"],
            "fill_age", (".median()", ".mean()"), 'float("nan")', id="a gap that is filled"),
        pytest.param(
            ["X = df[['fare']]\ny = df['fare'] * 2",
             "model = LinearRegression()\nmodel.fit(X, y)\nguess = model.predict(X)\nprint(guess)"],
            "train_and_predict", ("LinearRegression()", "LinearRegression(fit_intercept=False)"),
            "guess.tolist() ==", id="what a model predicts"),
        pytest.param(
            ["for name in df.select_dtypes('str').columns:\n    df[name] = df[name].str.upper()\nprint(df)"],
            "prepare_df", (".str.upper()", ".str.title() + '.'"), '"c": ["a"', id="columns by their type"),
    ],
)  # fmt: skip
def test_a_first_test_holds_what_the_function_gives_for_made_up_values(
    tmp_path: Path, cells: list[str], name: str, change: tuple[str, str], holds: str
) -> None:
    (tmp_path / "rides.csv").write_text(TABLE, encoding="utf-8")
    source, test = made_tests(tmp_path, READ, *cells)[name]
    module = "model" if name.startswith("train") else "features"
    assert holds in test and "Ann" not in test
    assert passes(source, test, module)
    assert change[0] in source and not passes(source.replace(*change), test, module)


def test_what_cannot_be_made_up_gets_no_test(tmp_path: Path) -> None:
    code = "fit = np.poly1d([1, 2])\nwater = np.arange(3)"
    assert not made_tests(tmp_path, code, "got = fit(water)\nmore = got * 2 + water\nprint(more)")
