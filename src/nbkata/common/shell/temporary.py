"""Folders for what is needed while a command runs, and no longer. Standard library only.

Each is called ``nbkata-`` and eight signs, and holds the folder that is used and a lock, which its process
holds as long as it lives. What a killed process left behind has a free lock: the next process that
makes a folder removes it.
"""

import os
import re
import shutil
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from nbkata.common.shell.locks import is_free, try_lock

PREFIX = "nbkata-"
LOCK, USED = "lock", "w"
# One that is younger may be about to get its lock.
YOUNG_S = 60
# If a folder cannot be removed at once.
ROUNDS, ROUND_S = 20, 0.05
_OURS = re.compile(rf"\.?{PREFIX}\w{{8}}")


class TemporaryFolder:
    """As ``tempfile.TemporaryDirectory``, with an end even if this process is killed."""

    def __init__(self, home: Path | None = None) -> None:
        """``home`` is the folder to make it in, unseen; by default the system's for such things."""
        place = str(home or tempfile.gettempdir())
        sweep(place)
        # pylint: disable-next=consider-using-with # removed in cleanup
        self._all = tempfile.TemporaryDirectory(
            prefix=f".{PREFIX}" if home else PREFIX, dir=place, ignore_cleanup_errors=True
        )
        self._lock: int | None = os.open(os.path.join(self._all.name, LOCK), os.O_RDWR | os.O_CREAT)
        try_lock(self._lock)
        self.name = os.path.join(self._all.name, USED)
        os.mkdir(self.name)

    def __enter__(self) -> str:
        return self.name

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.cleanup()

    def cleanup(self) -> None:
        """Remove it, with all that is in it, also what a process that is being ended still writes."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        try:
            self._all.cleanup()
            for _ in range(ROUNDS):
                if not os.path.exists(self._all.name):
                    break
                time.sleep(ROUND_S)
                shutil.rmtree(self._all.name, ignore_errors=True)
        finally:  # Ctrl-C may fall into it
            shutil.rmtree(self._all.name, ignore_errors=True)


def sweep(home: str) -> None:
    """Remove what processes left that were killed."""
    with suppress(OSError), os.scandir(home) as entries:
        for entry in entries:
            if _OURS.fullmatch(entry.name):
                with suppress(OSError):  # somebody else's, or gone meanwhile
                    _sweep_one(entry)


def _sweep_one(entry: "os.DirEntry[str]") -> None:
    found = entry.stat(follow_symlinks=False)
    mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    if not mine or not stat.S_ISDIR(found.st_mode) or time.time() - found.st_mtime < YOUNG_S:
        return
    lock = os.path.join(entry.path, LOCK)
    if not os.path.isfile(lock):  # killed before it had a lock, or not one of these
        os.rmdir(entry.path)  # only if it is empty
    elif is_free(lock):
        shutil.rmtree(entry.path, ignore_errors=True)
