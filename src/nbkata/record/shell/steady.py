"""Recording the same code several times, each under another hash seed."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from nbkata.common.core.refusal import Refusal
from nbkata.notebook.core.run import DEFAULT_CELL_TIMEOUT_S, Stopped
from nbkata.record.core.record import Record
from nbkata.record.core.steady import steady_record
from nbkata.record.shell.record import Recorded, record_notebook
from nbkata.record.shell.record_script import record_script


def record_steadily(
    path: Path,
    runs: int = 2,
    *,
    names: Sequence[str] | None = None,
    kernel: str = "",
    timeout_s: int = DEFAULT_CELL_TIMEOUT_S,
    before_cell: Callable[[int], None] | None = None,
) -> Record | Refusal:
    """The record of a notebook or script, with what ``runs`` runs disagree on named.

    A first run that stops is not repeated: its record says why. Where it never began there is a
    refusal instead.
    """
    done: list[Recorded] = []
    for number in range(1, runs + 1):
        how: dict[str, Any] = {
            "names": names,
            "timeout_s": timeout_s,
            "environment": {"PYTHONHASHSEED": str(number)},
        }
        if path.suffix == ".py":
            recorded = record_script(path, **how)
        else:
            recorded = record_notebook(path, kernel=kernel, before_cell=before_cell, **how)
        if isinstance(recorded, Refusal):
            return recorded
        if isinstance(recorded.run, Stopped) and not done:
            if not recorded.record.stages:
                return recorded.run.refusal(str(path))
            return recorded.record
        done.append(recorded)
    return steady_record([one.record for one in done], done[0].sources)
