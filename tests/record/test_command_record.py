"""`nbkata record` and `nbkata compare`, as a person types them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.builders import ROOT, completed_inside, notebook_of, pytest_there, write_json

from nbkata.record.commands.compare import counted

LOAD = "import pandas as pd\ndf = pd.DataFrame({'age': [1, 2, 30], 'name': ['a', 'b', 'c']})"
BINS = "df.loc[df['age'] <= 2, 'age'] = 0"


def nbkata(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return completed_inside(*words, cwd=folder)


def test_recording_comparing_and_finding_the_changed_bin_edge(tmp_path: Path) -> None:
    path = write_json(tmp_path / "a é.ipynb", notebook_of(LOAD, BINS, "n = df['age'].sum()"))
    done = nbkata(tmp_path, "record", path.name)
    assert done.returncode == 0
    assert "a é.record.json: 3 cells, 2 names, 2 runs." in done.stdout
    same = nbkata(tmp_path, "compare", "a é.record.json")
    assert same.returncode == 0 and same.stdout.endswith(f" in {counted(3, 'cell')}.\n")
    assert (counted(1, "value"), counted(3, "cell")) == ("1 value", "3 cells")
    write_json(path, notebook_of(LOAD, BINS.replace("<=", "<"), "n = df['age'].sum()"))
    moved = nbkata(tmp_path, "compare", "a é.record.json")
    assert moved.returncode == 1
    assert "cell 1: df, column age differs in 1 of 3 rows" in moved.stdout
    assert "row 1: was 0, is 2" in moved.stdout
    answer = json.loads(nbkata(tmp_path, "compare", "a é.record.json", "--json").stdout)
    first = answer["first_moved"]
    assert (first["cell"], first["name"], first["column"], first["rows"]) == (1, "df", "age", 1)
    assert answer["consequences"] == ["n"] and not answer["same"]


def test_a_record_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    path = write_json(tmp_path / "a.ipynb", notebook_of(LOAD, BINS))
    for out in ("one.json", "two.json"):
        nbkata(tmp_path, "record", path.name, "--out", out)
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


STOPS = {
    "raises in brackets": (
        ["a = 1", "raise ValueError('[/nope] in the [columns]')"],
        1,
        "[/nope] in the [columns]",
    ),
    "raises escapes": (["a = 1", "raise ValueError('\\x1b[2J')"], 1, "\\x1b[2J"),
    "raises": (["a = 1", "1 / 0"], 1, "Recorded up to there: n.ipynb, cell 1, line 1"),
    "asks": (["a = 1", "input()"], 1, "asks for input"),
    "never ends": (["a = 1", "while True: pass"], 1, "did not end within 3 s"),
    "never ends, and shows": (["a = 1", "while True: display(a)"], 1, "did not end within 3 s"),
    "prints": (
        ["while True: print('x' * 10**7)"],
        2,
        "cell 0, line 1: OSError: printed more than 100 MB",
    ),
    "missing package": (["import no_such_package"], 2, "cell 0, line 1: No module named"),
    "empty": ([], 2, "no code cells"),
}


@pytest.mark.parametrize(("sources", "code", "message"), STOPS.values(), ids=STOPS)
def test_a_notebook_that_stops_says_where_and_why(
    tmp_path: Path, sources: list[str], code: int, message: str
) -> None:
    path = write_json(tmp_path / "n.ipynb", notebook_of(*sources))
    # A busy machine needs more than 3 s until 100 MB are printed.
    done = nbkata(tmp_path, "record", path.name, "--timeout", "3" if "3 s" in message else "60")
    text = " ".join((done.stdout + done.stderr).split())
    assert (done.returncode, message in text) == (code, True), text
    assert "Traceback" not in text


def test_one_document_on_stdout_does_not_hide_why_the_run_stopped(tmp_path: Path) -> None:
    write_json(tmp_path / "n.ipynb", notebook_of("a = 1", "1 / 0"))
    done = nbkata(tmp_path, "record", "n.ipynb", "--json")
    assert done.returncode == 1 and json.loads(done.stdout)["same"]
    assert done.stderr.startswith(
        "Recorded up to there: n.ipynb, cell 1, line 1: ZeroDivisionError"
    )


@pytest.mark.parametrize("content", ["", "no", "{}", '{"nbkata_record": 99}', None])
def test_a_file_that_is_no_record_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "r.json").write_text(content, encoding="utf-8")
    done = nbkata(tmp_path, "compare", "r.json")
    assert done.returncode == 2
    assert "r.json" in done.stderr and "nbkata record" in " ".join(done.stderr.split())


def test_a_changed_digit_in_the_messy_notebook_is_named_by_stage(tmp_path: Path) -> None:
    for folder in ("notebooks", "tests/characterization"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    path = tmp_path / "notebooks" / "titanic.ipynb"
    text = path.read_text(encoding="utf-8")
    assert text.count("<= 12, 'Age'] = 0") == 1
    document = json.loads(text.replace("<= 12, 'Age'] = 0", "<= 11, 'Age'] = 0"))
    cells = document["cells"]
    edited = next(i for i, c in enumerate(cells) if "<= 11, 'Age'] = 0" in "".join(c["source"]))
    write_json(path, {**document, "cells": cells[: edited + 2]})  # what is below would not be asked
    done = pytest_there(tmp_path, "-x", "tests")
    assert f"cell {edited} is the first that moved: df, column Age" in done.stdout


@pytest.fixture(name="kernels")
def fixture_kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two more installed kernels: a Python that has never heard of nbkata, and no Python."""
    apart = tmp_path / "apart"
    apart.mkdir()
    lines = "import sys\nsys.modules['nbkata'] = None\n"
    lines += "from ipykernel.kernelapp import launch_new_instance\nlaunch_new_instance()\n"
    (apart / "start.py").write_text(lines, encoding="utf-8")
    for name, language, start in (
        ("elsewhere", "python", [sys.executable, str(apart / "start.py")]),
        ("ir", "R", ["R"]),
    ):
        folder = tmp_path / "jupyter" / "kernels" / name
        folder.mkdir(parents=True)
        spec = {"argv": [*start, "-f", "{connection_file}"], "display_name": name}
        write_json(folder / "kernel.json", {**spec, "language": language})
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    return tmp_path


APART = "import sys\nhere = 'nbkata' in sys.modules and sys.modules['nbkata'] is None"


def test_a_kernel_that_has_no_nbkata_records_as_well(kernels: Path) -> None:
    document = notebook_of(LOAD, BINS, APART)
    document["metadata"]["kernelspec"] = {"name": "elsewhere", "display_name": "Elsewhere"}
    write_json(kernels / "n.ipynb", document)
    done = nbkata(kernels, "record", "n.ipynb", "--runs", "1")
    assert done.returncode == 0, done.stderr
    answer = json.loads((kernels / "n.record.json").read_text(encoding="utf-8"))
    assert "True" in json.dumps(answer["stages"][-1]["names"]["here"])
    assert "df" in answer["stages"][0]["names"]
    other = nbkata(kernels, "compare", "n.record.json", "--kernel", "python3")
    assert "the first to move, cell 2: here" in other.stdout.lower()


def test_a_kernel_that_is_not_there_or_no_python_is_refused_when_asked_for(kernels: Path) -> None:
    document = notebook_of("a = 1")
    document["metadata"]["kernelspec"] = {"name": "of-another-machine", "display_name": "x"}
    write_json(kernels / "n.ipynb", document)
    missing = nbkata(kernels, "record", "n.ipynb", "--kernel", "nowhere")
    assert missing.returncode == 2
    text = " ".join(missing.stderr.split())
    assert "nowhere: there is no such kernel here (there are: elsewhere, ir, python3)." in text
    foreign = nbkata(kernels, "record", "n.ipynb", "--kernel", "ir")
    assert (foreign.returncode, "runs R, not Python" in foreign.stderr) == (2, True)
    assert nbkata(kernels, "record", "n.ipynb", "--runs", "1").returncode == 0
