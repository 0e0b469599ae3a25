"""`nbkata diff`: what differs between two steps, the workspace, notebooks or files."""

from pathlib import Path
from typing import Annotated

import typer

from nbkata.common.core.refusal import or_refuse
from nbkata.diff.commands import _diff_screen
from nbkata.diff.shell.sides import differences, two_sides
from nbkata.kata.commands._lights import WorkspaceOption
from nbkata.kata.commands._opened import called
from nbkata.kata.core.kata import Kata, Step
from nbkata.kata.shell.kit import kit_around
from nbkata.kata.shell.workspace import workspace_folder
from nbkata.terminal.written import OpenOption


def diff(
    one: Annotated[str, typer.Argument(metavar="A", help="The old side.")] = "",
    other: Annotated[str, typer.Argument(metavar="B", help="The new side.")] = "",
    html: Annotated[Path | None, typer.Option(help="Write a page to this file.")] = None,
    show: OpenOption = False,
    in_ide: Annotated[bool, typer.Option("--in-ide", help="Show it in your IDE.")] = False,
    ide: Annotated[str, typer.Option(help="vscode or pycharm; remembered.")] = "",
    workspace: WorkspaceOption = None,
) -> int:
    """Show what differs: nbkata diff 06 07, nbkata diff 06 (against your workspace).

    nbkata diff alone: what you changed since your step began.

    A and B are steps (06, 06-titles: as they are at their end), workspace, notebook (the mess as
    you met it), or paths. Of notebooks the cells are compared, not what they show. In a pipe it
    is a diff that patch -p1 reads. Exit codes: 0 no difference, 1 differences, 2 bad input.
    """
    kit = or_refuse(kit_around(workspace))
    old, new = or_refuse(two_sides(kit, [word for word in (one, other) if word], workspace))
    found = or_refuse(differences(old, new))
    ways = _ways(kit.kata, one, other)
    how = _diff_screen.Shown(html, show, in_ide, ide, ways=ways)
    if failed := _diff_screen.present(found, (old, new), how, workspace_folder(kit, workspace)):
        return failed
    return 1 if found else 0


def _ways(kata: Kata, one: str, other: str) -> dict[str, str]:
    """The commands that show the differences before and after, if two steps follow each other."""
    old, new = kata.step(one), kata.step(other)
    if not isinstance(old, Step) or not isinstance(new, Step) or kata.after(old) != new:
        return {}
    pairs = {"Before": (kata.before(old), old), "After": (new, kata.after(new))}
    return {
        word: f"{called()} diff {a.number} {b.number} --open"
        for word, (a, b) in pairs.items()
        if a and b
    }
