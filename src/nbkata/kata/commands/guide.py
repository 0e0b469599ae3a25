"""`nbkata guide`: a step's guide, with the keys of your editor in it."""

from typing import Annotated

import typer

from nbkata.common.core.refusal import or_refuse
from nbkata.kata.commands._lights import WorkspaceOption
from nbkata.kata.commands._opened import called, opened
from nbkata.kata.shell.guides import read_guide, with_keys
from nbkata.terminal import plain
from nbkata.terminal.markdown import show_markdown


def guide(
    step: Annotated[str, typer.Argument(help="The step; by default the one you are at.")] = "",
    workspace: WorkspaceOption = None,
) -> int:
    """Show a step's guide: goal, why, moves, when it is done.

    Its keys are those of your editor: nbkata drill --ide pycharm changes which, for good.
    """
    found = opened(workspace, whole=False)
    wanted = found.step(step)
    text = or_refuse(read_guide(found.kit, wanted))
    after = plain.pointers(hint=f"{called()} hint", check=f"{called()} check")
    show_markdown(with_keys(text, found.kit, found.workspace.path), after)
    return 0
