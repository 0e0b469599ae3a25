"""`nbkata compare`: two records; or two branches, side by side."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from nbkata.common.core.refusal import Refusal, or_refuse
from nbkata.common.shell.pages import render
from nbkata.common.shell.paths import shown_path
from nbkata.kata.commands._lights import WorkspaceOption
from nbkata.kata.commands._opened import opened
from nbkata.notebook.commands.project_python import PythonOption
from nbkata.record.commands.compare import compare as compare_two_records
from nbkata.report.core.branches import Branches, table
from nbkata.report.shell.branches import compare_branches
from nbkata.terminal import screen
from nbkata.terminal.written import OpenOption, wrote
from nbkata.workspace.shell.git import Repository, repository_of
from nbkata.workspace.shell.outputs import page_path, write_page


def compare(  # pylint: disable=too-many-positional-arguments # its options
    golden: Annotated[str, typer.Argument(help="A record file; or a branch.")],
    now: Annotated[
        str,
        typer.Argument(
            help="Another record, or a notebook or script to run; by default its own. Or a branch."
        ),
    ] = "",
    kernel: Annotated[
        str, typer.Option(help="An installed Python kernel; by default the notebook's own.")
    ] = "",
    timeout: Annotated[int, typer.Option(min=1, help="Seconds that one cell may take.")] = 600,
    python: PythonOption = None,
    html: Annotated[
        Path | None, typer.Option(help="Of branches: write a page to this file.")
    ] = None,
    show: OpenOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    workspace: WorkspaceOption = None,
) -> int:
    """Say whether anything moved since GOLDEN was recorded, and if so, what moved first.

    nbkata compare mine theirs, with two branches of a workspace: behaviour, safety net, size of the
    diff, smells, strength and purity side by side. Exit codes: 0 nothing moved, 1 something did.
    """
    if not now or Path(golden).exists() or Path(now).exists() or Path(golden).suffix == ".json":
        other = Path(now) if now else None
        return compare_two_records(Path(golden), other, kernel, timeout, python, as_json)
    opening = opened(workspace)
    repository = or_refuse(repository_of(opening.workspace.path))
    if not isinstance(repository, Repository):
        where = shown_path(opening.workspace.path)
        return screen.refuse(Refusal("this is in no git repository.", where, "Make one: git init"))
    with screen.look_progress(0) as progress:

        def told(done: int, of: int, name: str) -> None:
            progress.update(progress.task_ids[0], completed=done, total=of, name=name)

        found = or_refuse(
            compare_branches(opening.kit, opening.workspace, repository, (golden, now), told)
        )
    if html or show:
        title = f"{golden} and {now}"
        page = render("report/branches.html", title=title, found=found, rows=list(table(found)))
        path = or_refuse(write_page(html or page_path("nbkata-branches.html"), page))
        wrote(path, show, screen.err)
    if as_json:
        print(json.dumps(found.as_json()))
    else:
        _show(found)
    return 1 if found.moved else 0


def _show(found: Branches) -> None:
    rows = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for head in ("", found.one.name, found.other.name):
        rows.add_column(head)
    for row in table(found):
        rows.add_row(*map(Text, row))
    screen.out.print(rows)
    first = f"Moved first, from {found.one.name} to {found.other.name}: {found.moved}."
    screen.out.print(Text(first if found.moved else "Both give the same results."), soft_wrap=True)
    for branch in (found.one, found.other):
        for finding in branch.weaker:
            screen.out.print(Text(f"{branch.name}: {finding}"), soft_wrap=True)
        for reason in branch.reasons:
            screen.out.print(Text(f"{reason}."), soft_wrap=True)
