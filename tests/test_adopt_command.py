"""`nbkata adopt`: black box, on tiny notebooks."""

import json

import pytest

from builders import notebook_of, write_json

CLEAN = (
    "import pandas as pd\nfrom sklearn.linear_model import LinearRegression",
    "df = pd.read_csv('../data/sales.csv')\n!pip install something",
    "df['total'] = df['price'] * df['count']\ndf.head()",
    "df = df[df['total'] > 10]\nmodel = LinearRegression().fit(df[['count']], df['total'])",
    "score = model.score(df[['count']], df['total'])\nprint(score)",
)
ROWS = "price,count,name\n" + "\n".join(f"{n % 7 + 1},{n % 5 + 1},Person {n}" for n in range(40))


@pytest.fixture(scope="module", name="clean")
def fixture_clean(tmp_path_factory, run_nbkata):
    """A notebook that runs, adopted once: the document, its folder and the exit code."""
    folder = tmp_path_factory.mktemp("clean")
    write_json(folder / "notebooks" / "my sales.ipynb", notebook_of(*CLEAN))
    (folder / "data").mkdir()
    (folder / "data" / "sales.csv").write_text(ROWS, encoding="utf-8")
    done = run_nbkata("adopt", "notebooks/my sales.ipynb", "--out", "out", "--json", cwd=folder)
    assert done.stdout, done.stderr
    return json.loads(done.stdout), folder, done


def test_a_notebook_that_runs_gets_a_script_that_does_the_same_and_a_net_that_holds(clean):
    told, folder, done = clean
    assert done.returncode == 0
    assert (told["runs"], told["reason"], told["script_reproduces"]) == (True, "", True)
    assert told["seam"] == "run" and told["nondeterministic"] == []
    assert told["strength"]["percent"] >= 90 and told["strength"]["flakes"] == 0
    names = {path.name for path in (folder / "out").iterdir()}
    assert {"PLAN.md", "plan.html", "flow.html", "src", "tests", "data", "kata"} <= names


def test_nothing_is_written_beside_the_notebook(clean):
    _, folder, _ = clean
    assert [path.name for path in (folder / "notebooks").iterdir()] == ["my sales.ipynb"]
    assert sorted(path.name for path in folder.iterdir()) == ["data", "notebooks", "out"]


def test_no_row_of_the_data_is_kept_in_the_records_and_the_plan(clean):
    _, folder, _ = clean
    for path in (folder / "out").rglob("*"):
        if path.is_file() and path.parent.name != "data":
            assert "Person 7" not in path.read_text(encoding="utf-8"), path


def test_the_lights_work_in_the_adopted_workspace(clean, run_nbkata):
    _, folder, _ = clean
    done = run_nbkata("check", cwd=folder / "out")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (
        "the 4 results are as they were" in done.stdout or "results are as they were" in done.stdout
    )
    assert "01" in done.stdout


def test_adopting_again_leaves_what_the_learner_changed_and_runs_nothing(clean, run_nbkata):
    _, folder, _ = clean
    script = folder / "out" / "src" / "my_sales.py"
    text = script.read_text(encoding="utf-8")
    script.write_text(text + "# mine\n", encoding="utf-8")
    done = run_nbkata("adopt", "notebooks/my sales.ipynb", "--out", "out", cwd=folder)
    assert script.read_text(encoding="utf-8").endswith("# mine\n")
    script.write_text(text, encoding="utf-8")
    assert "src/my_sales.py is yours by now; it was left as it is." in done.stdout
    assert "cell" not in done.stderr
