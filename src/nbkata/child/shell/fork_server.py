"""The warm process: it has imported what a learner's code will need, and forks for each run.

Started as ``python -m nbkata.child.shell.fork_server SOCKET MODULE...`` with a pipe as its input; it
ends, with every fork and all that those started, when the pipe closes. It never runs learner code
itself: OpenMP must not have run before a fork. See `nbkata.child.shell.launch` for the other side of the
socket: one connection a run, that begins with a request and ends when the run has ended; hanging up
before kills the run.

Not `multiprocessing`'s forkserver with `set_forkserver_preload`: its children have no input, output,
folder or variables of their own and are ended alone, without what they started; it imports the
caller's main module anew for each. With the same libraries it takes 140 ms from the request to the
first line of the code, this one 70 ms (medians of 15 on two busy cores).
"""

import json
import os
import selectors
import signal
import socket
import sys
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbkata.child.shell import entering
from nbkata.child.shell.launch import LARGEST_CODE, PID_BYTES
from nbkata.child.shell.preload import warm
from nbkata.child.shell.run_request import run_request

assert sys.platform != "win32", "there is no fork"


@dataclass(frozen=True, slots=True)
class _Fork:
    """A run, and who waits for it."""

    pid: int
    ended: int  # readable once it has ended
    line: socket.socket


class ForkServer:
    """Takes requests until its standard input closes."""

    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.ready = selectors.DefaultSelector()
        self.ready.register(listener, selectors.EVENT_READ)
        self.ready.register(0, selectors.EVENT_READ)

    def serve(self) -> None:
        """Until there is nobody to serve."""
        while True:
            for key, _ in self.ready.select():
                if key.fileobj == 0:
                    if not os.read(0, 100):
                        self._end_all()
                        return
                elif key.fileobj is self.listener:
                    self._take(self.listener.accept()[0])
                elif isinstance(key.data, _Fork) and key.data.line.fileno() >= 0:
                    self._settle(key.data)  # once, though it may have ended and be given up

    def _take(self, line: socket.socket) -> None:
        line.settimeout(5)  # who connects speaks at once
        streams: list[int] = []
        try:
            _, streams, _, _ = socket.recv_fds(line, 1, 3)
            with line.makefile("rb") as answer:
                request = json.loads(answer.readline())
            pid = self._fork(request, streams)
            fork = _Fork(pid, os.pidfd_open(pid), line)
            line.sendall(pid.to_bytes(PID_BYTES))
        except (OSError, ValueError):
            line.close()
            return
        finally:
            for stream in streams:
                os.close(stream)
        self.ready.register(fork.ended, selectors.EVENT_READ, fork)
        self.ready.register(line, selectors.EVENT_READ, fork)

    def _fork(self, request: dict[str, Any], streams: list[int]) -> int:
        """Raise OSError if it cannot go into the sandbox in which it is to run."""
        ready, there = os.pipe()
        with warnings.catch_warnings():
            # BLAS keeps threads of its own, which come through a fork: it sees to that itself.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if not pid:
            try:
                os.setsid()  # so that it can be ended with all that it starts
                self._let_go()
                os.close(ready)
                if place := request.get("sandbox"):
                    entering.enter(place, [*streams, there])
                else:
                    os.close(there)
                run_request(request, () if place else streams)
            finally:
                os._exit(1)  # never reached but by a mistake of ours
        os.close(there)
        is_there = not request.get("sandbox") or os.read(ready, 1)
        os.close(ready)
        if not is_there:
            os.waitpid(pid, 0)
            raise OSError("there is no way into the sandbox")
        return pid

    def _let_go(self) -> None:
        """In the fork: the server's own handles."""
        self.listener.close()
        for key in list(self.ready.get_map().values()):
            if isinstance(key.data, _Fork):
                os.close(key.fd)
        self.ready.close()

    def _settle(self, fork: _Fork) -> None:
        """It has ended, or nobody waits for it any more."""
        self.ready.unregister(fork.ended)
        self.ready.unregister(fork.line)
        for kill in (os.killpg, os.kill):  # what it left behind, and itself: its group begins later
            with suppress(ProcessLookupError, PermissionError):
                kill(fork.pid, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(fork.pid, 0)[1])
        with suppress(OSError):
            fork.line.sendall(bytes([code & LARGEST_CODE]))
        fork.line.close()
        os.close(fork.ended)

    def _end_all(self) -> None:
        for key in list(self.ready.get_map().values()):
            if isinstance(key.data, _Fork) and key.fileobj is key.data.line:
                self._settle(key.data)


def main() -> None:
    """Warm up, say so, serve."""
    address, imports = sys.argv[1], sys.argv[2:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who started it
    with socket.socket(socket.AF_UNIX) as listener:
        warm("", imports)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        listener.bind(address)
        listener.listen()
        print("warm", flush=True)
        ForkServer(listener).serve()
    Path(address).unlink(missing_ok=True)


if __name__ == "__main__":
    main()
