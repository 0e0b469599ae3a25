"""What a run of a learner's code may take at most: nobody's disk, memory or processor is filled."""

import errno
import os
import sys
from contextlib import suppress

OUTPUT_MB = 100
"""Of one file, such as the one into which pytest captures what tests print."""
CPU_S = 3600
"""Of each processor: a backstop, if nobody is left who minds the time."""
MEMORY_SHARE = 0.75
"""Of what the machine has."""


def bound() -> None:
    """Bound this process, and what it starts, from now on. Windows has no such limits."""
    if sys.platform == "win32":
        return
    import resource  # pylint: disable=import-outside-toplevel # POSIX only

    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * MEMORY_SHARE
    for kind, most in (
        (resource.RLIMIT_FSIZE, OUTPUT_MB * 1024**2),
        (resource.RLIMIT_CPU, CPU_S * (os.cpu_count() or 1)),
        (resource.RLIMIT_DATA, int(memory)),
    ):
        with suppress(ValueError, OSError):  # a lower limit is set already
            resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))


def explained(message: str) -> str:
    """Return what was raised, in plain words if it is one of these bounds."""
    return (
        f"printed or wrote more than {OUTPUT_MB} MB; stopped" if is_too_much(message) else message
    )


def is_too_much(message: str) -> bool:
    """Whether this was raised because a file has grown to its bound."""
    return os.strerror(errno.EFBIG) in message
