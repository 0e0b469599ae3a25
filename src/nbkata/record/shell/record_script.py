"""Recording a script's run: what every name holds, after each of its top-level statements."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbkata.child.core.ended import Failed, Failure
from nbkata.child.shell.environ import plain_environment
from nbkata.child.shell.run import run
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.notebook.core.run import DEFAULT_CELL_TIMEOUT_S, Executed, Stopped, StopReason
from nbkata.notebook.core.texts import script_conflict
from nbkata.notebook.shell.text_files import read_script
from nbkata.record.core.record import Record, Rows, Stage, rows_from_json, stage_from_json
from nbkata.record.shell.record import Recorded, source_digest


def record_script(
    path: Path,
    folder: Path | None = None,
    *,
    names: Sequence[str] | None = None,
    stops: Sequence[int] | None = None,
    timeout_s: int = DEFAULT_CELL_TIMEOUT_S,
    environment: dict[str, str] | None = None,
    at_start: str = "",
    memory_gb: float = 0,
) -> Recorded | Refusal:
    """Run a script once in a process of its own and record after each top-level statement.

    With ``stops`` only after the statements that begin on these lines. The working directory is
    ``folder``, or the present one, as for ``python SCRIPT``; ``timeout_s`` is for the whole
    script; ``at_start`` is code to run first, unseen; ``memory_gb`` is what it may take, 0 for
    a share of the machine's.
    """
    text = read_script(path)
    if isinstance(text, Refusal):
        return text
    conflict = script_conflict(text, str(path))
    if conflict is not None:
        return conflict
    with TemporaryFolder() as work:
        answers = Path(work, "answers")
        started = time.perf_counter()
        request = {
            "script": str(path.resolve()),
            "answers": str(answers),
            "names": list(names) if names else None,
            "stops": list(stops) if stops else None,
            "at_start": at_start,
            "memory_gb": memory_gb,
        }
        ended = run(
            "nbkata.record.shell.script_driver",
            (json.dumps(request),),
            folder=folder or Path.cwd(),
            environment={**plain_environment(), "MPLBACKEND": "Agg", **(environment or {})},
            timeout_s=timeout_s,
            fresh=True,
            writable=(Path(work),),
        )
        lines = answers.read_text(encoding="utf-8").splitlines() if answers.exists() else []
    observed = [json.loads(line) for line in lines if line.endswith("}")]
    timed_out = isinstance(ended, Failed) and ended.failure is Failure.TIMED_OUT
    return _script_record(
        path, observed, timed_out, timeout_s, time.perf_counter() - started, names
    )


def _script_record(  # pylint: disable=too-many-arguments,too-many-positional-arguments
    path: Path,
    observed: list[dict[str, Any]],
    timed_out: bool,
    timeout_s: int,
    seconds: float,
    names: Sequence[str] | None,
) -> Recorded:
    stages: list[Stage] = []
    values: dict[str, Rows] = {}
    sources: dict[int, str] = {}
    versions: dict[str, str] = {}
    how: Executed | Stopped | None = None
    for answer in observed:
        if "names" in answer:
            sources[answer["line"]] = answer["source"] or ""
            source = source_digest(answer["source"] or "")
            stages.append(stage_from_json(answer["line"], source, answer))
            values |= rows_from_json(answer["values"])
        elif "raised" in answer:
            how = Stopped(StopReason.RAISED, None, answer["raised"], answer["line"])
        else:
            versions, how = answer["versions"], how or Executed({}, seconds)
    if how is None:
        reason = StopReason.TIMED_OUT if timed_out else StopReason.KERNEL_DIED
        how = Stopped(reason, None, timeout_s=timeout_s)
    stopped = str(how.refusal(path.name)) if isinstance(how, Stopped) else ""
    only = tuple(names or ())
    if only:
        stages = stages[-1:]
    record = Record(
        path.name, tuple(stages), values, stopped=stopped, versions=versions, only=only, unit="line"
    )
    return Recorded(record, how, sources)
