"""Showing differences in the learner's IDE."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.diff.shell.sides import Side
from nbkata.keys.core.keys import IDE_NAMES, Ide

COMMANDS = {
    Ide.VSCODE: ("code", "code-insiders", "codium"),
    Ide.PYCHARM: ("pycharm", "charm", "pycharm64", "pycharm.sh", "pycharm-community"),
}
"""What the IDEs are called on the command line, where they put themselves on the PATH."""
_DIFF = {Ide.VSCODE: ("--diff",), Ide.PYCHARM: ("diff",)}
_HOW = {
    Ide.VSCODE: "In VS Code run 'Shell Command: Install code command in PATH'",
    Ide.PYCHARM: "In JetBrains Toolbox turn on 'Generate shell scripts'",
}
MOST_FILES = 10
"""Tabs that are opened at once."""
START_S = 60


def open_differences(ide: Ide, names: Sequence[str], old: Side, new: Side) -> int | Refusal:
    """Give the files of these names to the IDE, a pair each. Returns how many."""
    command = next(filter(None, map(shutil.which, COMMANDS[ide])), None)
    if command is None:
        other = next(one for one in Ide if one is not ide)
        what = f"the command of {IDE_NAMES[ide]}, {COMMANDS[ide][0]}, is not on the PATH."
        next_step = f"{_HOW[ide]}, or use --ide {other.value}, or --html FILE."
        return Refusal(what, next_step=next_step)
    shown = list(names)[:MOST_FILES]
    for name in shown:
        pair = [str(side.files.get(name) or _nothing(name)) for side in (old, new)]
        try:
            subprocess.run(
                [command, *_DIFF[ide], *pair], check=True, timeout=START_S,
                stdin=subprocess.DEVNULL, capture_output=True,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError) as error:
            what = f"{IDE_NAMES[ide]} could not be started ({type(error).__name__})."
            return Refusal(what, command, "Start it by hand, or use --html FILE.")
    return len(shown)


def _nothing(name: str) -> Path:
    """An empty file to compare with: the side has no such file. The system clears it away."""
    path = Path(tempfile.mkdtemp(prefix="nbkata-"), Path(name).name)
    path.touch()
    return path
