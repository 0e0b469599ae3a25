"""Processes that stay and answer one request after another: what strength's verdicts are made in.

Unlike a run (`nbkata.child.shell.run`) they talk in Python's own objects, over a pipe that both ends
trust: the kit's code holds it, and the learner's code that runs beside it is not asked for verdicts.
Each is the head of a group, or becomes it, and is ended with all that it started.
"""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from nbkata.child.shell import ending


class Worker:
    """A process that `multiprocessing` starts, by the means that its context stands for."""

    def __init__(self, context: Any, life: Callable[..., None], given: Any) -> None:
        """Start ``life(link, given)`` there; it makes the process a group's head (`confine`)."""
        self.link: Connection
        self.link, theirs = context.Pipe()
        self._process = context.Process(target=life, args=(theirs, given))
        self._process.start()
        ending.guard(self._process.pid)
        theirs.close()

    def end(self) -> None:
        """Kill it and all that it started, and reap it."""
        if sys.platform != "win32":
            self._process.terminate()  # a fork server takes its child along
            self._process.join(1)
        ending.end_group(self._process.pid)
        if self._process.is_alive():  # it was no group yet
            self._process.kill()
        self._process.join()
        self.link.close()


class Fork:
    """A copy of this process that answers requests: quicker to start than a `Worker`, on Unix only."""

    link: Connection
    number: int

    def __init__(self, answer: Callable[[Any], Any]) -> None:
        if sys.platform == "win32":
            raise OSError("there is no fork")
        self.link, theirs = Pipe()
        self.number = os.fork()
        if not self.number:
            os.setsid()  # so that whatever it starts can be ended with it
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            self.link.close()
            try:
                while True:
                    theirs.send(answer(theirs.recv()))
            finally:
                os._exit(0)  # at this process's end, and never up into its own frames
        ending.guard(self.number)
        theirs.close()

    def ask(self, request: Any) -> Any:
        """Return its answer. Raise EOFError or OSError if it died of the request."""
        self.link.send(request)
        return self.link.recv()

    def end(self) -> None:
        """Kill it and all that it started, and reap it."""
        if sys.platform == "win32":
            raise OSError("there is no fork")
        self.link.close()
        ending.end_group(self.number)
        with suppress(ChildProcessError):
            os.waitpid(self.number, 0)
