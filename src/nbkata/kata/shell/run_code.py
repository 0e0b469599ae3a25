"""Running a learner's script or seam in a process of its own, with a time limit."""

import json
import re
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbkata.child.shell.bounds import explained
from nbkata.child.shell.environ import child_environment
from nbkata.child.shell.launch import last_line, launch
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.paths import shown_path
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.common.shell.walk import files_in, visible
from nbkata.kata.core.code_run import died, not_there, refusal_of, timed_out
from nbkata.kata.core.kata import Behaviour, Subject
from nbkata.notebook.core.run import DEFAULT_CELL_TIMEOUT_S
from nbkata.record.core.record import Record, rows_from_json, stage_from_json


@dataclass(frozen=True, slots=True)
class CodeRun:
    """The results of one run, under the subject's own names."""

    results: Record
    seconds: float
    other: Record | Refusal | None = None
    """What the seam gave for other data, where it was called with some."""


def run_code(
    behaviour: Behaviour,
    workspace: Path,
    timeout_s: int = DEFAULT_CELL_TIMEOUT_S,
    other: Path | None = None,
) -> CodeRun | Refusal:
    """Run the script, or import its file and call the seam, with the workspace as folder.

    The seam is called once more with a copy of the ``other`` data, where there is such a file.
    """
    path = workspace / behaviour.file
    if not path.is_file():
        return not_there(behaviour, shown_path(path), _seam_elsewhere(behaviour, path.parent))
    started = time.perf_counter()
    with TemporaryFolder() as folder:
        asked, answered = Path(folder, "spec.json"), Path(folder, "answer.json")
        copies = [str(shutil.copy(other, folder))] if other else []
        spec = {
            "file": behaviour.file,
            "seam": behaviour.seam,
            "takes": [behaviour.takes, *copies],
            "names": list(behaviour.results),
        }
        asked.write_text(json.dumps(spec), encoding="utf-8")
        run = launch(
            "nbkata.kata.shell.code_driver",
            (str(asked), str(answered)),
            folder=workspace,
            environment=child_environment(),
        )
        try:
            if not run.wait(timeout_s):
                return timed_out(shown_path(path), timeout_s)
        finally:
            run.end()
        answer = _answer(answered, len(spec["takes"]))
    if answer is None:
        return died(shown_path(path))
    first, *more = [_outcome(one, behaviour, path, answer["versions"]) for one in answer["runs"]]
    if isinstance(first, Refusal):
        return first
    return CodeRun(first, time.perf_counter() - started, more[0] if more else None)


def _answer(path: Path, calls: int) -> dict[str, Any] | None:
    """What the driver wrote, if that is complete: each call, or all up to one that raised."""
    try:
        answer: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        runs = answer["runs"]
        return answer if len(runs) == calls or "raised" in runs[-1] else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _outcome(
    answer: dict[str, Any], behaviour: Behaviour, path: Path, versions: dict[str, str]
) -> Record | Refusal:
    """What one call gave, as the driver tells it."""
    if "raised" in answer:
        place = Path(answer["raised"].get("file") or path)
        return refusal_of(answer["raised"], behaviour, shown_path(place))
    return Record(
        behaviour.file,
        (stage_from_json(0, "", answer["results"]),),
        rows_from_json(answer["results"]["values"]),
        versions=versions,
        only=tuple(behaviour.results),
    )


def run_script(
    workspace: Path, script: str, options: Sequence[str], timeout_s: float
) -> tuple[int | None, str]:
    """As ``python SCRIPT OPTION...`` in the workspace: its exit code and the last line it printed.

    No code where it did not end in time.
    """
    with TemporaryFolder() as folder:
        output = Path(folder, "said.txt")
        run = launch(
            "nbkata.child.shell.main_driver",
            (str((workspace / script).resolve()), *options),
            folder=workspace,
            environment=child_environment(),
            output=output,
        )
        try:
            if not run.wait(timeout_s):
                return None, f"it did not end within {timeout_s:g} s."
        finally:
            run.end()
        return run.code, explained(last_line(output))


def _seam_elsewhere(behaviour: Behaviour, folder: Path) -> str:
    """A file of the learner's that defines the seam, where the expected one is gone."""
    if behaviour.subject is not Subject.SEAM or not folder.is_dir():
        return ""
    definition = re.compile(rf"^def {re.escape(behaviour.seam)}\(", re.MULTILINE)
    for path in files_in(folder, visible, ".py"):
        if definition.search(path.read_text(encoding="utf-8", errors="replace")):
            return shown_path(path)
    return ""
