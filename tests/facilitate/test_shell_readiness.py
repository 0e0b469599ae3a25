"""What is asked of an environment that is set up, when it answers and when it does not."""

import json
import sys
from pathlib import Path

import pytest

from nbkata.facilitate.shell import readiness
from nbkata.kata.shell.kit import Kit, load_kit


def test_here_a_kernel_starts_the_first_cell_and_pytest_run(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert readiness.main() == 0
    assert capsys.readouterr().out == "\n"


def _with_first_cell(monkeypatch: pytest.MonkeyPatch, folder: Path, source: str) -> None:
    """A kit like the real one, whose notebooks begin with this cell and fail in the second."""
    kit = load_kit()
    assert isinstance(kit, Kit)
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    document = {
        "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": "# Title"},
            {**cell, "source": source},
            {**cell, "source": "1 / 0"},
        ],
        **{"metadata": {}, "nbformat": 4, "nbformat_minor": 4},
    }
    for name in kit.kata.files.values():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(document), encoding="utf-8")
    monkeypatch.setattr(readiness, "load_kit", lambda: kit._replace(root=folder))


def test_only_the_first_cell_counts_and_its_error_is_named_without_its_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _with_first_cell(monkeypatch, tmp_path, "import nothing_of_that_name")
    assert readiness.main() == 1
    assert capsys.readouterr().out == "no-cell ModuleNotFoundError\n"
    _with_first_cell(monkeypatch, tmp_path, "x = 1")
    monkeypatch.setattr(readiness, "TEST", "import nothing_of_that_name\n")
    assert readiness.main() == 1
    assert capsys.readouterr().out.startswith("no-pytest ")


def test_a_kernel_that_does_not_start_is_no_fault_of_the_notebook(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _with_first_cell(monkeypatch, tmp_path, "import os; os._exit(3)")
    assert readiness.main() == 1
    assert capsys.readouterr().out == "no-kernel kernel died\n"
    monkeypatch.setattr(sys, "executable", str(tmp_path / "gone"))
    assert readiness.main() == 1
    assert capsys.readouterr().out.startswith("no-kernel no kernel")
