"""Characterization tests as a learner gets them: readable, exact, approved explicitly."""

import importlib.util
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from support.builders import (
    ROOT,
    completed_inside,
    notebook_of,
    pytest_there,
    write_json,
    written_long_ago,
)

from nbkata.characterize.core.characterize import sorted_out
from nbkata.record.core.record import Fingerprint, Kind, Record

pytestmark = pytest.mark.usefixtures("warm")

SCRIPT = """import pandas as pd

frame = pd.DataFrame({"age": [1.5, None, 3], "name": ["Ann", None, ""], "n": [1, 2, 3]})
frame["kind"] = pd.Categorical(["a", "b", "a"])
mixed = pd.Series([None, float("nan"), ""], dtype=object)
total = frame["n"].sum()
"""
FUNCTION = f"""def run():
{''.join('    ' + line + chr(10) if line else chr(10) for line in SCRIPT.splitlines())}
    return {{"frame": frame, "mixed": mixed, "total": total}}
"""


def nbkata(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return completed_inside(*words, cwd=folder)


def outcome(folder: Path) -> subprocess.CompletedProcess[str]:
    return pytest_there(folder, "tests")


Made = Callable[[str], Path]


@pytest.fixture(name="all_made", scope="module")
def fixture_all_made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A source of each kind, its characterization tests approved: once, for all that copy it."""
    folders = {kind: tmp_path_factory.mktemp(kind) for kind in ("script", "function", "notebook")}
    (folders["script"] / "job.py").write_text(SCRIPT, encoding="utf-8")
    (folders["function"] / "job.py").write_text(FUNCTION, encoding="utf-8")
    write_json(folders["notebook"] / "n b.ipynb", notebook_of(*SCRIPT.split("\n\n")))
    for folder in folders.values():
        (path,) = folder.iterdir()
        done = nbkata(folder, "characterize", path.name, "--approve")
        assert done.returncode == 0, done.stderr
    return folders


@pytest.fixture(name="made")
def fixture_made(all_made: dict[str, Path], tmp_path: Path) -> Made:
    """A source of this kind in the test's own folder, its characterization tests approved."""

    def copied(kind: str) -> Path:
        shutil.copytree(all_made[kind], tmp_path, dirs_exist_ok=True)
        return written_long_ago(next(path for path in tmp_path.iterdir() if path.is_file()))

    return copied


CHANGES = {
    "one value": ("1.5", "1.6"),
    "int to float": ('"n": [1, 2, 3]', '"n": [1.0, 2, 3]'),
    "text to category": ('"name": ["Ann", None, ""]', '"name": pd.Categorical(["Ann", None, ""])'),
    "none to empty": ('["Ann", None, ""]', '["Ann", "", ""]'),
    "none to nan in objects": ("[None, float", "[float('nan'), float"),
    "categories": ('["a", "b", "a"])', '["a", "b", "a"], ["b", "a"])'),
    "a row": ('frame["kind"] =', 'frame = frame.iloc[[0, 2, 1]]\nframe["kind"] ='),
}


@pytest.mark.parametrize("kind", ["script", "function", "notebook"])
def test_unchanged_code_is_green_and_any_change_of_type_or_value_is_red(
    tmp_path: Path, made: Made, kind: str
) -> None:
    path = made(kind)
    assert outcome(tmp_path).returncode == 0
    original = path.read_text(encoding="utf-8")
    changes = CHANGES if kind == "function" else {"one value": CHANGES["one value"]}
    for label, (old, new) in changes.items():
        if kind == "notebook":
            old, new = json.dumps(old)[1:-1], json.dumps(new)[1:-1]
        if kind == "function":
            new = new.replace("\n", "\n    ")
        assert old in original
        path.write_text(original.replace(old, new, 1), encoding="utf-8")
        assert outcome(tmp_path).returncode == 1, label


def test_the_message_names_column_and_row(tmp_path: Path, made: Made) -> None:
    path = made("script")
    path.write_text(SCRIPT.replace("1.5", "1.6"), encoding="utf-8")
    output = outcome(tmp_path).stdout
    assert "frame, column age: 1 of 3 rows moved" in output
    assert "row 0: is 1.6, was approved as 1.5" in output


def test_a_notebooks_tests_name_the_first_stage_that_moved(tmp_path: Path, made: Made) -> None:
    path = made("notebook")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[1.5, None", "[1.6, None"), encoding="utf-8")
    assert "cell 1 is the first that moved: frame, column age" in outcome(tmp_path).stdout


def test_without_approved_data_the_tests_fail_and_say_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "job.py").write_text(SCRIPT, encoding="utf-8")
    done = nbkata(tmp_path, "characterize", "job.py")
    assert done.returncode == 0
    assert "Nothing is approved by this." in done.stdout
    output = outcome(tmp_path)
    assert output.returncode == 1
    assert "Nothing is approved yet" in output.stdout


def test_the_tests_need_no_nbkata_and_are_the_same_bytes_each_time(
    tmp_path: Path, made: Made
) -> None:
    path = made("script")
    first = {p.name: p.read_bytes() for p in (tmp_path / "tests").rglob("*.*") if p.is_file()}
    assert b"import nbkata" not in first["test_characterization.py"]
    assert not any(b"\r" in content for name, content in first.items() if "pyc" not in name)
    again = nbkata(tmp_path, "characterize", path.name, "--approve")
    assert "as before" in again.stdout and "changed:" not in again.stdout
    now = {p.name: p.read_bytes() for p in (tmp_path / "tests").rglob("*.*") if p.is_file()}
    assert {n: c for n, c in now.items() if "pyc" not in n} == {
        n: c for n, c in first.items() if "pyc" not in n
    }


def test_tests_that_were_generated_are_approved_anew_and_not_written_again(
    tmp_path: Path, made: Made
) -> None:
    path = made("function")
    tests = tmp_path / "tests" / "test_characterization.py"
    tests.write_text(tests.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    path.write_text(FUNCTION.replace("1.5", "1.6"), encoding="utf-8")
    assert outcome(tmp_path).returncode == 1
    approvals = tmp_path / "tests" / "approvals.txt"
    assert not approvals.exists()  # nothing was there that could have been replaced
    done = nbkata(tmp_path, "characterize", "tests/test_characterization.py", "--approve")
    assert done.returncode == 0 and "changed: tests/golden/frame.csv" in done.stdout, done.stderr
    assert outcome(tmp_path).returncode == 0
    assert tests.read_text(encoding="utf-8").endswith("# mine\n")
    assert "  nbkata characterize --approve\n" in approvals.read_text(encoding="utf-8")


def test_random_results_and_secrets_are_left_out_with_the_reason(tmp_path: Path) -> None:
    code = "import random\nx = random.random()\nAPI_TOKEN = 'hunter2'\nkept = 1\n"
    (tmp_path / "job.py").write_text(code, encoding="utf-8")
    output = nbkata(tmp_path, "characterize", "job.py", "--approve").stdout
    assert "x differs between runs: random numbers without a seed" in output
    assert "API_TOKEN may be a secret" in output
    kept = (tmp_path / "tests" / "golden" / "values.json").read_text(encoding="utf-8")
    assert json.loads(kept) == {"kept": "1"}


REFUSED = {
    "no file": ("nope.py", None, "there is no such file"),
    "raises": ("a.py", "x = 1\ny = 1 / 0\n", "ZeroDivisionError"),
    "nothing": ("a.py", "import os\n", "leaves nothing behind"),
}


@pytest.mark.parametrize(("name", "code", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_characterized_is_refused(
    tmp_path: Path, name: str, code: str | None, message: str
) -> None:
    if code is not None:
        (tmp_path / name).write_text(code, encoding="utf-8")
    done = nbkata(tmp_path, "characterize", name)
    assert done.returncode == 2
    assert message in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "tests").exists()


def test_a_test_file_of_ones_own_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "job.py").write_text(SCRIPT, encoding="utf-8")
    mine = tmp_path / "tests" / "test_characterization.py"
    mine.parent.mkdir()
    mine.write_text("# mine\n", encoding="utf-8")
    assert nbkata(tmp_path, "characterize", "job.py").returncode == 2
    assert mine.read_text(encoding="utf-8") == "# mine\n"


def test_a_stages_check_sums_see_rows_in_another_order():
    path = ROOT / "tests" / "characterization" / "test_characterization.py"
    spec = importlib.util.spec_from_file_location("generated", path)
    assert spec and spec.loader
    generated = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generated)
    ages = pd.DataFrame({"Age": [22.0, 38.0, 26.0]})
    assert generated.checksums({"ages": ages}) == generated.checksums({"ages": ages.copy()})
    assert generated.checksums({"ages": ages}) != generated.checksums({"ages": ages.iloc[::-1]})


def test_a_seam_that_needs_arguments_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    code = "def train(path):\n    return {path: 1}\n\npath = 'a'\ntrain(path)\n"
    (tmp_path / "job.py").write_text(code, encoding="utf-8")
    output = nbkata(tmp_path, "characterize", "job.py").stdout
    assert "1 value: path" in output
    assert "train() gives results, but needs arguments" in output


def test_where_no_model_stands_the_tables_themselves_are_kept():
    long = Fingerprint(Kind.FRAME, "DataFrame", "1", shape=(500, 2))
    model = {"X": Fingerprint(Kind.FRAME, "DataFrame", "2", shape=(500, 1)), "long": long}
    assert sorted_out({"long": long}, Record("", ()), seam=set())[0] == ("long",)
    assert sorted_out(model, Record("", ()), seam={"X"})[0] == ("X",)
