"""Groups of processes that the system bounds together (cgroups), where this process may make some."""

import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from nbkata.child.core.confined import MEMORY_GB, PROCESSES


@contextmanager
def cgroups(memory_gb: float = MEMORY_GB) -> Iterator[list[Path]]:
    """Make the groups that bound a sandbox's processes and memory, if this process may; end them after."""
    made: list[Path] = []
    try:
        for parent, limits in _parents(memory_gb).items():
            _sweep(parent)
            place = Path(parent, f"nbkata-{os.getpid()}-{os.urandom(4).hex()}")
            with suppress(OSError):
                place.mkdir()
                made.append(place)
                for name, value in limits.items():
                    (place / name).write_text(str(value), encoding="ascii")
                continue
            made = made and [one for one in made if one != place]
        yield made
    finally:
        for place in made:
            _remove(place)


def ran_out_of_memory(groups: Sequence[Path]) -> bool:
    """Whether the system ended a process of these groups because they took more than they may."""
    for place in groups:
        for name in ("memory.events", "memory.oom_control"):
            with suppress(OSError, ValueError):
                words = (place / name).read_text(encoding="ascii").split()
                if int(words[words.index("oom_kill") + 1]):
                    return True
    return False


def _parents(memory_gb: float) -> dict[Path, dict[str, int]]:
    """The groups in which this process is, with what to write into one below."""
    if sys.platform != "linux":
        return {}
    most = int(memory_gb * 1024**3)
    root, found = Path("/sys/fs/cgroup"), {}
    with suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text(encoding="ascii").splitlines():
            _, kinds, path = line.split(":", 2)
            for kind in kinds.split(","):
                place = root / kind / path.lstrip("/")
                place = (
                    place if place.is_dir() else root / kind
                )  # a container sees its own as the root
                if kind == "pids":
                    found[place] = {"pids.max": PROCESSES}
                elif kind == "memory":
                    found[place] = {"memory.limit_in_bytes": most}
                elif not kind and (root / "cgroup.controllers").is_file():
                    found[root / path.lstrip("/")] = {"pids.max": PROCESSES, "memory.max": most}
    return {place: limits for place, limits in found.items() if os.access(place, os.W_OK)}


def _sweep(parent: Path) -> None:
    """Remove the groups that a killed process left; those with processes in them stay."""
    for place in parent.glob("nbkata-*-*"):
        if not Path("/proc", place.name.split("-")[1]).exists():
            with suppress(OSError):
                place.rmdir()


def _remove(place: Path) -> None:
    """Remove a group once its processes are gone; they have been killed."""
    for _ in range(ROUNDS):
        try:
            place.rmdir()
            return
        except FileNotFoundError:
            return
        except OSError:
            _kill_all(place)


ROUNDS = 100


def _kill_all(place: Path) -> None:
    if sys.platform == "win32":
        raise OSError("there are no cgroups")
    with suppress(OSError, ValueError):
        for number in (place / "cgroup.procs").read_text(encoding="ascii").split():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(int(number), signal.SIGKILL)
    time.sleep(0.02)
