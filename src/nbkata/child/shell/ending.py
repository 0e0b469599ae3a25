"""Starting processes so that they can be ended with all that they start, and ending them.

Each runs in a process group of its own. A group is killed whether its head still lives or not: what
a head started may outlive it. Whatever ends this process, SIGKILL included, ends the groups as well:
a guard, a process of a few lines that reads a pipe from this one, learns of each group and kills
those that are left when the pipe closes. On Linux it also finds what has left its group (`setsid`)
by a variable that all are given (`marked`), and kills that: with the command, not with the run.
It looks three times, and waits between if something ran: a process that is just becoming another
program (`exec`) shows no variables for a moment, which is long on a busy machine.
(Not `PR_SET_PDEATHSIG`: that reaches the head alone, and fires when the thread that started it ends.)
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

_GUARD = """
trap '' INT TERM HUP
groups=' '
while read -r sign group; do
  case $sign in
    +) groups="$groups$group " ;;
    -) groups="${groups%% $group *} ${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group"; done
for round in 1 2 3; do
  for found in $(grep -ls -e "$1" /proc/[0-9]*/environ); do
    found=${found#/proc/}
    kill -s KILL "${found%/environ}"
  done
  [ "$groups" = ' ' ] || sleep 0.2
done
"""
_GUARD_WITHOUT_A_SHELL = """
import subprocess, sys
left = set()
for line in sys.stdin:
    sign, number = line.split()
    (left.add if sign == "+" else left.discard)(number)
for number in left:
    subprocess.run(["taskkill", "/F", "/T", "/PID", number], capture_output=True)
"""


def start(command: list[str], **options: Any) -> "subprocess.Popen[str]":
    """As ``Popen``, as the head of a group that ends with this process; `end` ends it before."""
    options["env"] = marked(options.get("env") or os.environ)
    process = subprocess.Popen(  # pylint: disable=consider-using-with # `end` ends it
        command, encoding="utf-8", start_new_session=os.name != "nt", **options
    )
    guard(process.pid)
    return process


def end(process: "subprocess.Popen[Any]") -> None:
    """Kill it and all that it started, and reap it; do nothing if that was done."""
    end_group(process.pid)
    with suppress(subprocess.TimeoutExpired):  # never waits long: it was killed
        process.wait(PATIENCE_S)


# A killed process is gone at once, unless its disk does not answer.
PATIENCE_S = 10


def marked(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables with one by which the guard finds whoever was given it.

    It holds the marks of all that started one another: what an inner one leaves, the outer one finds.
    """
    marks = environment.get(MARKS, "")
    return {**environment, MARKS: marks if _mark in marks else f"{marks} {_mark}"}


MARKS = "NBKATA_STARTED_BY"


def guard(group: int) -> None:
    """See to it that the group of this number ends with this process."""
    with _lock:
        _groups.add(group)
        _tell("+", group)


def end_group(group: int) -> None:
    """Kill every process of a guarded group. Do nothing if it was ended: its number may be taken."""
    with _lock:
        if group not in _groups:
            return
        _kill(group)
        _groups.discard(group)
        _tell("-", group)


def _kill(group: int) -> None:
    if sys.platform == "win32":
        command = ["taskkill", "/F", "/T", "/PID", str(group)]
        subprocess.run(command, check=False, capture_output=True)
    else:
        with suppress(ProcessLookupError, PermissionError):  # macOS: no right to kill zombies
            os.killpg(group, signal.SIGKILL)


_mark = os.urandom(8).hex()
_groups: set[int] = set()
# Its end that the guard listens at the other end of; none before there is a guard.
_pipe: list[int] = []
_lock = threading.RLock()  # a signal's handler may end what its own thread is just starting


def _tell(sign: str, group: int) -> None:
    with suppress(
        OSError
    ):  # no guard can be started: then the groups end when `end_group` is called
        if not _pipe:
            _pipe.append(_start_guard())
        os.write(_pipe[0], f"{sign} {group}\n".encode("ascii"))


def _start_guard() -> int:
    if sys.platform == "win32":
        process = subprocess.Popen(  # pylint: disable=consider-using-with # it outlives this one
            [sys.executable, "-I", "-S", "-c", _GUARD_WITHOUT_A_SHELL],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            creationflags=subprocess.CREATE_NEW_PROCESS_GROUP,  # Ctrl-C is not for it
        )
        assert process.stdin is not None
        return os.dup(process.stdin.fileno())
    theirs, ours = os.pipe()
    try:
        nothing: Mapping[str, str] = {}
        streams = [
            (os.POSIX_SPAWN_DUP2, theirs, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ]
        shell = ["/bin/sh", "-c", _GUARD, "guard", _mark]
        os.posix_spawn(shell[0], shell, nothing, file_actions=streams, setpgroup=0)
    except OSError:
        os.close(ours)
        raise
    finally:
        os.close(theirs)
    return ours


def _begin_anew() -> None:
    """In a fork: the groups are the parent's, and its guard must see its pipe close."""
    # pylint: disable-next=global-statement # a lock held by another thread stays held
    global _lock, _mark
    _lock = threading.RLock()
    _mark = os.urandom(8).hex()
    _groups.clear()
    while _pipe:
        with suppress(OSError):
            os.close(_pipe.pop())


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)
