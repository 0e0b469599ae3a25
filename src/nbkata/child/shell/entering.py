"""How a fork goes into a sandbox that bubblewrap has made, so that what it has imported need not be imported anew.

It is then where bubblewrap's own command is: in all its namespaces, with nothing open but its input and output,
without a right there, and with no way to get one. `nbkata.child.shell.fork_server` forks, and nobody's code has run
in it; its memory holds imported modules alone.
"""

import ctypes
import fcntl
import os
import signal
import sys
from collections.abc import Sequence

assert sys.platform != "win32", "there are no namespaces"

# The user namespace comes last: it may be one below the one that the others belong to.
NAMESPACES = ("cgroup", "ipc", "net", "uts", "pid", "mnt")
# For ioctl: the user namespace that one belongs to.
OWNER = 0xB701
# For prctl.
DIE_WITH_PARENT, DUMPABLE, DROP_BOUND, NO_MORE_RIGHTS = 1, 4, 24, 38
# For capset, its third version: two sets of three words.
RIGHTS_VERSION, RIGHTS_WORDS = 0x20080522, 6
# Exit codes from here on are signals.
SIGNALLED = 128


def enter(process: int, streams: Sequence[int]) -> None:
    """Go where that process is, with ``streams`` as input, output and errors; return in a child there.

    The child writes to the fourth when it is there. This process waits for it, outside of the sandbox's processes,
    and ends as it ends: either takes the other along. Raise OSError if there is no way in.
    """
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    places = [os.open(f"/proc/{process}/ns/{name}", os.O_RDONLY) for name in (*NAMESPACES, "user")]
    places.insert(0, fcntl.ioctl(places[-2], OWNER))
    for place in places:
        if os.fstat(place).st_ino not in _own():
            _call("setns", place, 0)
    os.closerange(len(streams), os.sysconf("SC_OPEN_MAX"))
    right = 0
    while not _libc.prctl(DROP_BOUND, right, 0, 0, 0):
        right += 1
    _call("capset", (ctypes.c_uint32 * 2)(RIGHTS_VERSION, 0), (ctypes.c_uint32 * RIGHTS_WORDS)())
    _call("prctl", NO_MORE_RIGHTS, 1, 0, 0, 0)
    _call("prctl", DUMPABLE, 0, 0, 0, 0)  # nobody in there may look into this one
    child = os.fork()
    if child:
        os.closerange(0, len(streams))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os._exit(code if code >= 0 else SIGNALLED - code)
    os.setsid()
    _call("prctl", DUMPABLE, 1, 0, 0, 0)
    _call("prctl", DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    os.write(3, b"!")
    os.close(3)


def _own() -> set[int]:
    return {os.stat(f"/proc/self/ns/{name}").st_ino for name in (*NAMESPACES, "user")}


def _call(name: str, *arguments: object) -> None:
    if getattr(_libc, name)(*arguments):
        raise OSError(ctypes.get_errno(), name)


_libc = ctypes.CDLL(None, use_errno=True)
