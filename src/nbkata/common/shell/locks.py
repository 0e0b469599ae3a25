"""Two commands at once: the second waits. Standard library only.

The locks are the system's own, held on a file that is there anyway: they add no file, and cannot
be left behind by a command that was killed.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PAUSE_S = 0.2
"""Between two looks whether the other is done; Windows cannot wait for a lock any other way."""


@contextmanager
def hold(path: Path, waiting: Callable[[], None]) -> Iterator[int]:
    """Hold the lock of an existing file; call ``waiting`` once if another holds it.

    Yields the file's descriptor: a program that inherits it holds the lock too, to its own end.
    """
    with path.open("rb") as file:
        if not _try_lock(file.fileno()):
            waiting()
            while not _try_lock(file.fileno()):
                time.sleep(PAUSE_S)
        yield file.fileno()


if sys.platform == "win32":
    import msvcrt  # pylint: disable=import-error # Windows only

    _FAR = 1 << 30  # past the end: locked bytes cannot be read, and all must stay readable

    def _try_lock(handle: int) -> bool:
        os.lseek(handle, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks (some network shares): go on without
            return True
        return True
