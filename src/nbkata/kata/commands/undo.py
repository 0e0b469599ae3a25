"""`nbkata undo`: what the kit wrote, taken back."""

from typing import Annotated

import typer

from nbkata.common.core.refusal import or_refuse
from nbkata.common.shell.clock import wall_clock
from nbkata.common.shell.paths import shown_path
from nbkata.kata.commands._lights import WorkspaceOption
from nbkata.kata.commands._opened import called, opened
from nbkata.kata.shell.room import report_place
from nbkata.kata.shell.undo import undo as undo_writes
from nbkata.kata.shell.workspace import Workspace
from nbkata.terminal import plain, screen
from nbkata.workspace.core.writes import Snapshot
from nbkata.workspace.shell.snapshots import folder_of, snapshots


def undo(
    number: Annotated[
        int | None,
        typer.Argument(help="Go back to before this write; by default before the last one."),
    ] = None,
    as_list: Annotated[bool, typer.Option("--list", help="The writes that can be undone.")] = False,
    workspace: WorkspaceOption = None,
) -> int:
    """Bring back your files as they were before the kit wrote them.

    What is there now is kept, so that the next undo brings that back.
    """
    found = opened(workspace, whole=False)
    if as_list:
        return _list(found.workspace)
    done = or_refuse(undo_writes(found.workspace, found.kit.kata, number, plain.note))
    first = done.writes[0]
    if done.by is None:
        screen.out.print(f"Nothing to do: your files are as they were before {first.title}.")
        return 0
    screen.out.print(f"Your files are as they were before {_named(done.writes)}.")
    rows = [
        (name, "removed again: it was not there" if kept.after is None else "brought back")
        for name, kept in done.by.files.items()
    ]
    screen.out.print(screen.table_of(rows))
    if done.by.moved:
        report_place(found.kit, found.workspace)
        step = found.workspace.step(found.kit.kata)
        screen.out.print(f"  You are at step {step.number} again: {step.title_inside}.")
    screen.out.print(
        f"  {called()} undo brings that back again (it is kept as number {done.by.number})."
    )
    plain.show(plain.pointers(then=f"{called()} status"))
    return 0


def _named(writes: tuple[Snapshot, ...]) -> str:
    more = f" and {len(writes) - 1} later" if len(writes) > 1 else ""
    return f"{writes[0].title}{more}"


def _list(workspace: Workspace) -> int:
    found = snapshots(workspace.path)
    if not found:
        screen.out.print("The kit has written nothing since the start: there is nothing to undo.")
        return 0
    rows = [
        (
            str(s.number),
            wall_clock(s.time),
            s.title,
            f"{len(s.files)} file{'s'[: len(s.files) != 1]}",
        )
        for s in reversed(found)
    ]
    screen.out.print(screen.table_of(rows))
    home = shown_path(folder_of(workspace.path, found[-1].number).parent)
    screen.out.print(
        f"  {called()} undo takes back the last one, {called()} undo NUMBER all since."
    )
    screen.out.print(f"  The files as they were: {home}", soft_wrap=True)
    return 0
