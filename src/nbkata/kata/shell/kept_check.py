"""The use case of every check: see both lights of a step, and keep the verdict in the journal."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.clock import now
from nbkata.common.shell.paths import shown_path
from nbkata.kata.core.kata import Step
from nbkata.kata.core.lights import Verdict
from nbkata.kata.core.progress import last_check
from nbkata.kata.shell import check
from nbkata.kata.shell.check import Observation, OnLights
from nbkata.kata.shell.checkpoint import digest_for
from nbkata.kata.shell.kit import Kit
from nbkata.kata.shell.room import report_check
from nbkata.kata.shell.workspace import Workspace, nobody
from nbkata.notebook.shell.workspace_python import workspace_python
from nbkata.workspace.core.journal import Entry


@dataclass(frozen=True, slots=True)
class Checked:
    """A verdict, and the run it was made from."""

    verdict: Verdict
    observed: Observation
    not_kept: str = ""  # why it is not in the journal; empty if it is


def check_and_keep(
    kit: Kit,
    workspace: Workspace,
    step: Step,
    run: Callable[[Step], Observation | Refusal],
    on_progress: OnLights = lambda behaviour, shape: None,
    is_wanted: Callable[[], bool] = lambda: True,
    tell: Callable[[str], None] = nobody,
) -> Checked | Refusal:
    """Look at both lights of a step and keep what they say; code that does not run is red, too.

    ``run`` observes the workspace in the step it is given. Nothing is kept if, at the end, the
    check ``is_wanted`` no more: then its processes were ended on purpose. The room that the learner
    joined gets the lights; ``tell`` is called if it goes on elsewhere.
    """
    files = digest_for(kit, step, workspace.path)
    later = _later(kit, workspace, step, files)
    if isinstance(later, Refusal):
        return later
    runs: list[Observation | Refusal] = []

    def observed(one: Step) -> Observation | Refusal:
        runs.append(run(one))
        return runs[-1]

    with workspace_python(workspace.path) as gone:
        verdict = gone or check.check_step(kit, step, workspace.path, observed, on_progress, later)
    here = workspace.step(kit.kata)
    if (
        runs
        and kit.kata.has_ended(step, here)
        and not (isinstance(verdict, Verdict) and verdict.ok)
    ):
        what = f"step {step.number} lasts until step {step.until.partition('-')[0]}, and is over."
        return Refusal(what, next_step=f"You are at step {here.number}: nbkata check")
    if isinstance(verdict, Refusal):
        if runs and isinstance(runs[0], Refusal) and is_wanted():
            with suppress(OSError):  # the refusal says more
                workspace.note(Entry(now(), step.slug, False, False, 0.0, files))
            _report(kit, workspace, step, verdict, tell)
        return verdict
    assert isinstance(runs[0], Observation), "there is no verdict otherwise"
    try:
        if is_wanted():
            workspace.keep(verdict, files)
            _report(kit, workspace, step, verdict, tell)
    except OSError as error:
        where = shown_path(workspace.journal)
        why = f"this verdict is not kept: {where} cannot be written ({error.strerror})."
        return Checked(verdict, runs[0], why)
    return Checked(verdict, runs[0])


def _report(
    kit: Kit,
    workspace: Workspace,
    step: Step,
    verdict: Verdict | Refusal,
    tell: Callable[[str], None],
) -> None:
    call = report_check(kit, workspace, step, verdict)
    if call:
        tell(call)


def _later(kit: Kit, workspace: Workspace, step: Step, files: str) -> Step | Refusal | None:
    """The step by whose run an earlier one may be seen as well: the code may have gone on to it."""
    here = workspace.step(kit.kata)
    last = last_check(step, workspace.events)
    if not kit.kata.is_past(step, here) or last is not None and last.ok and last.files == files:
        return None
    if not kit.kata.has_ended(step, here):
        return here
    if (workspace.path / kit.kata.behaviour(step).file).is_file():
        return None
    what = f"step {step.number} is behind you, and what it asked for is gone: {step.goal}"
    return Refusal(what, next_step=f"You are at step {here.number}: nbkata check")
