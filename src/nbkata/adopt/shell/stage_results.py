"""Results of stages as JSON and back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbkata.adopt.shell.runs import Limits, Ran, run_notebook_once
from nbkata.adopt.shell.stage_cache import StageCache
from nbkata.record.core.record import record_from_text, record_to_text
from nbkata.strength.core.strength import MutantResult, MutantStatus, Strength


def cached_run(
    document: dict[str, Any],
    workspace: Path,
    limits: Limits,
    number: int,
    stages: StageCache,
    before_cell: Callable[[int], None],
) -> Ran:
    """The notebook's run of this number, if it is not kept already."""
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
        "outputs": {str(cell): text for cell, text in ran.outputs.items()},
    }


def ran_from_json(answer: dict[str, Any]) -> Ran:
    """The same."""
    return Ran(
        record_from_text(answer["record"]),
        answer["seconds"],
        warm_s=answer["warm_s"],
        sources={int(cell): code for cell, code in answer["sources"].items()},
        outputs={int(cell): text for cell, text in answer["outputs"].items()},
    )


def strength_to_json(strength: Strength) -> dict[str, Any]:
    """A measurement, whole."""
    tested = [[getattr(one, name) for name in one.__slots__] for one in strength.tested]
    fields = {name: getattr(strength, name) for name in strength.__slots__ if name != "tested"}
    return {**fields, "tested": tested}


def strength_from_json(answer: dict[str, Any]) -> Strength:
    """The same."""
    tested = []
    for path, line, operator, diff, status, *rest in answer["tested"]:
        tested.append(MutantResult(path, line, operator, diff, MutantStatus(status), *rest))
    fields = {**answer, "tested": tuple(tested)}
    for name in ("targets", "flaky"):
        fields[name] = tuple(fields[name])
    return Strength(**fields)
