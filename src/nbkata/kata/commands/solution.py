"""`nbkata solution`: how a step can be solved."""

from typing import Annotated

import typer

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.paths import shown_path
from nbkata.kata.commands._lights import WorkspaceOption
from nbkata.kata.commands._opened import Opened, called, opened
from nbkata.kata.core.kata import Step
from nbkata.kata.core.progress import was_green
from nbkata.kata.core.solution import solution_diff
from nbkata.kata.shell.checkpoint import NOTES, checkpoint_files, start_of
from nbkata.terminal import plain
from nbkata.terminal.markdown import show_markdown


def solution(
    step: Annotated[str, typer.Argument(help="The step; by default the one you are at.")] = "",
    peek: Annotated[bool, typer.Option("--peek", help="Before the step is green.")] = False,
    workspace: WorkspaceOption = None,
) -> int:
    """Show one way to solve a step, as a diff; yours may be another, and as good."""
    found = opened(workspace, whole=False)
    wanted = found.step(step)
    if not peek and not was_green(wanted, found.workspace.events):
        hint = (
            f"{called()} hint says a little; {called()} solution {wanted.number} --peek says all."
        )
        return plain.refuse(Refusal(f"step {wanted.number} is not green yet.", next_step=hint))
    try:
        notes, diff = _shown(found, wanted)
    except (OSError, ValueError) as error:
        what = f"the solution cannot be read ({error})."
        return plain.refuse(Refusal(what, next_step="Check the kit out again, or install it anew."))
    show_markdown(notes, diff)
    return 0


def _shown(found: Opened, step: Step) -> tuple[str, list[str]]:
    """Why it looks so, and what differs from the step's start, line by line."""
    folder = found.kit.solutions / step.slug
    after = checkpoint_files(folder)
    before = start_of(found.kit, step)
    notes = (folder / NOTES).read_text(encoding="utf-8")
    diff = solution_diff(*({n: p.read_bytes() for n, p in f.items()} for f in (before, after)))
    return notes, [
        "",
        *(_coloured(line) for line in diff),
        *plain.pointers(files=shown_path(folder)),
    ]


def _coloured(line: str) -> str:
    if line.startswith(("+++", "---")):
        return plain.coloured(line, "1")
    code = {"+": "32", "-": "31", "@": "36"}.get(line[:1])
    return plain.coloured(line, code) if code else line
