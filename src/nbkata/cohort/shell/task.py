"""The unit of work: one workspace copied, checked, and described by one JSON document.

Asked with `nbkata.child.shell.run.ask`, in a sandbox if there is one. The copy is a new workspace of
the kit's, with its data and settings, and the learner's code, tests and notebook in it.
"""

import os
import sys
import time
from contextlib import nullcontext, redirect_stdout
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbkata.child.shell.run import answer
from nbkata.child.shell.sandbox import INSIDE, apart
from nbkata.cohort.core.alike import shape_of
from nbkata.cohort.core.result import Ended, Result
from nbkata.cohort.shell.submission import Submission, read_submission
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.kata.core.kata import Step
from nbkata.kata.core.lights import Verdict
from nbkata.kata.core.progress import current_step, hints_shown, red_minutes
from nbkata.kata.shell.check import Observation, check_step, look_back, observe
from nbkata.kata.shell.checkpoint import replace_files
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import create_workspace
from nbkata.workspace.core.journal import events_in


def work(request: dict[str, Any]) -> dict[str, Any]:
    """Check the workspace at ``path``: ``{"id", "path", "kata", "step", "every_step", "timeout_s", "apart"}``.

    ``step`` is empty for the one that its journal says; ``apart`` is what makes a sandbox for each process of
    its code, if this is in none. Whatever is wrong is part of the answer.
    """
    started, name = time.perf_counter(), request["id"]
    kit = load_kit(name=request["kata"])
    if isinstance(kit, Refusal):
        return Result(name, Ended.NOT_STARTED, messages=(str(kit),)).as_json()
    found = read_submission(Path(request["path"]))
    if isinstance(found, Refusal):
        return Result(name, Ended.REFUSED, messages=(found.what,)).as_json()
    events = events_in(found.journal)
    here = (current_step(kit.kata, events) or kit.kata.steps[-1]) if events else None
    step = kit.kata.step(request["step"]) if request["step"] else here
    if not isinstance(step, Step):
        why = str(step) if step else "it has no journal that says at which step it is: --step NN."
        return Result(name, Ended.REFUSED, messages=(why,)).as_json()
    with TemporaryFolder() as folder:
        try:
            workspace = _laid_out(kit, found, Path(folder).resolve())
        except OSError as error:  # a name that is a file's and a folder's, or too long
            why = f"its files cannot be laid out ({error.strerror})."
            return Result(name, Ended.REFUSED, step.slug, messages=(why,)).as_json()
        if INSIDE in os.environ:
            os.environ[INSIDE] = str(workspace)
        os.chdir(workspace)  # messages name files as the learner knows them
        try:
            with apart(engine=request["apart"]) if request["apart"] else nullcontext():
                result = _checked(kit, step, workspace, request)
        finally:
            os.chdir(folder)
    return replace(
        result,
        id=name,
        messages=tuple(text[:MOST_MESSAGE] for text in result.messages),
        notes=tuple(text[:MOST_MESSAGE] for text in result.notes),
        left_out=found.left_out,
        shape_of_code=shape_of(_code(found)),
        files=_code(found),
        red_minutes=round(red_minutes(step, events, datetime.now(UTC)), 1),
        hints=hints_shown(step, events),
        seconds=round(time.perf_counter() - started, 2),
    ).as_json()


def _laid_out(kit: Kit, found: Submission, folder: Path) -> Path:
    workspace = create_workspace(folder / "workspace", kit).path
    replace_files({}, workspace)
    for name, content in found.files.items():
        (workspace / name).parent.mkdir(parents=True, exist_ok=True)
        (workspace / name).write_bytes(content)
    return workspace


def _checked(kit: Kit, step: Step, workspace: Path, request: dict[str, Any]) -> Result:
    runs: list[Observation | Refusal] = []

    def run(here: Step) -> Observation | Refusal:
        runs.append(observe(kit, here, workspace, request["timeout_s"]))
        return runs[0]

    verdict = check_step(kit, step, workspace, run)
    if isinstance(verdict, Refusal):  # code that does not run is red, too
        is_theirs = bool(runs) and isinstance(runs[0], Refusal)
        ended = Ended(verdict.limit) if verdict.limit else Ended.RED
        ended = ended if is_theirs else Ended.NOT_STARTED
        return Result("", ended, step.slug, messages=(str(verdict),), steps={step.slug: False})
    steps = {step.slug: verdict.ok}
    if request["every_step"] and isinstance(runs[0], Observation):
        earlier = look_back(kit, step, workspace, runs[0])
        if not isinstance(earlier, Refusal):
            steps |= {slug: light.ok for slug, light in earlier.items()}
    return _result(verdict, steps)


def _result(verdict: Verdict, steps: dict[str, bool]) -> Result:
    lights = (verdict.behaviour, verdict.shape)
    return Result(
        "",
        Ended.GREEN if verdict.ok else Ended.RED,
        verdict.step,
        verdict.behaviour.ok,
        verdict.shape.ok,
        tuple(message for light in lights if not light.ok for message in light.messages),
        tuple(message for light in lights if light.ok for message in light.messages),
        steps,
    )


def _code(found: Submission) -> dict[str, str]:
    """Of the source folder, as text, if it is not too long to be read by a person."""
    names = [name for name in found.files if name.startswith("src/") and name.endswith(".py")]
    kept, room = {}, MOST_TEXT
    for name in sorted(names):
        room -= len(found.files[name])
        if room >= 0:
            kept[name] = found.files[name].decode("utf-8", "replace")
    return kept


# Characters of all code together, and of a message.
MOST_TEXT, MOST_MESSAGE = 400_000, 5_000


if __name__ == "__main__":
    with redirect_stdout(sys.stderr):
        answer(work)
