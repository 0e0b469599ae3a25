"""A kata is data: another one is two folders, and every command walks it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from support.builders import completed_inside

ROOT = Path(__file__).parents[2]
KATA = """
[kata]
title = "From a till to a function"
notebook = "notebooks/till.ipynb"
shown = []

[kata.files]
"notebooks/till.ipynb" = "notebooks/till.ipynb"
"data/sales.csv" = "notebooks/sales.csv"

[[behaviour]]
since = "00-read"
run = "notebook"
file = "notebooks/till.ipynb"
golden = "golden.json"
results = ["total"]

[[behaviour]]
since = "01-function"
run = "script"
file = "src/till.py"
golden = "golden.json"
results = ["total"]

[[step]]
slug = "00-read"
title = "Read it"
minutes = 5
goal = "The notebook says what it does."
until = "00-read"
todo = ["Give the first cell a comment."]

[[step]]
slug = "01-function"
title = "Extract the sum"
minutes = 5
goal = "A function adds up the till."
todo = ["Copy the code into src/till.py and extract the function add_up."]
"""
CODE = """import csv

with open("data/sales.csv", encoding="utf-8") as lines:
    total = sum(float(row["price"]) for row in csv.DictReader(lines))
"""
MET = CODE.replace("data/", "../data/")
READ = f"# adds up the till\n{MET}"
FUNCTION = """import csv


def add_up(rows):
    return sum(float(row["price"]) for row in rows)


with open("data/sales.csv", encoding="utf-8") as lines:
    total = add_up(csv.DictReader(lines))
"""
READ_TEST = """
def test_the_first_cell_says_what_it_does(workspace):
    text = (workspace / "notebooks" / "till.ipynb").read_text(encoding="utf-8")
    assert "# adds up" in text, "The first cell has no comment yet."
"""
FUNCTION_TEST = """
def test_a_function_adds_up(workspace):
    script = workspace / "src" / "till.py"
    assert script.is_file() and "def add_up(" in script.read_text(encoding="utf-8"), "No function adds up the till yet."
"""
WRONG = """
[[wrong]]
name = "the function is forgotten"
shape = "No function adds up the till yet."
edit = [{ file = "src/till.py", text = "total = 7.5\\n" }]
"""
GUIDE = "# {title}\n\n## Goal\n\nSee above.\n"


def _notebook(path: Path, code: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)]), path)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture(name="katas", scope="module")
def _katas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An author's folder with one tiny kata of two steps."""
    root = tmp_path_factory.mktemp("katas of mine")
    exercises, solutions = root / "exercises" / "till", root / "solutions" / "till"
    _write(exercises / "kata.toml", KATA)
    for slug, test in (("00-read", READ_TEST), ("01-function", FUNCTION_TEST)):
        _write(exercises / slug / "test_shape.py", test)
        _write(exercises / slug / "README.md", GUIDE.format(title=slug))
        _write(exercises / slug / "hints.md", "## 1\n\nLook.\n\n## 2\n\nThink.\n\n## 3\n\nType.\n")
    _write(exercises / "01-function" / "wrong.toml", WRONG)
    (exercises / "pytest.ini").write_bytes(
        (ROOT / "exercises" / "refactoring" / "pytest.ini").read_bytes()
    )
    for name in ("gitignore", "pre-commit-config.yaml"):
        source = ROOT / "exercises" / "workspace" / name
        _write(root / "exercises" / "workspace" / name, source.read_text(encoding="utf-8"))
    _write(solutions / "01-function" / "src" / "till.py", FUNCTION)
    _write(root / "notebooks" / "sales.csv", "item,price\ntea,2.5\ncake,5\n")
    _notebook(root / "notebooks" / "till.ipynb", MET)
    _notebook(solutions / "00-read" / "notebooks" / "till.ipynb", READ)
    return root


def _nbkata(katas: Path, *arguments: str, folder: Path | None = None) -> tuple[int, str]:
    variables = {"NBKATA_KIT": str(katas), "COLUMNS": "100"}
    done = completed_inside(*arguments, cwd=folder or katas, **variables)
    return done.returncode, done.stdout + done.stderr


def _dev(katas: Path, *arguments: str) -> tuple[int, str]:
    """In a process of its own: a proof runs notebooks in threads."""
    done = subprocess.run(
        [sys.executable, "-m", "nbkata", "dev", *arguments],
        cwd=katas,
        env={**os.environ, "NBKATA_KIT": str(katas), "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout


def test_a_second_kata_of_two_steps_is_approved_proven_and_walked(katas: Path, tmp_path: Path):
    code, output = _dev(katas, "golden", "--kata", "till")
    assert code == 0 and "total: float 7.5" in output, output
    code, output = _dev(katas, "check", "--json", "--fresh")
    proof = json.loads(output)
    assert [step["slug"] for step in proof["steps"]] == ["00-read", "01-function"]
    for step in proof["steps"]:  # its guides are too short for ours, and that is all
        messages = [step[key] for key in ("behaviour", "fails_before", "passes_after", "formatted")]
        assert all(messages), step["problems"]
    assert proof["steps"][1]["wrong_states"] == {"right": 1, "of": 1}
    workspace = tmp_path / "workspace"
    code, output = _nbkata(katas, "start", str(workspace), "--kata", "till")
    assert (code, (workspace / "data" / "sales.csv").is_file()) == (0, True), output
    _notebook(workspace / "notebooks" / "till.ipynb", READ)
    code, output = _nbkata(katas, "check", folder=workspace)
    assert code == 0 and re.search(r"shape +green", output), output
    code, output = _nbkata(katas, "next", folder=workspace)
    assert code == 0 and "Extract the sum" in output, output
    _write(workspace / "src" / "till.py", CODE)
    code, output = _nbkata(katas, "check", folder=workspace)
    assert code == 1 and "No function adds up the till yet." in output


def test_a_workspace_keeps_its_kata_and_an_unknown_kata_is_refused(katas: Path, tmp_path: Path):
    code, output = _nbkata(katas, "start", str(tmp_path / "w"), "--kata", "titanic")
    assert (code, output) == (2, "✗ there is no kata 'titanic'. The katas are: till.\n")
    assert not (tmp_path / "w").exists()
