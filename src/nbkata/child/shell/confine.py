"""What a run of other people's code may do: use its copy of the folder, some memory, some time."""

import os
import random
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from nbkata.child.shell.bounds import OUTPUT_MB

from nbkata.child.shell.environ import import_folders

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {
    "os.remove": 1, "os.rename": 2, "os.rmdir": 1, "os.mkdir": 1, "os.truncate": 1, "os.link": 2,
    "os.symlink": 2, "os.chmod": 1, "shutil.rmtree": 1, "shutil.move": 2,
}  # fmt: skip
_CONFINED: set[str] = set()


def confine(root: str, original: str) -> None:
    """Make the copy ``root`` of the folder ``original`` the place to be, in silence.

    Paths into the original lead into the copy; nothing may be written anywhere else.
    """
    if root not in _CONFINED:  # a spawned worker comes here for each of its jobs
        _CONFINED.add(root)
        _confine_process(root)
    os.chdir(root)
    sys.path[:] = [
        entry.replace(original, root, 1) if _within(entry, original) else entry
        for entry in sys.path
    ]
    sys.path[:0] = import_folders(root)
    sys.dont_write_bytecode = True  # a mutant of the same size and second would meet stale code


def limit(cpu_s: int) -> None:
    """Bound what this process may take from now on: seconds of the processor, 4 GB more, files.

    0 seconds are no bound. A process that lives on is given new ones each time.
    """
    if sys.platform == "win32":
        return  # no such limits there; the time limit alone holds
    import resource  # pylint: disable=import-outside-toplevel # POSIX only

    until_s = int(time.process_time()) + cpu_s if cpu_s else 0
    for kind, amount in (
        (resource.RLIMIT_AS, _memory_limit()),
        (resource.RLIMIT_CPU, until_s),
        (resource.RLIMIT_FSIZE, OUTPUT_MB * 1024**2),
    ):
        if amount:
            with suppress(ValueError, OSError):  # a lower hard limit is set already
                resource.setrlimit(kind, (amount, resource.getrlimit(kind)[1]))


def _memory_limit() -> int:
    """Address space in bytes: what this process has, and 4 GB more; 0 if it is not known."""
    if sys.platform == "win32":
        return 0
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + 4 * 1024**3


def seed_hidden_state(seed: int | None) -> None:
    """For random numbers that the code itself leaves unseeded; none takes fresh ones."""
    number = random.SystemRandom().getrandbits(32) if seed is None else seed
    random.seed(number)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(number)


def _confine_process(root: str) -> None:
    if hasattr(os, "setsid"):
        os.setsid()  # so that whatever it starts can be ended with it
    quiet = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(quiet, number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # pylint: disable=consider-using-with
    sys.addaudithook(_guard(Path(root)))


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + os.sep)


def _guard(root: Path) -> Callable[[str, tuple[Any, ...]], None]:
    """An audit hook that keeps files outside the copy and other machines out of reach."""
    work = root.resolve().parents[1]
    places = (root.resolve(), work / "tmp", work / "home", Path("/dev"))
    inside = tuple(str(place) + os.sep for place in places)

    def refuse(path: object) -> None:
        if isinstance(path, str | bytes | os.PathLike):
            full = os.path.abspath(os.fsdecode(path))
            if not f"{full}{os.sep}".startswith(inside):
                raise PermissionError(f"outside the copy that nbkata strength works in: {full}")

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(args[2], int) and args[2] & WRITES:
            refuse(args[0])
        elif event in CHANGES:
            for path in args[: CHANGES[event]]:
                refuse(path)
        elif event == "socket.connect" and isinstance(args[1], tuple):
            if args[1][0] not in ("127.0.0.1", "::1", "localhost"):
                raise PermissionError("nbkata strength runs code without the network")

    return hook
