"""The learner's tests under a breakage: in a copy, with a limit, without touching the workspace."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nbkata.child.shell.launch import WARM
from nbkata.kata.shell import reported_tests
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.reported_tests import Report, run_reported
from nbkata.shape_tests.shell import learner_tests
from nbkata.shape_tests.shell.learner_tests import LearnerTests
from nbkata.shape_tests.shell.empty_assertions import asserts_nothing
from nbkata.shape_tests.shell.shape_checks import not_passing

pytestmark = pytest.mark.usefixtures("warm")

CODE = "def double(frame):\n    return frame.assign(b=frame['a'] * 2)\n"
GOOD = (
    "import pandas as pd\nfrom code_ import double\n\n\n"
    "def test_b():\n    assert double(pd.DataFrame({'a': [1, 2]}))['b'].tolist() == [2, 4]\n"
)
LAZY = GOOD.replace(".tolist() == [2, 4]", " is not None")


@pytest.fixture(name="workspace")
def fixture_workspace(tmp_path: Path) -> Path:
    """A tiny project."""
    for name, text in (("src/code_.py", CODE), ("tests/test_code.py", GOOD)):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text, encoding="utf-8")
    text = '[tool.pytest]\npythonpath = ["src"]\n'
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture(name="tests")
def fixture_tests(workspace: Path) -> Iterator[LearnerTests]:
    """Its tests."""
    tests = LearnerTests(workspace)
    yield tests
    tests.close()


def broken(tests: LearnerTests, how: str) -> list[bool]:
    run = tests.with_broken(module="code_", function="double", how=how)
    return [test.passed for test in run.tests]


def test_a_test_that_compares_values_notices_both_breakages(tests: LearnerTests):
    assert [test.passed for test in tests.as_they_are.tests] == [True]
    assert broken(tests, "gives its argument") == [False]
    assert broken(tests, "mixes up rows") == [False]
    assert [test.passed for test in tests.as_they_are.tests] == [True]


def test_a_test_that_looks_for_the_column_misses_mixed_up_rows(workspace: Path):
    (workspace / "tests" / "test_code.py").write_text(LAZY, encoding="utf-8")
    tests = LearnerTests(workspace)
    assert broken(tests, "gives its argument") == [False]
    assert broken(tests, "mixes up rows") == [True]
    tests.close()


def test_a_golden_file_can_be_taken_away_from_the_characterization_tests(workspace: Path):
    golden = workspace / "tests" / "golden.csv"
    golden.write_text("b\n2\n", encoding="utf-8")
    reading = "from pathlib import Path\n\n\ndef test_it():\n    assert Path('tests/golden.csv').read_text()\n"
    (workspace / "tests" / "test_characterization.py").write_text(reading, encoding="utf-8")
    tests = LearnerTests(workspace)
    run = tests.with_broken(file="tests/golden.csv", text=None)
    assert [(test.file, test.passed) for test in run.tests] == [("test_characterization.py", False)]
    assert (tests.place / "tests" / "golden.csv").read_text("utf-8") == golden.read_text("utf-8")
    tests.close()


@pytest.mark.parametrize("how", ["gives its argument", "mixes up rows"])
@pytest.mark.parametrize("answer", ["'Mr'", "2", "True"])
def test_a_function_that_gives_one_value_has_no_rows_and_is_broken_all_the_same(
    workspace: Path, how: str, answer: str
):
    (workspace / "src" / "code_.py").write_text(f"def double(one):\n    return {answer}\n", "utf-8")
    test = f"from code_ import double\n\n\ndef test_one():\n    assert double('a') == {answer}\n"
    (workspace / "tests" / "test_code.py").write_text(test, "utf-8")
    tests = LearnerTests(workspace)
    assert broken(tests, how) == [False]
    tests.close()


CONTAINERS = """import dataclasses
from typing import NamedTuple

import numpy as np
import pandas as pd


@dataclasses.dataclass(frozen=True)
class Frozen:
    b: object


class Named(NamedTuple):
    b: object


COLUMN = pd.Series([2, 4])
"""
READ_BACK = {
    "{'b': COLUMN}": "['b'].tolist()",
    "{'b': [2, 4]}": "['b']",
    "[COLUMN, COLUMN]": "[0].tolist()",
    "(np.array([2, 4]), COLUMN)": "[0].tolist()",
    "Named(COLUMN)": ".b.tolist()",
    "Frozen(COLUMN)": ".b.tolist()",
    "Frozen(np.array([2, 4]))": ".b.tolist()",
    "(2, 4)": "",
    "[2, 4]": "",
}


@pytest.mark.parametrize("answer", READ_BACK)
def test_rows_are_mixed_up_wherever_they_are_held(workspace: Path, answer: str):
    code = f"{CONTAINERS}\n\ndef double():\n    return {answer}\n"
    (workspace / "src" / "code_.py").write_text(code, "utf-8")
    test = (
        "from code_ import double\n\n\ndef test_only_looks():\n"
        f"    assert len(double(){READ_BACK[answer]}) == 2\n\n\n"
        f"def test_values():\n    assert [*double(){READ_BACK[answer]}] == [2, 4]\n"
    )
    (workspace / "tests" / "test_code.py").write_text(test, "utf-8")
    tests = LearnerTests(workspace)
    assert [test.passed for test in tests.as_they_are.tests] == [True, True]
    assert broken(tests, "mixes up rows") == [True, False]
    tests.close()


def test_what_is_learnt_is_another_and_keeps_its_names(workspace: Path):
    code = f"{CONTAINERS}\n\ndef double(column):\n    return Named(column[0])\n"
    (workspace / "src" / "code_.py").write_text(code, "utf-8")
    test = (
        "from code_ import double\n\n\ndef test_only_looks():\n    assert double([2, 4]).b > 0\n\n\n"
        "def test_value():\n    assert double([2, 4]).b == 2\n"
    )
    (workspace / "tests" / "test_code.py").write_text(test, "utf-8")
    tests = LearnerTests(workspace)
    run = tests.with_broken(
        module="code_",
        function="double",
        how="misfills",
        instead="another",
        given=[["column"]],
        places=[[0]],
    )
    tests.close()
    assert [(one.name, "3 == 2" in one.message) for one in run.failed] == [("test_value", True)]


def test_tests_that_delete_files_delete_the_copys(workspace: Path):
    text = (
        "import shutil\nimport pathlib\n\n\ndef test_x():\n    shutil.rmtree(pathlib.Path('src'))\n"
    )
    (workspace / "tests" / "test_code.py").write_text(text, encoding="utf-8")
    tests = LearnerTests(workspace)
    assert tests.as_they_are.tests[0].passed
    tests.close()
    assert (workspace / "src" / "code_.py").read_text(encoding="utf-8") == CODE


@pytest.mark.parametrize(
    ("test", "limit_s", "message"),
    [
        (
            "while True:\n        pass",
            2,
            "they did not end within 2 s: is there an endless loop, or is the machine busy?",
        ),
        ("import os\n    os._exit(0)", 90, "Python died while they ran"),
    ],
)
def test_tests_that_never_come_back_are_told_so(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, test: str, limit_s: int, message: str
):
    monkeypatch.setattr(learner_tests, "TIMEOUT_S", limit_s)
    (workspace / "tests" / "test_code.py").write_text(f"def test_x():\n    {test}\n", "utf-8")
    tests = LearnerTests(workspace)
    assert tests.as_they_are.trouble == message
    tests.close()


@pytest.mark.parametrize(
    ("elsewhere", "says"),
    [
        ("src/test_code.py", "tests/, but src/test_code.py has some: move it to tests/."),
        (
            "tests/code_of.py",
            "tests/, but tests/code_of.py has some: let its name begin with test_.",
        ),
        ("src/other.py", "tests/."),
    ],
)
def test_tests_that_pytest_does_not_find_are_named(workspace: Path, elsewhere: str, says: str):
    (workspace / "tests" / "test_code.py").unlink()
    with (workspace / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write('testpaths = ["tests"]\n')
    test = "x = 1\n" if "other" in elsewhere else GOOD
    (workspace / elsewhere).write_text(test, "utf-8")
    tests = LearnerTests(workspace)
    assert not_passing(tests) == f"There is no test yet: pytest finds none in {says}"
    tests.close()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("self.assertTrue(len(rows), 262)", "is only the message. To compare two: self.assertEq"),
        ("self.assertTrue(rows, [1, 2])", "What follows the comma is only the message."),
        ("self.assertTrue('rows')", "That is always true. Compare something."),
        ("assert len(rows), 262", "Put what you compare into parentheses: assert (a, b)"),
        ("assert (rows, 262)", "That is always true. Compare something."),
        ("self.assertTrue(rows == 2, 'two rows')", ""),
        ("self.assertTrue(rows == 2, f'{rows} rows')", ""),
        ("self.assertEqual(rows, 2)", ""),
        ("assert rows == 2, rows", ""),
    ],
)
def test_an_assertion_that_cannot_fail_is_named(tmp_path: Path, line: str, says: str):
    text = f"class TestRows(TestCase):\n    def test_rows(self):\n        {line}\n"
    (tmp_path / "test_rows.py").write_text(text, "utf-8")
    found = asserts_nothing(tmp_path)
    assert says in found and bool(says) == bool(found)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit for the size of a file")
def test_an_endless_print_is_stopped_and_named(workspace: Path):
    test = f"def test_x():\n    while True:\n        print('x' * {10**6})\n"
    (workspace / "tests" / "test_code.py").write_text(test, "utf-8")
    tests = LearnerTests(workspace)
    (failed,) = tests.as_they_are.failed
    assert failed.message == "printed or wrote more than 100 MB; stopped"
    tests.close()


@pytest.fixture(name="little_memory")
def fixture_little_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """1 GB for each process that is started; a fork has the limits of the process it is forked from."""
    monkeypatch.delenv(WARM, raising=False)
    resource = pytest.importorskip("resource", reason="Windows has no limit of memory")
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (1024**3, hard))
    yield
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize(
    ("fixture", "options", "message"),
    [
        ("capsys", "", "a run may take 1 GB"),
        ("", "--capture=sys", "printed or wrote more than 100 MB; stopped"),
        ("", "-s", "printed or wrote more than 100 MB; stopped"),
    ],
)
def test_an_endless_print_is_not_held_in_memory_without_end(
    workspace: Path, fixture: str, options: str, message: str
):
    test = f"def test_x({fixture}):\n    while True:\n        print('x' * 10**6)\n"
    (workspace / "tests" / "test_code.py").write_text(test, "utf-8")
    (workspace / "pytest.ini").write_text(f"[pytest]\naddopts = {options}\n", "utf-8")
    tests = LearnerTests(workspace)
    (failed,) = tests.as_they_are.failed
    assert failed.message == message
    tests.close()


def test_a_file_that_does_not_import_is_a_failed_test_with_its_reason(workspace: Path):
    (workspace / "tests" / "test_code.py").write_text("import nothing_here\n", encoding="utf-8")
    tests = LearnerTests(workspace)
    (failed,) = tests.as_they_are.failed
    assert failed.message == "ModuleNotFoundError: No module named 'nothing_here'"
    tests.close()


def test_two_files_of_one_name_in_two_folders_are_told_so(workspace: Path):
    """pytest says it with the paths of the copy, and its hint is not on the first line."""
    (workspace / "tests" / "unit").mkdir()
    (workspace / "tests" / "unit" / "test_code.py").write_text(GOOD, encoding="utf-8")
    tests = LearnerTests(workspace)
    assert not_passing(tests) == (
        "Your test test_code.py, (the file), fails: another test file has the same name in another "
        "folder, and pytest cannot tell them apart. Rename one of them."
    )
    tests.close()


TABLES = (
    "import pandas as pd\nfrom pandas.testing import assert_frame_equal\n\n\ndef test_a():\n"
    "    assert_frame_equal(pd.DataFrame({{'a': [1, 2]}}), pd.DataFrame({{'a': {0}}}))\n"
)
COLUMN = 'DataFrame.iloc[:, 0] (column name="a") are different'


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ("[1, 3]", f"{COLUMN}: [1, 2] and [1, 3]."),
        ("[1.0, 2.0]", f"Attributes of {COLUMN}: dtype int64 and float64."),
        ("[1, 2] * 30", "DataFrame are different: (2, 1) and (60, 1)."),
    ],
)
def test_of_two_tables_what_differs_is_shown_if_it_is_short(
    workspace: Path, other: str, message: str
):
    (workspace / "tests" / "test_code.py").write_text(TABLES.format(other), "utf-8")
    tests = LearnerTests(workspace)
    assert not_passing(tests) == f"Your test test_code.py, test_a, fails: {message}"
    tests.close()


TWO = "import os\nimport pytest\n\n\ndef test_a():\n    pass\n\n\n{}def test_b():\n    {}\n"
NOT_RUN = "test_b, says nothing: it was not run."
XFAIL = "test_b, says nothing: whatever comes of it, it is marked xfail."
ONLY_ONE = "def pytest_collection_modifyitems(items):\n    del items[1:]\n"


@pytest.mark.parametrize(
    ("mark", "does", "settings", "conftest", "message"),
    [
        ("", "pytest.skip('later')", "", "", "test_b, says nothing: later."),
        ("@pytest.mark.xfail\n", "assert False", "", "", XFAIL),
        ("@pytest.mark.xfail\n", "assert True", "", "", XFAIL),
        ("", "pytest.exit('enough', returncode=0)", "", "", NOT_RUN),
        ("", "assert False", 'addopts = ["-k", "test_a"]\n', "", NOT_RUN),
        ("", "assert False", "", ONLY_ONE, NOT_RUN),
    ],
    ids=["skip", "xfail", "xpass", "exit", "deselected", "removed"],
)
def test_a_test_that_was_not_run_or_cannot_fail_does_not_pass(
    workspace: Path, mark: str, does: str, settings: str, conftest: str, message: str
):
    (workspace / "tests" / "test_code.py").write_text(TWO.format(mark, does), "utf-8")
    (workspace / "tests" / "conftest.py").write_text(conftest, "utf-8")
    with (workspace / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(settings)
    tests = LearnerTests(workspace)
    assert not_passing(tests) == f"Your test test_code.py, {message}"
    tests.close()


def test_a_test_that_skips_when_something_is_broken_has_not_noticed_it(workspace: Path):
    skips = GOOD.replace("import pandas", "import pytest\nimport pandas").replace(
        "    assert",
        "    if 'b' not in double(pd.DataFrame({'a': [1]})):\n"
        "        pytest.skip('x')\n    assert",
    )
    (workspace / "tests" / "test_code.py").write_text(skips, "utf-8")
    tests = LearnerTests(workspace)
    assert not not_passing(tests)
    run = tests.with_broken(module="code_", function="double", how="gives its argument")
    assert not run.failed and [test.outcome for test in run.tests] == ["skipped"]
    tests.close()


def test_tests_that_die_of_one_breakage_are_asked_about_the_next(workspace: Path):
    dies = GOOD.replace(
        "    assert",
        "    if 'b' not in double(pd.DataFrame({'a': [1]})):\n"
        "        __import__('os')._exit(0)\n    assert True or",
    )
    (workspace / "tests" / "test_code.py").write_text(dies, "utf-8")
    tests = LearnerTests(workspace)
    dead = tests.with_broken(module="code_", function="double", how="gives its argument")
    assert dead.trouble == "Python died while they ran"
    assert broken(tests, "mixes up rows") == [True]
    tests.close()


def _reported(folder: Path, text: str, *on_progress: Callable[[Report], None]) -> Report:
    """What is reported of shape tests with this text."""
    kit = load_kit()
    assert isinstance(kit, Kit)
    (folder / "test_shape.py").write_text(text, encoding="utf-8")
    return run_reported(kit, [folder / "test_shape.py"], (), 100, *on_progress)


def test_slow_shape_tests_have_a_time_of_their_own_and_are_named_when_it_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    text = (
        "import pytest\n\n\ndef test_quick():\n    assert True\n\n\n"
        '@pytest.mark.slow("doing much")\ndef test_slow():\n    while True:\n        pass\n'
    )
    monkeypatch.setattr(reported_tests, "SLOW_TIMES", 0.001)
    seen: list[Report] = []
    report = _reported(tmp_path, text, seen.append)
    assert report.late and report.slow == ("doing much",)
    assert [test.ok for test in seen[0].tests] == [True]


CLASS = (
    "class Doubler:\n    def transform(self, frame):\n        return frame.assign(b=frame['a'] * 2)\n\n"
    "    @staticmethod\n    def halves(frame):\n        return (frame[['a']] / 2).to_numpy()\n"
)
USES = (
    "import pandas as pd\nfrom code_ import Doubler\n\nA = pd.DataFrame({'a': [2, 4]})\n\n\n"
    "def test_b():\n    assert Doubler().transform(A)['b'].tolist() == [4, 8]\n\n\n"
    "def test_c():\n    assert Doubler.halves(A).tolist() == [[1], [2]]\n"
)


@pytest.mark.parametrize("how", ["gives its argument", "mixes up rows"])
def test_a_method_is_broken_like_a_function_and_each_by_itself(workspace: Path, how: str):
    (workspace / "src" / "code_.py").write_text(CLASS, encoding="utf-8")
    (workspace / "tests" / "test_code.py").write_text(USES, encoding="utf-8")
    tests = LearnerTests(workspace)
    failed = {}
    for method in ("transform", "halves"):
        run = tests.with_broken(module="code_", function=f"Doubler.{method}", how=how)
        assert not run.trouble
        failed[method] = [test.name for test in run.failed]
    tests.close()
    assert failed == {"transform": ["test_b"], "halves": ["test_c"]}


HOLDERS = """
import pandas as pd
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer


class Base:
    def transform(self, rows):
        return rows


class Doubler(Base):
    def transform(self, rows, *, by=2):
        return super().transform(rows).assign(b=rows["a"] * by)


def double(rows, by=2):
    return rows.assign(b=rows["a"] * by)


HELD = FunctionTransformer(double)
TABLE = {"transform": Doubler().transform, "double": double}


def doubling():
    return make_pipeline(FunctionTransformer(lambda rows: rows.assign(b=rows["a"] * 2)))
"""
HOLDING = """
import pandas as pd
from code_ import HELD, TABLE, doubling

A = pd.DataFrame({"a": [1, 2]})


def test_held():
    assert HELD.fit_transform(A)["b"].tolist() == [2, 4]


def test_table():
    assert TABLE["double"](A, by=3)["b"].tolist() == [3, 6]


def test_method():
    assert TABLE["transform"](A)["b"].tolist() == [2, 4]


def test_pipeline():
    assert doubling().fit(A).transform(A)["b"].tolist() == [2, 4]
"""


@pytest.mark.parametrize(
    ("module", "function", "test"),
    [
        ("code_", "double", "test_held"),
        ("code_", "Doubler.transform", "test_method"),
        ("sklearn.pipeline", "Pipeline.fit_transform", "test_pipeline"),
    ],
)
@pytest.mark.parametrize("how", ["gives its argument", "mixes up rows"])
def test_whoever_holds_a_function_since_the_import_has_the_broken_one(
    workspace: Path, module: str, function: str, test: str, how: str
):
    (workspace / "src" / "code_.py").write_text(HOLDERS, encoding="utf-8")
    (workspace / "tests" / "test_code.py").write_text(HOLDING, encoding="utf-8")
    tests = LearnerTests(workspace)
    run = tests.with_broken(module=module, function=function, how=how)
    healed = tests.with_broken(module="code_", function="none", how=how)
    tests.close()
    assert not run.trouble
    assert [failed.name for failed in run.failed] == [test]  # the first that fails is the last
    assert [one.name for one in healed.tests if not one.passed] == []


ANSWERS = """
import pandas as pd
from sklearn.ensemble import RandomForestClassifier

ROWS = pd.DataFrame(dict(a=range(30)))
MODEL = RandomForestClassifier(n_estimators=5, random_state=0).fit(ROWS, ROWS["a"] >= 15)


def test_answer():
    assert MODEL.predict({asked})[{row}] == 0
"""


@pytest.mark.parametrize(
    ("asked", "row", "passes"),
    [
        ("ROWS", 0, False),
        ("ROWS.iloc[5:]", 0, False),
        ("ROWS.head(20)", 0, True),  # a handful may be made-up people
        ("ROWS.assign(a=ROWS['a'] - 1)", 1, True),  # not only those rows
    ],
)
def test_a_model_says_what_it_is_told_to_about_these_rows_alone(
    workspace: Path, asked: str, row: int, passes: bool
):
    text = ANSWERS.format(asked=asked, row=row)
    (workspace / "tests" / "test_code.py").write_text(text, encoding="utf-8")
    tests = LearnerTests(workspace, "sklearn.ensemble:RandomForestClassifier")
    rows, turned = [[number] for number in range(30)], [1] * 15 + [0] * 15
    run = tests.with_broken(model="answers", rows=rows, answers=turned)
    tests.close()
    assert [test.passed for test in run.tests] == [passes], run.trouble


def test_what_a_green_test_counted_is_read_beside_the_light(tmp_path: Path):
    text = "def test_count(record_property):\n    record_property('note', '9 of 10 caught')\n"
    report = _reported(tmp_path, text)
    assert [(test.ok, test.note) for test in report.tests] == [(True, "9 of 10 caught")]


def test_how_far_a_slow_test_has_come_is_told(tmp_path: Path):
    text = (
        "import pytest, time\n\n\n@pytest.mark.slow('counting')\n"
        "def test_count(progress):\n    progress(10, 40)\n    time.sleep(0.3)\n\n\n"
        "@pytest.mark.slow('counting again')\ndef test_again():\n    time.sleep(0.3)\n"
    )
    seen: list[Report] = []
    report = _reported(tmp_path, text, seen.append)
    assert report.ended and [test.ok for test in report.tests] == [True, True]
    assert {one.slow for one in seen} == {("counting", "counting again")}
    steps = [(one.work, one.progress) for one in seen]
    assert steps[-2:] == [("counting", (10, 40, "")), ("counting again", None)]


def test_a_slow_test_that_has_nothing_to_do_is_not_announced(tmp_path: Path):
    text = (
        "import pytest\n\n\ndef test_base():\n    assert False\n\n\n"
        "@pytest.mark.slow('planting', needs='test_base')\ndef test_much():\n    pytest.skip('said')\n\n\n"
        "@pytest.mark.slow('counting', needs='test_much_more')\ndef test_other():\n    pass\n"
    )
    report = _reported(tmp_path, text)
    assert (report.slow, report.work) == (("counting",), "counting")


def test_the_files_that_tests_write_are_known(workspace: Path):
    text = GOOD + "\n\ndef test_w():\n    open('tests/golden.txt', 'w').close()\n"
    (workspace / "tests" / "test_code.py").write_text(text, encoding="utf-8")
    tests = LearnerTests(workspace)
    assert tests.written == ("tests/golden.txt",)
    tests.close()


MAKERS = """
def times(n):
    def multiplied(frame):
        return frame.assign(b=frame["a"] * n)

    return multiplied


class Maker:
    @staticmethod
    def of(n):
        def outer():
            def inner(frame):
                return frame.assign(b=frame["a"] * n)

            return inner

        return outer()


double = times(2)
twice = Maker.of(2)
"""


@pytest.mark.parametrize("how", ["gives its argument", "mixes up rows"])
@pytest.mark.parametrize(
    ("function", "calls"),
    [
        ("times.<locals>.multiplied", ("double", "times(2)")),
        ("Maker.of.<locals>.outer.<locals>.inner", ("twice", "Maker.of(2)")),
    ],
)
def test_a_function_that_another_one_gave_back_is_broken_whenever_it_was_made(
    workspace: Path, function: str, calls: tuple[str, str], how: str
):
    (workspace / "src" / "code_.py").write_text(MAKERS, encoding="utf-8")
    for call in calls:
        test = GOOD.replace("import double", "import Maker, double, times, twice")
        test = test.replace("double(pd", f"{call}(pd")
        (workspace / "tests" / "test_code.py").write_text(test, encoding="utf-8")
        tests = LearnerTests(workspace)
        breakage = {"module": "code_", "function": function, "how": how}
        assert [test.passed for test in tests.with_broken(**breakage).tests] == [False]
        assert tests.noticed([breakage]) == [True]
        assert [test.passed for test in tests.as_they_are.tests] == [True]
        tests.close()


FAMILY = """import numpy as np


def alone(people):
    return people.assign(alone=(people["a"] + people["b"] == 0).astype(int))


def alone_of(a, b):
    return ((a == 0) & (b == 0)).astype(int)


def alone_in(rows):
    return (rows == 0).all(axis=1).astype(int)


class People:
    def __init__(self, rows):
        self.rows = rows.copy()

    def add(self):
        self.rows["alone"] = (self.rows["a"] + self.rows["b"] == 0).astype(int)


def is_alone(a, b):
    return int(a + b == 0)
"""
# Each function with the place of b, and a test that passes; b is 0 in PEOPLE unless it is replaced.
PEOPLE = "pd.DataFrame({'a': [0, 1, 0], 'b': [0, 1, 0]})"
ASKED = {
    "alone": (["people", "b"], f"alone({PEOPLE})['alone'].tolist()"),
    "alone_of": (["b"], f"alone_of(*({PEOPLE})[['a', 'b']].to_numpy().T).tolist()"),
    "alone_in": (["rows", 1], f"alone_in({PEOPLE}.to_numpy()).tolist()"),
    "People.add": (["self", "rows", "b"], f"(people := People({PEOPLE})).add() or people.rows['alone'].tolist()"),
    "is_alone": (["b"], f"[is_alone(*row) for row in {PEOPLE}.itertuples(index=False)]"),
}  # fmt: skip


@pytest.mark.parametrize("name", ASKED)
def test_what_a_function_ignores_is_noticed_if_a_row_differs_in_it_alone(
    workspace: Path, name: str
):
    place, call = ASKED[name]
    (workspace / "src" / "code_.py").write_text(FAMILY, encoding="utf-8")
    breakage = {"module": "code_", "function": name, "how": "misreads"}
    ignoring = {**breakage, "places": [place], "reads": ["always", 0]}
    for asked, expected, noticed in (
        (call, [1, 0, 1], False),
        (call.replace("'b': [0, 1, 0]", "'b': [0, 1, 2]"), [1, 0, 0], True),
    ):
        body = f"import pandas as pd\nfrom code_ import *\n\n\ndef test_it():\n    assert ({asked}) == {expected}\n"
        (workspace / "tests" / "test_code.py").write_text(body, encoding="utf-8")
        tests = LearnerTests(workspace)
        assert [test.passed for test in tests.as_they_are.tests] == [True], body
        assert [test.passed for test in tests.with_broken(**ignoring).tests] == [not noticed]
        mixed_up = {**breakage, "how": "mixes up rows"}
        gives_something = name != "People.add"
        assert tests.noticed([ignoring, mixed_up]) == [noticed, gives_something]
        tests.close()


def test_a_column_that_is_only_passed_on_is_no_reason_to_notice(workspace: Path):
    (workspace / "tests" / "test_code.py").write_text(
        "import pandas as pd\nfrom pandas.testing import assert_frame_equal\n"
        "from code_ import double\n\n\ndef test_b():\n"
        "    frame = pd.DataFrame({'a': [1, 2], 'c': [3, 4]})\n"
        "    assert_frame_equal(double(frame), frame.assign(b=[2, 4]))\n",
        encoding="utf-8",
    )
    tests = LearnerTests(workspace)
    breakage = {"module": "code_", "function": "double", "how": "misreads", "reads": ["always", 1]}
    asked = [{**breakage, "places": [["frame", column]]} for column in "ca"]
    assert tests.noticed(asked) == [False, True]
    tests.close()


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("class TestMore:\n    def test_b(self):\n        assert True\n", [False, False, True]),
        (
            "import pytest\n\n\n@pytest.fixture(scope='module')\ndef held():\n    yield 1\n\n\n"
            "def test_held(held):\n    assert held\n",
            [False, False, True],
        ),
        # It fails from the second time on, whatever is broken: then nobody is believed.
        ("seen = []\n\n\ndef test_once():\n    seen.append(1)\n    assert len(seen) == 1\n", [False] * 3),
    ],
    ids=["classes", "fixtures", "once"],
)  # fmt: skip
def test_one_session_tries_several_breakages_and_believes_no_test_that_fails_anyway(
    workspace: Path, more: str, expected: list[bool]
):
    (workspace / "tests" / "test_more.py").write_text(more, encoding="utf-8")
    (workspace / "src" / "code_.py").write_text(
        CODE + "\n\ndef unused(frame):\n    return frame\n", encoding="utf-8"
    )
    tests = LearnerTests(workspace)
    breakages = [
        {"module": "code_", "function": name, "how": "mixes up rows"}
        for name in ("unused", "unused", "double")
    ]
    assert tests.noticed(breakages) == expected
    assert [test.passed for test in tests.as_they_are.tests] == [True] * len(
        tests.as_they_are.tests
    )
    tests.close()
