"""The first process of a container: runs a command, and ends the container when the kit is gone.

    python -I -S in_container.py LINE COMMAND…

A container outlives the program that asked for it. Somebody out there holds the other end of ``LINE``,
a named pipe, as long as the container is wanted. When this process ends, the system ends all others in it.
Nobody in there may look into this process, whose user theirs is: they could hold the line themselves.
Standard library only: it begins in each container.
"""

import ctypes
import os
import select
import sys

GONE = 137
# What the engine ends with if there is no container (`core.confined`); no command in one ends with it.
NOT_MADE = 125
SET_DUMPABLE = 4  # of prctl
MEMORY = ("/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control")


def main() -> int:
    """Return the exit code of the command, or `GONE`."""
    if sys.platform != "linux":
        return NOT_MADE
    ctypes.CDLL(None).prctl(SET_DUMPABLE, 0)
    line = os.open(sys.argv[1], os.O_RDONLY | os.O_NONBLOCK)
    os.unlink(sys.argv[1])
    try:
        if not os.read(line, 1):
            return GONE  # before this could begin
    except BlockingIOError:
        pass  # somebody is there
    child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
    ended = os.pidfd_open(child)
    while True:
        ready = select.select([line, ended], [], [])[0]
        if ended in ready:
            break
        if line in ready and not os.read(line, 1):
            return GONE
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code and out_of_memory():
        print("MemoryError: the sandbox had no more.", file=sys.stderr, flush=True)
    return 1 if code == NOT_MADE else code if code >= 0 else 128 - code


def out_of_memory() -> bool:
    """Whether the system ended a process in here because they took more than they may together."""
    for name in MEMORY:
        try:
            with open(name, encoding="ascii") as file:
                words = file.read().split()
            return int(words[words.index("oom_kill") + 1]) > 0
        except (OSError, ValueError):
            continue
    return False


if __name__ == "__main__":
    os._exit(main())
