"""A debugger at the runs of a watch: one port while it lasts, and every run of the code joins it."""

import json
import os
import socket
import subprocess
import sys
from contextlib import suppress
from importlib import import_module

from nbkata.child.shell import ending
from nbkata.common.core.refusal import Refusal

# The variable that tells a run how to join.
DEBUG = "NBKATA_DEBUG"
# No other machine gets in.
HERE = "127.0.0.1"
END_S = 5


class DebugPort:
    """An open port, to which VS Code and other clients of debugpy attach."""

    def __init__(self, number: int, process: "subprocess.Popen[str]") -> None:
        self.number, self.process = number, process

    def end(self) -> None:
        """Close it; the debugger that is attached learns of it."""
        os.environ.pop(DEBUG, None)
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(END_S)
        ending.end(self.process)
        self.process.stdout.close()


def open_port(number: int) -> DebugPort | Refusal:
    """Open it on this machine; runs that begin while it is open can be debugged."""
    try:
        socket.create_server((HERE, number)).close()
    except OSError as error:
        hint = f"Take another: --debug {number + 1}, and the same in .vscode/launch.json."
        return Refusal(
            f"port {number} is not free ({os.strerror(error.errno or 0)}).", next_step=hint
        )
    process = ending.start(  # apart: Ctrl-C is for the one who watches
        [sys.executable, "-m", "nbkata.child.shell.debug_port", str(number)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    port = DebugPort(number, process)
    assert process.stdout is not None
    output = process.stdout.readline()
    if not output:
        port.end()
        return Refusal("debugpy does not start.", next_step="Run ./go again.")
    os.environ[DEBUG] = output
    return port


def join() -> None:
    """Let who is attached to the port debug this process; where nobody is, go on at once."""
    answer = os.environ.get(DEBUG)
    if not answer:
        return
    import_module("debugpy.server")  # carries pydevd inside, and makes it known
    pydevd = import_module("pydevd")
    pydevd.settrace(suspend=False, patch_multiprocessing=False, **json.loads(answer))
