"""Interpreters that wait for something to run, warm: where a process cannot be forked.

Each has imported what it was asked to, is used once, and ends when whoever started it has gone.
`nbkata.child.shell.standby_process` is the other side.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from nbkata.child.shell import ending

# The module whose runs start another: the shape tests run the learner's own. A standby process for
# it keeps a second one.
NEEDS_ONE = "pytest"

_waiting: dict[bool, "subprocess.Popen[str]"] = {}  # by whether it keeps a second one
_lock = threading.Lock()


def keep(
    kinds: Sequence[bool], imports: Sequence[str], environment: Mapping[str, str] | None = None
) -> None:
    """Start those that are not there; returns before they are warm."""
    with _lock:
        for keeps_one in kinds:
            known = _waiting.get(keeps_one)
            if known is not None and known.poll() is not None:
                _end(_waiting.pop(keeps_one))
            if keeps_one not in _waiting:
                _waiting[keeps_one] = _started(keeps_one, imports, environment)


def take(request: Mapping[str, Any], printed: str) -> "subprocess.Popen[str] | None":
    """One that is now at work on a request; None if none waits. Returns once it is warm.

    What it prints goes to the file ``printed``; if that is empty, its input and output are the
    pipes of the process.
    """
    with _lock:
        process = _waiting.pop(request["module"] == NEEDS_ONE, None)
    if process is None:
        return None
    assert process.stdin is not None and process.stdout is not None
    with suppress(OSError):
        process.stdin.write(json.dumps({**request, "said": printed}) + "\n")
        process.stdin.flush()
        if process.stdout.readline():
            return process
    _end(process)  # it has died meanwhile
    return None


def end() -> None:
    """End those that wait."""
    with _lock:
        while _waiting:
            _end(_waiting.popitem()[1])


def _started(
    keeps_one: bool, imports: Sequence[str], environment: Mapping[str, str] | None
) -> "subprocess.Popen[str]":
    arguments = [str(int(keeps_one)), *imports]
    return ending.start(
        [sys.executable, "-m", "nbkata.child.shell.standby_process", *arguments],
        env=None if environment is None else dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _end(process: "subprocess.Popen[str]") -> None:
    ending.end(process)
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        with suppress(OSError):
            pipe.close()
