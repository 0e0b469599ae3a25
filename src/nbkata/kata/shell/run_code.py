"""Running a learner's script or seam in a process of its own, with a time limit."""

import re
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbkata.child.core.ended import Failed, Failure, Finished
from nbkata.child.shell.environ import child_environment
from nbkata.child.shell.run import ask, run
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.paths import shown_path
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.common.shell.walk import files_in, visible
from nbkata.kata.core.code_run import died, not_started, not_there, refusal_of, timed_out
from nbkata.kata.core.kata import Behaviour, Subject
from nbkata.notebook.core.run import DEFAULT_CELL_TIMEOUT_S
from nbkata.notebook.core.texts import script_conflict
from nbkata.notebook.shell.text_files import read_script
from nbkata.record.core.record import Record, rows_from_json, stage_from_json


@dataclass(frozen=True, slots=True)
class CodeRun:
    """The results of one run, under the subject's own names."""

    results: Record
    seconds: float
    # What the seam gave for other data, if it was called with some.
    other: Record | Refusal | None = None


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
        copies = [str(shutil.copy(other, folder))] if other else []
        spec = {
            "file": behaviour.file,
            "seam": behaviour.seam,
            "takes": [behaviour.takes, *copies],
            "names": list(behaviour.results),
        }
        answer = ask(
            "nbkata.kata.shell.code_driver",
            spec,
            folder=workspace,
            environment=child_environment(),
            timeout_s=timeout_s,
            writable=(Path(folder),),
        )
    if isinstance(answer, Failed) and answer.failure is Failure.TIMED_OUT:
        return timed_out(shown_path(path), timeout_s)
    if isinstance(answer, Failed) and answer.failure is Failure.NOT_STARTED:
        return not_started(shown_path(path), answer.reason)
    if isinstance(answer, Failed):
        return died(shown_path(path), "" if answer.failure is Failure.DIED else answer.failure)
    if not _is_complete(answer, len(copies) + 1):
        return died(shown_path(path))
    try:
        first, *more = [
            _outcome(one, behaviour, path, answer["versions"]) for one in answer["runs"]
        ]
    except (LookupError, TypeError, ValueError, AttributeError):  # results that are none
        return died(shown_path(path))
    if isinstance(first, Refusal):
        return first
    return CodeRun(first, time.perf_counter() - started, more[0] if more else None)


def _is_complete(answer: Any, calls: int) -> bool:
    """Whether each call has answered, or all up to one that raised: learner code may write, too."""
    try:
        runs = answer["runs"]
        return len(runs) == calls or "raised" in runs[-1]
    except (LookupError, TypeError):
        return False


def _outcome(
    answer: dict[str, Any], behaviour: Behaviour, path: Path, versions: dict[str, str]
) -> Record | Refusal:
    """What one call gave, as the driver tells it."""
    if "raised" in answer:
        place = Path(answer["raised"].get("file") or path)
        unread = _not_python(place) if answer["raised"]["kind"] in _UNREADABLE else None
        if unread:
            return unread
        return refusal_of(answer["raised"], behaviour, shown_path(place))
    return Record(
        behaviour.file,
        (stage_from_json(0, "", answer["results"]),),
        rows_from_json(answer["results"]["values"]),
        versions=versions,
        only=tuple(behaviour.results),
    )


# What Python raises for a file that it cannot read, null bytes (ValueError until 3.11) included.
_UNREADABLE = ("SyntaxError", "IndentationError", "UnicodeDecodeError", "ValueError")


def _not_python(path: Path) -> Refusal | None:
    """Why the file is no Python at all: its encoding, or the marks of a merge conflict."""
    where = shown_path(path)
    text = read_script(path)
    return text._replace(where=where) if isinstance(text, Refusal) else script_conflict(text, where)


def run_script(
    workspace: Path,
    script: str,
    options: Sequence[str],
    timeout_s: float,
    writable: Sequence[Path] = (),
) -> Finished:
    """As ``python SCRIPT OPTION...`` in the workspace; if it did not end in time, it printed that.

    In a sandbox it may write to what is ``writable`` as well.
    """
    ended = run(
        "nbkata.child.shell.main_driver",
        (str((workspace / script).resolve()), *options),
        folder=workspace,
        environment=child_environment(),
        timeout_s=timeout_s,
        writable=writable,
    )
    return Finished(1, f"{ended.reason}.", timeout_s) if isinstance(ended, Failed) else ended


def _seam_elsewhere(behaviour: Behaviour, folder: Path) -> str:
    """A file of the learner's that defines the seam, where the expected one is gone."""
    if behaviour.subject is not Subject.SEAM or not folder.is_dir():
        return ""
    definition = re.compile(rf"^def {re.escape(behaviour.seam)}\(", re.MULTILINE)
    for path in files_in(folder, visible, ".py"):
        if definition.search(path.read_text(encoding="utf-8", errors="replace")):
            return shown_path(path)
    return ""
