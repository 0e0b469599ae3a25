"""Running a module of the kit to its end: one request, and its answer or the way in which it failed."""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from nbkata.child.core.confined import FOLDER_GB, NOT_MADE
from nbkata.child.core.ended import Failed, Failure, Finished, last_line
from nbkata.child.shell.bounds import OUTPUT_MB, bound, is_too_much
from nbkata.child.shell.launch import Launched, Locked, launch, unlocked
from nbkata.child.shell.sandbox import is_apart, is_contained
from nbkata.common.shell.files import read_bounded
from nbkata.common.shell.temporary import TemporaryFolder

# Of what a run printed, so many bytes are read: the end says how it went.
OUTPUT_BYTES = 100_000


def run(
    module: str,
    arguments: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    timeout_s: float,
    fresh: bool = False,
    writable: Sequence[Path] = (),
    locked: Locked = unlocked,
) -> Finished | Failed:
    """Run ``python -m module arguments`` in a folder to its end, and end all that it started.

    ``fresh``, ``writable`` and ``locked`` are as for `launch`.
    """
    started = time.perf_counter()
    with TemporaryFolder() as own:
        printed = Path(own, "output.txt")
        places = (folder, *writable)
        size = _size_of(places) if is_apart() else 0  # it may write before anybody looks
        process = launch(
            module,
            arguments,
            folder=folder,
            environment=environment,
            output=printed,
            fresh=fresh,
            writable=writable,
            locked=locked,
        )
        try:
            in_time, is_flooded = _waited(process, timeout_s, places, size)
        finally:
            process.end()
        output = _end_of(printed)
        is_full = printed.exists() and printed.stat().st_size >= OUTPUT_MB * 1024**2
    if is_flooded:
        return Failed(Failure.TOO_MUCH_OUTPUT, f"it wrote more than {FOLDER_GB} GB")
    if not in_time or process.code is None:
        return Failed(Failure.TIMED_OUT, f"it did not end within {timeout_s:g} s")
    raised = last_line(output)
    if process.code == NOT_MADE and is_contained():
        return Failed(Failure.NOT_STARTED, f"no sandbox could be made for it ({raised})")
    if process.code and raised.startswith("MemoryError"):
        return Failed(Failure.OUT_OF_MEMORY, "it needed more memory than it may take")
    if process.code and (is_full or is_too_much(raised)):  # no room for a traceback
        return Failed(Failure.TOO_MUCH_OUTPUT, f"it wrote more than {OUTPUT_MB} MB")
    return Finished(process.code, output, time.perf_counter() - started)


def _waited(
    process: Launched, timeout_s: float, places: Sequence[Path], size: int
) -> tuple[bool, bool]:
    """Whether it ended in time, and whether it wrote too much: on a disk, a sandbox does not bound that."""
    if not is_apart():
        return process.wait(timeout_s), False
    until, most = time.monotonic() + timeout_s, size + FOLDER_GB * 1024**3
    while not process.wait(max(0.0, min(LOOK_S, until - time.monotonic()))):
        if _size_of(places) > most:
            return False, True
        if time.monotonic() > until:
            return False, False
    return True, False


LOOK_S = 0.5


def _size_of(places: Sequence[Path]) -> int:
    total = 0
    for place in places:
        for folder, _, names in os.walk(place):
            for name in names:
                with suppress(OSError):
                    total += os.lstat(os.path.join(folder, name)).st_size
    return total


def ask(
    module: str,
    request: Any,
    *,
    folder: Path,
    environment: Mapping[str, str],
    timeout_s: float,
    writable: Sequence[Path] = (),
    lock: Callable[[list[str], Path], list[str]] | None = None,
) -> Any | Failed:
    """Give a module a request and return its answer, both of what JSON holds. See `answer`.

    ``lock`` is as ``locked`` for `launch`; it gets the folder, too, that holds request and answer.
    """
    with TemporaryFolder() as own:
        home = Path(own)
        asked, answered = Path(own, "request.json"), Path(own, "answer.json")
        asked.write_text(json.dumps(request), encoding="utf-8")
        ended = run(
            module,
            (str(asked), str(answered)),
            folder=folder,
            environment=environment,
            timeout_s=timeout_s,
            writable=(home, *writable),
            locked=(lambda command: lock(command, home)) if lock else unlocked,
        )
        if isinstance(ended, Failed):
            return ended
        with suppress(OSError, ValueError, RecursionError):  # it died, or is no answer of ours
            return json.loads(read_bounded(answered, OUTPUT_MB * 1024**2))
    return Failed(Failure.DIED, ended.last_line.rstrip(".") or "it died")


def answer(work: Callable[[Any], Any]) -> None:
    """In the process that `ask` started: bound it, do the work of the request, leave the answer."""
    asked, answered = sys.argv[1:3]
    bound()
    request = json.loads(Path(asked).read_text(encoding="utf-8"))
    text = json.dumps(work(request))
    Path(answered).write_text(text, encoding="utf-8")


def _end_of(printed: Path) -> str:
    with suppress(OSError), printed.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - OUTPUT_BYTES))
        return file.read().decode("utf-8", errors="replace")
    return ""
