"""What one trial of an attack found, and how to find what a command left behind."""

import os
import random
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import NamedTuple


class Trial(NamedTuple):
    """One trial: what went wrong in it; three empty texts if nothing did."""

    lost: str = ""
    """Work of the learner's that is neither in its file nor in a snapshot."""
    left: str = ""
    """Processes and temporary files that outlived the command."""
    faked: str = ""
    """A light that is green, or another answer of the kit's, that is not true."""


Kind = Callable[[random.Random, Path], Generator[Trial]]
"""Makes trial after trial in an empty folder of its own, without end, all chance from the generator.

It cleans up if it is closed (``try: ... finally:``).
"""


def left_behind(folder: Path, within_s: float = 5) -> str:
    """The processes that work below a folder, or were given it in their environment: none, or the
    command lines of those that are still there after so many seconds.

    A command of which all processes are to be found has `TMPDIR` below the folder.
    """
    end = time.monotonic() + within_s
    while True:
        found = [text for path in Path("/proc").glob("[0-9]*") if (text := _command(path, folder))]
        if not found or time.monotonic() > end:
            return "; ".join(sorted(found))
        time.sleep(0.02)


def _command(process: Path, folder: Path) -> str:
    """Its command line if it belongs to the folder; a zombie has neither folder nor environment."""
    if process.name == str(os.getpid()):
        return ""
    try:
        is_below = Path(os.readlink(process / "cwd")).is_relative_to(folder)
        if is_below or os.fsencode(folder) in (process / "environ").read_bytes():
            return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()[:200]
    except OSError:  # it has ended, or is somebody else's
        pass
    return ""
