"""One run of the learner's tests in a process that ends with it: a verdict on one mutant."""

import os
import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from nbkata.shell.oracle import FOOTER, Oracle


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker is told."""

    root: str
    """The copy of the learner's folder that the run may use up."""
    original: str
    """The learner's own folder: paths into it are turned into paths into the copy."""
    tests: tuple[str, ...]
    files: tuple[tuple[str, str], ...] = ()
    """Sources to write first, by their path in the copy."""
    script: str = ""
    """A target to run as a script after the tests, where they show nothing of it themselves."""
    seed: int | None = 0
    """For random numbers that the code itself leaves unseeded; none takes fresh ones."""
    trace: bool = False
    """Whether to note which lines of the copy's files were run."""
    memory: int = 0
    cpu_s: int = 0
    events: tuple[tuple[str, str], ...] | None = None
    """What the unchanged code showed: told only whether this run shows the same."""


def run_job(job: Job) -> dict[str, Any]:
    """Run the tests as the job says, in this process, which must not be used again."""
    _confine(job)
    for path, source in job.files:
        Path(job.root, path).write_bytes((source + FOOTER).encode("utf-8"))
    oracle, watcher = Oracle(), _Watcher(job.root)
    sys.modules["_nbkata_oracle"] = oracle
    tracer = _Tracer(job.root) if job.trace else None
    started = time.perf_counter()
    if tracer:
        sys.addaudithook(watcher.audit)
        tracer.start()
    code = _run_pytest(job, watcher)
    if code == 0 and job.script:
        _run_script(job, watcher)
    if tracer:
        tracer.stop()
    told: dict[str, Any] = {
        "code": code,
        "seconds": time.perf_counter() - started,
        "failed": watcher.failed,
        "message": watcher.message,
        "crashed": watcher.crashed,
        "collected": watcher.collected,
    }
    if tracer:
        told["lines"] = {path: sorted(lines) for path, lines in tracer.lines.items()}
        told["spawned"] = watcher.spawned
    if job.events is None:
        told["oracle"] = oracle.as_json()
    elif code == 0:
        told["same"] = _same(job.events, oracle.events)
        if not told["same"]:
            told["oracle"] = oracle.as_json()
    return told


def _same(golden: tuple[tuple[str, str], ...], now: list[tuple[str, str]]) -> bool:
    """An empty digest stands for what differed between runs of the unchanged code."""
    return len(golden) == len(now) and all(
        old[0] == new[0] and old[1] in ("", new[1]) for old, new in zip(golden, now, strict=True)
    )


def _run_pytest(job: Job, watcher: "_Watcher") -> int:
    import pytest  # pylint: disable=import-outside-toplevel # warm already in a forked worker

    arguments = [*job.tests, "-x", "-q", "-p", "no:cacheprovider", "--no-header", "--tb=no"]
    try:
        return int(pytest.main([*arguments, *_overridden(job.root)], plugins=[watcher]))
    except SystemExit:
        return 3


def _overridden(root: str) -> list[str]:
    """Switch off what a project's own options would start inside every single run."""
    options = []
    for name in ("pyproject.toml", "pytest.ini", "setup.cfg", "tox.ini"):
        path = Path(root, name)
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        if "-n" in text and "addopts" in text and "xdist" in sys.modules:
            options.append("-n0")
        if "--cov" in text:
            options.append("--no-cov")
    return options


def _run_script(job: Job, watcher: "_Watcher") -> None:
    import runpy  # pylint: disable=import-outside-toplevel

    sys.argv = [str(Path(job.root, job.script))]
    sys.path.insert(0, str(Path(job.root, job.script).parent))
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    except (Exception, SystemExit):  # pylint: disable=broad-exception-caught # learners' code
        watcher.crashed = True


class _Watcher:
    """A pytest plugin: the first failure, and whether the code under test raised it."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.failed = ""
        self.message = ""
        self.crashed = False
        self.collected = 0
        self.spawned = False

    def audit(self, event: str, _: tuple[Any, ...]) -> None:
        """Note whether the tests start other processes, whose lines nobody counts."""
        if event in ("subprocess.Popen", "os.posix_spawn", "os.exec", "os.system"):
            self.spawned = True

    def pytest_collection_finish(self, session: Any) -> None:
        """Count the tests."""
        self.collected = len(session.items)

    def pytest_exception_interact(self, node: Any, call: Any) -> None:
        """The first failing test or file."""
        if self.failed:
            return
        self.failed = node.nodeid
        if call.excinfo is not None:
            self.message = call.excinfo.exconly(tryshort=True)[:2000]
            self.crashed = self._raised_by_target(call.excinfo.value)

    def _raised_by_target(self, error: BaseException) -> bool:
        """Whether it came out of the code under test: whoever runs that sees it fail.

        A target ends in the oracle's line, so its file is known by that.
        """
        cause: BaseException | None = error
        while cause is not None:
            frame = cause.__traceback__
            while frame is not None:
                if self._is_target(frame.tb_frame.f_code.co_filename):
                    return True
                frame = frame.tb_next
            cause = cause.__cause__ or cause.__context__
        return False

    def _is_target(self, path: str) -> bool:
        if not path.startswith(self.root):
            return False
        try:
            return Path(path).read_bytes().endswith(FOOTER.encode("utf-8"))
        except OSError:
            return False


class _Tracer:
    """Which lines of the copy's own files are run; only those are traced line by line."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.lines: dict[str, set[int]] = {}

    def start(self) -> None:
        """From now on, in every thread."""
        threading.settrace(self._called)
        sys.settrace(self._called)

    def stop(self) -> None:
        """No more."""
        sys.settrace(None)
        threading.settrace(None)

    def _called(self, frame: FrameType, _event: str, _arg: Any) -> Callable[..., Any] | None:
        path = frame.f_code.co_filename
        if not path.startswith(self.root):
            return None
        lines = self.lines.setdefault(os.path.relpath(path, self.root).replace("\\", "/"), set())
        lines.add(frame.f_lineno)

        def line(inner: FrameType, _event: str, _arg: Any) -> Any:
            lines.add(inner.f_lineno)
            return line

        return line


def _confine(job: Job) -> None:
    """Limits, the copy as the place to be, silence, and no writing anywhere else."""
    if job.root not in _CONFINED:  # a spawned worker comes here for each of its jobs
        _CONFINED.add(job.root)
        _confine_process(job)
    os.chdir(job.root)
    sys.path[:] = [
        entry.replace(job.original, job.root, 1) if _within(entry, job.original) else entry
        for entry in sys.path
    ]
    for folder in ("src", ""):
        sys.path.insert(0, str(Path(job.root, folder)))
    sys.dont_write_bytecode = True  # a mutant of the same size and second would meet stale code
    seed = random.SystemRandom().getrandbits(32) if job.seed is None else job.seed
    random.seed(seed)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(seed)


_CONFINED: set[str] = set()


def _confine_process(job: Job) -> None:
    if hasattr(os, "setsid"):
        os.setsid()  # so that whatever it starts can be ended with it
    _limit(job)
    quiet = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(quiet, number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # pylint: disable=consider-using-with
    sys.addaudithook(_guard(Path(job.root)))


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + os.sep)


def _limit(job: Job) -> None:
    if sys.platform == "win32":
        return  # no such limits there; the time limit alone holds
    import resource  # pylint: disable=import-outside-toplevel # POSIX only

    for kind, amount in ((resource.RLIMIT_AS, job.memory), (resource.RLIMIT_CPU, job.cpu_s)):
        if amount:
            try:
                resource.setrlimit(kind, (amount, amount))
            except (ValueError, OSError):
                pass  # a lower hard limit is set already


WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {
    "os.remove": 1, "os.rename": 2, "os.rmdir": 1, "os.mkdir": 1, "os.truncate": 1, "os.link": 2,
    "os.symlink": 2, "os.chmod": 1, "shutil.rmtree": 1, "shutil.move": 2,
}  # fmt: skip


def _guard(root: Path) -> Callable[[str, tuple[Any, ...]], None]:
    """An audit hook that keeps files outside the copy and other machines out of reach."""
    work = root.resolve().parents[1]
    places = (root.resolve(), work / "tmp", work / "home", Path("/dev"))
    inside = tuple(str(place) + os.sep for place in places)

    def refuse(path: object) -> None:
        if isinstance(path, str | bytes | os.PathLike):
            full = os.path.abspath(os.fsdecode(path))
            if not f"{full}{os.sep}".startswith(inside):
                raise PermissionError(f"outside the copy that nbkata strength works in: {full}")

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(args[2], int) and args[2] & WRITES:
            refuse(args[0])
        elif event in CHANGES:
            for path in args[: CHANGES[event]]:
                refuse(path)
        elif event == "socket.connect" and isinstance(args[1], tuple):
            if args[1][0] not in ("127.0.0.1", "::1", "localhost"):
                raise PermissionError("nbkata strength runs code without the network")

    return hook
