"""`nbkata adopt`: black box, on tiny notebooks."""

import json
import re
import subprocess
from urllib.parse import unquote

import pytest
from conftest import PLAIN
from support.builders import completed_inside, notebook_of, output_of, pytest_there, write_json

from nbkata.adopt.shell.runs import HASH_SEED
from nbkata.child.shell.interpreter import Interpreter
from nbkata.child.shell.warm import kept_warm
from nbkata.cli import main
from nbkata.kata.core.figures import Measured, Row
from nbkata.report.core.branches import FIGURES
from nbkata.report.shell import branches

pytestmark = pytest.mark.usefixtures("no_plugins")

CLEAN = (
    "import pandas as pd",
    "df = pd.read_csv('../data/sales.csv')\n!pip install something",
    "df['total'] = df['price'] * df['count']\ndf.head()",
    "df = df[df['total'] > 10]\nby_count = df.groupby('count')['total'].mean()",
    "best = by_count.idxmax()\nprint(best)",
)
TIMEOUT = "60"
"""What is adopted with the same one again goes on from what it has."""
ROWS = "price,count,name\n" + "\n".join(f"{n % 7 + 1},{n % 5 + 1},Person {n}" for n in range(40))


@pytest.fixture(scope="module", name="run_nbkata")
def fixture_run_nbkata(nbkata_cache):
    """In this process: none of these tests asks how one begins and ends."""

    def run(*arguments, cwd):
        return completed_inside(*arguments, cwd=cwd, NBKATA_CACHE=nbkata_cache, **PLAIN)

    return run


@pytest.fixture(scope="module", autouse=True)
def fixture_warm():
    """One process that has imported pandas, for all notebooks of these tests."""
    with kept_warm(("pandas",), seed=str(HASH_SEED)):
        yield


@pytest.fixture(name="unmeasured")
def fixture_unmeasured(monkeypatch):
    """Without the strength of its net, which takes longest, where nothing is asked of it."""
    monkeypatch.setattr("nbkata.adopt.shell.proving.measured", lambda *_: "nobody asks for it")


@pytest.fixture(scope="module", name="clean")
def fixture_clean(tmp_path_factory, run_nbkata):
    """A notebook that runs, adopted once: the document, its folder and the exit code."""
    folder = tmp_path_factory.mktemp("clean")
    write_json(folder / "notebooks" / "my sales.ipynb", notebook_of(*CLEAN))
    (folder / "data").mkdir()
    (folder / "data" / "sales.csv").write_text(ROWS, encoding="utf-8")
    asked = ("adopt", "notebooks/my sales.ipynb", "--out", "out", "--timeout", TIMEOUT)
    done = run_nbkata(*asked, "--json", cwd=folder)
    assert done.stdout, done.stderr
    return json.loads(done.stdout), folder, done


def test_a_notebook_that_runs_gets_a_script_that_does_the_same_and_a_net_that_holds(clean):
    answer, folder, done = clean
    assert done.returncode == 0
    assert (answer["runs"], answer["reason"], answer["script_reproduces"]) == (True, "", True)
    assert answer["seam"] == "run" and answer["nondeterministic"] == []
    assert answer["strength"]["percent"] >= 90 and answer["strength"]["flakes"] == 0
    names = {path.name for path in (folder / "out").iterdir()}
    assert {"PLAN.md", "plan.html", "flow.html", "src", "tests", "data", "kata"} <= names


def test_what_a_cell_shows_is_held_by_the_tests_and_the_lights(clean):
    _, folder, _ = clean
    script = (folder / "out" / "src" / "my_sales.py").read_text(encoding="utf-8")
    assert "shown_2 = df.head()" in script and '"shown_2": shown_2' in script
    held = (folder / "out" / "tests" / "test_characterization.py").read_text(encoding="utf-8")
    assert '"shown_2"' in held
    assert '"shown_2"' in (folder / "out" / "kata" / "kata.toml").read_text(encoding="utf-8")


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
    asked = ("adopt", "notebooks/my sales.ipynb", "--out", "out", "--timeout", TIMEOUT)
    done = run_nbkata(*asked, cwd=folder)
    assert script.read_text(encoding="utf-8").endswith("# mine\n")
    script.write_text(text, encoding="utf-8")
    assert "src/my_sales.py is yours by now; it was left as it is." in done.stdout
    assert "cell" not in done.stderr


def test_all_notebooks_are_adopted_and_a_page_says_where_to_begin(clean, run_nbkata, tmp_path):
    _, folder, _ = clean
    write_json(tmp_path / "a broken.ipynb", notebook_of("x = 1", "import never_there"))
    (tmp_path / "torn.ipynb").write_text("{", encoding="utf-8")
    asked = ("adopt", "--all", str(folder / "notebooks"), ".", "--out", "out", "--timeout", TIMEOUT)
    done = run_nbkata(*asked, "--json", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    answer = json.loads(done.stdout)
    assert answer == json.loads((tmp_path / "out" / "repository.json").read_text(encoding="utf-8"))
    ended = [(one["id"], one["ended_by"]) for one in answer["notebooks"]]
    assert ended == [
        ("my sales", "runs"), ("a broken", "does not run"), ("torn", "refused"),
    ]  # fmt: skip
    assert "never_there" in answer["notebooks"][1]["reason"]
    assert "torn.ipynb" in answer["notebooks"][2]["reason"]
    assert answer["notebooks"][0]["strength"]["percent"] >= 90
    assert ["untitled-notebook", 2] in [[o["debt"], o["notebooks"]] for o in answer["debts"]]
    page = (tmp_path / "out" / "repository.html").read_text(encoding="utf-8")
    links = re.findall('<a href="([^"]+)"', page)
    assert len(links) == 4
    assert all((tmp_path / "out" / unquote(link)).is_file() for link in links)


def test_all_notebooks_go_to_no_folder_of_something_else_and_a_typo_is_named(tmp_path, run_nbkata):
    (tmp_path / "one.ipynb").write_text("{", encoding="utf-8")
    done = run_nbkata("adopt", "--all", ".", "--out", ".", cwd=tmp_path)
    assert done.returncode == 2 and [path.name for path in tmp_path.iterdir()] == ["one.ipynb"]
    done = run_nbkata("adopt", "--all", ".", "typo", "--out", "out", cwd=tmp_path)
    assert done.returncode == 2 and "typo: there is no such file" in done.stderr


def test_for_an_agent_the_gate_comes_first_then_tasks_that_guard_and_check_verify(
    clean, run_nbkata, tmp_path, monkeypatch
):
    _, folder, _ = clean
    out = tmp_path / "agent"
    asked = ("adopt", "notebooks/my sales.ipynb", "--out", str(out), "--timeout", TIMEOUT)
    done = run_nbkata(*asked, "--for-agent", cwd=folder)
    assert done.stdout.startswith("Your net catches 100 % of the planted changes: strong enough to")
    tasks = (out / "TASKS.md").read_text(encoding="utf-8")
    assert "- [ ] Extract `" in tasks and "src/my_sales.py" in tasks
    commands = [line.strip() for line in tasks.splitlines() if line.startswith("    nbkata ")]
    assert commands == ["nbkata check --json", "nbkata guard"]
    for command in commands:
        done = run_nbkata(*command.split()[1:], cwd=out)
        assert done.returncode == 0, done.stdout + done.stderr
    _two_branches_side_by_side(out, monkeypatch)
    (out / "tests" / "test_characterization.py").unlink()
    assert run_nbkata("guard", cwd=out).returncode == 1
    assert run_nbkata("hooks", cwd=out).returncode == 0
    assert "AGENTS.md" in tasks and (out / "AGENTS.md").is_file()


def _two_branches_side_by_side(out, monkeypatch):
    """`nbkata compare mine theirs`: run for real, its figures made up (their own tests measure them)."""
    monkeypatch.chdir(out)
    rows = [Row("", "", {figure: Measured(number) for figure in FIGURES}) for number in (7, 8)]
    monkeypatch.setattr(branches, "measure", lambda *_: rows)
    who = ("-c", "user.name=a", "-c", "user.email=a@b")

    def commit(branch, old, new):
        script = out / "src" / "my_sales.py"
        script.write_text(script.read_text("utf-8").replace(old, new), "utf-8")
        for asked in (("switch", "-q", "-c", branch), ("commit", "-q", "-am", branch)):
            subprocess.run(["git", *who, *asked], check=True)

    commit("mine", "shown_2 = df.head()", "shown_2 = df.head(5)")
    subprocess.run(["git", "switch", "-q", "-"], check=True)
    commit("theirs", "> 10", "> 20")
    code, output, _ = output_of("compare", "mine", "theirs", "--html", "sides.html")
    lines = [" ".join(line.split()) for line in output.splitlines()]
    assert code == 1 and "size of the diff +1 -1 in 1 file +1 -1 in 1 file" in lines
    assert "smells 7 8" in lines and "safety net as strong as before as strong as before" in lines
    assert lines[-1].startswith("Moved first, from mine to theirs: ")
    assert "<td>as strong as before</td>" in (out / "sides.html").read_text("utf-8")
    (out / "sides.html").unlink()
    assert output_of("compare", "mine", "mine")[0] == 0
    assert "git knows no commit that mine and gone have" in output_of("compare", "mine", "gone")[2]
    subprocess.run(["git", "switch", "-q", "mine"], check=True)


@pytest.fixture(scope="module", name="stopped")
def fixture_stopped(tmp_path_factory, run_nbkata):
    """A notebook that lacks a package and a file, adopted once."""
    folder = tmp_path_factory.mktemp("stopped")
    cells = ("import pandas as pd", "import no_such_package as nsp", "df = pd.read_csv('rows.csv')")
    write_json(folder / "n.ipynb", notebook_of(*cells))
    done = run_nbkata("adopt", "n.ipynb", cwd=folder)
    return folder / "n-adopted", done


def test_a_notebook_that_cannot_run_gets_a_plan_a_script_and_a_checklist_with_commands(stopped):
    out, done = stopped
    assert done.returncode == 1 and "Traceback" not in done.stderr
    output = " ".join(done.stdout.split())
    assert "It does not run here yet. cell 1, line 1: the package no_such_package is not" in output
    assert "pip install" not in output and "Install no package of that name unless" in output
    assert "[ ] cell 2, line 1: the data file rows.csv is not there. --data" in output.replace(
        "Give it: ", ""
    )
    assert {"PLAN.md", "plan.html", "flow.html"} <= {path.name for path in out.iterdir()}
    assert (out / "src" / "n.py").is_file()


def test_the_way_out_of_a_random_notebook_names_what_is_random_and_where_a_seed_belongs(
    tmp_path, run_nbkata
):
    draw = "import random\nx = random.random()\nn = [1, 2, 3]\ntotal = sum(n)"
    write_json(tmp_path / "n.ipynb", notebook_of(draw))
    answer = json.loads(run_nbkata("adopt", "n.ipynb", "--json", cwd=tmp_path).stdout)
    assert answer["nondeterministic"] == ["x"] and answer["script_reproduces"] is True
    assert answer["strength"]["flakes"] == 0
    plan = (tmp_path / "n-adopted" / "PLAN.md").read_text(encoding="utf-8")
    assert "random.seed(42)" in plan and "x differ between two runs" in plan
    assert '"x"' not in (tmp_path / "n-adopted" / "kata" / "kata.toml").read_text(encoding="utf-8")


@pytest.mark.usefixtures("unmeasured")
def test_the_cells_before_the_one_that_fails_are_held(tmp_path, run_nbkata):
    cells = [*CLEAN[:3], "raise ValueError('old library')", *CLEAN[3:]]
    write_json(tmp_path / "notebooks" / "n.ipynb", notebook_of(*cells))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sales.csv").write_text(ROWS, encoding="utf-8")
    done = run_nbkata("adopt", "notebooks/n.ipynb", "--out", "out", "--json", cwd=tmp_path)
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["runs"], answer["script_reproduces"]) == (1, False, True)
    assert answer["reason"] == "cell 3, line 1: ValueError: old library"
    assert answer["held_until"] == 3
    assert all(item.endswith("(df)") for item in answer["candidates"])
    script = (tmp_path / "out" / "src" / "n.py").read_text(encoding="utf-8")
    assert "shown_2 = df.head()" in script and "by_count" not in script
    tests = pytest_there(tmp_path / "out")
    assert tests.returncode == 0, tests.stdout
    plan = (tmp_path / "out" / "PLAN.md").read_text(encoding="utf-8")
    assert "**It does not run here yet.**" in plan
    assert "The cells before cell 3 run: src/ and its tests are of these." in plan


@pytest.mark.usefixtures("unmeasured")
def test_a_module_that_a_cell_writes_is_found_by_the_next(tmp_path, run_nbkata):
    cells = ["%%writefile helper.py\ndef f(x):\n    return x * 2", "import helper\ny = helper.f(4)"]
    write_json(tmp_path / "n.ipynb", notebook_of(*cells))
    done = run_nbkata("adopt", "n.ipynb", "--out", "out", "--json", cwd=tmp_path)
    answer = json.loads(done.stdout)
    assert (answer["checklist"], answer["script_reproduces"]) == ([], True)
    assert answer["seam"] == "run"


@pytest.mark.usefixtures("unmeasured")
def test_a_module_of_ones_own_that_changed_is_run_again(tmp_path, run_nbkata):
    write_json(tmp_path / "n.ipynb", notebook_of("import own.rates", "y = own.rates.double(4)"))
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "__init__.py").write_text("", encoding="utf-8")
    for factor in (2, 3):
        text = f"def double(x):\n    return x * {factor}\n"
        (tmp_path / "own" / "rates.py").write_text(text, encoding="utf-8")
        out = f"out{factor}"
        assert run_nbkata("adopt", "n.ipynb", "--out", out, cwd=tmp_path).returncode == 0
        golden = (tmp_path / out / "kata" / "golden.json").read_text(encoding="utf-8")
        assert f'"{4 * factor}"' in golden


@pytest.mark.parametrize(
    "by_chance",
    [
        "import random\nok = {True: 1}[random.random() < 0.5]",
        "first = list({'a', 'b', 'c', 'd'})[0]\nimport os\n"
        "ok = {True: first}[os.environ['PYTHONHASHSEED'] == '1']",
    ],
    ids=["another seed", "another order of sets"],
)
def test_a_notebook_that_only_chance_lets_run_is_told_so(tmp_path, run_nbkata, by_chance):
    write_json(tmp_path / "n.ipynb", notebook_of("x = 1", by_chance))
    done = run_nbkata("adopt", "n.ipynb", "--out", "out", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["script_reproduces"] is True
    plan = (tmp_path / "out" / "PLAN.md").read_text(encoding="utf-8")
    line = 2 if "random" in by_chance else 3
    assert (
        f"another seed, or another order of sets (PYTHONHASHSEED), it stops at cell 1, line {line}"
        in plan
    )


def test_cells_before_a_failure_that_leave_nothing_to_compare_are_not_called_held(
    tmp_path, run_nbkata
):
    cells = ["import numpy as np", "thing = object()", "raise ValueError('old')", "y = 2"]
    write_json(tmp_path / "n.ipynb", notebook_of(*cells))
    done = run_nbkata("adopt", "n.ipynb", "--out", "out", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["held_until"] is None
    assert "y = 2" in (tmp_path / "out" / "src" / "n.py").read_text(encoding="utf-8")


MIXED = (
    "import pandas as pd\ndf = pd.read_csv('sales.csv')",
    "df['total'] = df['price'] * df['count'] / 3\ndf['total'].mean()",
    "df['total'] = df['total'].round(1)",
    "by_count = df.groupby('count')['total'].mean() * 2\nby_count = by_count.round(2)",
    "print(by_count)",
)


@pytest.mark.usefixtures("unmeasured")
def test_a_function_that_would_change_a_result_is_not_proposed(tmp_path, run_nbkata):
    write_json(tmp_path / "n.ipynb", notebook_of(*MIXED))
    (tmp_path / "sales.csv").write_text(ROWS, encoding="utf-8")
    listed = json.loads(run_nbkata("extract", "n.ipynb", "--json", cwd=tmp_path).stdout)
    names = [item["name"] for item in listed["candidates"]]
    assert sorted(names) == ["add_total", "compute_by_count"]
    done = run_nbkata("adopt", "n.ipynb", "--out", "out", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["candidates"] == ["compute_by_count(df)"]
    plan = (tmp_path / "out" / "PLAN.md").read_text(encoding="utf-8")
    assert "### compute_by_count" in plan and "add_total" not in plan
    steps = (tmp_path / "out" / "kata" / "kata.toml").read_text(encoding="utf-8")
    assert '"03-first-function"' in steps and '"04-two-more"' not in steps


def test_a_folder_that_adopt_did_not_make_is_left_alone(tmp_path, run_nbkata):
    (tmp_path / "n-adopted").mkdir()
    (tmp_path / "n-adopted" / "mine.txt").write_text("mine", encoding="utf-8")
    write_json(tmp_path / "n.ipynb", notebook_of("x = 1"))
    done = run_nbkata("adopt", "n.ipynb", cwd=tmp_path)
    assert done.returncode == 2 and "nbkata adopt did not make it. Name" in " ".join(
        done.stderr.split()
    )
    assert [path.name for path in (tmp_path / "n-adopted").iterdir()] == ["mine.txt"]


def test_who_stops_it_is_told_that_it_goes_on(tmp_path, monkeypatch, capsys):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("nbkata.adopt.commands.adopt.adopt_into", interrupted)
    monkeypatch.chdir(tmp_path)
    assert main(["adopt", "n.ipynb"]) == 2
    assert "it goes on from there" in " ".join(capsys.readouterr().err.split())
    assert not list(tmp_path.iterdir())


def test_what_is_no_notebook_is_refused_and_nothing_is_written(tmp_path, run_nbkata):
    (tmp_path / "n.ipynb").write_text("{", encoding="utf-8")
    done = run_nbkata("adopt", "n.ipynb", cwd=tmp_path)
    assert done.returncode == 2 and "not JSON" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["n.ipynb"]


def test_fix_proposes_nothing_that_the_project_cannot_run(tmp_path, monkeypatch, capsys):
    other = Interpreter("/old/python", (3, 8, 0), "/old", {"pandas": "1.5.3"}, frozenset())
    monkeypatch.setattr("nbkata.notebook.commands.project_python.looked_at", lambda _: other)
    cells = ("import pandas as pd", "rides = pd.read_csv('rides.csv')\nrides.resample('M').sum()")
    write_json(tmp_path / "rides.ipynb", notebook_of(*cells))
    monkeypatch.chdir(tmp_path)
    assert main(["adopt", "rides.ipynb", "--fix", "--python", "old"]) == 0
    said = capsys.readouterr()
    assert said.out == "" and "For /old/python (Python 3.8.0, pandas 1.5.3)" in said.err


def test_fix_shows_what_libraries_changed_as_a_diff_and_writes_nothing(
    tmp_path, monkeypatch, capsys
):
    cells = ("import pandas as pd", "rides = pd.read_csv('rides.csv')\nrides.resample('M').sum()")
    write_json(tmp_path / "rides.ipynb", notebook_of(*cells))
    monkeypatch.chdir(tmp_path)
    assert main(["adopt", "rides.ipynb", "--fix"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "--- cell 1",
        "+++ cell 1, fixed",
        "@@ -1,2 +1,2 @@",
        " rides = pd.read_csv('rides.csv')",
        "-rides.resample('M').sum()",
        "+rides.resample('ME').sum()",
    ]
    write_json(tmp_path / "rides.ipynb", notebook_of(cells[0]))
    assert main(["adopt", "rides.ipynb", "--fix"]) == 0
    said = capsys.readouterr()
    assert said.out == "" and "No line calls what a library changed" in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["rides.ipynb"]
