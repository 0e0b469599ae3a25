"""Tiny notebooks for the tests."""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nbkata.child.core.ended import Finished
from nbkata.child.shell.run import run
from nbkata.cli import main
from nbkata.terminal import screen

ROOT = Path(__file__).parents[2]
"""The repository."""


def notebook_of(*sources: str) -> dict[str, Any]:
    """A nbformat 4 document with these code cells, never run."""
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{index}",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for index, source in enumerate(sources)
    ]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def write_json(path: Path, document: Any) -> Path:
    """Write a document, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def output_of(*arguments: str) -> tuple[int, str, str]:
    """Run a command in this process: its exit code, stdout, and stderr in one line."""
    code, out, err = run_inside(*arguments)
    return code, "".join(line.rstrip() + "\n" for line in out.splitlines()), " ".join(err.split())


def completed_inside(
    *arguments: str, cwd: Path, **environment: str
) -> "subprocess.CompletedProcess[str]":
    """Run a command in this process as in one of its own: with this folder and these variables more."""
    with pytest.MonkeyPatch.context() as patch, open(os.devnull, encoding="utf-8") as nothing:
        patch.chdir(cwd)
        patch.setattr(sys, "stdin", nothing)
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr(screen, "out", screen.PlainConsole())  # they read their width once
        patch.setattr(screen, "err", screen.PlainConsole(stderr=True))
        return subprocess.CompletedProcess(arguments, *run_inside(*arguments))


def written_long_ago(path: Path) -> Path:
    """Make a source look older than it is: bytecode knows its source by the second and the size alone,
    so one more of the same size that is written at once would not be seen.
    """
    os.utime(path, (0, 0))
    return path


def pytest_there(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run pytest in a folder, without plug-ins; for a module with the fixture ``warm`` in a fork, which has
    imported pandas already.
    """
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # nbval alone takes 2 s
    options = ("-q", "-p", "no:cacheprovider", *arguments)
    ended = run("pytest", options, folder=folder, environment=environment, timeout_s=120)
    assert isinstance(ended, Finished), ended
    return subprocess.CompletedProcess(options, ended.code, ended.output, "")


def run_inside(*arguments: str) -> tuple[int, str, str]:
    """Run a command in this process: its exit code, and what it writes to stdout and stderr."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), _own_limits():
        code = main(list(arguments))
    for stream in (out, err):
        stream.seek(0)
    return code, out.read(), err.read()


@contextlib.contextmanager
def _own_limits() -> Iterator[None]:
    """What a command takes from its own process for those that it starts, the tests keep."""
    if sys.platform == "win32":
        yield
        return
    import resource  # pylint: disable=import-outside-toplevel # POSIX only

    kept = resource.getrlimit(resource.RLIMIT_DATA)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, kept)
