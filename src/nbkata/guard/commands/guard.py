"""`nbkata guard`: whether a change made the safety net weaker."""

import json
import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from nbkata.child.shell.environ import own_environment
from nbkata.common.core.refusal import Refusal, or_refuse
from nbkata.common.shell.paths import shown_path
from nbkata.guard.core.finding import TO_APPROVE, Finding, Kind
from nbkata.guard.shell.approve import approve as approve_golden
from nbkata.guard.shell.sides import guard as look
from nbkata.terminal import plain
from nbkata.workspace.core.workspace import MARKER
from nbkata.workspace.shell.git import repository_of


class Format(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def guard(  # pylint: disable=too-many-positional-arguments # its options
    base: Annotated[
        str, typer.Option(metavar="REF", help="All that this branch changed since it left REF.")
    ] = "",
    staged: Annotated[bool, typer.Option("--staged", help="What is staged, as in a hook.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Run nbkata check as well: has behaviour moved?")
    ] = False,
    format_: Annotated[Format, typer.Option("--format", help="How to write them.")] = Format.TEXT,
    approve: Annotated[
        str,
        typer.Option(metavar="WHY", help="Approve the golden record as it is now, and say why."),
    ] = "",
    asked: Annotated[
        Path | None,
        typer.Option("--folder", help="The project's folder; by default here, or workspace/."),
    ] = None,
) -> int:
    """Say whether the safety net got weaker: since the last commit, or with --base in a branch.

    Tests deleted, skipped or asking less; tolerances widened; failures swallowed; golden records that
    nobody approved; net and code changed together; code that knows its tests. People and assistants
    are judged alike. Exit codes: 0 as strong as before, 1 weaker, 2 bad input.
    """
    folder = asked or _project(is_hook=staged)
    if not folder.is_dir():
        return plain.refuse(Refusal("there is no such folder.", str(folder), "Check --folder."))
    repository = or_refuse(repository_of(folder))
    if approve:
        is_wanted = repository is None  # what tests expected before, nobody knows
        if repository is not None:
            is_wanted = any(one.kind in TO_APPROVE for one in or_refuse(look(repository, base)))
        return _approve(folder, approve, is_wanted)
    if repository is None and staged:  # a hook that is run on all files
        return 0
    if repository is None:
        where = shown_path(folder)
        return plain.refuse(Refusal("this is in no git repository.", where, "Make one: git init"))
    found = [*or_refuse(look(repository, base, staged)), *(_moved(folder) if check else ())]
    if format_ is Format.JSON:
        print(json.dumps({"findings": [one.as_json() for one in found]}))
    elif format_ is Format.GITHUB:
        plain.show(one.as_github() for one in found)
    else:
        before = f"where this branch left {base}" if base else "at the last commit"
        plain.show([str(one) for one in found] or [f"The safety net is as strong as {before}."])
    return 1 if found else 0


def _approve(folder: Path, why: str, is_wanted: bool) -> int:
    path = or_refuse(approve_golden(folder, why, is_wanted))
    if path is None:
        message = (
            "Nothing to approve: no golden file has changed since it was approved, and no test expects "
            "other values since the last commit. For a whole branch, add --base REF."
        )
    else:
        message = f"Approved, in {shown_path(path)}. Commit it with the golden record."
    plain.show([message])
    return 0


def _project(is_hook: bool) -> Path:
    """Here; but in the kit's own folder the workspace in it, which all other commands mean as well."""
    workspace = Path("workspace")
    if is_hook or Path(MARKER).is_dir() or not (workspace / MARKER).is_dir():
        return Path(".")
    plain.note(f"In {workspace}/:")
    return workspace


def _moved(folder: Path) -> list[Finding]:
    """What `nbkata check` says of behaviour, in a workspace or an adopted project."""
    command = [sys.executable, "-m", "nbkata", "check", "--json"]
    done = subprocess.run(
        command, cwd=folder, check=False, stdin=subprocess.DEVNULL, capture_output=True,
        encoding="utf-8", errors="replace", env=own_environment(),
    )  # fmt: skip
    if done.returncode == 2:
        message = f"nbkata check cannot look: {' '.join(done.stderr.split())}"
        return [Finding(Kind.BEHAVIOUR, message, None, None)]
    light = json.loads(done.stdout)["behaviour"]
    return [] if light["ok"] else [Finding(Kind.BEHAVIOUR, light["message"], None, None)]
