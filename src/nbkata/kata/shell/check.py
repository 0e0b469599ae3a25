"""Checking a step: run what its behaviour is seen by, compare the results, test the shape."""

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbkata.child.shell.launch import thread_ending_with_all
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.cores import cores
from nbkata.common.shell.paths import shown_path
from nbkata.kata.core.behaviour import behaviour_light, expected, other_data_light, symptom
from nbkata.kata.core.kata import Behaviour, Step, Subject
from nbkata.kata.core.lights import Light, LightSoFar, Verdict, without_crashes
from nbkata.kata.core.lost_name import way_back
from nbkata.kata.shell.checkpoint import start_of
from nbkata.kata.shell.kit import Kit
from nbkata.kata.shell.run_code import run_code
from nbkata.kata.shell.shape import run_shape_tests
from nbkata.kata.shell.warmed import warmed
from nbkata.notebook.core.run import DEFAULT_CELL_TIMEOUT_S, Stopped
from nbkata.notebook.shell.kernels import OWN
from nbkata.notebook.shell.notebook_files import read_notebook
from nbkata.record.core.compare import compare
from nbkata.record.core.record import Record, record_from_text
from nbkata.record.shell.record import record_notebook


@dataclass(frozen=True, slots=True)
class Observation:
    """What one fresh run of a workspace gave."""

    results: Record  # what counts as the behaviour, as the run left it
    ran: str  # what ran and how long it took, as the light tells it
    seconds: float
    # The notebook as the run left it, if it was a notebook that ran.
    document: dict[str, Any] | None = None
    # What the seam gave for other data, or why it gave nothing.
    other: Record | Refusal | None = None


@dataclass(frozen=True, slots=True)
class Golden:
    """The results to keep."""

    own: Record
    other: Record | None = None  # for other data than the kata's own
    # By step and symptom: the mistake that makes it, tried by `nbkata dev golden`.
    causes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


BRING_BACK = "Bring the file back (git checkout) and run again."


def observe(
    kit: Kit,
    step: Step,
    workspace: Path,
    timeout_s: int = DEFAULT_CELL_TIMEOUT_S,
    before_cell: Callable[[int], None] | None = None,
) -> Observation | Refusal:
    """Run what the step's behaviour is seen by, once and afresh, and record the results."""
    behaviour = kit.kata.behaviour(step)
    if behaviour.subject is Subject.NOTEBOOK:
        observed = _observe_notebook(behaviour, workspace, timeout_s, before_cell)
        if isinstance(observed, Stopped):
            return _stopped(kit, step, workspace / behaviour.file, observed)
        return observed
    other = kit.exercises / behaviour.other.file if behaviour.other else None
    if other and not other.is_file():
        return Refusal("the kit's own data is not there.", str(other), BRING_BACK)
    run = run_code(behaviour, workspace, timeout_s, other)
    if isinstance(run, Refusal):
        return run
    what = f"{behaviour.seam}()" if behaviour.seam else behaviour.file
    ran = f"{what} ran in {run.seconds:.0f} s"
    return Observation(run.results, ran, run.seconds, other=run.other)


def _observe_notebook(
    behaviour: Behaviour,
    workspace: Path,
    timeout_s: int,
    before_cell: Callable[[int], None] | None,
) -> Observation | Stopped | Refusal:
    path = workspace / behaviour.file
    recorded = record_notebook(
        path,
        names=tuple(behaviour.results),
        kernel=OWN,  # the kit's libraries: an editor may have named another kernel in the file
        environment={"PYTHONPATH": ""},  # not other libraries of this person
        timeout_s=timeout_s,
        before_cell=before_cell,
    )
    if isinstance(recorded, Refusal):
        return recorded
    if isinstance(recorded.run, Stopped):
        return recorded.run
    document, seconds = recorded.run.document, recorded.run.seconds
    cells = sum(1 for cell in document["cells"] if cell.get("execution_count"))
    ran = f"{cells} cells ran in {seconds:.0f} s"
    return Observation(recorded.record, ran, seconds, document)


def _stopped(kit: Kit, step: Step, path: Path, stopped: Stopped) -> Refusal:
    """Why the run ended; if a name is missing, with the line that set it when the step began."""
    refusal = stopped.refusal(shown_path(path))
    start = start_of(kit, step).get(kit.kata.behaviour(step).file)
    before, now = (read_notebook(start), read_notebook(path)) if start else (refusal, refusal)
    if isinstance(before, Refusal) or isinstance(now, Refusal):
        return refusal
    lost = way_back(stopped.detail, now, before)
    return refusal._replace(next_step=lost) if lost else refusal


# Called with the behaviour light as soon as it is known, and with the shape light so far.
OnLights = Callable[[Light | None, LightSoFar | None], None]


def check_step(
    kit: Kit,
    step: Step,
    workspace: Path,
    run: Callable[[Step], Observation | Refusal],
    on_progress: OnLights = lambda behaviour, shape: None,
    later: Step | None = None,
) -> Verdict | Refusal:
    """Both lights of a step, looked at side by side where the shape needs no notebook's run.

    ``run`` observes the workspace in the step that it is given: this one; and where its behaviour is
    not green, the ``later`` one, where the learner is and perhaps the code with them. ``seconds`` of
    the verdict are those of the run. If what is run cannot be run, nothing is said of its shape.
    Earlier steps are looked back at if that is quick.
    """
    quick = kit.kata.quickly_lasting(step)
    behaviour = kit.kata.behaviour(later or step)

    def look(executed: dict[str, Any] | None) -> dict[str, Light] | Refusal:
        return run_shape_tests(
            kit, [step], workspace, executed, lambda so_far: on_progress(None, so_far), quick
        )

    with _warmed(behaviour, workspace), thread_ending_with_all() as submit:
        is_beside = behaviour.subject is not Subject.NOTEBOOK and cores() > 1
        beside = submit(lambda: look(None)) if is_beside else None
        seen = _seen(kit, step, run)
        if later and kit.kata.behaviour(step) != behaviour and not _is_green(seen):
            now = _seen(kit, later, run)
            seen = seen if isinstance(now, Refusal) else now
        if isinstance(seen, Refusal):
            return seen
        light, observed = seen
        on_progress(light, None)
        shapes = beside.result() if beside else look(observed.document)
    if isinstance(shapes, Refusal):
        return shapes
    lost = {one.slug: shapes[one.slug] for one in quick if not shapes[one.slug].ok}
    shape = shapes[step.slug] if light.ok else without_crashes(shapes[step.slug])
    return Verdict(step.slug, light, shape, observed.seconds, lost)


_Seen = tuple[Light, Observation] | Refusal


def _seen(kit: Kit, step: Step, run: Callable[[Step], Observation | Refusal]) -> _Seen:
    """The behaviour light of a step, and the run that it is of."""
    behaviour = kit.kata.behaviour(step)
    golden = load_golden(kit, behaviour)
    if isinstance(golden, Refusal):
        return golden
    observed = run(step)
    if isinstance(observed, Refusal):
        return observed
    return light_of(step, behaviour, golden, observed), observed


def _is_green(seen: _Seen) -> bool:
    return not isinstance(seen, Refusal) and seen[0].ok


def look_back(
    kit: Kit, step: Step, workspace: Path, observed: Observation | None
) -> dict[str, Light] | Refusal:
    """The shape lights of the earlier steps that should still be green at the end of ``step``.

    ``observed`` is a run of now, where one was made.
    """
    earlier = kit.kata.lasting(step)
    if not earlier:
        return {}
    with _warmed(kit.kata.behaviour(step), workspace):
        return run_shape_tests(kit, earlier, workspace, observed.document if observed else None)


def _warmed(behaviour: Behaviour, workspace: Path) -> AbstractContextManager[None]:
    """A script runs once, and a notebook has a kernel, which is no fork."""
    return warmed((workspace / behaviour.file).parent) if behaviour.seam else nullcontext()


def light_of(step: Step, behaviour: Behaviour, golden: Golden, observed: Observation) -> Light:
    """The behaviour light of a run in a step."""
    difference = compare(expected(golden.own, behaviour.results), observed.results)
    cause = golden.causes.get(step.slug, {}).get(symptom_of(behaviour, golden, observed), "")
    if difference.same and behaviour.other and golden.other and observed.other:
        found = observed.other
        moved = found if isinstance(found, Refusal) else compare(golden.other, found)
        if isinstance(moved, Refusal) or not moved.same:
            return other_data_light(behaviour, moved, cause)
    return behaviour_light(difference, len(behaviour.results), observed.ran, behaviour.right, cause)


def symptom_of(behaviour: Behaviour, golden: Golden, observed: Observation) -> str:
    """What moved in a run; if nothing did, what moved in the one with other data."""
    own = expected(golden.own, behaviour.results)
    other = observed.other
    if golden.other and isinstance(other, Record) and compare(own, observed.results).same:
        return symptom(golden.other, other)
    return symptom(own, observed.results)


def load_golden(kit: Kit, behaviour: Behaviour) -> Golden | Refusal:
    """The records of the results to keep."""
    own = _record(kit.exercises / behaviour.golden)
    other = _record(kit.exercises / behaviour.other.golden) if behaviour.other else None
    if isinstance(own, Refusal):
        return own
    return other if isinstance(other, Refusal) else Golden(own, other, _causes(kit))


def _causes(kit: Kit) -> dict[str, dict[str, str]]:
    """None if they cannot be read: the lights are what counts."""
    try:
        found = json.loads((kit.exercises / CAUSES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


# Beside ``kata.toml``.
CAUSES = "causes.json"


def _record(path: Path) -> Record | Refusal:
    try:
        return record_from_text(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        what = f"the golden record cannot be read ({error})."
        return Refusal(what, str(path), BRING_BACK)
