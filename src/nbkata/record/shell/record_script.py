"""Recording a script's run: what every name holds, after each of its top-level statements."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbkata.child.shell import ending
from nbkata.child.shell.environ import plain_environment
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.notebook.core.run import DEFAULT_CELL_TIMEOUT_S, Executed, Stopped, StopReason
from nbkata.notebook.core.texts import script_conflict
from nbkata.notebook.shell.text_files import read_script
from nbkata.record.core.record import Record, Rows, Stage, rows_from_json, stage_from_json
from nbkata.record.shell.record import Recorded, probe_source, source_digest


def record_script(
    path: Path,
    folder: Path | None = None,
    *,
    names: Sequence[str] | None = None,
    stops: Sequence[int] | None = None,
    timeout_s: int = DEFAULT_CELL_TIMEOUT_S,
    environment: dict[str, str] | None = None,
    at_start: str = "",
) -> Recorded | Refusal:
    """Run a script once in a process of its own and record after each top-level statement.

    With ``stops`` only after the statements that begin on these lines. The working directory is
    ``folder``, or the present one, as for ``python SCRIPT``; ``timeout_s`` is for the whole
    script; ``at_start`` is code to run first, unseen.
    """
    text = read_script(path)
    if isinstance(text, Refusal):
        return text
    conflict = script_conflict(text, str(path))
    if conflict is not None:
        return conflict
    with TemporaryFolder() as work:
        answers = Path(work, "answers")
        driver = Path(work, "driver.py")
        driver.write_text(_driver(names, stops, at_start), encoding="utf-8")
        command = [sys.executable, str(driver), str(path.resolve()), str(answers)]
        started, timed_out = time.perf_counter(), False
        process = ending.start(
            command,
            cwd=folder,
            env={**plain_environment(), "MPLBACKEND": "Agg", **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            timed_out = True
        finally:
            ending.end(process)
        lines = answers.read_text(encoding="utf-8").splitlines() if answers.exists() else []
    observed = [json.loads(line) for line in lines if line.endswith("}")]
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
    run: Executed | Stopped | None = None
    for answer in observed:
        if "names" in answer:
            sources[answer["line"]] = answer["source"] or ""
            source = source_digest(answer["source"] or "")
            stages.append(stage_from_json(answer["line"], source, answer))
            values |= rows_from_json(answer["values"])
        elif "raised" in answer:
            run = Stopped(StopReason.RAISED, None, answer["raised"], answer["line"])
        else:
            versions, run = answer["versions"], run or Executed({}, seconds)
    if run is None:
        reason = StopReason.TIMED_OUT if timed_out else StopReason.KERNEL_DIED
        run = Stopped(reason, None, timeout_s=timeout_s)
    stopped = str(run.refusal(path.name)) if isinstance(run, Stopped) else ""
    only = tuple(names or ())
    if only:
        stages = stages[-1:]
    record = Record(
        path.name,
        tuple(stages),
        values,
        stopped=stopped,
        versions=versions,
        only=only,
        unit="line",
    )
    return Recorded(record, run, sources)


def _driver(names: Sequence[str] | None, stops: Sequence[int] | None, at_start: str) -> str:
    """The probe and the driver as one text that runs as a file of its own."""
    driver = Path(__file__).with_name("script_driver.py").read_text(encoding="utf-8")
    driver = driver.replace("from __future__ import annotations\n", "")
    driver = driver.replace("WANTED = None", f"WANTED = {list(names) if names else None!r}")
    driver = driver.replace("STOPS = None", f"STOPS = {set(stops) if stops else None!r}")
    return (
        f"exec({at_start!r}, {{}})\n"
        "import sys as _s, types as _t\n_m = _t.ModuleType('_nbkata_probe')\n"
        f"exec(compile({probe_source() + driver!r}, '<nbkata probe>', 'exec'), _m.__dict__)\n"
        "_m.drive(_s.argv[1], _s.argv[2], _m.Probe(), _m.versions)\n"
    )
