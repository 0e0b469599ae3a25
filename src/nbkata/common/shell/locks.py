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

# Between two looks whether the other is done; Windows cannot wait for a lock any other way.
PAUSE_S = 0.2


class Held(Exception):
    """Another holds the lock."""


def do_not_wait() -> None:
    """For `hold`: raise ``Held``."""
    raise Held


@contextmanager
def hold(path: Path, waiting: Callable[[], None]) -> Iterator[int]:
    """Hold the lock of an existing file; call ``waiting`` once if another holds it.

    Yields the file's descriptor: a program that inherits it holds the lock too, to its own end.
    """
    with path.open("rb") as file:
        if not try_lock(file.fileno()):
            waiting()
            while not try_lock(file.fileno()):
                time.sleep(PAUSE_S)
        yield file.fileno()


def is_free(path: str) -> bool:
    """Whether nobody holds the lock of a file; false if that cannot be known. Raises ``OSError``."""
    handle = os.open(path, os.O_RDWR)
    try:
        return try_lock(handle, without_locks=False)
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt  # pylint: disable=import-error # Windows only

    _FAR = 1 << 30  # past the end: locked bytes cannot be read, and all must stay readable

    # pylint: disable-next=unused-argument # there are locks
    def try_lock(handle: int, without_locks: bool = True) -> bool:
        """As below."""
        os.lseek(handle, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def try_lock(handle: int, without_locks: bool = True) -> bool:
        """Lock an open file until it is closed; false if another holds it.

        ``without_locks`` is the answer on a file system that has no locks.
        """
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # some network shares
            return without_locks
        return True
