"""As many verdicts as tests were collected: what is skipped, lost or made up is red by its name."""

import pytest

from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.reported_tests import Report, ReportedTest, red, run_reported

pytestmark = pytest.mark.usefixtures("warm")

PASSES = "def test_a():\n    assert True\n\n\n"


def answer(folder: object, test: str) -> Report:
    kit = load_kit()
    assert isinstance(kit, Kit)
    path = folder / "06-a" / "test_shape.py"
    path.parent.mkdir()
    path.write_text(f"import os\nimport sys\n\nimport pytest\n\n\n{PASSES}{test}", "utf-8")
    return run_reported(kit, [path], (), 60)


@pytest.mark.parametrize(
    ("test", "text"),
    [
        (
            "    pytest.skip('said elsewhere')",
            "was skipped: said elsewhere. What is not checked is",
        ),
        ("    pytest.xfail('x')", "was skipped: x. What is not checked is not green."),
        ("    pytest.exit('enough', returncode=0)", "came to no verdict: Python ended first"),
        ("    os._exit(0)", "came to no verdict: Python ended first."),
        ("    raise KeyboardInterrupt", "came to no verdict: Python ended first ("),
        (
            "    pytest.Function.runtest = lambda self: None\n    os.kill(os.getpid(), 9)",
            "came to no",
        ),
    ],
    ids=["skip", "xfail", "exit", "os._exit", "Ctrl-C", "kill"],
)
def test_a_test_without_a_verdict_makes_the_light_red_and_is_named(tmp_path, test: str, text: str):
    report = answer(tmp_path, f"def test_b():\n{test}\n")
    assert report.ended
    (message,) = red(report.tests)
    assert message.startswith(f"The check test_b {text}")


def test_a_test_that_another_one_speaks_for_may_be_skipped(tmp_path):
    test = "def test_b():\n    pytest.skip('x')\n\n\ndef test_c():\n    assert False, 'this'\n"
    assert red(answer(tmp_path, test).tests) == ("this",)


MADE_UP = """
import json


@pytest.fixture
def report(request):
    def write(**line):
        path = request.config.getoption("--nbkata-report")
        with open(path, "a") as file:
            file.write(json.dumps(line) + chr(10))
    return write


def test_b(report):
    {}


def test_c():
    assert {}, "this"
"""
LINE = "report(test='{}', folder='06-a', ok=True, message='')"


@pytest.mark.parametrize(
    ("does", "passes", "text"),
    [
        (LINE.format("test_c"), True, ["The check test_c came to 2 verdicts, and one was due."]),
        (LINE.format("test_c"), False, ["this"]),
        (f"{LINE.format('test_c')}; os._exit(0)", False, ["The check test_b came to no verdict"]),
        (
            LINE.format("test_d"),
            True,
            ["The check test_d is not one of those that were collected."],
        ),
    ],
    ids=["twice", "red once", "instead of it", "of none"],
)
def test_a_verdict_that_somebody_else_writes_makes_the_light_red(tmp_path, does, passes, text):
    messages = red(answer(tmp_path, MADE_UP.format(does, passes)).tests)
    assert [message.partition(": Python")[0] for message in messages] == text


def test_a_report_that_cannot_be_read_is_none(tmp_path):
    test = MADE_UP.format("report(test=1, unknown=2); report(tests=())", True)
    assert not answer(tmp_path, test).ended


def test_what_several_tests_say_in_the_same_words_is_said_once():
    tests = [ReportedTest(name, "09", False, "Your test fails.") for name in ("bands", "oldest")]
    tests.append(ReportedTest("codes", "09", False, "No table yet."))

    assert red(tests) == ("Your test fails.", "No table yet.")
