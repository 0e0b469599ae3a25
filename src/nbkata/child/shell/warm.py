"""A fork server that every run of a learner's code is forked from; without fork, standby processes."""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from nbkata.child.shell import ending, standby
from nbkata.child.shell.environ import child_environment
from nbkata.child.shell.interpreter import environment_there, project_python, python
from nbkata.child.shell.launch import warm_variable
from nbkata.child.shell.remembered_models import FOLDER, forget_oldest
from nbkata.common.shell.temporary import TemporaryFolder

# Characters of a folder's path: with the socket's own name it must stay below 108.
LONGEST = 70
# Not where fork is absent (Windows), nor where the system's libraries do not bear it (macOS).
CAN_FORK = sys.platform == "linux"


class WarmProcess:
    """One fork server, which `launch` uses while it is there; without fork, standby processes."""

    def __init__(self, imports: Sequence[str], remembers: bool = False, seed: str = "") -> None:
        """It has the modules ``imports`` ready. If it ``remembers``, the runs share what models have
        done before, until its end. One with a hash ``seed`` serves those alone that ask for it.
        """
        self.imports = imports
        self.variable = warm_variable(seed, project_python())
        self.environment = {"PYTHONHASHSEED": seed} if seed else {}
        is_short = len(tempfile.gettempdir()) < LONGEST
        self.folder = TemporaryFolder(None if is_short else Path("/tmp"))
        self.process: subprocess.Popen[str] | None = None
        self.ready = threading.Event()
        if remembers:
            os.environ[FOLDER] = str(Path(self.folder.name, "models"))

    def begin(self) -> None:
        """Start it, or start it again if it has died; `ready` tells when it serves.

        Without fork, start the standby processes that are missing: a run waits for its own.
        """
        if not CAN_FORK:
            self._refill()
            self.ready.set()
            return
        if self.process is not None and self.process.poll() is None:
            return
        self.ready.clear()
        os.environ.pop(self.variable, None)
        address = Path(self.folder.name, "socket")
        address.unlink(missing_ok=True)
        self.process = ending.start(  # apart: Ctrl-C is for the one who watches
            [python(), "-m", "nbkata.child.shell.fork_server", str(address), *self.imports],
            env=environment_there({**_environment(), **self.environment}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        threading.Thread(target=self._await, args=(self.process, address), daemon=True).start()

    def between_runs(self) -> None:
        """Do what would take a run's time: forget old models, start standby processes."""
        forget_oldest()
        if not CAN_FORK:
            self._refill()

    def _refill(self) -> None:
        """Without fork, start standby processes in place of those that were used."""
        standby.keep((True, False), self.imports, _environment())

    def _await(self, process: "subprocess.Popen[str]", address: Path) -> None:
        assert process.stdout is not None
        if process.stdout.readline():
            os.environ[self.variable] = str(address)
        self.ready.set()  # also where it died: then every run starts from nothing

    @property
    def died(self) -> bool:
        """Whether it was started and is gone."""
        return self.process is not None and self.process.poll() is not None

    def end(self) -> None:
        """End it, and every fork with it."""
        os.environ.pop(self.variable, None)
        os.environ.pop(FOLDER, None)
        standby.end()
        if self.process is not None:
            assert self.process.stdin is not None and self.process.stdout is not None
            self.process.stdin.close()
            with suppress(subprocess.TimeoutExpired):  # until it has ended its forks
                self.process.wait(5)
            ending.end(self.process)
            self.process.stdout.close()
        self.folder.cleanup()


def _environment() -> dict[str, str]:
    return {**child_environment(), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


@contextmanager
def kept_warm(
    imports: Sequence[str], remembers: bool = False, seed: str = "", waits: bool = True
) -> Iterator[None]:
    """While it lasts, every run of learner code is forked from a warm process, where that can be.

    With a ``seed`` only those that begin with this hash seed, and only on systems that fork. If it
    does not wait, runs before the process is warm begin from nothing. One that is kept already serves.
    """
    if seed and not CAN_FORK or warm_variable(seed, project_python()) in os.environ:
        yield
        return
    warm = WarmProcess(imports, remembers, seed)
    warm.begin()
    if waits:
        warm.ready.wait()
    try:
        yield
    finally:
        warm.end()
