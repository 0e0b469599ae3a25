"""`nbkata hooks`: format, lint and quick tests before each commit."""

from typing import Annotated

import typer

from nbkata.common.core.refusal import Refusal, Refused, or_refuse
from nbkata.common.shell.paths import shown_path
from nbkata.kata.commands._hooks import show_ran
from nbkata.kata.commands._lights import WorkspaceOption
from nbkata.kata.commands._opened import Opened, called, opened
from nbkata.kata.shell.hooks import install, read_hooks
from nbkata.kata.shell.hooks import run as run_hooks
from nbkata.terminal import plain
from nbkata.workspace.shell.git import repository_of


def hooks(
    run: Annotated[
        bool, typer.Option("--run", help="Run them now, on what git has staged.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="With --run: on all files, as a CI server does.")
    ] = False,
    workspace: WorkspaceOption = None,
) -> int:
    """Install a git hook that looks at each commit: format, lint, quick tests.

    What it runs is in the workspace, in .pre-commit-config.yaml. git commit --no-verify goes
    round it.
    """
    found = opened(workspace, whole=False)
    if run:
        return _run(found, everything)
    repository = or_refuse(repository_of(found.workspace.path))
    if repository is None:
        where = shown_path(found.workspace.path)
        return plain.refuse(Refusal("this is in no git repository.", where, "Make one: git init"))
    path = or_refuse(install(found.kit, found.workspace, repository, plain.note))
    plain.show([f"Installed: {shown_path(path)}. Each commit is looked at from now on."])
    plain.show(plain.pointers(now=f"{called()} hooks --run --all"))
    return 0


def _run(found: Opened, everything: bool) -> int:
    hooks_there = or_refuse(read_hooks(found.workspace.path))
    paths = found.workspace.files() if everything else _staged(found)
    ran = run_hooks(found.workspace, hooks_there, paths)
    show_ran(ran)
    return 0 if all(one.ok for one in ran) else 1


def _staged(found: Opened) -> tuple[str, ...]:
    repository = or_refuse(repository_of(found.workspace.path))
    if repository is None:
        hint = f"{called()} hooks --run --all looks at all files."
        raise Refused(Refusal("this is in no git repository.", next_step=hint))
    return or_refuse(repository.staged())
