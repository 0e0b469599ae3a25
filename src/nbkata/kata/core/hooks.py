"""Git hooks as code: what ``.pre-commit-config.yaml`` says, and the script that git calls.

Of pre-commit's format this is the part that local hooks need: ``entry``, ``files``,
``pass_filenames``, ``always_run``. pre-commit itself reads the file as well, but is not what runs it: it wants
a repository with the workspace at its top, puts unstaged edits aside while the hooks run (under an editor and
`nbkata watch`), and brings eight packages, while editors' tasks still need the reading.
"""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbkata.common.core.refusal import Refusal

# The line that tells our script from one of the learner's.
OURS = "# written by nbkata hooks"


@dataclass(frozen=True, slots=True)
class Hook:
    """One check."""

    name: str
    command: tuple[str, ...]
    files: str  # A regular expression for the paths that it is about
    takes_files: bool
    always_runs: bool = False

    def on(self, paths: Sequence[str]) -> tuple[str, ...]:
        """The command for these paths; empty where none of them is its business."""
        mine = [path for path in paths if re.search(self.files, path)]
        if not mine and not self.always_runs:
            return ()
        return (*self.command, *mine) if self.takes_files else self.command


def hooks_in(document: object, path: str) -> tuple[Hook, ...] | Refusal:
    """The local hooks of a parsed configuration; ``path`` is for the message."""
    try:
        assert isinstance(document, Mapping)
        local = [repo for repo in document["repos"] if repo["repo"] == "local"]
        found = tuple(_hook(hook) for repo in local for hook in repo["hooks"])
    except (AssertionError, KeyError, TypeError, ValueError, re.error) as error:
        what = f"this is no pre-commit configuration ({type(error).__name__}: {error})."
        return Refusal(what, path, "Delete it, and nbkata hooks writes it anew.")
    return found or Refusal("it has no local hook.", path, "Delete it, and run nbkata hooks.")


def script(python: str, workspace: str, marker: str) -> str:
    """The file ``hooks/pre-commit``; ``workspace`` is its place in the repository, or ``.``.

    Without the workspace (another branch, another working tree) or the kit, commits go on. ``marker``
    is the folder in a workspace that shows what it is.
    """
    there = shlex.quote(f"{workspace}/{marker}")
    python = shlex.quote(python)
    gone = "nbkata is gone, and nobody looked at this commit. Its hook: $0"
    return "\n".join(
        [
            "#!/bin/sh",
            f"{OURS}; .pre-commit-config.yaml says what it checks",
            f"[ -d {there} ] || exit 0",
            f'command -v {python} >/dev/null || {{ echo "{gone}" >&2; exit 0; }}',
            f"exec {python} -m nbkata hooks --run --workspace {shlex.quote(workspace)}\n",
        ]
    )


def _hook(entry: Mapping[str, Any]) -> Hook:
    files = str(entry.get("files", ""))
    re.compile(files)
    return Hook(
        name=str(entry.get("name", entry["id"])),
        command=tuple(shlex.split(str(entry["entry"]))),
        files=files,
        takes_files=entry.get("pass_filenames", True) is True,
        always_runs=entry.get("always_run", False) is True,
    )
