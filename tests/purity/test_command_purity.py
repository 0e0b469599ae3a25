"""`nbkata purity`: functions called again in a child process, and the verdicts on them."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Nbkata

from nbkata.purity.core.report import PurityReport, document
from nbkata.purity.shell.check import PurityRequest, check_purity

DATA = Path(__file__).parents[1] / "data"
pytestmark = pytest.mark.usefixtures("warm", "warm_to_call_again")
Answer = dict[str, Any]


@pytest.fixture(name="nbkata")
def fixture_nbkata(nbkata_inside: Nbkata) -> Nbkata:
    """In this process: none of these tests asks how one begins and ends."""
    return nbkata_inside


def functions(answer: Answer) -> dict[str, Any]:
    """By name."""
    return {function["name"]: function for function in answer["functions"]}


@pytest.fixture(name="lists", scope="module")
def fixture_lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both lists and their calls, away from the kit's own settings."""
    folder = tmp_path_factory.mktemp("lists")
    for path in (DATA / "purity").glob("*.py"):
        shutil.copy(path, folder)
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    return folder


@pytest.fixture(name="checked", scope="module")
def fixture_checked(lists: Path) -> Callable[[str], Answer]:
    """Each list is checked once; every test looks at the same answer."""
    answers: dict[str, Answer] = {}

    def checked(module: str) -> Answer:
        if module not in answers:
            request = PurityRequest((f"{module}.py",), lists, ("call_them.py",))
            report = check_purity(request)
            assert isinstance(report, PurityReport), report
            answers[module] = document(report)
        return answers[module]

    return checked


def test_every_impure_function_is_impure_at_the_line_that_makes_it_so(
    checked: Callable[[str], Answer],
):
    lines = (DATA / "purity" / "impure.py").read_text(encoding="utf-8").splitlines()
    assert checked("impure")["notes"] == []
    for name, function in functions(checked("impure")).items():
        if name in ("Encoder.__init__", "_set_age", "depends_on_hash_order", "columns_of"):
            continue
        assert function["verdict"] == "impure", name
        answer = {reason["line"] for reason in function["reasons"]}
        assert any(lines[line - 1].endswith("# <-") for line in answer), (name, answer)


def test_every_pure_function_is_pure_by_text_and_by_two_more_calls(
    checked: Callable[[str], Answer],
):
    found = functions(checked("pure"))
    assert {name for name, f in found.items() if f["verdict"] != "pure"} == set()
    assert all(function["calls"] >= 1 for function in found.values())
    assert len(found) >= 55


def test_what_changed_is_told_with_column_and_rows(checked: Callable[[str], Answer]):
    (reason,) = functions(checked("impure"))["fills_in_place"]["reasons"]
    assert reason["message"] == (
        "edits its argument df: df.fillna({'Age': 0}, inplace=True); "
        "afterwards df['Age'] changed in row 2"
    )
    assert reason["fix"].startswith("Work on a copy: take df.copy() first")


def test_the_cure_fits_what_was_edited(checked: Callable[[str], Answer]):
    answer = functions(checked("impure"))
    fixes = {name: answer[name]["reasons"][0]["fix"] for name in answer if answer[name]["reasons"]}
    assert "sklearn.base.clone(model)" in fixes["fits_its_argument"]
    assert "passes list(rows)" in fixes["advances_an_iterator"]
    assert "default_rng(seed)" in fixes["draws_from_its_argument"]
    assert fixes["Encoder.learn"] == "Return a new object in place of changing this one."
    assert "None the default of names" in fixes["keeps_in_a_mutable_default"]
    assert "df.copy() would share those in its cells" in fixes["edits_lists_in_cells"]
    assert "from a cache" in fixes["edits_what_a_cache_keeps"]
    assert "copy.deepcopy(config)" in fixes["edits_a_nested_list"]


def test_a_result_in_the_order_of_a_set_differs_in_another_process(
    checked: Callable[[str], Answer],
):
    function = functions(checked("impure"))["depends_on_hash_order"]
    assert function["verdict"] == "impure"
    message = function["reasons"][0]["message"]
    assert "another result (the order of a set is another in each process): " in message


def test_an_edit_of_a_view_is_told_at_its_line_by_evidence_alone(
    checked: Callable[[str], Answer],
):
    (reason,) = functions(checked("impure"))["edits_a_view"]["reasons"]
    assert reason["line"] == 104
    assert "values changed at 1 place (0)" in reason["message"]


def test_a_line_that_looks_impure_and_changed_nothing_is_believed(
    checked: Callable[[str], Answer],
):
    function = functions(checked("pure"))["steps"]
    assert function["verdict"] == "pure"
    assert [item["message"] for item in function["cleared"]] == [
        "edits its argument n: n += 1",
        "edits its argument n: n *= 2",
    ]


@pytest.fixture(name="workspace")
def fixture_workspace(tmp_path: Path) -> Path:
    """A finished core and its shell, in a folder with an awkward name."""
    folder = tmp_path / "a workspace, é"
    shutil.copytree(DATA / "core_and_shell", folder)
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    return folder


def test_a_core_and_its_shell_are_told_apart(nbkata: Nbkata, workspace: Path):
    done = nbkata("purity", "features", "src/model.py", "src/train.py", "--json", cwd=workspace)
    assert done.returncode == 1, done.stderr
    answer = json.loads(done.stdout)
    verdicts = {(f["module"], f["name"]): f["verdict"] for f in answer["functions"]}
    assert verdicts.pop(("train", "main")) == verdicts.pop(("train", "save")) == "impure"
    assert set(verdicts.values()) == {"pure"}
    assert len(verdicts) == 9
    assert not list(workspace.rglob("out"))


def test_the_screen_says_pure_impure_and_why(nbkata: Nbkata, workspace: Path):
    done = nbkata("purity", "src/features.py", "src/train.py", cwd=workspace)
    assert done.returncode == 1
    assert "pure           add_derived_title  (3 calls made again)" in done.stdout
    assert "impure         save" in done.stdout
    assert "line 34: prints: print(text)" in done.stdout
    assert "8 functions: 6 pure, 2 impure." in done.stdout
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert not any(line.endswith(" ") for line in lines)


def test_a_script_can_make_the_calls_in_place_of_tests(nbkata: Nbkata, workspace: Path):
    code = "import sys; sys.path.insert(0, 'src'); import train\n"
    code += "train.main(['data/passengers.csv', '--out', 'made'])\n"
    (workspace / "seam.py").write_text(code, encoding="utf-8")
    done = nbkata("purity", "src/model.py", "--run", "seam.py", cwd=workspace)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 functions: 3 pure." in done.stdout


def test_nothing_is_run_with_static(nbkata: Nbkata, workspace: Path):
    done = nbkata("purity", "src/features.py", "--static", cwd=workspace)
    assert done.returncode == 0
    assert "6 functions: 6 not exercised" in done.stdout
    assert done.stdout.count("nothing was run: its text shows nothing impure") == 1
    assert "Nothing was run (--static)." in done.stderr


def test_the_contract_keeps_the_core_from_the_shell(nbkata: Nbkata, workspace: Path):
    done = nbkata("purity", "src/features.py", "src/model.py", "--contract", cwd=workspace)
    (workspace / "contract.toml").write_text(done.stdout, encoding="utf-8")
    lint = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as l; l()"]
    lint += ["--config", "contract.toml", "--no-cache"]

    def linted() -> int:
        return subprocess.run(lint, cwd=workspace, capture_output=True, check=False).returncode

    assert linted() == 0
    features = workspace / "src" / "features.py"
    features.write_text("import train\n" + features.read_text("utf-8"), encoding="utf-8")
    assert linted() == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no escapes in names of files")
def test_escapes_in_a_name_are_shown_whatever_is_asked_for(nbkata: Nbkata, tmp_path: Path):
    folder = tmp_path / "a\x1b[31m\x9b"
    folder.mkdir()
    (folder / "m.py").write_text("def f():\n    print('\x1b[2J')\n", encoding="utf-8")
    for asked in ("--contract", "--static", "--json"):
        done = nbkata("purity", "m.py", asked, cwd=folder)
        assert "impure" in done.stdout or "a\\x1b[31m\\x9b" in done.stdout
        assert not set(done.stdout + done.stderr) & {"\x1b", "\x9b"}, asked


def test_pylint_names_the_static_part_in_modules_declared_pure(lists: Path):
    (lists / "core_a.py").write_text("def f(df):\n    df['a'] = 1\n    print(df)\n", "utf-8")
    options = ["--load-plugins=nbkata.pylint_plugin", "--disable=all"]
    options += ["--enable=impure-argument-edit,impure-output", "--output-format=json"]

    def answer(*more: str) -> list[tuple[str, int]]:
        command = [sys.executable, "-m", "pylint", *options, *more, "core_a.py"]
        done = subprocess.run(command, cwd=lists, capture_output=True, check=False)
        return [(message["symbol"], message["line"]) for message in json.loads(done.stdout)]

    assert answer("--pure-modules=core_a") == [("impure-argument-edit", 2), ("impure-output", 3)]
    assert answer() == []


def test_a_test_can_say_that_modules_are_pure(workspace: Path):
    (workspace / "tests" / "test_core.py").write_text(
        "def test_core(assert_pure):\n    assert_pure('features', 'model')\n\n"
        "def test_shell(assert_pure):\n    assert_pure('train')\n",
        "utf-8",
    )
    command = [sys.executable, "-m", "pytest", "-q", "tests/test_core.py", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=workspace, capture_output=True, text=True, check=False)
    assert "1 failed, 1 passed" in done.stdout, done.stdout
    assert "train.save is impure:" in done.stdout
    assert "src/train.py:34: prints: print(text)" in done.stdout


def test_a_package_is_asked_for_all_that_is_in_it(nbkata: Nbkata, tmp_path: Path):
    package = tmp_path / "src" / "features"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("from features.bands import band\n", "utf-8")
    (package / "bands.py").write_text(
        "def band(age):\n    print(age)\n    return age > 12\n", "utf-8"
    )
    (tmp_path / "tests").mkdir()
    (tmp_path / "pyproject.toml").write_text(
        "[tool.pytest.ini_options]\npythonpath = ['src']\n", "utf-8"
    )
    test = "from features import band\n\n\ndef test_band():\n    assert band(13)\n"
    (tmp_path / "tests" / "test_bands.py").write_text(test, "utf-8")

    done = nbkata("purity", "features", "--json", cwd=tmp_path)

    (function,) = json.loads(done.stdout)["functions"]
    assert (function["module"], function["verdict"]) == ("features.bands", "impure")
