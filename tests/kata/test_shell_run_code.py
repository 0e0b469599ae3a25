"""A script or seam that cannot be run: what the learner reads, and nothing of ours in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Nbkata

from nbkata.child.shell.sandbox import apart, sandbox_problem
from nbkata.child.shell.warm import kept_warm
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.run_code import run_script
from nbkata.kata.shell.warmed import WARMED
from nbkata.purity.core.report import PurityReport
from nbkata.purity.core.verdict import Verdict
from nbkata.purity.shell.check import PurityRequest, check_purity

NOT_A_TRAIN = "def train(path):\n    {}\n"
LINGERS = """import atexit, threading, time
atexit.register(time.sleep, 60)
threading.Thread(target=time.sleep, args=(60,)).start()
"""


@pytest.fixture(name="nbkata")
def fixture_nbkata(nbkata_inside: Nbkata) -> Nbkata:
    """In this process: none of these tests asks how one begins and ends."""
    return nbkata_inside


@pytest.fixture(name="workspace")
def fixture_workspace(tmp_path: Path) -> Path:
    """A workspace that has come to step 04."""
    kit = load_kit()
    assert isinstance(kit, Kit)
    path = tmp_path / "workspace"
    for name, source in kit.start_files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(source.read_bytes())
    for folder in (".nbkata", "src", "tests"):
        (path / folder).mkdir()
    (path / kit.kata.notebook).unlink()
    return path


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def train(path:\n", "train.py, line 1: this does not parse: '(' was never closed."),
        ("def train(path):\n\tx = 1\n        y = 2\n", "line 3: this does not parse: "),
        ("import no_such_thing\n", "line 1: No module named 'no_such_thing'. If the module is"),
        (NOT_A_TRAIN.format("1 / 0"), "train.py, line 2: ZeroDivisionError: division by zero."),
        (NOT_A_TRAIN.format("while True: pass"), "train.py: it did not end within 3 s. Look for"),
        (NOT_A_TRAIN.format("import os; os._exit(0)"), "train.py: Python died while it ran (out"),
        (NOT_A_TRAIN.format("raise SystemExit(4)"), "it ended itself with exit code 4."),
        (NOT_A_TRAIN.format("print(1)"), "train gives back nothing. From step 04 on, train('data/"),
        (f"{LINGERS}{NOT_A_TRAIN.format('print(1)')}", "train gives back nothing."),
        ("def fit(path):\n    return 1\n", "there is no function train in it. From step 04 on"),
    ],
)
def test_code_that_cannot_be_run_is_refused_with_its_line(
    workspace: Path, nbkata: Nbkata, source: str, message: str
):
    (workspace / "src" / "train.py").write_text(source, encoding="utf-8")
    done = nbkata("check", "04", "--timeout", "3", cwd=workspace, COLUMNS="400")
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "import pandas\n".encode("utf-16"),
            "train.py: this is UTF-16, not UTF-8 text. Convert it",
        ),
        (b"<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> b\n", "line 1: a merge left its conflict"),
    ],
)
def test_a_file_that_is_no_python_at_all_is_refused_with_the_cause(
    workspace: Path, nbkata: Nbkata, content: bytes, message: str
):
    (workspace / "src" / "train.py").write_bytes(content)
    done = nbkata("check", "04", cwd=workspace, COLUMNS="400")
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


def test_a_syntax_error_is_shown_with_its_caret(workspace: Path, nbkata: Nbkata):
    (workspace / "src" / "train.py").write_text("x = 1\nif x\n", encoding="utf-8")
    done = nbkata("check", "03", cwd=workspace)
    assert "    if x\n        ^\n" in done.stderr


def test_a_seam_that_moved_to_another_file_is_found(workspace: Path, nbkata: Nbkata):
    (workspace / "src" / "core.py").write_text(NOT_A_TRAIN.format("return {}"), encoding="utf-8")
    done = nbkata("check", "05", cwd=workspace, COLUMNS="400")
    assert done.returncode == 2
    assert "train.py: there is no such file, but " in done.stderr
    assert "says: from core import train" in done.stderr


def test_a_script_that_is_not_there_points_to_the_guide(workspace: Path, nbkata: Nbkata):
    (workspace / "src" / "other.py").write_text("", encoding="utf-8")
    done = nbkata("check", "03", cwd=workspace, COLUMNS="400")
    assert done.returncode == 2
    assert "from step 03 on it is what is run. The guide of step 03 makes it." in done.stderr


def test_windows_line_ends_tabs_and_a_byte_order_mark_are_read(workspace: Path, nbkata: Nbkata):
    source = "\ufeffdef train(path):\r\n\treturn {'accuracy': 1.0}\r\n"
    (workspace / "src" / "train.py").write_bytes(source.encode("utf-8"))
    done = nbkata("check", "04", cwd=workspace)
    assert done.returncode == 1
    assert "X_test is gone." in done.stdout


@pytest.fixture(name="launched", scope="module", params=["from nothing", "warm"])
def fixture_launched(request: pytest.FixtureRequest) -> Iterator[None]:
    """Both ways in which a learner's code is started."""
    if request.param == "warm":
        with kept_warm(WARMED):
            yield
    else:
        yield


@pytest.mark.usefixtures("launched")
def test_a_script_is_run_with_its_options_and_its_exit_code_and_last_line_are_told(tmp_path: Path):
    (tmp_path / "job.py").write_text(
        "import sys\nprint('begun')\nprint(sys.argv[1])\nsys.exit(3)\n", encoding="utf-8"
    )
    ended = run_script(tmp_path, "job.py", ("--deep",), 30)
    assert (ended.code, ended.last_line) == (3, "--deep")
    (tmp_path / "job.py").write_text("while True:\n    pass\n", encoding="utf-8")
    late = run_script(tmp_path, "job.py", (), 0.5)
    assert (late.code, late.output) == (1, "it did not end within 0.5 s.")


@pytest.mark.usefixtures("launched")
def test_the_calls_that_tests_make_are_kept_and_made_again(tmp_path: Path):
    (tmp_path / "core.py").write_text("def double(x):\n    return 2 * x\n", encoding="utf-8")
    test = "import core\n\n\ndef test_it():\n    assert core.double(2) == 4\n"
    (tmp_path / "test_core.py").write_text(test, encoding="utf-8")
    report = check_purity(PurityRequest(("core.py",), tmp_path))
    assert isinstance(report, PurityReport)
    assert [(one.name, one.verdict) for one in report.functions] == [("double", Verdict.PURE)]


@pytest.mark.skipif(sandbox_problem() is not None, reason="no sandbox here")
def test_a_script_in_a_sandbox_writes_where_it_is_allowed_to(tmp_path: Path):
    workspace, given = tmp_path / "workspace", tmp_path / "given"
    workspace.mkdir()
    given.mkdir()
    script = "import sys\nopen(sys.argv[1], 'w').write('fine')\n"
    (workspace / "job.py").write_text(script, encoding="utf-8")
    with apart():
        refused = run_script(workspace, "job.py", (str(given / "model"),), 30)
        assert (refused.code, "FileNotFoundError" in refused.output) == (1, True)
        allowed = run_script(workspace, "job.py", (str(given / "model"),), 30, (given,))
    assert (allowed.code, allowed.output) == (0, "") and (given / "model").read_text(
        encoding="utf-8"
    ) == "fine"
