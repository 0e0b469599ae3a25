"""Importing ahead what every run of a learner's code and tests will need."""

import gc
import importlib
import io
from collections.abc import Iterable
from contextlib import redirect_stdout

from nbkata.child.shell.pytest_options import pytest_arguments
from nbkata.common.shell.temporary import TemporaryFolder


def warm(folder: str, imports: Iterable[str]) -> None:
    """Import what every run will need anyway, pytest's plugins among it, as ``folder`` sets them.

    Without a folder, those that every pytest run has.
    """
    for name in ("pytest", *imports):
        try:
            importlib.import_module(name)
        except Exception:  # pylint: disable=broad-exception-caught # its own run will tell
            continue
    pytest = importlib.import_module("pytest")
    with TemporaryFolder() as empty, redirect_stdout(io.StringIO()):
        arguments = pytest_arguments(folder or empty, (empty,))
        pytest.main([*arguments, f"--rootdir={empty}", "--capture=no"])
    gc.collect()
    gc.freeze()  # pytest collects garbage at its end: it must not walk pandas each time
