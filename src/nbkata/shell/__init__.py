"""The old names of what workspaces of version 0.1.0 call: their git hook, their editors' tasks, their shape tests.

`nbkata.shell.quick_tests`, `file_lint`, `shape_checks` and `adopted_shape` are looked for where they are now.
"""

from pathlib import Path

__path__ = [
    str(Path(__file__).parents[1] / room / "shell") for room in ("kata", "shape_tests", "adopt")
]
