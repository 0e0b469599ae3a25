"""Showing differences in the learner's IDE."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.cache import Kind, cache_folder
from nbkata.common.shell.files import write_atomically
from nbkata.diff.shell.sides import Side
from nbkata.keys.core.keys import Ide

# Tabs that are opened at once.
MOST_FILES = 10
START_S = 60


def open_differences(ide: Ide, names: Sequence[str], old: Side, new: Side) -> int | Refusal:
    """Give the files of these names to the IDE, a pair each. Returns how many."""
    command = next(filter(None, map(shutil.which, ide.programs)), None)
    if command is None:
        what = f"the command of {ide.name}, {ide.programs[0]}, is not on the PATH."
        return Refusal(what, next_step=f"{ide.how}, or use another --ide, or --html FILE.")
    shown = list(names)[:MOST_FILES]
    for name in shown:
        pair = [str(side.files.get(name) or _nothing(name)) for side in (old, new)]
        try:
            subprocess.run(
                [command, *ide.diff, *pair], check=True, timeout=START_S,
                stdin=subprocess.DEVNULL, capture_output=True,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError) as error:
            what = f"{ide.name} could not be started ({type(error).__name__})."
            return Refusal(what, command, "Start it by hand, or use --html FILE.")
    return len(shown)


def _nothing(name: str) -> Path:
    """An empty file to compare with: the side has no such file. The IDE shows it for long."""
    path = cache_folder(Kind.NOTHING) / Path(name).name
    write_atomically(path, b"")
    return path
