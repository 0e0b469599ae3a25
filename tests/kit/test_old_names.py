"""What workspaces and environments of version 0.1.0 call by its old name is still there."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("module", "name"),
    [("shape_checks", "not_passing"), ("adopted_shape", "core_said"), ("file_lint", "main")],
)
def test_what_a_workspace_of_the_version_before_imports_is_found(module: str, name: str):
    assert callable(getattr(import_module(f"nbkata.shell.{module}"), name))


@pytest.mark.parametrize(("message", "code"), [("assert 1", 0), ("assert 0", 1)])
def test_the_git_hook_of_the_version_before_runs_the_learners_tests(
    message: str, code: int, tmp_path: Path
):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_it.py").write_text(f"def test_it():\n    {message}\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "nbkata.shell.quick_tests"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr


def test_an_environment_of_the_version_before_loads_the_plugin_that_moved():
    assert import_module("nbkata.pytest_plugin") is import_module(
        "nbkata.shape_tests.shell.pytest_plugin"
    )


def test_the_pylint_plugin_keeps_its_short_name():
    assert callable(getattr(import_module("nbkata.pylint_plugin"), "register"))
