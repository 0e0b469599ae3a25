"""Proving the script, wrapping it in a seam, and measuring the net that holds it."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from math import isfinite
from pathlib import Path, PurePosixPath
from typing import Any

from nbkata.adopt.core.adoption import Adoption
from nbkata.adopt.core.extracted import extracted
from nbkata.adopt.core.sentences import FUNCTIONS
from nbkata.adopt.core.proof import only_names
from nbkata.adopt.core.results import Results, draws, results_of
from nbkata.adopt.core.asserts import asserts_as_tests
from nbkata.adopt.core.script import (
    Script,
    clock_names,
    loop_names,
    rows_as_written,
    seam_obstacle,
    seam_script,
    star_free,
)
from nbkata.adopt.core.translate import Translated
from nbkata.adopt.shell.first_tests import first_tests
from nbkata.adopt.shell.measuring import busy, measured, moved_by_themselves
from nbkata.adopt.shell.runs import (
    HASH_SEED,
    OTHER_SEED,
    SEED,
    Limits,
    Ran,
    as_cells,
    run_script,
    sandbox,
)
from nbkata.adopt.shell.stage_cache import StageCache
from nbkata.characterize.core.characterize import Plan, Source, test_file
from nbkata.characterize.shell.characterize import formatted, golden_made
from nbkata.child.core.ended import Failed
from nbkata.child.shell.environ import QUIET
from nbkata.common.shell.walk import copy_files
from nbkata.extract.core.candidate import Candidate
from nbkata.extract.core.candidates import with_results
from nbkata.record.core.compare import Difference, compare
from nbkata.record.core.record import Kind, Record, number, record_from_text, record_to_text
from nbkata.record.core.steady import steady_record
from nbkata.strength.core.strength import Strength

# What adopting may take: as many runs of the notebook, and so many seconds of a quiet machine
# beside.
RUNS, ALL_BUT_RUNS_S = 4, 55
STRENGTH_S = 35  # of these, what measuring the strength is left with
MOST_TRIED = 6  # functions, one by one
MOST_NETS = 3  # each without what moved in the one before
MOVES = "differs between runs, if seldom: the tests saw it move with nothing changed"
BY_CHANCE = (
    "with another seed, or another order of sets (PYTHONHASHSEED), it stops at {}; give it a seed, or"
    " sort what comes from a set"
)
NOTHING = "it leaves nothing behind that could be compared"
TABLES = (Kind.FRAME, Kind.SERIES, Kind.INDEX, Kind.ARRAY, Kind.SPARSE)
QUIETLY = {**QUIET, "PYTHONHASHSEED": str(HASH_SEED)}


# Called with what is being done, in a few words.
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Context:
    """What all stages of one adoption share."""

    script: Script
    as_script: Callable[[Sequence[Translated]], Script]  # of other cells
    building: Path  # the workspace, which is put in its place when all is done
    limits: Limits
    stages: StageCache
    say: Say
    started: float  # on the clock of ``perf_counter``
    # The notebook's headings, by the code cell below them.
    titles: Mapping[int, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Built:
    """What was found out, and the record to compare with, if there was a run."""

    adoption: Adoption
    ran: Ran | None = None


def prove(looked: Adoption, ran: Ran, again: Callable[[], Ran], context: Context) -> Built:
    """Run the script against the notebook's record; then seam, tests and strength.

    The script's first run has other seeds than the notebook's. If both still agree, nothing in
    it is random, and one run of each was enough; otherwise each runs ``again``. If the script stops,
    it runs as the notebook did: then chance stopped it.
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
    by_chance = ""
    if answer.stopped:
        same = only_names(_script_record(looked, ran, context, SEED, SEED), own)
        if not same.stopped:
            by_chance, answer = BY_CHANCE.format(answer.stopped), same
    difference = _difference(record, answer)
    ran = replace(ran, record=record)
    proved = replace(
        looked, reproduces=not difference, difference=difference, unsteady=record.unsteady
    )
    if answer.stopped or by_chance:
        why = by_chance or "the script does not run to its end"
        return Built(_without_net(proved, context, why), ran)
    found = _results(looked, record, answer)
    proved = replace(proved, results=found.names, left_out=found.left_out)
    if not found.names:
        random = any(why.startswith("differs between") for why in found.left_out.values())
        why = "all that it leaves differs between runs; give it a seed first" if random else NOTHING
        return Built(_without_net(proved, context, why), ran)
    proved = replace(proved, ranges=_ranges(found, record, answer))
    return _held(proved, ran, answer, context)


def _held(
    proved: Adoption, ran: Ran, answer: Record, context: Context, nets: int = MOST_NETS
) -> Built:
    """Tests, functions and strength; anew without the results that moved with nothing changed."""
    context.say("writing the tests")
    tested, run_s = _with_net(proved, ran, answer, context)
    if tested.no_strength:
        return Built(tested, ran)
    slower = busy()  # others' work takes nothing from what is measured
    until = context.started + RUNS * ran.seconds + ALL_BUT_RUNS_S * slower
    context.say("trying the functions")
    tested = _with_functions(tested, answer, ran, context, until - STRENGTH_S * slower)
    tested = _with_first_tests(tested, answer, context)
    test_s = min(ran.warm_s, run_s)
    strength = measured(proved.name, context.building, test_s, context.stages, context.say, until)
    held = {*tested.results, *tested.ranges}
    moved = dict.fromkeys(moved_by_themselves(strength) & held, MOVES)
    kept = tuple(name for name in tested.results if name not in moved)
    if moved and kept and nets > 1:
        ranges = {name: span for name, span in proved.ranges.items() if name not in moved}
        left_out = {**tested.left_out, **moved}
        steady = replace(proved, results=kept, ranges=ranges, left_out=left_out)
        return _held(steady, ran, answer, context, nets - 1)
    if isinstance(strength, Strength):
        return Built(replace(tested, strength=strength), ran)
    return Built(replace(tested, no_strength=strength), ran)


def _without_net(proved: Adoption, context: Context, why: str) -> Adoption:
    """The script alone, as there is nothing to test."""
    path = context.building / "src" / f"{proved.name}.py"
    path.write_text(context.script.text, encoding="utf-8")
    text, count = asserts_as_tests(proved.name, proved.translated)
    if text:
        tests = context.building / "tests" / f"test_{proved.name}.py"
        tests.write_text(formatted(text), encoding="utf-8")
    return replace(proved, no_strength=why, asserts=count)


def _timeout_s(ran: Ran, limits: Limits) -> int:
    """For a run that does the same as one of the notebook."""
    return int(max(limits.cell_s, 3 * ran.seconds + 60))


def _script_record(
    looked: Adoption, ran: Ran, context: Context, seed: int, hash_seed: int = HASH_SEED
) -> Record:
    stage = f"script-{seed}" + f"-{hash_seed}" * (hash_seed != HASH_SEED)
    kept = context.stages.get(stage)
    if kept is not None:
        return record_from_text(kept)
    script, timeout_s = context.script, _timeout_s(ran, context.limits)
    record, stopped = run_script(
        script, looked.name, context.building, context.limits, timeout_s, (seed, hash_seed)
    )
    answer = as_cells(record, script, ran.record)
    if stopped is not None:
        line = stopped.line or 1
        place = f"cell {script.cell_at(line)}, line {script.line_in_cell(line)}"
        message = stopped.detail or stopped.reason.value
        answer = replace(answer, stopped=f"{place}: {message}")
    else:
        context.stages.keep(stage, record_to_text(answer))
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
    random |= dict.fromkeys(clock_names(looked.translated) & now.keys(), "the clock")
    unread = looked.flow.liveness.never_read if looked.flow else ()
    return results_of(now, random, loop_names(looked.translated), unread)


def _ranges(found: Results, record: Record, answer: Record) -> dict[str, tuple[float, float]]:
    """Wide around what was seen: three times as far again on both sides."""
    ranges = {}
    for name in found.random:
        seen = [number(record.last.get(name)), number(answer.last.get(name))]
        known = [value for value in seen if value is not None and isfinite(value)]
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
    seam = _seam(proved, cells, context)
    for text in (seam, context.script.text):
        if text is None:
            continue
        path = building / "src" / f"{name}.py"
        code = rows_as_written(text, formatted(text)) if text is seam else text
        path.write_text(code, encoding="utf-8")
        function = "run" if text is seam else ""
        made = _approve(proved, function, answer, _timeout_s(ran, context.limits), context)
        if not isinstance(made, str):
            return replace(made[0], has_seam=text is seam), made[1]
        obstacle = obstacle or made
    why = f"the tests cannot be approved: {obstacle}"
    return replace(proved, no_strength=why), 0.0


def _seam(proved: Adoption, cells: Sequence[Translated], context: Context) -> str | None:
    uses_data = any(True for _ in (context.building / "data").iterdir())
    return seam_script(
        cells,
        (*proved.results, *sorted(proved.ranges)),
        f"notebooks/{proved.name}.ipynb",
        uses_data,
        context.titles,
    )


def _with_functions(
    proved: Adoption, answer: Record, ran: Ran, context: Context, until: float
) -> Adoption:
    """Propose only functions that leave every result as it is: each is extracted in a copy.

    All at once first: where that holds, one run is enough.
    """
    flow, timeout_s = proved.flow, _timeout_s(ran, context.limits)
    if flow is None:
        return proved
    held = {name: answer.last[name].digest for name in proved.results}

    def holds(items: Sequence[Candidate]) -> bool:
        key = f"extracted-{'-'.join(item.name for item in items)}"
        kept = context.stages.get(key)
        if kept is None:
            cells = extracted(proved.translated, items, flow)
            code = _seam(proved, cells, context)
            text = code if proved.has_seam else context.as_script(cells).text
            made = _golden(context.building, timeout_s, {proved.name: text}) if text else ""
            kept = not isinstance(made, str) and held.items() <= made["digests"].items()
            context.stages.keep(key, kept)
        return bool(kept)

    run = {cell.cell for cell in proved.translated}
    whole = [item for item in flow.candidates if {fact.cell for fact in item.facts} <= run]
    found = tuple(with_results(item, flow.facts, proved.results) for item in whole[:MOST_TRIED])
    first = found[:FUNCTIONS]
    if not holds(first):
        good: list[Candidate] = []
        for item in found if len(first) > 1 else ():
            if len(good) < FUNCTIONS and time.perf_counter() < until and holds([item]):
                good.append(item)
        first = tuple(good)
    return replace(proved, flow=replace(flow, candidates=first))


def _with_first_tests(proved: Adoption, answer: Record, context: Context) -> Adoption:
    if proved.flow is None or not proved.flow.candidates:
        return proved
    context.say("writing first tests for the functions")
    key = f"first-tests-{'-'.join(item.name for item in proved.flow.candidates)}"
    made = context.stages.get(key)
    if made is None:
        made = first_tests(proved.flow, answer, context.building)
        context.stages.keep(key, made)
    return replace(proved, first_tests=made)


def _approve(
    proved: Adoption, function: str, answer: Record, timeout_s: int, context: Context
) -> tuple[Adoption, float] | str:
    """Write tests and golden data: what is compared in the end, and the seconds that a run takes.

    Results that cannot be read back as they were written are left out. A text says why there are no
    tests.
    """
    tests = context.building / "tests"
    (tests / "golden").mkdir(parents=True, exist_ok=True)
    while True:
        text = formatted(test_file(_plan(proved, function, answer)))
        (tests / "test_characterization.py").write_text(text, encoding="utf-8")
        key = f"golden-{sha256(text.encode()).hexdigest()[:16]}"
        made = context.stages.get(key) or _golden(context.building, timeout_s)
        if isinstance(made, str):
            return made
        context.stages.keep(key, made)
        if not made["refused"]:
            break
        left_out = {**proved.left_out, **made["refused"]}
        names = tuple(name for name in proved.results if name not in left_out)
        if not names:
            return " and ".join(f"{name}: {why}" for name, why in made["refused"].items())
        proved = replace(proved, results=names, left_out=left_out)
    for name, content in made["files"].items():
        (tests / "golden" / name).write_text(content, encoding="utf-8", newline="\n")
    digests, last = made["digests"], answer.last
    moved = [name for name in proved.results if digests.get(name) != last[name].digest]
    if moved:
        return f"{moved[0]} is another when run() computes it"
    return proved, float(made["seconds"])


def _plan(proved: Adoption, function: str, answer: Record) -> Plan:
    tables = {name for name in proved.results if answer.last[name].kind in TABLES}
    return Plan(
        Source.FUNCTION if function else Source.SCRIPT,
        PurePosixPath("..", "src", f"{proved.name}.py"),
        PurePosixPath(".."),
        tuple(name for name in proved.results if name in tables),
        tuple(name for name in proved.results if name not in tables),
        proved.left_out,
        function,
        "nbkata characterize tests/test_characterization.py --approve",
        keeps_rows=False,  # a stranger's data stays in the data folder
        ranges=proved.ranges,
        has_instances=any(answer.last[n].kind is Kind.INSTANCE for n in proved.results),
        is_seeded=any(draws(item.cause) for item in proved.unsteady),
    )


def _golden(
    building: Path, timeout_s: int, other: Mapping[str, str] | None = None
) -> dict[str, Any] | str:
    """What approving the tests gives, with the golden data's files; or why there is none.

    ``other``: code to put in the place of modules of these names.
    """
    with sandbox(building) as folder:
        copy_files(building / "tests", folder / "tests")
        for name, code in (other or {}).items():
            (folder / "src" / f"{name}.py").write_text(code, encoding="utf-8")
        golden = folder / "tests" / "golden"
        test = folder / "tests" / "test_characterization.py"
        made = golden_made(test, golden, folder, QUIETLY, timeout_s)
        if isinstance(made, Failed):
            return made.reason
        files = {path.name: path.read_text(encoding="utf-8") for path in golden.iterdir()}
        return {**made, "files": files}
