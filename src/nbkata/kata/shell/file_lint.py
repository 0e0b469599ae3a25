"""`python -m nbkata.kata.shell.file_lint FILE`: pylint on one file, as its project's git hook runs it.

What the editors' tasks call: in a learner's file only errors are shown, in the kit's own all else too.
"""

import subprocess
import sys
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.kata.shell.hooks import CONFIGURATION, read_hooks

NOT_THERE = Refusal(
    "no git hook of its project runs pylint.",
    next_step=f"{CONFIGURATION} says what is run; nbkata hooks writes one.",
)


def main(file: str) -> int:
    """Run it in the folder of the nearest configuration. Returns pylint's exit code."""
    path = Path(file).resolve()
    for folder in (*path.parents, Path.cwd()):  # a file of no project: as the one here does
        if (folder / CONFIGURATION).is_file():
            hooks = read_hooks(folder)
            if isinstance(hooks, Refusal):
                return _refuse(hooks)
            for hook in hooks:
                if hook.command[:3] == ("python", "-m", "pylint"):
                    command = [sys.executable, *hook.command[1:], str(path)]
                    return subprocess.run(command, cwd=folder, check=False).returncode
            break
    return _refuse(NOT_THERE)


def _refuse(refusal: Refusal) -> int:
    sys.stderr.write(f"{refusal}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
