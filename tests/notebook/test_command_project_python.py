"""``--python``: a project's code is run in its own environment, which has pytest and nothing of the kit."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.builders import notebook_of, output_of, write_json
from support.old_pythons import real_python
from support.projects import OLD, make_environment

from nbkata.common.shell.paths import shown_path

LOAD = (
    "import importlib.util, sys\n"
    "import pandas as pd\n"
    "kit = [n for n in ('typer', 'nbformat', 'ipykernel', 'black') if importlib.util.find_spec(n)]\n"
    "prefix = sys.prefix\n"
    "df = pd.DataFrame({'age': [1.0, None, 30.0], 'name': ['a', 'b', None], 'sex': ['f', 'm', 'f']})\n"
    "df['sex'] = df['sex'].astype('category')"
)
FILL = "%matplotlib inline\ndf['age'] = df['age'].fillna(df['age'].median())\nscore = df['age'].mean()\nscore"


@pytest.fixture(
    name="python", scope="module", params=["borrowed", *os.environ.get(OLD, "").split(os.pathsep)]
)
def fixture_python(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    if request.param == "borrowed":
        return make_environment(tmp_path_factory.mktemp("project") / "a venv")
    if not request.param:
        pytest.skip(f"{OLD} names no environment with another pandas")
    return Path(request.param, "bin", "python")


@pytest.fixture(name="project")
def fixture_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_json(tmp_path / "a b.ipynb", notebook_of(LOAD, FILL))


def last_values(record: Path) -> dict[str, str]:
    stages = json.loads(record.read_text(encoding="utf-8"))["stages"]
    return {name: one.get("value", "") for stage in stages for name, one in stage["names"].items()}


def test_a_record_is_made_there(project: Path, python: Path) -> None:
    code, out, err = output_of("record", project.name, "--python", str(python))
    assert code == 0, err
    assert "All runs agree to the last bit." in out
    assert f"Runs in {shown_path(python)} (Python 3." in err
    values = last_values(project.with_suffix(".record.json"))
    assert Path(values["prefix"].strip("'")).samefile(python.parents[1])
    if "ipykernel" not in values["kit"]:  # an environment of somebody's may have that
        assert values["kit"] == "[]"


def test_characterization_tests_are_made_there_and_hold_there(project: Path, python: Path) -> None:
    code, _, err = output_of("characterize", project.name, "--python", str(python), "--approve")
    assert code == 0, err
    assert pytest_there(python).returncode == 0
    write_json(project, notebook_of(LOAD, FILL.replace("median", "min")))
    moved = pytest_there(python)
    assert moved.returncode == 1 and "df, column age" in moved.stdout


def pytest_there(python: Path, tests: str = "tests") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", tests],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def test_a_notebook_is_adopted_there(project: Path, python: Path) -> None:
    write_json(project, notebook_of(LOAD, FILL.removeprefix("%matplotlib inline\n")))
    code, out, _ = output_of("adopt", project.name, "--python", str(python), "--json")
    assert code == 0, out
    answer = json.loads(out)
    assert answer["runs"] and answer["script_reproduces"] and answer["strength"]["caught"] > 0
    done = pytest_there(python, f"{answer['out']}/tests")
    assert done.returncode == 0, done.stdout
    code_file = project.parent / answer["out"] / "src" / "a_b.py"
    there = f"import sys\nassert sys.prefix == {str(python.parents[1])!r}\n"
    code_file.write_text(there + code_file.read_text(encoding="utf-8"), encoding="utf-8")
    code, out, err = output_of("check", "--workspace", answer["out"], "--json")
    assert json.loads(out)["behaviour"]["ok"] and json.loads(out)["shape"]["ok"], out + err
    (project.parent / answer["out"] / ".nbkata" / "python").write_text("nowhere", encoding="utf-8")
    code, _, err = output_of("check", "--workspace", answer["out"])
    assert code == 2 and "the Python that runs this workspace's code is gone: nowhere." in err


def test_functions_are_called_again_there(tmp_path: Path, python: Path) -> None:
    (tmp_path / "test_there.py").write_text(
        "import sys\nfrom there import prefix, twice\n\n\ndef test_there():\n"
        "    assert twice(2) == 4\n    assert prefix() == sys.prefix\n",
        encoding="utf-8",
    )
    (tmp_path / "there.py").write_text(
        "import sys\n\n\ndef twice(n):\n    return 2 * n\n\n\ndef prefix():\n"
        f"    assert sys.prefix == {str(python.parents[1])!r}\n    return sys.prefix\n",
        encoding="utf-8",
    )
    code, out, err = output_of(
        "purity",
        str(tmp_path / "there.py"),
        "--tests",
        str(tmp_path),
        "--python",
        str(python),
        "--json",
    )
    assert code == 0, err
    assert [one["verdict"] for one in json.loads(out)["functions"]] == ["pure", "pure"]


def test_a_command_of_ipython_needs_ipykernel_there(project: Path) -> None:
    python = make_environment(project.parent / "venv")
    write_json(project, notebook_of("a = 1", "b = 1\n!ls"))
    code, _, err = output_of("record", project.name, "--runs", "1", "--json")
    assert code == 1 and "cell 1, line 2: !ls is a command of IPython" in err, err
    command = f"no ipykernel; to install it: uv pip install --python {python} ipykernel."
    assert "".join(command.split()) in "".join(err.split())  # a long path is broken


def test_an_environment_beside_the_notebook_or_at_its_git_root_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    make_environment(tmp_path / "venv")
    write_json(tmp_path / "notebooks" / "a.ipynb", notebook_of("import sys\nprefix = sys.prefix"))
    code, _, err = output_of("record", "notebooks/a.ipynb", "--runs", "1")
    assert code == 0, err
    assert "Runs in venv/bin/python (Python 3." in err.replace("Scripts", "bin").replace(".exe", "")
    values = last_values(tmp_path / "notebooks" / "a.record.json")
    assert values["prefix"] == repr(str(tmp_path / "venv"))


def test_the_python_of_the_notebooks_kernel_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    python = make_environment(tmp_path / "of the kernel")
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Mine", "language": "python"}
    write_json(tmp_path / "jupyter" / "kernels" / "mine" / "kernel.json", spec)
    document = notebook_of("import sys\nprefix = sys.prefix")
    write_json(tmp_path / "a.ipynb", {**document, "metadata": {"kernelspec": {"name": "mine"}}})
    code, _, err = output_of("record", "a.ipynb", "--runs", "1")
    assert code == 0 and f"Runs in {shown_path(python)} (" in err, err
    assert last_values(tmp_path / "a.record.json")["prefix"] == repr(
        str(tmp_path / "of the kernel")
    )


def test_what_an_environment_lacks_is_said_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_json(tmp_path / "a.ipynb", notebook_of("a = 1"))
    python = make_environment(tmp_path / "venv", borrowed=())
    code, _, err = output_of("characterize", "a.ipynb")
    assert code == 2 and "pytest is not installed in this environment." in err
    assert f"uv pip install --python {python} pytest" in err  # there is no pip, either
    assert f"nbkata's own environment: --python {sys.executable}" in err
    for asked, what in (
        ("nowhere", "nowhere: there is no such Python."),
        (".", ".: there is no Python in this folder."),
        ("a.ipynb", "a.ipynb: "),
    ):
        code, _, err = output_of("record", "a.ipynb", "--python", asked)
        assert code == 2 and what in err and "--python PATH" in err, asked
    old = real_python("3.8")
    if old is None:
        pytest.skip("there is no Python 3.8 here")
    code, _, err = output_of("record", "a.ipynb", "--python", old)
    assert code == 2 and "nbkata runs code with Python 3.11 or newer." in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.ipynb", "venv"]
