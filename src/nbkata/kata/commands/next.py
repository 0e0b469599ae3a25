"""`nbkata next`: on to the next step, when both lights are green."""

from collections.abc import Mapping
from typing import Annotated

import typer

from nbkata.common.core.refusal import Refusal, or_refuse
from nbkata.common.shell.clock import now
from nbkata.common.shell.paths import shown_path
from nbkata.kata.commands._lights import (
    Commit,
    Timeout,
    WorkspaceOption,
    check_step,
    is_known_green,
    lost_lines,
    offer_commit,
    show_verdict,
    still_lost,
)
from nbkata.kata.commands._opened import Opened, called, opened
from nbkata.kata.commands._step_lines import step_title, todo
from nbkata.kata.core.kata import Step, Subject
from nbkata.kata.core.lights import Light
from nbkata.kata.core.progress import current_step
from nbkata.kata.shell.check import Observation, look_back
from nbkata.kata.shell.room import report_place
from nbkata.terminal import plain, screen
from nbkata.workspace.core.journal import Move


def next(  # pylint: disable=redefined-builtin # what the command is called
    commit: Commit = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Go on though an earlier step got lost.")
    ] = False,
    workspace: WorkspaceOption = None,
    timeout: Timeout = 600,
) -> int:
    """Check the step you are at, look back at the earlier ones, and move on when all are green."""
    found = opened(workspace)
    step = current_step(found.kit.kata, found.workspace.events) or found.kit.kata.steps[-1]
    observed: Observation | None = None
    if not _is_known_green(found, step):
        checked = or_refuse(check_step(found.kit, found.workspace, step, timeout))
        if not checked.verdict.ok:
            show_verdict(found.kit, found.workspace, step, checked.verdict)
            return 1
        observed = checked.observed
    looked = _look_back(found, step, observed)
    lost = {} if anyway and isinstance(looked, Refusal) else or_refuse(looked)
    following = found.kit.kata.after(step)
    if lost and not anyway:
        plain.show([f"Step {step.number} is green.", *lost_lines(found.kit.kata, step, lost)])
        plain.show(plain.pointers(**{"or go on": f"{called()} next --anyway"}))
        return 1
    if following is not None:
        try:
            found.workspace.note(Move(now(), following.slug, "next"))
        except OSError as error:
            what = f"the journal cannot be written ({error.strerror})."
            hint = "Make room, and the folder writable; then run it again."
            return screen.refuse(Refusal(what, shown_path(found.workspace.journal), hint))
        report_place(found.kit, found.workspace)
    plain.show([f"Step {step.number} is done.", *still_lost(found.kit.kata, lost)])
    command = f"{called()} check {step.number}"
    code = offer_commit(found.kit, found.workspace, step, commit, command, apart=True)
    if following is None:
        # pylint: disable-next=import-outside-toplevel # once a kata
        from nbkata.kata.commands._reached import reached

        plain.show(["", "Well done: that was the last step. What you made of the notebook:"])
        plain.show(reached(found))
        return code
    lines = ["", *step_title(following, found.kit.kata), "", *todo(following.todo)]
    plain.show([*lines, *plain.pointers(guide=f"{called()} guide", then=f"{called()} check")])
    return code


def _is_known_green(found: Opened, step: Step) -> bool:
    """Whether nothing need run again.

    A notebook runs if there are earlier steps: they are judged by what the run shows.
    """
    kata = found.kit.kata
    if kata.behaviour(step).subject is Subject.NOTEBOOK and kata.lasting(step):
        return False
    return is_known_green(found.kit, found.workspace, step)


def _look_back(
    found: Opened, step: Step, observed: Observation | None
) -> Mapping[str, Light] | Refusal:
    """The earlier steps whose goals got lost."""
    work = "looking at the earlier steps"
    if found.kit.kata.lasting(step) and not screen.err.is_watched:
        plain.note(f"  {work} ...")
    with screen.working(work):
        lights = look_back(found.kit, step, found.workspace.path, observed)
    if isinstance(lights, Refusal):
        return lights
    return {slug: light for slug, light in lights.items() if not light.ok}
