"""Running a notebook's cells in a project's Python that has no ipykernel. See `cell_driver`."""

import json
import queue
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbkata.child.shell import bounds
from nbkata.child.shell.interpreter import project_python
from nbkata.child.shell.launch import Launched, launch
from nbkata.notebook.core.run import Executed, Stopped, StopReason
from nbkata.notebook.shell.cells import (
    AfterCell,
    BeforeCell,
    raised,
    runs,
    too_deep,
    without_outputs,
)


def run_plainly(  # pylint: disable=too-many-arguments # as for `run_notebook`
    document: dict[str, Any],
    folder: Path,
    *,
    timeout_s: int,
    environment: Mapping[str, str],
    at_start: str,
    memory_gb: float,
    before_cell: BeforeCell | None,
    after_cell: AfterCell | None,
) -> Executed | Stopped:
    """Run every code cell; the arguments are those of `run_notebook`."""
    done = deepcopy(without_outputs(document))
    started, index = time.perf_counter(), None
    memory_gb = memory_gb or bounds.memory_limit_gb()
    with _driver(folder, {**environment, "MPLBACKEND": "Agg"}) as driver:
        try:
            driver.ask(bounds.kernel_code(memory_gb), "None")
            driver.ask(at_start, "None")
            for index, cell in runs(done):
                if before_cell:
                    before_cell(index)
                if reason := too_deep(cell["source"]):
                    return Stopped(StopReason.RAISED, index, reason)
                answer = driver.answer({"run": cell["source"]}, timeout_s)
                cell["outputs"] = answer["outputs"]
                if answer["failed"]:
                    kind, message, line = answer["failed"]
                    stopped = raised(index, cell["source"], kind, message, line, memory_gb)
                    return _without_ipython(stopped, cell["source"])
                if after_cell:
                    after_cell(index, driver.ask)
        except TimeoutError:
            return Stopped(StopReason.TIMED_OUT, index, timeout_s=timeout_s)
        except EOFError:
            reason = StopReason.NO_KERNEL if index is None else StopReason.KERNEL_DIED
            return Stopped(reason, index)
    return Executed(done, time.perf_counter() - started)


def _without_ipython(stopped: Stopped, source: str) -> Stopped:
    """Say so if it stopped at a command of IPython."""
    line = source.splitlines()[(stopped.line or 1) - 1].lstrip()
    project = project_python()
    if project is None or not stopped.magic and not line.startswith(("%", "!")):
        return stopped
    what = "is a command of IPython, and this environment has no ipykernel; to install it:"
    return replace(stopped, detail=f"{line} {what} {project.installs} ipykernel", magic="")


class _Driver:
    """The process at work."""

    def __init__(self, process: Launched) -> None:
        self.process = process
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.answers is not None
        with suppress(OSError, ValueError):  # closed while it was read
            for line in self.process.answers:
                self.lines.put(line)
        self.lines.put("")

    def answer(self, request: Mapping[str, Any], timeout_s: float | None = None) -> dict[str, Any]:
        """Raise ``TimeoutError`` if there is none in time, ``EOFError`` if the process has ended."""
        assert self.process.requests is not None
        try:
            self.process.requests.write(json.dumps(request) + "\n")
            self.process.requests.flush()
            line = self.lines.get(timeout=timeout_s)
        except queue.Empty as error:
            raise TimeoutError from error
        except OSError as error:
            raise EOFError from error
        if not line.endswith("\n"):
            raise EOFError
        answer: dict[str, Any] = json.loads(line)
        return answer

    def ask(self, code: str, expression: str) -> str:
        """See `Ask`."""
        answer = self.answer({"ask": [code, expression]})
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return str(answer["answer"])


@contextmanager
def _driver(folder: Path, environment: Mapping[str, str]) -> Iterator[_Driver]:
    process = launch(
        "nbkata.notebook.shell.cell_driver",
        (),
        folder=folder,
        environment=environment,
        talks=True,
        fresh=True,
    )
    try:
        yield _Driver(process)
    finally:
        process.end()
