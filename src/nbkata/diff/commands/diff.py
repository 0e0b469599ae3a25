"""`nbkata diff`: what differs between two steps, the workspace, notebooks or files."""

from pathlib import Path
from typing import Annotated

import typer

from nbkata.common.core.refusal import or_refuse
from nbkata.diff.commands import _diff_screen
from nbkata.diff.core.difference import with_conversion
from nbkata.diff.shell.difference_page import difference_page
from nbkata.diff.shell.editors import open_differences
from nbkata.diff.shell.sides import differences, two_sides
from nbkata.kata.commands._lights import WorkspaceOption
from nbkata.kata.commands._opened import called
from nbkata.kata.core.kata import Kata, Step
from nbkata.kata.shell.kit import kit_around
from nbkata.kata.shell.workspace import workspace_folder
from nbkata.keys.shell.keymaps import chosen_platform
from nbkata.terminal.written import OpenOption, wrote
from nbkata.workspace.shell.outputs import page_path, write_page


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

    A and B are steps (06, 06-titles: as they stand at the end), workspace, notebook (the mess as
    you met it), or paths. Of notebooks the cells are compared, not what they show. In a pipe it
    is a diff that patch -p1 reads. Exit codes: 0 no difference, 1 differences, 2 bad input.
    """
    kit = or_refuse(kit_around(workspace))
    old, new = or_refuse(two_sides(kit, [word for word in (one, other) if word], workspace))
    found = or_refuse(differences(old, new))
    if in_ide:
        choice = or_refuse(chosen_platform(workspace_folder(kit, workspace), ide, ""))
        opened = or_refuse(
            open_differences(choice.place.ide, [change.name for change in found], old, new)
        )
        _diff_screen.say_opened(opened)
    elif html is not None or show:
        ways = _ways(kit.kata, one, other)
        page = difference_page(with_conversion(found), old.label, new.label, ways)
        written = or_refuse(write_page(html or page_path("nbkata-diff.html"), page))
        if failed := wrote(written, show):
            return failed
    elif _diff_screen.is_watched():
        _diff_screen.show(with_conversion(found), old.label, new.label)
    else:
        _diff_screen.write_plain(found, old.label, new.label)
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
