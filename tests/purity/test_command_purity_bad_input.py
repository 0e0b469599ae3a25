"""`nbkata purity` on what can go wrong: it says so, and never hangs, dies or raises."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Nbkata

from nbkata.purity.core.report import PurityReport
from nbkata.purity.shell.check import PurityRequest, check_purity

pytestmark = pytest.mark.usefixtures("warm")


@pytest.fixture(name="nbkata")
def fixture_nbkata(nbkata_inside: Nbkata) -> Nbkata:
    """In this process: none of these tests asks how one begins and ends."""
    return nbkata_inside


@pytest.fixture(name="project")
def fixture_project(tmp_path: Path) -> Path:
    """A folder whose tests know nothing of the kit's own settings."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    return tmp_path


def check(nbkata: Nbkata, project: Path, module: str, test: str, *options: str) -> tuple[int, Any]:
    """Exit code and answer for a module ``core`` with one file of tests."""
    (project / "core.py").write_text(module, encoding="utf-8")
    (project / "test_core.py").write_text(test, encoding="utf-8")
    done = nbkata("purity", "core.py", "--json", *options, cwd=project)
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, json.loads(done.stdout)


def one(answer: Any, name: str = "f") -> tuple[str, str]:
    """A function's verdict and its reasons in one text."""
    (function,) = [f for f in answer["functions"] if f["name"] == name]
    return function["verdict"], " ".join(reason["message"] for reason in function["reasons"])


def test_a_module_that_is_not_there_is_refused(nbkata: Nbkata):
    done = nbkata("purity", "nowhere.py")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nowhere.py: there is no such module." in done.stderr


def test_a_module_of_the_workspace_named_from_above_is_refused_with_the_way_there(
    nbkata: Nbkata, project: Path
):
    (project / "workspace").mkdir()
    (project / "workspace" / "core.py").write_text("x = 1\n", encoding="utf-8")
    done = nbkata("purity", "core.py", cwd=project)
    assert done.returncode == 2
    assert "cd workspace" in done.stderr


def test_a_notebook_is_refused_with_the_command_for_notebooks(nbkata: Nbkata, project: Path):
    (project / "a.ipynb").write_text("{}", encoding="utf-8")
    done = nbkata("purity", "a.ipynb", cwd=project)
    assert done.returncode == 2
    assert "nbkata extract" in done.stderr


def test_python_2_is_refused_with_its_line(nbkata: Nbkata, project: Path):
    (project / "core.py").write_text("x = 1\nprint x\n", encoding="utf-8")
    done = nbkata("purity", "core.py", cwd=project)
    assert done.returncode == 2
    assert "line 2" in " ".join(done.stderr.split())


def test_without_tests_the_text_alone_is_read_and_that_is_said(nbkata: Nbkata, project: Path):
    (project / "core.py").write_text("def f(x):\n    return x\n", encoding="utf-8")
    done = nbkata("purity", "core.py", cwd=project)
    assert done.returncode == 0
    assert "There are no tests" in done.stderr


def test_a_module_that_fails_to_import_is_an_error_with_its_line(nbkata: Nbkata, project: Path):
    module = "import os\nimport not_there_at_all\n\ndef f(x):\n    return x\n"
    code, answer = check(nbkata, project, module, "import core\n\ndef test_f():\n    core.f(1)\n")
    assert code == 2
    (error,) = answer["errors"]
    assert (error["path"], error["line"]) == ("core.py", 2)
    assert "not_there_at_all" in error["message"]
    assert one(answer)[0] == "unexercised"


def test_code_that_runs_on_import_is_told(nbkata: Nbkata, project: Path):
    module = "from pathlib import Path\n\nTEXT = Path('a.txt').read_text('utf-8')\n\n"
    module += "def f(x):\n    return x + 1\n"
    (project / "a.txt").write_text("a", encoding="utf-8")
    code, answer = check(nbkata, project, module, "import core\n\ndef test_f():\n    core.f(1)\n")
    assert code == 1
    assert one(answer) == ("pure", "")
    assert one(answer, "<module>")[0] == "impure"
    assert "when imported, reads a file" in one(answer, "<module>")[1]


def test_a_function_that_no_test_calls_is_not_exercised(nbkata: Nbkata, project: Path):
    test = "import core\n\ndef test_nothing():\n    assert core\n"
    code, answer = check(nbkata, project, "def f(x):\n    return x\n", test)
    assert code == 0
    assert one(answer)[0] == "unexercised"
    assert one(answer)[1].startswith("no test calls it")


def test_tests_that_cannot_be_run_are_the_reason_and_no_function_is_said_to_lack_a_test(
    nbkata: Nbkata, project: Path
):
    test = "import nowhere\nimport core\n\ndef test_f():\n    core.f(1)\n"
    _, answer = check(nbkata, project, "def f(x):\n    return x\n", test)
    reason = (
        "the tests could not be run to their end (ModuleNotFoundError: No module named 'nowhere')"
    )
    assert one(answer)[0] == "unexercised" and one(answer)[1].startswith(reason)


def test_a_module_in_src_is_found_without_any_setting(nbkata: Nbkata, project: Path):
    (project / "src").mkdir()
    (project / "tests").mkdir()
    (project / "src" / "area.py").write_text("def area(x):\n    return 3 * x * x\n", "utf-8")
    test = "from area import area\n\ndef test_area():\n    assert area(1) == 3\n"
    (project / "tests" / "test_area.py").write_text(test, "utf-8")
    done = nbkata("purity", "src/area.py", "--json", cwd=project)
    assert one(json.loads(done.stdout), "area")[0] == "pure", done.stdout


def test_a_suspicion_that_no_call_cleared_says_so(nbkata: Nbkata, project: Path):
    test = "import core\n\ndef test_nothing():\n    assert core\n"
    _, answer = check(nbkata, project, "def f(x):\n    x *= 2\n    return x\n", test)
    assert one(answer)[0] == "unexercised"
    assert "suspected: it edits its argument x: x *= 2" in one(answer)[1]


def test_an_argument_that_cannot_be_copied_is_named(nbkata: Nbkata, project: Path):
    test = "import core\n\ndef test_f():\n    core.f(1, (n for n in [1]))\n"
    _, answer = check(nbkata, project, "def f(x, rows):\n    return sum(rows) + x\n", test)
    assert one(answer)[0] == "unexercised"
    assert one(answer)[1].startswith("its argument rows (a generator) cannot be copied")


def test_a_function_that_never_returns_is_stopped_and_told(nbkata: Nbkata, project: Path):
    module = "def f(x):\n    while True:\n        x = -x\n\ndef g(x):\n    return x\n"
    test = "import core\n\ndef test_g():\n    core.g(1)\n\ndef test_f():\n    core.f(1)\n"
    code, answer = check(nbkata, project, module, test, "--timeout", "8")
    assert code == 1
    assert "did not return: the tests were stopped after 8 s" in one(answer)[1]
    assert one(answer, "g") == ("pure", "")


def test_a_function_that_kills_its_process_is_told(nbkata: Nbkata, project: Path):
    module = "import os, signal\n\ndef f(x):\n    getattr(os, '_ex' + 'it')(x)\n\n"
    module += "def g(x):\n    return x\n"
    test = "import core\n\ndef test_g():\n    core.g(1)\n\ndef test_f():\n    core.f(7)\n"
    code, answer = check(nbkata, project, module, test)
    assert code == 1
    assert "ends the process it runs in (the tests ended here, exit code 7)" in one(answer)[1]
    assert one(answer, "g") == ("pure", "")


def test_a_function_that_hangs_only_the_second_time_is_stopped(project: Path):
    module = "import sys\n\ndef f(x):\n    while 'pytest' not in sys.modules:\n        x = -x\n"
    module += "    return x\n\ndef g(x):\n    return x\n"
    (project / "core.py").write_text(module, encoding="utf-8")
    test = "import core\n\ndef test_f():\n    core.f(1)\n    core.g(1)\n"
    (project / "test_core.py").write_text(test, encoding="utf-8")
    report = check_purity(PurityRequest(("core.py",), project, call_limit_s=2))
    assert isinstance(report, PurityReport)
    hangs, fine = report.functions
    assert "did not return within 2 s when it was called a second time" in hangs.reasons[0].message
    assert fine.verdict.value == "pure"


def test_generators_async_functions_methods_and_decorated_functions_are_called_again(
    nbkata: Nbkata, project: Path
):
    module = """
import functools


def twice(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args) * 2

    return wrapper


def generates(rows):
    for row in rows:
        yield row * 2


async def waits(x):
    return x + 1


@twice
def decorated(x):
    return x + 1


@functools.lru_cache
def remembered(x):
    return x + 1


class Scaler:
    def __init__(self, factor):
        self.factor = factor

    def scale(self, x):
        return x * self.factor

    def learn(self, x):
        self.factor = x

    @property
    def double(self):
        return self.factor * 2

    @staticmethod
    def half(x):
        return x / 2

    @classmethod
    def unit(cls):
        return cls(1)
"""
    test = """
import asyncio

import core


def test_all():
    assert list(core.generates([1])) == [2]
    assert asyncio.run(core.waits(1)) == 2
    assert core.decorated(1) == 4
    assert core.remembered(1) == 2
    scaler = core.Scaler.unit()
    assert scaler.scale(3) == 3
    scaler.learn(4)
    assert (scaler.double, scaler.half(1)) == (8, 0.5)
"""
    code, answer = check(nbkata, project, module, test)
    assert code == 1
    verdicts = {f["name"]: (f["verdict"], f["calls"]) for f in answer["functions"]}
    assert verdicts.pop("twice")[0] == "unexercised"  # called on import, before it can be found
    assert verdicts.pop("Scaler.learn") == ("impure", 1)
    assert set(verdicts.values()) == {("pure", 1)}, answer


def test_failing_tests_are_told_and_their_calls_count(nbkata: Nbkata, project: Path):
    test = "import core\n\ndef test_f():\n    assert core.f(1) == 2\n"
    code, answer = check(nbkata, project, "def f(x):\n    return x\n", test)
    assert (code, one(answer)[0]) == (0, "pure")
    assert answer["notes"][0].startswith("Not all tests pass (1 failed")


def test_an_effect_is_stopped_before_it_happens_a_second_time(nbkata: Nbkata, project: Path):
    module = "def f(path):\n    with open(path, 'a') as file:\n        file.write('x')\n"
    test = "import core\n\ndef test_f():\n    core.f('log.txt')\n"
    code, _ = check(nbkata, project, module, test)
    assert code == 1
    assert (project / "log.txt").read_text(encoding="utf-8") == "x"


def test_calls_by_a_name_imported_earlier_and_in_a_child_process_are_seen(
    nbkata: Nbkata, project: Path
):
    test = "from core import f\nimport subprocess, sys\n\ndef test_f():\n    f(1)\n"
    test += (
        "\ndef test_g():\n    subprocess.run([sys.executable, '-c', 'import core; core.g(2)'])\n"
    )
    module = "def f(x):\n    return x\n\ndef g(x):\n    return x\n"
    _, answer = check(nbkata, project, module, test)
    assert [f["calls"] for f in answer["functions"]] == [1, 1]


def test_a_module_that_is_imported_while_an_error_is_handled_is_no_failed_import(
    nbkata: Nbkata, project: Path
):
    module = '"""Says so."""\n\nfrom __future__ import annotations\n\ndef f(x: int) -> int:\n'
    module += '    return x + len(__doc__ or "")\n'
    test = "try:\n    import not_there\nexcept ImportError:\n    import core\n\n"
    test += "def test_f():\n    assert core.f(1) == 9\n"
    code, answer = check(nbkata, project, module, test)
    assert (code, answer["errors"], answer["notes"]) == (0, [], [])
    assert one(answer) == ("pure", "")


def test_tests_that_cannot_begin_are_told_with_what_stopped_them(nbkata: Nbkata, project: Path):
    test = "import core\nimport not_there_at_all\n\ndef test_f():\n    core.f(1)\n"
    _, answer = check(nbkata, project, "def f(x):\n    return x\n", test)
    assert answer["notes"] == [
        "The tests could not be run to their end "
        "(ModuleNotFoundError: No module named 'not_there_at_all'). Run pytest there and look."
    ]
