"""One run of the tests with the functions under study watched, and what it left behind."""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbkata.child.core.ended import Failed, Failure, Finished
from nbkata.child.shell.environ import import_folders, plain_environment
from nbkata.child.shell.run import run
from nbkata.purity.core.evidence import CallEvidence, Outcome

# Seconds that the tests may take before they are stopped.
DEFAULT_TIMEOUT_S = 300
# Names the spool in the environment of the tests; set only while they are watched.
VARIABLE = "NBKATA_PURITY"
_SITE = Path(__file__).with_name("site")


@dataclass(frozen=True)
class Kept:
    """What the run left in the spool."""

    calls: tuple[dict[str, Any], ...] = ()  # calls that ended and can be called again
    # Calls that did not end, or whose arguments could not be copied.
    lost: tuple[CallEvidence, ...] = ()
    # By path: the name under which a file was imported, and the error where it failed.
    imports: dict[str, dict[str, Any]] = field(default_factory=dict)
    sys_path: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unrun: str = ""  # why the tests did not run to their end; empty if they did
    seconds: float = 0.0


def run_watched(
    command: Sequence[str], root: Path, spool: Path, paths: Sequence[str], timeout_s: float
) -> Kept:
    """Run pytest, or a script, in ``root`` and keep the calls of functions in ``paths``.

    ``command`` is what `nbkata.purity.shell.driver` takes.
    """
    settings = json.dumps({"spool": str(spool), "paths": list(paths)})
    environment = {**plain_environment(), VARIABLE: settings, "MPLBACKEND": "Agg"}
    earlier = os.environ.get("PYTHONPATH")
    folders = [str(_SITE), *([earlier] if earlier else []), *import_folders(root)]
    environment["PYTHONPATH"] = os.pathsep.join(folders)
    ended = run(
        "nbkata.purity.shell.driver",
        command,
        folder=root,
        environment=environment,
        timeout_s=timeout_s,
        writable=(spool,),
    )
    return _kept(spool, ended, timeout_s)


def _kept(spool: Path, ended: Finished | Failed, timeout_s: float) -> Kept:
    entries = [entry for file in sorted(spool.glob("journal-*.jsonl")) for entry in _entries(file)]
    begun = {entry["id"]: entry for entry in entries if entry["event"] == "call"}
    took = {entry["id"]: entry["seconds"] for entry in entries if entry["event"] == "end"}
    paths = [entry["entries"] for entry in entries if entry["event"] == "path"]
    lost = [_not_copied(entry) for entry in begun.values() if entry["problem"]]
    unfinished = [entry for number, entry in begun.items() if number not in took]
    if unfinished:
        lost.append(_unfinished(unfinished[-1], ended, timeout_s))
    return Kept(
        calls=tuple(
            {**entry, "seconds": took[number]}
            for number, entry in begun.items()
            if number in took and not entry["problem"]
        ),
        lost=tuple(lost),
        imports=_imports(entries),
        sys_path=tuple(paths[-1]) if paths else tuple(sys.path),
        notes=tuple(_notes(ended)),
        unrun=_unrun(ended),
        seconds=ended.seconds if isinstance(ended, Finished) else timeout_s,
    )


def _entries(journal: Path) -> list[dict[str, Any]]:
    found = []
    for line in journal.read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:  # torn: the process died while it wrote
            continue
    return found


def _imports(entries: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The last import of each file; a good one counts more than a failed one."""
    found: dict[str, dict[str, Any]] = {}
    for entry in entries:
        if entry["event"] == "import" and (not entry["error"] or entry["path"] not in found):
            found[entry["path"]] = entry
    return found


def _not_copied(entry: dict[str, Any]) -> CallEvidence:
    return CallEvidence(entry["path"], entry["name"], Outcome.NOT_COPIED, entry["problem"])


def _unfinished(entry: dict[str, Any], ended: Finished | Failed, timeout_s: float) -> CallEvidence:
    if isinstance(ended, Finished):
        detail = f"ends the process it runs in (the tests ended here, exit code {ended.code})"
        return CallEvidence(entry["path"], entry["name"], Outcome.DIED, detail)
    if ended.failure is not Failure.TIMED_OUT:
        return CallEvidence(
            entry["path"], entry["name"], Outcome.DIED, f"ends its run: {ended.reason}"
        )
    detail = f"did not return: the tests were stopped after {timeout_s:g} s (--timeout SECONDS)"
    return CallEvidence(entry["path"], entry["name"], Outcome.TIMED_OUT, detail)


def _notes(ended: Finished | Failed) -> list[str]:
    if isinstance(ended, Failed):
        return [f"The run of the tests was stopped: {ended.reason}."]
    code = ended.code
    lines = [line.strip(" =") for line in ended.output.splitlines() if line.strip(" =")]
    last = lines[-1] if lines else ""
    if code == 0:
        return []
    if code == 1:
        return [f"Not all tests pass ({last}); the calls that they made are judged all the same."]
    if code == 5:
        return ["The tests have no test in them."]
    return [f"{(why := _unrun(ended))[0].upper()}{why[1:]}. Run pytest there and look."]


def _unrun(ended: Finished | Failed) -> str:
    """Why the tests did not come to their end; empty if they did, failed or not."""
    if isinstance(ended, Failed):
        return f"the run of the tests was stopped: {ended.reason}"
    if ended.code in (0, 1, 5):
        return ""
    lines = [line.strip(" =") for line in ended.output.splitlines() if line.strip(" =")]
    raised = [line.removeprefix("E ").strip() for line in lines if line.startswith("E ")]
    errors = [line for line in lines if line.startswith(("ERROR ", "error:"))]
    why = (raised or errors or lines[-1:] or [f"exit code {ended.code}"])[0]
    return f"the tests could not be run to their end ({why})"
