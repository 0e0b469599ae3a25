"""child/shell/environ.py: other people's code gets what it needs to run, and no secrets."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from support.builders import notebook_of, write_json

from nbkata.child.shell.environ import needed
from nbkata.notebook.core.run import Stopped, StopReason

SECRETS = {
    "AWS_SECRET_ACCESS_KEY": "s",
    "GITHUB_TOKEN": "s",
    "PGPASSWORD": "s",
    "OPENAI_API_KEY": "s",
    "DATABASE_URL": "postgres://me:s@host/db",
    "HTTPS_PROXY": "http://me:s@proxy:3128",
    "https_proxy": "http://me:s@proxy:3128",
    "SSH_AUTH_SOCK": "/run/agent",
    "CONDA_TOKEN": "s",
    "JUPYTER_TOKEN": "s",
    "GIT_INDEX_FILE": "index",
}
NEEDS = {
    "PATH": "/bin",
    "HOME": "/home/me",
    "LANG": "de_DE.UTF-8",
    "LC_ALL": "C",
    "TMPDIR": "/tmp",
    "VIRTUAL_ENV": "/v",
    "PYTHONPATH": "lib",
    "CONDA_PREFIX": "/c",
    "CUDA_VISIBLE_DEVICES": "0",
    "OMP_NUM_THREADS": "1",
    "SystemRoot": r"C:\Windows",
    "ProgramFiles(x86)": r"C:\Program Files (x86)",
    "http_proxy": "http://proxy:3128",
    "NBKATA_CACHE": "/c",
}


def test_a_run_has_what_it_needs_and_no_secrets():
    assert needed({**SECRETS, **NEEDS}) == NEEDS


def test_what_a_person_names_is_passed_on():
    asked = {"NBKATA_PASS": "PGPASSWORD, DATABASE_URL"}
    found = needed({**SECRETS, **asked})
    assert set(found) == {"NBKATA_PASS", "PGPASSWORD", "DATABASE_URL"}


CODE = (
    "import json, os\nwith open('seen.json', 'w') as file:\n    json.dump(dict(os.environ), file)\n"
)
TEST = "from m import f\n\ndef test_f():\n    assert f() == 1\n"


@pytest.mark.parametrize(
    "command",
    [
        ("record", "a.ipynb"),
        ("record", "a.py"),
        ("extract", "a.ipynb"),
        ("purity", "m.py", "--run", "a.py"),
        ("purity", "m.py"),
    ],
    ids=" ".join,
)
def test_no_secret_reaches_what_a_command_runs(
    nbkata: Callable[..., object], tmp_path: Path, command: tuple[str, ...]
):
    write_json(tmp_path / "a.ipynb", notebook_of(CODE))
    (tmp_path / "a.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "m.py").write_text("def f():\n    return 1\n", encoding="utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_m.py").write_text(TEST + CODE, encoding="utf-8")
    nbkata(*command, **SECRETS, NBKATA_PASS="PGPASSWORD")
    seen = json.loads((tmp_path / "seen.json").read_text(encoding="utf-8"))
    assert set(seen) & set(SECRETS) == {"PGPASSWORD"}
    assert "PATH" in seen


def test_a_notebook_that_asks_for_a_variable_hears_how_to_pass_it_on():
    stopped = Stopped(StopReason.RAISED, 3, "KeyError: 'DATABASE_URL'")
    assert str(stopped.refusal("a.ipynb")).endswith(
        "Is DATABASE_URL an environment variable? Set NBKATA_PASS to DATABASE_URL."
    )
    assert "NBKATA_PASS" not in str(Stopped(StopReason.RAISED, 3, "KeyError: 'k'").refusal("a"))
