"""What `start`, `status` and `check` share: running the lights and showing where one stands."""

import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nbkata import screen
from nbkata.core.journal import current_step, last_check
from nbkata.core.kata import Step, Subject
from nbkata.core.lights import Light
from nbkata.core.refusal import Refusal
from nbkata.shell.check import Observation, check_step, observe
from nbkata.shell.kit import Kit, kit_around
from nbkata.shell.notebook_files import read_notebook
from nbkata.shell.clock import wall_clock
from nbkata.shell.workspace import Workspace, find_workspace, shown_path

if TYPE_CHECKING:
    from rich.console import RenderableType

Timeout = Annotated[int, typer.Option(min=1, help="Seconds that one cell may take.")]
WorkspaceOption = Annotated[
    Path | None, typer.Option(help="The workspace; by default the one around or below here.")
]


@dataclass(frozen=True, slots=True)
class Opened:
    """What every command about a workspace begins with."""

    kit: Kit
    workspace: Workspace


def opened(asked: Path | None, whole: bool = True) -> Opened | Refusal:
    """The kit and the learner's workspace; ``whole``: refuse one that lost files."""
    kit = kit_around(asked)
    if isinstance(kit, Refusal):
        return kit
    found = find_workspace(kit, asked, screen.note, whole)
    return found if isinstance(found, Refusal) else Opened(kit, found)


def check_and_show(
    kit: Kit, workspace: Workspace, step: Step, timeout_s: int, as_json: bool = False
) -> int:
    """Run both lights of a step, keep the verdict, show it. Returns the exit code."""
    cells = _cells_to_run(kit, workspace, step)
    if isinstance(cells, Refusal):
        return screen.refuse(cells)
    with screen.cell_progress(cells) as progress:

        def before_cell(index: int) -> None:
            progress.update(progress.task_ids[0], advance=1, cell=index)

        def run() -> Observation | Refusal:
            return observe(kit, step, workspace.path, timeout_s, before_cell)

        verdict = check_step(kit, step, workspace.path, run)
    if isinstance(verdict, Refusal):
        return screen.refuse(verdict)
    workspace.keep(verdict)
    if as_json:
        print(json.dumps(verdict.as_json()))
        return 0 if verdict.ok else 1
    screen.out.print(screen.step_title(step, kit.kata))
    screen.out.print(screen.verdict_lights(verdict))
    screen.out.print(_what_next(kit, step, verdict.ok))
    return 0 if verdict.ok else 1


def _cells_to_run(kit: Kit, workspace: Workspace, step: Step) -> int | Refusal:
    """How many cells the progress bar counts; none where the step runs a script."""
    behaviour = kit.kata.behaviour(step)
    if behaviour.subject is not Subject.NOTEBOOK:
        return 0
    notebook = read_notebook(workspace.path / behaviour.file)
    if isinstance(notebook, Refusal):
        return notebook
    return sum(1 for cell in notebook.code_cells if cell.source.strip())


def show_standing(kit: Kit, workspace: Workspace) -> int:
    """The current step, its lights as last checked, what to do."""
    events = workspace.events
    step = current_step(kit.kata, events)
    if step is None:
        screen.out.print(_what_next(kit, kit.kata.steps[-1], done=True))
        return 0
    last = last_check(step, events)
    behaviour, shape = None, None
    if last is not None:
        seen = (f"at the last check ({wall_clock(last.time)})",)
        behaviour, shape = Light(last.behaviour, seen), Light(last.shape, seen)
    screen.out.print(screen.step_title(step, kit.kata))
    screen.out.print(screen.lights(behaviour, shape))
    screen.out.print(_what_next(kit, step, done=last is not None and last.ok))
    return 0


def guide_of(kit: Kit, step: Step) -> str:
    """Where the step's guide stands."""
    return shown_path(kit.exercises / step.slug / "README.md")


def _what_next(kit: Kit, step: Step, done: bool) -> "RenderableType":
    if not done:
        return screen.todo(step.todo, guide_of(kit, step), f"{called()} check")
    following = kit.kata.after(step)
    if following is None:
        return screen.done("Well done: that was the last step.", f"{called()} status")
    line = f"Well done. Step {following.number} is next: {following.title.lower()}."
    return screen.done(line, f"{called()} next")


def called() -> str:
    """How this person calls the command: by name, or by path where the name is not found."""
    if shutil.which("nbkata"):
        return "nbkata"
    return shown_path(Path(sys.executable).with_name("nbkata"))
