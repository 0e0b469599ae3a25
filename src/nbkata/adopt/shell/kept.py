"""Results of stages as JSON and back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbkata.adopt.shell.runs import Limits, Ran, run_notebook_once
from nbkata.adopt.shell.stages import Stages
from nbkata.record.core.record import record_from_text, record_to_text
from nbkata.strength.core.strength import Judged, Judgement, Strength


def kept_run(
    document: dict[str, Any],
    workspace: Path,
    limits: Limits,
    number: int,
    stages: Stages,
    before_cell: Callable[[int], None],
) -> Ran:
    """The notebook's run of this number, where it is not kept already."""
    kept = stages.get(f"run-{number}")
    if kept is not None:
        return ran_from_json(kept)
    ran = run_notebook_once(document, workspace, limits, number, before_cell)
    if ran.stopped is None:
        stages.keep(f"run-{number}", ran_to_json(ran))
    return ran


def ran_to_json(ran: Ran) -> dict[str, Any]:
    """A run that ended well."""
    return {
        "record": record_to_text(ran.record),
        "seconds": ran.seconds,
        "warm_s": ran.warm_s,
        "sources": {str(cell): code for cell, code in ran.sources.items()},
    }


def ran_from_json(told: dict[str, Any]) -> Ran:
    """The same."""
    return Ran(
        record_from_text(told["record"]),
        told["seconds"],
        warm_s=told["warm_s"],
        sources={int(cell): code for cell, code in told["sources"].items()},
    )


def strength_to_json(strength: Strength) -> dict[str, Any]:
    """A measurement, whole."""
    judged = [[getattr(one, name) for name in one.__slots__] for one in strength.judged]
    fields = {name: getattr(strength, name) for name in strength.__slots__ if name != "judged"}
    return {**fields, "judged": judged}


def strength_from_json(told: dict[str, Any]) -> Strength:
    """The same."""
    judged = []
    for path, line, operator, diff, judgement, *rest in told["judged"]:
        judged.append(Judged(path, line, operator, diff, Judgement(judgement), *rest))
    fields = {**told, "judged": tuple(judged)}
    for name in ("targets", "flaky"):
        fields[name] = tuple(fields[name])
    return Strength(**fields)
