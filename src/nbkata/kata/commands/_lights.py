"""What `start`, `check` and `next` share: running both lights of a step and showing them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from nbkata.common.core.command_line import quoted
from nbkata.common.core.refusal import Refusal, or_refuse
from nbkata.common.shell.paths import shown_path
from nbkata.kata.commands._opened import called
from nbkata.kata.commands._step_lines import lights, step_title, todo
from nbkata.kata.core.kata import Kata, Step, Subject
from nbkata.kata.core.lights import Light, LightSoFar, Verdict
from nbkata.kata.core.progress import LONG_RED_MINUTES, last_check, red_minutes
from nbkata.kata.shell.check import Observation, observe
from nbkata.kata.shell.checkpoint import digest_for
from nbkata.kata.shell.guides import proposed_commit
from nbkata.kata.shell.kept_check import Checked, check_and_keep
from nbkata.kata.shell.kit import Kit
from nbkata.kata.shell.workspace import Workspace
from nbkata.notebook.shell.notebook_files import read_notebook
from nbkata.terminal import plain, screen
from nbkata.workspace.shell.git import Repository, repository_of

Timeout = Annotated[int, typer.Option(min=1, help="Seconds that one cell may take.")]
WorkspaceOption = Annotated[
    Path | None, typer.Option(help="The workspace; by default the one around or below here.")
]
Commit = Annotated[
    bool, typer.Option("--commit", help="If both lights are green, commit as the guide says.")
]


def check_step(kit: Kit, workspace: Workspace, step: Step, timeout_s: int) -> Checked | Refusal:
    """Check a step with a bar of the cells; print that its verdict is not kept if it cannot be.

    If no one watches, each slow thing is a line on stderr in place of its bar.
    """

    def run(here: Step) -> Observation | Refusal:
        cells = _cells_to_run(kit, workspace, here)
        if isinstance(cells, Refusal):
            return cells
        with screen.cell_progress(cells) as progress:

            def before_cell(index: int) -> None:
                progress.update(progress.task_ids[0], advance=1, cell=index)

            return observe(kit, here, workspace.path, timeout_s, before_cell)

    behaviour = kit.kata.behaviour(step)
    is_notebook = behaviour.subject is Subject.NOTEBOOK  # its cells have a bar of their own
    runs = f"running {behaviour.file}, looking at the shape"
    announced: set[tuple[str, bool]] = set()
    seen: list[str] = []
    with screen.slow_progress() if is_notebook else screen.working(runs) as slow:

        def on_progress(light: Light | None, shape: LightSoFar | None) -> None:
            if shape is not None:
                if not screen.err.is_watched and (shape.work, bool(shape.so_far)) not in announced:
                    # No bar there: a line for each, and for the first finding, keeps the reader.
                    announced.add((shape.work, bool(shape.so_far)))
                    found = "; ".join([f"{shape.so_far} so far", *seen]) if shape.so_far else ""
                    plain.note(f"  {shape.work}{': ' if found else ''}{found} ...")
                more = f", {shape.so_far}" if shape.so_far else ""
                screen.show_slow(slow, shape.work, shape.done, shape.total, more)
            elif light is not None:
                seen.append(f"behaviour is {'green' if light.ok else 'red'}")
                if is_notebook or slow.tasks[0].description == runs:
                    screen.show_slow(slow, f"{seen[0]}; looking at the shape", 0, None)

        checked = check_and_keep(kit, workspace, step, run, on_progress, tell=plain.note)
    if isinstance(checked, Checked) and checked.not_kept:
        plain.note(checked.not_kept[0].upper() + checked.not_kept[1:])
    return checked


def is_known_green(kit: Kit, workspace: Workspace, step: Step) -> bool:
    """Whether these very files were seen green: then nothing need run again."""
    last = last_check(step, workspace.events)
    return last is not None and last.ok and last.files == digest_for(kit, step, workspace.path)


def show_verdict(
    kit: Kit, workspace: Workspace, step: Step, verdict: Verdict, red_hooks: Sequence[str] = ()
) -> None:
    """The head of the step, its lights, what to do next; ``red_hooks`` names what refuses it."""
    plain.show([*step_title(step, kit.kata), *lights(verdict.behaviour, verdict.shape)])
    if verdict.ok and red_hooks:
        line = f"Both lights are green, but the hook is not content: {', '.join(red_hooks)}."
        plain.show(plain.done(line, f"{called()} check --hooks"))
    elif kit.kata.is_past(step, here := workspace.step(kit.kata)):
        still = "is still green" if verdict.ok else "had been reached, and is not any more"
        of, now = kit.kata.behaviour(step), kit.kata.behaviour(here)
        is_asked_more = verdict.shape.ok and of.subject == now.subject and of.golden != now.golden
        if is_asked_more and not verdict.ok:
            still = (
                f"keeps its shape; the results that step {here.number} asks for are not there yet"
            )
        line = f"Step {step.number} {still}. You are at step {here.number}: {here.title_inside}."
        plain.show(plain.done(line, f"{called()} check"))
        if is_asked_more:
            return
    else:
        plain.show(_what_next(kit, step, verdict))
    if not verdict.ok:
        suggest_revert(workspace, step)


def offer_commit(
    kit: Kit, workspace: Workspace, step: Step, commit: bool, command: str, apart: bool
) -> int:
    """Propose the commit of a green step, or make it; ``apart`` from what is above.

    Returns the exit code.
    """
    repository = repository_of(workspace.path)
    message = proposed_commit(kit, step)
    if repository is None or isinstance(repository, Refusal):
        if not commit:
            return 0
        if repository is not None:
            return screen.refuse(repository)
        what = "the workspace is in no git repository, so there is nothing to commit to."
        return screen.refuse(Refusal(what, shown_path(workspace.path), "Make one there: git init"))
    if not repository.changed:
        return 0
    if not commit:
        lines = plain.pointers(commit=f"{command} --commit")
        lines += plain.wrapped(f'as "{message}"', plain.width(), " " * (plain.LABEL + 4))
        plain.show(lines if apart else lines[1:])
        return 0
    done = or_refuse(repository.commit(message))
    screen.err.print(f'  Committed as {done}: "{message}"', markup=False)
    return 0


def suggest_revert(workspace: Workspace, step: Step) -> None:
    """After a long time of red: the command that goes back to the last commit, and loses nothing."""
    minutes = red_minutes(step, workspace.events, datetime.now(UTC))
    if minutes <= LONG_RED_MINUTES:
        return
    message = f"Behaviour has been red for {minutes:.0f} minutes. Red, red, red: revert, and take a"
    if not isinstance(repository_of(workspace.path), Repository):
        message += " smaller bite. This goes back to the start of the step:"
        command = f"{called()} reset"
    else:
        message += " smaller bite. This goes back to your last commit (git stash pop undoes it):"
        is_here = Path.cwd() == workspace.path.resolve()
        place = "" if is_here else f"-C {quoted(shown_path(workspace.path))} "
        command = f"git {place}stash push --include-untracked -- ."
    plain.show(["", *plain.wrapped(message, plain.width(), "  "), *plain.pointers(revert=command)])


def _cells_to_run(kit: Kit, workspace: Workspace, step: Step) -> int | Refusal:
    """How many cells the progress bar counts; none if the step runs a script."""
    behaviour = kit.kata.behaviour(step)
    if behaviour.subject is not Subject.NOTEBOOK:
        return 0
    notebook = read_notebook(workspace.path / behaviour.file)
    if isinstance(notebook, Refusal):
        return notebook
    return sum(1 for cell in notebook.code_cells if cell.source.strip())


def still_lost(kata: Kata, lost: Mapping[str, Light]) -> list[str]:
    """The steps that somebody goes on without: why, they have just been shown."""
    steps = [
        f"step {one.number} ({called()} check {one.number})"
        for one in kata.steps
        if one.slug in lost
    ]
    return plain.wrapped(f"Still to be fixed: {', '.join(steps)}.", plain.width()) if steps else []


def lost_lines(
    kata: Kata, step: Step, lost: Mapping[str, Light], shortly: bool = False
) -> list[str]:
    """What got lost: each message once, however many steps say it; what the same steps say, together.

    ``shortly``: the first message of these, and how many more there are.
    An earlier step's check is named only where it takes hold of the code as this step's does: a
    script that has become a function since is red there, and rightly so.
    """
    steps: dict[str, list[Step]] = {}
    for known in kata.steps:
        for message in lost[known.slug].messages if known.slug in lost else ():
            steps.setdefault(message, []).append(known)
    said: dict[tuple[Step, ...], list[str]] = {}
    for message, ones in steps.items():
        said.setdefault(tuple(ones), []).append(message)
    lines = []
    for of, messages in said.items():
        numbers = [one.number for one in of]
        many = len(numbers) > 1
        which = (
            f"Steps {', '.join(numbers[:-1])} and {numbers[-1]}" if many else f"Step {numbers[0]}"
        )
        head = f"{which} had been reached, and {'are' if many else 'is'} not any more: "
        lines += [""]
        if shortly and messages[1:]:
            messages = [f"{messages[0]} And {len(messages) - 1} more."]
        for text in (head + messages[0], *messages[1:]):
            lines += plain.wrapped(text, plain.width(), "  ")
        alike = kata.behaviour(of[0]) == kata.behaviour(step)
        again = f": {called()} check {numbers[0]}" if alike else f"; {called()} next looks again."
        lines.append(f"  Fix it before you go on{again}")
    return lines


def _what_next(kit: Kit, step: Step, verdict: Verdict) -> list[str]:
    if not verdict.ok:
        commands = {name: f"{called()} {name}" for name in ("guide", "hint")}
        return [*todo(step.todo), *plain.pointers(**commands, then=f"{called()} check")]
    if verdict.lost:
        lost = lost_lines(kit.kata, step, verdict.lost, shortly=True)
        return [f"  Step {step.number} is green.", *lost, ""]
    following = kit.kata.after(step)
    if following is None:
        return plain.done("Well done: that was the last step.", f"{called()} next")
    earlier = set(kit.kata.lasting(step)) - set(kit.kata.quickly_lasting(step))
    once = ", if the earlier steps are still green" if earlier else ""
    line = f"Well done. Step {following.number} is next{once}: {following.title_inside}."
    return plain.done(line, f"{called()} next")
