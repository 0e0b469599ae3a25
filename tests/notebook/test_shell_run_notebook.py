"""Running notebooks: fresh kernels, how runs end, and that no kernel is left behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.builders import notebook_of, write_json

from nbkata.child.shell import bounds
from nbkata.notebook.core.run import Executed, Stopped, StopReason
from nbkata.notebook.shell.cells import Ask
from nbkata.notebook.shell.run_notebook import run_notebook


def test_a_run_gives_fresh_outputs_and_counts_and_leaves_the_document_alone(tmp_path: Path):
    document = notebook_of("x = 20\nx + 1", "", "print(x)")
    document["cells"][2]["execution_count"] = 77
    run = run_notebook(document, tmp_path)
    assert isinstance(run, Executed)
    first, empty, last = run.document["cells"]
    assert first["outputs"][0]["data"]["text/plain"] == "21"
    assert (first["execution_count"], empty["execution_count"], last["execution_count"]) == (
        1,
        None,
        2,
    )
    assert document["cells"][2]["execution_count"] == 77


def test_the_kernel_can_be_asked_unseen_after_each_cell(tmp_path: Path):
    answers = []

    def after_cell(index: int, ask: Ask) -> None:
        answers.append((index, ask("import math", "math.floor(x)")))

    run = run_notebook(notebook_of("x = 2.5", "x = 3.5\nx"), tmp_path, after_cell=after_cell)
    assert answers == [(0, "2"), (1, "3")]
    assert isinstance(run, Executed)
    assert run.document["cells"][1]["execution_count"] == 2


def test_the_folder_is_where_the_notebook_runs(tmp_path: Path):
    run = run_notebook(notebook_of("import os\nprint(os.getcwd())"), tmp_path)
    assert isinstance(run, Executed)
    assert run.document["cells"][0]["outputs"][0]["text"].strip() == os.path.realpath(tmp_path)


@pytest.mark.parametrize(
    ("source", "reason", "message"),
    [
        (
            "def f():\n    return 1 / 0\n\nf()",
            StopReason.RAISED,
            "n.ipynb, cell 1, line 4: ZeroDivisionError: division by zero.",
        ),
        (
            "import json\n\ntry:\n    json.loads('{')\nexcept ValueError as e:\n    raise KeyError('k') from e",
            StopReason.RAISED,
            "n.ipynb, cell 1, line 6: KeyError: 'k'.",
        ),
        ("def f(:\n    pass", StopReason.RAISED, "n.ipynb, cell 1, line 1: SyntaxError:"),
        (
            "# out of notebooks/\ncd -q ..",
            StopReason.RAISED,
            "n.ipynb, cell 1, line 2: SyntaxError: invalid syntax: IPython runs a command without % "
            "only if nothing else is in its cell, not even a comment. Write %cd -q ..",
        ),
        (
            "y = 1\npwd",
            StopReason.RAISED,
            "n.ipynb, cell 1, line 2: NameError: name 'pwd' is not defined: IPython runs a command "
            "without % only if nothing else is in its cell, not even a comment. Write %pwd",
        ),
        (
            "import nothing_of_that_name",
            StopReason.RAISED,
            "n.ipynb, cell 1, line 1: No module named 'nothing_of_that_name'. Install it",
        ),
        (
            "input('?')",
            StopReason.RAISED,
            "n.ipynb, cell 1, line 1: the cell asks for input, and nobody is there to answer.",
        ),
        (
            "while True: pass",
            StopReason.TIMED_OUT,
            "n.ipynb, cell 1: the cell did not end within 2 s.",
        ),
        ("import os\nos._exit(3)", StopReason.KERNEL_DIED, "n.ipynb, cell 1: the kernel died here"),
    ],
)
def test_a_run_that_stops_says_where_and_why(
    tmp_path: Path, source: str, reason: StopReason, message: str
):
    stopped = run_notebook(notebook_of("x = 1", source), tmp_path, timeout_s=2)
    assert isinstance(stopped, Stopped)
    assert stopped.reason is reason
    assert str(stopped.refusal("n.ipynb")).startswith(message)


PRINTED = "n.ipynb, cell 1, line 2: OSError: printed more than 4 MB; stopped."
SENT = "n.ipynb, cell 1: the cell printed more than 4 MB, counting the cells before; stopped. Print less"


@pytest.mark.parametrize(
    ("endless", "message"),
    [
        ("print('x' * 10**5)", PRINTED),
        ("sys.stderr.write('x' * 10**5)", PRINTED),
        ("display('x' * 10**5)", SENT),
        ("display('x' * 10**5, display_id='a')\n    clear_output()", SENT),
        ("os.write(1, b'x' * 10**5)", SENT),
        ("subprocess.run(['head', '-c', '1000000', '/dev/zero'])", SENT),
    ],
)
def test_endless_output_stops_the_run_and_reaches_nobodys_terminal(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    endless: str,
    message: str,
):
    monkeypatch.setattr(bounds, "OUTPUT_MB", 4)
    before = (
        "import os, subprocess, sys\nfrom IPython.display import clear_output\nprint('x' * 10**5)"
    )
    cells = notebook_of(before, f"while True:\n    {endless}")
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # in a test ipykernel does not watch the handle
    stopped = run_notebook(cells, tmp_path, timeout_s=60)
    assert isinstance(stopped, Stopped)
    assert str(stopped.refusal("n.ipynb")).startswith(message)
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limits")
@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("x = []\nwhile True: x.append('x' * 10**5)", "a run may take 0.5 GB"),
        (
            "import numpy\nx = numpy.ones(10**9)",
            "for an array with shape (1000000000,) and data type",
        ),
    ],
)
def test_a_cell_that_needs_too_much_memory_is_named_with_the_limit(
    tmp_path: Path, cell: str, why: str
):
    cells = notebook_of("x = 1", cell)
    stopped = run_notebook(cells, tmp_path, timeout_s=60, memory_gb=0.5)
    assert isinstance(stopped, Stopped)
    said = str(stopped.refusal("n.ipynb"))
    assert said.startswith("n.ipynb, cell 1") and ": there is not enough memory (" in said
    assert why in said and "a run may take 0.5 GB). Read fewer rows" in said


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit for the size of a file")
def test_a_cell_that_writes_a_file_without_end_is_named(tmp_path: Path):
    cell = "f = open('f', 'wb')\nf.seek(4 * 1024**3)\nf.write(b'x')\nf.flush()"
    stopped = run_notebook(notebook_of("x = 1", cell), tmp_path, timeout_s=60)
    assert isinstance(stopped, Stopped)
    assert str(stopped.refusal("n.ipynb")).startswith(
        "n.ipynb, cell 1, line 4: OSError: printed or wrote more than 4096 MB; stopped."
    )


def test_without_a_kernel_the_next_command_is_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("jupyter_client.manager.AsyncKernelManager.start_kernel", _no_kernel)
    stopped = run_notebook(notebook_of("x = 1"), tmp_path)
    assert isinstance(stopped, Stopped)
    assert "no Python kernel could be started (no such file)" in str(stopped.refusal("n.ipynb"))


async def _no_kernel(*_: object, **__: object) -> None:
    raise OSError("no such file")


@pytest.mark.skipif(os.name == "nt", reason="SIGINT to one child cannot be sent on Windows")
def test_ctrl_c_ends_the_run_and_its_kernel(tmp_path: Path):
    slow = "import os, time\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(60)"
    write_json(tmp_path / "n.ipynb", notebook_of(slow))
    code = (
        "import json, pathlib\nfrom nbkata.notebook.shell.run_notebook import run_notebook\n"
        "here = pathlib.Path('.')\n"
        "run_notebook(json.loads(here.joinpath('n.ipynb').read_text()), here,"
        " before_cell=lambda index: print('running', flush=True))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "running\n"
        child.send_signal(signal.SIGINT)
        _, complaint = child.communicate(timeout=30)
    assert "KeyboardInterrupt" in complaint
    pid = tmp_path / "pid"
    assert not pid.exists() or not _alive(int(pid.read_text() or "0"))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return pid != 0


@pytest.fixture(name="home")
def fixture_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of a person whose IPython, terminal and Jupyter have settings of their own."""
    home = tmp_path / "home"
    profile = home / ".ipython" / "profile_default"
    (profile / "startup").mkdir(parents=True)
    (profile / "startup" / "00-mine.py").write_text("from_startup = 1\n", "utf-8")
    lines = "c.InteractiveShellApp.exec_lines = ['from_configuration = 1']\n"
    (profile / "ipython_kernel_config.py").write_text(lines, "utf-8")
    (home / ".ipython" / "extensions").mkdir()
    (home / ".ipython" / "extensions" / "mine.py").write_text("", "utf-8")
    (home / "startup.py").write_text("from_terminal = 1\n", "utf-8")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("PYTHONSTARTUP", str(home / "startup.py"))
    monkeypatch.setenv("PYTHONOPTIMIZE", "2")
    monkeypatch.setenv("FORCE_COLOR", "1")
    return home


LOOKS = """
import importlib.util
found = [name for name in ("from_startup", "from_configuration", "from_terminal") if name in globals()]
found += ["extension"] if importlib.util.find_spec("mine") else []
found += [] if __debug__ else ["optimized"]
print(found)
"""


@pytest.mark.parametrize("named", [False, True])
def test_a_fresh_kernel_runs_nothing_of_the_persons_own(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: bool
):
    if named:
        monkeypatch.setenv("IPYTHONDIR", str(home / ".ipython"))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    before = sorted(home.rglob("*"))
    run = run_notebook(notebook_of(LOOKS), tmp_path)
    assert isinstance(run, Executed)
    assert run.document["cells"][0]["outputs"][0]["text"] == "[]\n"
    assert sorted(home.rglob("*")) == before
    assert not list(temporary.iterdir())


def test_a_persons_kernel_that_is_called_python3_is_not_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    spec = {"argv": ["no-such-python"], "display_name": "Mine", "language": "python"}
    write_json(tmp_path / "data" / "kernels" / "python3" / "kernel.json", spec)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    run = run_notebook(notebook_of("import sys\nprint(sys.executable)"), tmp_path)
    assert isinstance(run, Executed)
    assert run.document["cells"][0]["outputs"][0]["text"].strip() == sys.executable


LISTENS = """
import psutil, sys
connections = getattr(psutil.Process(), "net_connections", None) or psutil.Process().connections
print(sum(c.status == psutil.CONN_LISTEN for c in connections("tcp")))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no sockets that are files")
def test_nobody_else_on_the_machine_can_reach_a_kernel(tmp_path: Path):
    run = run_notebook(notebook_of(LISTENS), tmp_path)
    assert isinstance(run, Executed)
    assert int(run.document["cells"][0]["outputs"][0]["text"]) <= 1


def test_a_kernel_runs_though_a_socket_s_path_would_be_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    deep = tmp_path / ("a" * 100)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    assert isinstance(run_notebook(notebook_of("1"), tmp_path), Executed)
