"""What every command about a workspace begins with. It imports neither typer nor rich."""

import os
import sys
from pathlib import Path
from typing import NamedTuple

from nbkata.common.core.command_line import quoted
from nbkata.common.core.refusal import or_refuse
from nbkata.common.shell.paths import shown_path
from nbkata.kata.core.kata import Step
from nbkata.kata.shell.kit import Kit, kit_around
from nbkata.kata.shell.workspace import Workspace, find_workspace
from nbkata.terminal import plain


class Opened(NamedTuple):
    """The kit and the learner's workspace."""

    kit: Kit
    workspace: Workspace

    def step(self, wanted: str) -> Step:
        """The one named, or the one where the learner is."""
        kata = self.kit.kata
        return or_refuse(kata.step(wanted)) if wanted else self.workspace.step(kata)


def opened(asked: Path | None, whole: bool = True) -> Opened:
    """The kit and the workspace asked for, or the nearest; ``whole``: refuse one that lost files."""
    kit = or_refuse(kit_around(asked))
    return Opened(kit, or_refuse(find_workspace(kit, asked, plain.note, whole)))


def called() -> str:
    """How this person calls the command: by name, or by path where the name is not found."""
    names = ("nbkata", "nbkata.exe")
    places = os.environ.get("PATH", "").split(os.pathsep)
    if any(os.path.isfile(os.path.join(place, name)) for place in places for name in names):
        return "nbkata"
    return quoted(shown_path(Path(sys.executable).with_name("nbkata")))
