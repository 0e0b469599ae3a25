"""Proving the script, wrapping it in a seam, and measuring the net that holds it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nbkata.adopt.core.adoption import Adoption
from nbkata.adopt.core.net_text import Net, approve_text, golden_document, net_tests
from nbkata.adopt.core.proof import only_names
from nbkata.adopt.core.results import Results, draws, results_of
from nbkata.adopt.core.script import Script, loop_names, seam_obstacle, seam_script, star_free
from nbkata.adopt.shell.measuring import measured
from nbkata.adopt.shell.runs import OTHER_SEED, SEED, Limits, Ran, as_cells, run_script, sandbox
from nbkata.adopt.shell.stage_cache import StageCache
from nbkata.child.core.ended import Failed
from nbkata.child.shell.environ import plain_environment
from nbkata.child.shell.run import ask
from nbkata.common.shell.walk import copy_files
from nbkata.record.core.compare import Difference, compare
from nbkata.record.core.record import Record, number, record_from_text, record_to_text
from nbkata.record.core.steady import steady_record
from nbkata.strength.core.strength import Strength

RUNS, ALL_BUT_RUNS_S = 4, 55
"""What adopting may take: as many runs of the notebook, and so many seconds beside."""


Say = Callable[[str], None]
"""Called with what is being done, in a few words."""


@dataclass(frozen=True, slots=True)
class Context:
    """What all stages of one adoption share."""

    script: Script
    building: Path
    """The workspace, which is put in its place when all is done."""
    limits: Limits
    stages: StageCache
    say: Say
    started: float
    """On the clock of ``perf_counter``."""


@dataclass(frozen=True, slots=True)
class Built:
    """What was found out, and the record to compare with, if there was a run."""

    adoption: Adoption
    ran: Ran | None = None


def prove(looked: Adoption, ran: Ran, again: Callable[[], Ran], context: Context) -> Built:
    """Run the script against the notebook's record; then seam, tests and strength.

    The script's first run has other seeds than the notebook's. If both still agree, nothing in
    it is random, and one run of each was enough; otherwise each runs ``again``.
    """
    context.say("running the script")
    own = star_free(looked.translated)
    answer = only_names(_script_record(looked, ran, context, OTHER_SEED), own)
    record = replace(only_names(ran.record, own), runs=2)
    if _difference(record, answer) and not answer.stopped:
        second = again()
        if second.stopped is None:
            both = [only_names(one.record, own) for one in (ran, second)]
            record = steady_record(both, ran.sources)
            context.say("running the script with the notebook's seed")
            answer = only_names(_script_record(looked, ran, context, SEED), own)
    difference = _difference(record, answer)
    ran = replace(ran, record=record)
    proved = replace(
        looked, reproduces=not difference, difference=difference, unsteady=record.unsteady
    )
    if answer.stopped:
        return Built(_without_net(proved, context, "the script does not run to its end"), ran)
    found = _results(looked, record, answer)
    proved = replace(proved, results=found.names, left_out=found.left_out)
    if not found.names:
        why = "it leaves nothing behind that could be compared"
        return Built(_without_net(proved, context, why), ran)
    proved = replace(proved, ranges=_ranges(found, record, answer))
    context.say("writing the tests")
    proved, run_s = _with_net(proved, ran, answer, context)
    if proved.no_strength:
        return Built(proved, ran)
    until = context.started + RUNS * ran.seconds + ALL_BUT_RUNS_S
    strength = measured(
        looked.name, context.building, min(ran.warm_s, run_s), context.stages, context.say, until
    )
    if isinstance(strength, Strength):
        return Built(replace(proved, strength=strength), ran)
    return Built(replace(proved, no_strength=strength), ran)


def _without_net(proved: Adoption, context: Context, why: str) -> Adoption:
    """The script alone, as there is nothing to test."""
    path = context.building / "src" / f"{proved.name}.py"
    path.write_text(context.script.text, encoding="utf-8")
    return replace(proved, no_strength=why)


def _timeout_s(ran: Ran, limits: Limits) -> int:
    """For a run that does the same as one of the notebook."""
    return int(max(limits.cell_s, 3 * ran.seconds + 60))


def _script_record(looked: Adoption, ran: Ran, context: Context, seed: int) -> Record:
    kept = context.stages.get(f"script-{seed}")
    if kept is not None:
        return record_from_text(kept)
    script, timeout_s = context.script, _timeout_s(ran, context.limits)
    record, stopped = run_script(
        script, looked.name, context.building, context.limits, timeout_s, seed
    )
    answer = as_cells(record, script, ran.record)
    if stopped is not None:
        line = stopped.line or 1
        place = f"cell {script.cell_at(line)}, line {script.line_in_cell(line)}"
        message = stopped.detail or stopped.reason.value
        answer = replace(answer, stopped=f"{place}: {message}")
    else:
        context.stages.keep(f"script-{seed}", record_to_text(answer))
    return answer


def _difference(record: Record, answer: Record) -> str:
    """The first stage that differs; what differs between runs of the notebook may."""
    if answer.stopped:
        return f"the script stops at {answer.stopped}"
    difference: Difference = compare(record, answer)
    return str(difference.first_moved) if difference.first_moved else ""


def _results(looked: Adoption, record: Record, answer: Record) -> Results:
    """What differs although both runs had the same seeds stays random."""
    unseeded = {item.name: item.cause for item in record.unsteady}
    last, now = record.last, answer.last
    random = {
        name: unseeded.get(name, "unknown")
        for name, value in last.items()
        if name not in now or now[name].digest != value.digest
    }
    dead = looked.flow.liveness.dead_names if looked.flow else ()
    return results_of(now, random, loop_names(looked.translated), dead)


def _ranges(found: Results, record: Record, answer: Record) -> dict[str, tuple[float, float]]:
    """Wide around what was seen: three times as far again on both sides."""
    ranges = {}
    for name in found.random:
        seen = [number(record.last.get(name)), number(answer.last.get(name))]
        known = [value for value in seen if value is not None]
        known += [
            bound
            for item in record.unsteady
            if item.name == name
            for bound in (item.low, item.high)
            if bound is not None
        ]
        if len(known) >= 2:
            low, high = min(known), max(known)
            room = 3 * (high - low)
            ranges[name] = (low - room, high + room)
    return ranges


def _with_net(
    proved: Adoption, ran: Ran, answer: Record, context: Context
) -> tuple[Adoption, float]:
    """The tests written and approved, and the seconds that their run of the code takes."""
    name, cells, building = proved.name, proved.translated, context.building
    obstacle = seam_obstacle(cells)
    uses_data = any(True for _ in (building / "data").iterdir())
    seam = seam_script(cells, proved.results, f"notebooks/{name}.ipynb", uses_data)
    is_seeded = any(draws(item.cause) for item in proved.unsteady)
    for text in (seam, context.script.text):
        if text is None:
            continue
        path = building / "src" / f"{name}.py"
        path.write_text(_formatted(text) if text is seam else text, encoding="utf-8")
        net = Net(name, proved.results, proved.ranges, proved.left_out, text is seam, is_seeded)
        run_s = _approve(net, building, _timeout_s(ran, context.limits), context.stages, answer)
        if not isinstance(run_s, str):
            return replace(proved, has_seam=text is seam), run_s
        obstacle = obstacle or run_s
    why = f"the tests cannot be approved: {obstacle}"
    return replace(proved, no_strength=why), 0.0


def _approve(
    net: Net, building: Path, timeout_s: int, stages: StageCache, answer: Record
) -> float | str:
    """Write tests and golden results; says why where they cannot be made, or are others.

    Otherwise the seconds that the tests' run takes.
    """
    tests = building / "tests"
    (tests / "golden").mkdir(parents=True, exist_ok=True)
    (tests / "test_characterization.py").write_text(_formatted(net_tests(net)), encoding="utf-8")
    (tests / "approve.py").write_text(approve_text(), encoding="utf-8")
    golden = tests / "golden" / "results.json"
    key = f"golden-{'seam' if net.has_seam else 'script'}"
    kept = stages.get(key)
    if kept is None:
        empty = golden_document({}, {name: list(pair) for name, pair in net.ranges.items()})
        golden.write_text(json.dumps(empty), encoding="utf-8")
        kept = _approved(building, timeout_s)
        if isinstance(kept, str):
            return kept
        stages.keep(key, kept)
    golden.write_text(kept[0], encoding="utf-8", newline="\n")
    last = answer.last
    moved = [name for name in net.results if kept[1][name]["digest"] != last[name].digest]
    return f"{moved[0]} is another when run() computes it" if moved else float(kept[2])


def _approved(building: Path, timeout_s: int) -> list[Any] | str:
    """The golden results' text, what each result held and the seconds; or why there are none."""
    with sandbox(building) as folder:
        copy_files(building / "tests", folder / "tests")
        answer = ask(
            "nbkata.adopt.shell.seam_driver",
            {"tests": "tests"},
            folder=folder,
            environment={**plain_environment(), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"},
            timeout_s=timeout_s,
        )
        if isinstance(answer, Failed):
            return answer.reason
        golden = folder / "tests" / "golden" / "results.json"
        return [golden.read_text(encoding="utf-8"), answer["names"], answer["seconds"]]


def _formatted(text: str) -> str:
    import black  # pylint: disable=import-outside-toplevel # 0.1 s that only this pays for

    try:
        return black.format_str(text, mode=black.Mode(line_length=100))
    except ValueError:  # black.InvalidInput: it stays as it is
        return text
