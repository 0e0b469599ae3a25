"""Running other programs for `go`: in sight with the terminal, or quietly into a log.

Whatever ends this program (Ctrl-C, a closed terminal, `kill`) ends what it started too.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

ENDING = [signal.SIGINT, signal.SIGTERM]
if sys.platform != "win32":
    ENDING.append(signal.SIGHUP)  # a closed terminal
# How long a program that was asked to end may take.
PATIENCE_S = 10
# How long nothing new is printed where the output goes to no terminal.
STILL_THERE_S = 30


@contextmanager
def timed_line(label: str) -> Iterator[Callable[[], None]]:
    """A line for work that takes time: what it is, then how long it took.

    Yields what to call now and then meanwhile: it shows the seconds so far, on a terminal each time,
    elsewhere twice a minute.
    """
    start = shown = time.monotonic()
    terminal = sys.stdout.isatty()

    def show(end: str) -> None:
        print(f"\r  {label} ... {time.monotonic() - start:.0f} s", end=end, flush=True)

    def tick() -> None:
        nonlocal shown
        now = time.monotonic()
        if terminal:
            show("")
        elif now - shown >= STILL_THERE_S:
            shown = now
            print(f" {now - start:.0f} s ...", end="", flush=True)

    print(f"  {label} ...", end="", flush=True)
    try:
        yield tick
    except BaseException:
        print(flush=True)
        raise
    if terminal:
        show("\n")
    else:
        print(f" {time.monotonic() - start:.1f} s", flush=True)


def run_logged(
    command: Sequence[str],
    folder: Path,
    variables: Mapping[str, str],
    log: Path,
    tick: Callable[[], None] = lambda: None,
) -> tuple[int, str]:
    """Run to the end without input; exit code and output, which is also added to the log.

    Raises ``OSError`` where the program or the log cannot be opened.
    """
    with log.open("a+b") as file:
        begin = file.seek(0, 2)
        process = None
        try:
            with _uninterrupted():
                process = subprocess.Popen(  # pylint: disable=consider-using-with # ended below
                    command,
                    cwd=folder,
                    env=variables,
                    stdin=subprocess.DEVNULL,
                    stdout=file,
                    stderr=subprocess.STDOUT,
                    close_fds=os.name == "nt",  # it inherits the lock of the set-up
                )
            while _still_runs(process):
                tick()
        except BaseException:
            if process:
                _end(process)
            raise
        file.seek(begin)
        return process.returncode, file.read().decode("utf-8", errors="replace")


def output_of(command: Sequence[str], folder: Path, variables: Mapping[str, str]) -> str:
    """What a short command prints, kept in no log; nothing if it cannot be started."""
    try:
        return subprocess.run(
            command, cwd=folder, env=variables, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, errors="replace", check=False,
        ).stdout  # fmt: skip
    except OSError:
        return ""


def run_shown(command: Sequence[str], folder: Path, variables: Mapping[str, str]) -> int:
    """Run with the terminal as its own; its exit code, as a shell would tell it.

    Ctrl-C reaches the program itself, which may ask whether it is meant (JupyterLab does).
    """
    with subprocess.Popen(command, cwd=folder, env=variables) as process:
        try:
            while True:
                try:
                    code = process.wait()
                    return 128 - code if code < 0 else code
                except KeyboardInterrupt:
                    pass
        except BaseException:
            _end(process)
            raise


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold back Ctrl-C and its like: a program that is just being started would be left running."""
    held_back: list[tuple[int, FrameType | None]] = []
    handlers = {number: signal.getsignal(number) for number in ENDING}
    ours = {number: handler for number, handler in handlers.items() if callable(handler)}
    for number in ours:
        signal.signal(number, lambda *call: held_back.append(call))
    try:
        yield
    finally:
        for number, handler in ours.items():
            signal.signal(number, handler)
    for caught, frame in held_back:
        ours[signal.Signals(caught)](caught, frame)


def _still_runs(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(timeout=1)
    except subprocess.TimeoutExpired:
        return True
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
