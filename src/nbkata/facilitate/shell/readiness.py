"""What `./go ready` asks of an environment that is set up: a kernel, the first cell, and pytest.

Run as a module: exit code 0, or 1 and, as the last line, the fault's name and what kind of error it was.
"""

import sys
from pathlib import Path

from nbkata.child.core.ended import Finished
from nbkata.child.shell.environ import plain_environment
from nbkata.child.shell.run import run
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.notebook.core.run import Stopped, StopReason
from nbkata.notebook.shell.notebook_files import read_notebook_json
from nbkata.notebook.shell.run_notebook import run_notebook

CELL_S, PYTEST_S = 120, 60
TEST = "def test_arithmetic():\n    assert 1 + 1 == 2\n"


def main() -> int:
    """Print what does not work; the exit code."""
    kit = load_kit()
    fault = "no-cell" if isinstance(kit, Refusal) else _cell_fault(kit) or _pytest_fault()
    print(fault)
    return 1 if fault else 0


def _cell_fault(kit: Kit) -> str:
    path = next(path for path in kit.start_files.values() if path.suffix == ".ipynb")
    document = read_notebook_json(path)
    if isinstance(document, Refusal):
        return "no-cell"
    cells = document["cells"]
    first = next(number for number, cell in enumerate(cells) if cell["cell_type"] == "code")
    ended = run_notebook({**document, "cells": cells[: first + 1]}, path.parent, timeout_s=CELL_S)
    if not isinstance(ended, Stopped):
        return ""
    if ended.reason is StopReason.RAISED:
        return f"no-cell {ended.detail.partition(':')[0]}"
    return f"no-kernel {ended.reason}"


def _pytest_fault() -> str:
    with TemporaryFolder() as folder:
        Path(folder, "test_ready.py").write_text(TEST, encoding="utf-8")
        asked = ("-q", "-p", "no:cacheprovider", "test_ready.py")
        variables = plain_environment()
        ended = run("pytest", asked, folder=Path(folder), environment=variables, timeout_s=PYTEST_S)
    if not isinstance(ended, Finished):
        return f"no-pytest {ended.failure.name}"
    return f"no-pytest {ended.last_line.partition(':')[0]}" if ended.code else ""


if __name__ == "__main__":
    sys.exit(main())
