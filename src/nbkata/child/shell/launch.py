"""Starting modules of the kit in processes of their own, in which a learner's code runs.

From nothing by default. Where the environment names a warm process (`nbkata watch` keeps one), by
a fork of that one: pandas, scikit-learn and pytest are imported there already. Where there is no
fork, by a standby process that has imported them. What runs is the same module with the same
arguments in all cases.
"""

import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, Any, Protocol
from zlib import crc32

from nbkata.child.shell import ending, sandbox, standby
from nbkata.child.shell.interpreter import Interpreter, environment_there, project_python
from nbkata.child.shell.run_request import request_for

# The variable that names the socket of a warm process.
WARM = "NBKATA_WARM"
# How a warm process tells the number of a fork; its exit code follows when that has ended.
PID_BYTES = 8
# An exit code is one byte.
LARGEST_CODE = 255
LOOK_S = 0.05
# Where the system says when a process has ended: it is looked all the same, now and then.
AGAIN_S = 1.0
# A warm process answers at once; one that does not is passed over.
CONNECT_S = 5


# Makes of a command the one that runs it in a sandbox.
Locked = Callable[[list[str]], list[str]]


def unlocked(command: list[str]) -> list[str]:
    """Run it as it is."""
    return command


class Endable(Protocol):
    """Something at work that can be asked to end."""

    def end(self) -> None:
        """End it now, whatever it does, and let go of its pipes."""


class Launched(Endable, Protocol):
    """A process at work."""

    requests: IO[str] | None  # its standard input, where it talks
    answers: IO[str] | None  # its standard output, where it talks
    code: int | None  # how it ended, once it has: as an exit code, 0 to 255

    def wait(self, timeout_s: float) -> bool:
        """Whether it ended within so many seconds."""


def warm_variable(seed: str, project: Interpreter | None = None) -> str:
    """The variable that names the socket of a warm process with this hash seed; empty: with any.

    One that is in a ``project``'s own environment serves that one alone.
    """
    place = f"_{crc32(project.path.encode()):x}" if project else ""
    return f"{WARM}{place}_{seed}" if seed else f"{WARM}{place}"


def launch(
    module: str,
    arguments: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    talks: bool = False,
    output: Path | None = None,
    fresh: bool = False,
    writable: Sequence[Path] = (),
    is_kits: bool = False,
    locked: Locked = unlocked,
) -> Launched:
    """Start ``python -m module arguments`` in a folder.

    With ``talks`` its input and output are pipes; otherwise it has no input, and what it prints
    goes to the file ``output``, or nowhere. A ``fresh`` one begins from nothing, and so has the
    hash seed that ``environment`` names: a fork has that of the process it is forked from. Where a
    warm process of that very seed is kept, it is forked from that one; so are others, if none of any
    seed is kept.

    In a sandbox (see `sandbox`) it has one of its own, in which it may write to ``folder`` and what is
    ``writable``, unless it ``is_kits``: a process that runs none of the learner's code. In the outer
    sandbox a fork goes into its own (see `entering`). ``locked`` makes of its command the one that locks it in.
    """
    project = None if is_kits else project_python()
    variables = ending.marked(environment)
    variables = environment_there(variables) if project else variables
    if not is_kits and sandbox.INSIDE in os.environ:
        locked = partial(sandbox.inner, folder=folder, writable=writable, environment=variables)
    can_enter = not is_kits and sandbox.is_nested()
    is_locked = locked is not unlocked
    seeds = [*([] if fresh else [""]), environment.get("PYTHONHASHSEED", "none")]
    served = (os.environ.get(warm_variable(seed, project)) for seed in seeds)
    warm = None if is_locked and not can_enter else next(filter(None, served), None)
    request = request_for(module, arguments, folder, variables)
    process: Launched | None = None
    if warm:
        with suppress(OSError):  # it is gone: the way from nothing always works
            keeper = sandbox.kept_open(folder, writable) if can_enter else None
            process = Forked(warm, request, talks, output, keeper)
    if process is None:
        waiting = (
            None
            if fresh or is_locked or project
            else standby.take(request, "" if talks else str(output or os.devnull))
        )
        process = Spawned(waiting or _started(request, talks, output, locked, project), talks)
    _alive.add(process)
    return process


_alive: set[Endable] = set()


@contextmanager
def ending_with_all(process: Endable) -> Iterator[None]:
    """While the block lasts, `end_all` ends this too: a notebook's kernel, started by nbclient."""
    _alive.add(process)
    try:
        yield
    finally:
        _alive.discard(process)


def end_all() -> None:
    """End every process that was launched and is still at work, from whichever thread."""
    for process in list(_alive):
        process.end()


@contextmanager
def thread_ending_with_all() -> Iterator["Callable[[Callable[[], Any]], Future[Any]]"]:
    """Give what runs a function in a thread. Whatever ends the block, nothing that was launched goes
    on, and the thread has ended: it may launch once more meanwhile, and has folders to remove.
    """
    begun: list[Future[Any]] = []
    interrupted: KeyboardInterrupt | None = None
    with ThreadPoolExecutor(1) as pool:

        def submit(work: Callable[[], Any]) -> Future[Any]:
            begun.append(pool.submit(work))
            return begun[-1]

        try:
            yield submit
        finally:
            is_at_work = True
            while is_at_work:
                try:
                    end_all()
                    is_at_work = bool(wait(begun, LOOK_S).not_done)
                except KeyboardInterrupt as error:
                    interrupted = error
            if interrupted:
                raise interrupted


def _started(
    request: Mapping[str, Any],
    talks: bool,
    printed: Path | None,
    locked: Locked,
    project: Interpreter | None,
) -> "subprocess.Popen[str]":
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    program = project.path if project else sys.executable
    with open(printed or os.devnull, "wb") as output:
        return ending.start(
            locked([program, "-m", request["module"], *request["arguments"]]),
            cwd=request["folder"],
            env=request["environment"],
            stdin=pipe if talks else nothing,
            stdout=pipe if talks else output,
            stderr=nothing if talks else output,
        )


class Spawned:
    """An interpreter of its own, new or one that stood by."""

    def __init__(self, process: "subprocess.Popen[str]", talks: bool) -> None:
        self.process = process
        self.requests: IO[str] | None = process.stdin if talks else None
        self.answers: IO[str] | None = process.stdout if talks else None
        self.code: int | None = None
        if not talks:  # a standby process has been given all there is
            _close(process.stdin, process.stdout)

    def wait(self, timeout_s: float) -> bool:
        """Whether it ended within so many seconds."""
        until = time.monotonic() + timeout_s
        with suppress(AttributeError, OSError):  # an old system: Popen looks every 50 ms
            self._see_end(until)
        timeout_s = max(0.0, until - time.monotonic())
        try:
            self.code = self.process.wait(timeout_s) & LARGEST_CODE
        except subprocess.TimeoutExpired:
            return False
        return True

    def _see_end(self, until: float) -> None:
        """Wait as long for its end; it is seen at once. Only Linux can, and not each one."""
        if sys.platform != "linux" or self.process.poll() is not None:
            return
        ended = os.pidfd_open(self.process.pid)
        try:
            end = select.poll()
            end.register(ended, select.POLLIN)
            while self.process.poll() is None and time.monotonic() < until:
                end.poll(1000 * min(AGAIN_S, max(0.0, until - time.monotonic())))
        finally:
            os.close(ended)

    def end(self) -> None:
        """Kill and reap it, and kill what it started."""
        _alive.discard(self)
        ending.end(self.process)
        _close(self.requests, self.answers)


class Forked:
    """A fork of the warm process, which ends it and all that it started when asked to, or left."""

    line: socket.socket
    pid: int

    def __init__(
        self,
        address: str,
        request: Mapping[str, Any],
        talks: bool,
        printed: Path | None,
        sandbox_of: sandbox.Keeper | None = None,
    ) -> None:
        """It goes into the sandbox ``sandbox_of``, if that is given, before it does anything."""
        self.keeper = sandbox_of
        self.requests: IO[str] | None = None
        self.answers: IO[str] | None = None
        self.ended = False
        self.code: int | None = None
        if sys.platform == "win32":
            raise OSError("there is no fork")
        self.line = socket.socket(socket.AF_UNIX)
        theirs: list[int] = []
        try:
            self.line.settimeout(CONNECT_S)
            self.line.connect(address)
            theirs = self._streams(talks, printed)
            socket.send_fds(self.line, [b"!"], theirs)
            self.line.sendall(json.dumps(_there(request, sandbox_of)).encode() + b"\n")
            self.pid = int.from_bytes(self.line.recv(PID_BYTES))
            if not self.pid:
                raise ConnectionError("the warm process hung up")
            ending.guard(self.pid)
        except OSError as error:
            self.line.close()
            _close(self.requests, self.answers)
            self._end_keeper()
            raise ConnectionError("the warm process does not answer") from error
        finally:
            for handle in theirs:
                os.close(handle)

    def _streams(self, talks: bool, printed: Path | None) -> list[int]:
        """The other process's standard input, output and error."""
        nothing = os.open(os.devnull, os.O_RDWR)
        if not talks:
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            output = os.open(printed or os.devnull, flags, 0o600)
            return [nothing, output, os.dup(output)]
        read_there, write_here = os.pipe()
        read_here, write_there = os.pipe()
        self.requests = os.fdopen(write_here, "w", encoding="utf-8")
        self.answers = os.fdopen(read_here, encoding="utf-8")
        return [read_there, write_there, nothing]

    def wait(self, timeout_s: float) -> bool:
        """Whether it ended within so many seconds."""
        if self.ended:
            return True
        self.line.settimeout(timeout_s)
        try:
            answer = self.line.recv(1)
        except TimeoutError:
            return False
        except OSError:
            answer = b""
        self.ended = True
        self.code = answer[0] if answer else LARGEST_CODE
        if not answer:  # the warm process itself is gone
            ending.end_group(self.pid)
        return True

    def end(self) -> None:
        """Hang up: the warm process kills the fork and what it started."""
        _alive.discard(self)
        with suppress(OSError):
            self.line.shutdown(socket.SHUT_WR)
            self.line.settimeout(CONNECT_S)
            while self.line.recv(1):  # until it hangs up as well: then all are dead
                continue
        ending.end_group(self.pid)  # the warm process did it, unless it is gone
        self._end_keeper()
        self.line.close()
        _close(self.requests, self.answers)

    def _end_keeper(self) -> None:
        """With the sandbox all that is in it ends."""
        if self.keeper is not None:
            ending.end(self.keeper.process)
            _close(self.keeper.process.stdin, self.keeper.process.stdout)


def _there(request: Mapping[str, Any], keeper: sandbox.Keeper | None) -> Mapping[str, Any]:
    """The request as it is carried out in a sandbox."""
    if keeper is None:
        return request
    variables = {**request["environment"], **sandbox.PARENT}
    variables.pop(sandbox.INSIDE, None)
    return {**request, "environment": variables, "sandbox": keeper.inside}


def _close(*pipes: IO[str] | None) -> None:
    for pipe in pipes:
        if pipe is not None:
            with suppress(OSError):  # a pipe nobody reads any more
                pipe.close()
