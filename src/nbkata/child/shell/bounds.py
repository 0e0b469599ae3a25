"""What a run of a learner's code may take at most: nobody's disk, memory or processor is filled.

A kernel is bounded by this module's text, which it runs: it may be of another Python, without nbkata.
"""

import errno
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

# Of one file, such as the one into which pytest captures what tests print; of a notebook's outputs.
OUTPUT_MB = 100
# Of one file that a notebook writes: data and models of a learner's own may be large.
KERNEL_FILE_GB = 4
# Of memory, for a kernel to say that there is no more: the cell may have left not a byte.
RESERVE_GB = 0.25
# Of a picture that a notebook shows.
PICTURE_DPI = 36
# Of each processor: a backstop, if nobody is left who minds the time.
CPU_S = 3600
# Of what the machine has.
MEMORY_SHARE = 0.75


def bound(memory_gb: float = 0) -> None:
    """Bound this process, and what it starts, from now on. Windows has no such limits.

    0 GB of memory: see `memory_limit_gb`.
    """
    _limit("FSIZE", OUTPUT_MB * 1024**2)
    _limit("CPU", CPU_S * (os.cpu_count() or 1))
    _limit("DATA", int((memory_gb or memory_limit_gb()) * 1024**3))


def kernel_code(memory_gb: float) -> str:
    """Return code that bounds the kernel which runs it, with what that may take in GB."""
    text = Path(__file__).read_text("utf-8")
    return f"exec({text!r} + 'bound_kernel({memory_gb}, {OUTPUT_MB})', {{}})"


def bound_kernel(memory_gb: float, output_mb: int) -> None:
    """Bound this kernel. What it prints are messages, and it makes them slower than a loop prints."""
    _limit("FSIZE", KERNEL_FILE_GB * 1024**3)
    _limit("DATA", int(memory_gb * 1024**3))
    left = output_mb * 10**6  # a little less than what the messages may hold: it knows the line

    def counted(write: Callable[[str], int]) -> Callable[[str], int]:
        def write_counted(text: str) -> int:
            nonlocal left
            left -= len(text)
            if left < 0 and threading.current_thread() is threading.main_thread():
                raise OSError(f"printed more than {output_mb} MB; stopped")
            return write(text)

        return write_counted

    def before_cell(*_: object) -> None:  # IPython itself gives the streams another write each time
        _limit("DATA", int(memory_gb * 1024**3))
        for stream in (sys.stdout, sys.stderr):
            if getattr(stream.write, "__name__", "") != "write_counted":
                setattr(stream, "write", counted(stream.write))

    def no_memory(shell: Any, kind: type, error: Exception, trace: Any, tb_offset: Any) -> None:
        _limit("DATA", int((memory_gb + RESERVE_GB) * 1024**3))
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)

    with suppress(ImportError):  # a kernel without IPython
        from IPython.core.getipython import get_ipython  # pylint: disable=import-outside-toplevel

        if shell := get_ipython():
            shell.events.register("pre_run_cell", before_cell)
            shell.set_custom_exc((MemoryError,), no_memory)  # type: ignore[no-untyped-call]
            # They are asked for, and nobody looks at them: large ones take a fifth of a run with plots.
            shell.config.InlineBackend.print_figure_kwargs = {
                "bbox_inches": None,
                "dpi": PICTURE_DPI,
            }


def memory_limit_gb() -> float:
    """Return the GB that a run may take: what is set for this process, else a share of the machine's."""
    if sys.platform == "win32":
        return 0.0
    import resource  # pylint: disable=import-outside-toplevel # POSIX only

    own = resource.getrlimit(resource.RLIMIT_DATA)[0]
    share = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * MEMORY_SHARE
    return (share if own == resource.RLIM_INFINITY else own) / 1024**3


def share_memory(runs: int) -> None:
    """Let each of so many runs, at the same time, take its part of it: this process hands its limit on."""
    _limit("DATA", int(memory_limit_gb() / runs * 1024**3))


def _limit(kind: str, most: int) -> None:
    if sys.platform == "win32":
        return
    import resource  # pylint: disable=import-outside-toplevel # POSIX only

    number = getattr(resource, f"RLIMIT_{kind}")
    with suppress(ValueError, OSError):  # a lower limit is set already
        resource.setrlimit(number, (most, resource.getrlimit(number)[1]))


def explained(kind: str, message: str, memory_gb: float = 0, file_mb: int = OUTPUT_MB) -> str:
    """Return the message of what was raised, in plain words if it is one of these bounds."""
    if is_too_much(message):
        return f"printed or wrote more than {file_mb} MB; stopped"
    limit_gb = memory_gb or memory_limit_gb()
    if kind.endswith("MemoryError") and limit_gb:
        return "; ".join(filter(None, [message.rstrip("."), f"a run may take {limit_gb:.3g} GB"]))
    return message


def is_too_much(message: str) -> bool:
    """Whether this was raised because a file has grown to its bound."""
    return os.strerror(errno.EFBIG) in message
