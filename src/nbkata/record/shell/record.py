"""Recording a notebook's run: what every name holds, cell by cell."""

import ast
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nbkata.common.core.refusal import Refusal
from nbkata.notebook.core.run import DEFAULT_CELL_TIMEOUT_S, Executed, Stopped
from nbkata.notebook.shell.kernels import kernel_for
from nbkata.notebook.shell.cells import Ask, as_module
from nbkata.notebook.shell.notebook_files import read_python_notebook_json
from nbkata.notebook.shell.run_notebook import run_notebook
from nbkata.record.core.record import Record, Rows, Stage, rows_from_json, stage_from_json


@dataclass(frozen=True, slots=True)
class Recorded:
    """One run: the record up to where it came, and the executed document or why it stopped."""

    record: Record
    run: Executed | Stopped
    sources: Mapping[int, str]  # the code of each stage


def record_notebook(
    notebook: Path | dict[str, Any],
    folder: Path | None = None,
    *,
    names: Sequence[str] | None = None,
    kernel: str = "",
    timeout_s: int = DEFAULT_CELL_TIMEOUT_S,
    environment: dict[str, str] | None = None,
    at_start: str = "",
    memory_gb: float = 0,
    before_cell: Callable[[int], None] | None = None,
) -> Recorded | Refusal:
    """Run a notebook once from a fresh kernel and record what its names hold.

    With ``names`` only those are recorded, once, after the last cell; otherwise every name that
    holds data, after every cell. ``folder`` is the working directory: the notebook's own, unless
    given. ``kernel`` is an installed one, else the notebook's own. ``at_start`` is code to run
    first, unseen. ``memory_gb`` is as for `run_notebook`. A run that stops midway leaves the record of the cells before.
    """
    document = read_python_notebook_json(notebook) if isinstance(notebook, Path) else notebook
    if isinstance(document, Refusal):
        return document
    chosen = kernel_for(document, kernel)
    if isinstance(chosen, Refusal):
        return chosen
    source = notebook.name if isinstance(notebook, Path) else ""
    here = folder or (notebook.resolve().parent if isinstance(notebook, Path) else Path.cwd())
    recorder = _Recorder(document, names)
    run = run_notebook(
        document,
        here,
        kernel=chosen,
        timeout_s=timeout_s,
        environment=environment,
        at_start=at_start,
        memory_gb=memory_gb,
        before_cell=before_cell,
        after_cell=recorder.after_cell,
    )
    stopped = str(run.refusal(source)) if isinstance(run, Stopped) else ""
    record = Record(
        source,
        tuple(recorder.stages),
        recorder.values,
        stopped=stopped,
        versions=recorder.versions,
        only=tuple(names or ()),
    )
    return Recorded(record, run, dict(enumerate(recorder.sources)))


class _Recorder:
    """Collects a stage after each cell of one run."""

    def __init__(self, document: dict[str, Any], names: Sequence[str] | None) -> None:
        self.names = names
        self.sources = [_joined(cell.get("source", "")) for cell in document["cells"]]
        runs = [
            index
            for index, cell in enumerate(document["cells"])
            if cell["cell_type"] == "code" and self.sources[index].strip()
        ]
        self.last = runs[-1] if runs else None
        self.stages: list[Stage] = []
        self.values: dict[str, Rows] = {}
        self.versions: dict[str, str] = {}

    def after_cell(self, index: int, ask: Ask) -> None:
        """Ask the kernel for what is new, changed or gone."""
        if self.names is not None and index != self.last:
            return
        setup = "" if self.stages else _setup()
        call = f"{_PROBE}.changes(globals(), {self.names!r})"
        answer = json.loads(ast.literal_eval(ask(setup, call)))
        self.stages.append(stage_from_json(index, source_digest(self.sources[index]), answer))
        self.values |= rows_from_json(answer["values"])
        if index == self.last:
            self.versions = json.loads(ast.literal_eval(ask("", _VERSIONS)))


_PROBE = "__import__('sys').modules['_nbkata_probe'].probe"
_VERSIONS = "__import__('sys').modules['_nbkata_probe'].versions()"


@cache
def _setup() -> str:
    return as_module("_nbkata_probe", probe_source(), "probe", "Probe()")


def probe_source() -> str:
    """The text of `nbkata.record.shell.probe`, to be run where nbkata cannot be imported."""
    return Path(__file__).with_name("probe.py").read_text(encoding="utf-8")


def source_digest(source: str) -> str:
    """What two stages with the same code share."""
    return hashlib.blake2b(source.strip().encode("utf-8"), digest_size=4).hexdigest()


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)
