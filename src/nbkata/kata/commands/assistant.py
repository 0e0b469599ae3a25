"""`nbkata assistant`: the editor's AI features in a workspace, off and on."""

from enum import StrEnum
from typing import Annotated

import typer

from nbkata.common.core.refusal import Refusal, or_refuse
from nbkata.common.shell.files import read_file
from nbkata.common.shell.paths import shown_path
from nbkata.kata.commands._lights import WorkspaceOption
from nbkata.kata.commands._opened import called, opened
from nbkata.kata.core.assistant import OFF, SETTINGS, switched
from nbkata.kata.shell.settings import editor_settings
from nbkata.kata.shell.workspace import write
from nbkata.terminal import plain
from nbkata.workspace.core.writes import Write


class Switch(StrEnum):
    """What is wanted."""

    OFF = "off"
    ON = "on"


def assistant(
    switch: Annotated[Switch, typer.Argument(help="off or on.")],
    workspace: WorkspaceOption = None,
) -> int:
    """Switch AI features and inline suggestions of VS Code and PyCharm off or on, in this workspace.

    Ghost text solves a step or a drill for you. Your other projects are not touched; nbkata undo
    takes it back.
    """
    found = opened(workspace, whole=False)
    path = found.workspace.path / SETTINGS
    try:
        text = read_file(path).decode("utf-8") if path.exists() else editor_settings(SETTINGS)
    except (OSError, UnicodeDecodeError) as error:
        return plain.refuse(Refusal(f"it cannot be read ({error}).", shown_path(path)))
    files = switched(text, switch is Switch.ON)
    if files is None:
        keys = ", ".join(OFF)
        what = "this is no plain JSON, and is left alone."
        return plain.refuse(Refusal(what, shown_path(path), f"Set it there yourself: {keys}"))
    done = or_refuse(write(found.workspace, Write(f"assistant {switch}", files), "", plain.note))
    state = f"AI features are {switch} in {found.workspace.path}, for VS Code and PyCharm."
    plain.show([state if done else f"Nothing to do: {state}"])
    if found.workspace.path.resolve().is_relative_to(found.kit.root.resolve()):
        plain.show(
            ["It counts if you open that folder itself in your editor, not the one around it."]
        )
    plain.show(plain.pointers(back=f"{called()} undo"))
    return 0
