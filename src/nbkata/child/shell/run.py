"""Running a module of the kit to its end: one request, and its answer or the way in which it failed."""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from nbkata.child.core.ended import Failed, Failure, Finished, last_line
from nbkata.child.shell.bounds import OUTPUT_MB, bound, is_too_much
from nbkata.child.shell.launch import launch
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
) -> Finished | Failed:
    """Run ``python -m module arguments`` in a folder to its end, and end all that it started.

    ``fresh`` is as for `launch`.
    """
    started = time.perf_counter()
    with TemporaryFolder() as own:
        printed = Path(own, "output.txt")
        process = launch(
            module, arguments, folder=folder, environment=environment, output=printed, fresh=fresh
        )
        try:
            in_time = process.wait(timeout_s)
        finally:
            process.end()
        output = _end_of(printed)
        is_full = printed.exists() and printed.stat().st_size >= OUTPUT_MB * 1024**2
    if not in_time or process.code is None:
        return Failed(Failure.TIMED_OUT, f"it did not end within {timeout_s:g} s")
    raised = last_line(output)
    if process.code and raised.startswith("MemoryError"):
        return Failed(Failure.OUT_OF_MEMORY, "it needed more memory than it may take")
    if process.code and (is_full or is_too_much(raised)):  # no room for a traceback
        return Failed(Failure.TOO_MUCH_OUTPUT, f"it wrote more than {OUTPUT_MB} MB")
    return Finished(process.code, output, time.perf_counter() - started)


def ask(
    module: str,
    request: Any,
    *,
    folder: Path,
    environment: Mapping[str, str],
    timeout_s: float,
) -> Any | Failed:
    """Give a module a request and return its answer, both of what JSON holds. See `answer`."""
    with TemporaryFolder() as own:
        asked, answered = Path(own, "request.json"), Path(own, "answer.json")
        asked.write_text(json.dumps(request), encoding="utf-8")
        ended = run(
            module,
            (str(asked), str(answered)),
            folder=folder,
            environment=environment,
            timeout_s=timeout_s,
        )
        if isinstance(ended, Failed):
            return ended
        with suppress(OSError, ValueError):  # it died, or is no answer of ours
            return json.loads(answered.read_text(encoding="utf-8"))
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
