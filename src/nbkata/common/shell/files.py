"""Writing so that a crash leaves the old file or the new one, never half of one."""

import errno
import os
import stat
import time
from contextlib import suppress
from pathlib import Path


class Saved(OSError):
    """Somebody saved the file while the kit was about to replace it; their save is in its place."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EBUSY, "it was saved just now", str(path))


def read_file(path: Path) -> bytes:
    """Return the content of a regular file.

    Raises ``OSError``, for a pipe or a device too: reading it might never end.
    """
    mode = os.stat(path).st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise OSError(errno.EINVAL, "it is a pipe or a device, not a file", str(path))
    return path.read_bytes()


def read_bounded(path: Path, most: int) -> bytes:
    """Return at most so many bytes of a regular file in a folder where others write, too.

    Raises ``OSError`` for a link, a pipe or a device.
    """
    flags = os.O_RDONLY | sum(getattr(os, name, 0) for name in _UNTRUSTED)
    handle = os.open(path, flags)
    with os.fdopen(handle, "rb") as file:
        if path.is_symlink() or not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "it is no file of its own", str(path))
        return file.read(most)


# Windows has only the last.
_UNTRUSTED = ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY")


def place_of(path: Path) -> Path:
    """Return the file that a write to ``path`` replaces: a link stays, and what it leads to changes."""
    return Path(os.path.realpath(path)) if path.is_symlink() else path


def write_atomically(
    path: Path, content: bytes, expected: bytes | None = None, follow: bool = True
) -> None:
    """Replace ``path`` by ``content`` in one step; permissions and a link are kept if it exists.

    Raises ``OSError`` with the old file untouched and no temporary file left; ``Saved`` if the file
    holds something else than ``expected`` by then. Without ``follow`` a link is replaced itself: somebody
    else may have put it there.
    """
    import tempfile  # pylint: disable=import-outside-toplevel # 5 ms, and most commands write nothing

    path = place_of(path) if follow else path
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep_beside(path)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, path.stat().st_mode & 0o777 if path.exists() else default_mode())
        if expected is not None and read_file(path) != expected:
            raise Saved(path)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _sweep_beside(path: Path) -> None:
    """Remove what an earlier write of this file left that was killed."""
    with suppress(OSError), os.scandir(path.parent) as entries:
        for entry in entries:
            if entry.name.startswith(f".{path.name}.") and entry.name.endswith(".tmp"):
                if time.time() - entry.stat().st_mtime > STALE_S:
                    os.unlink(entry.path)


# No write takes so long; one that goes on now may be another command's.
STALE_S = 3600


def append_line(path: Path, line: str) -> None:
    """Append a line that carries its line end, on a line of its own even after a torn one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                line = "\n" + line
        file.write(line.encode("utf-8"))


def default_mode() -> int:
    """What ``open`` would have given: mkstemp's own 0600 would lock out a shared folder."""
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
