"""Installing the workspace's git hook, and running what it runs."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from nbkata.child.shell.environ import QUIET, own_environment
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import read_file, write_atomically
from nbkata.common.shell.paths import shown_path
from nbkata.kata.core.hooks import OURS, Hook, hooks_in, script
from nbkata.kata.shell.kit import Kit
from nbkata.kata.shell.workspace import Workspace, write
from nbkata.workspace.core.workspace import MARKER
from nbkata.workspace.core.writes import Write
from nbkata.workspace.shell.git import Repository, without_git_variables
from nbkata.workspace.shell.transaction import refusal_of

CONFIGURATION = ".pre-commit-config.yaml"


@dataclass(frozen=True, slots=True)
class Ran:
    """One hook on the files of a commit."""

    hook: Hook
    ok: bool
    output: str  # what its program printed; nothing if it had no file to look at


def read_hooks(folder: Path) -> tuple[Hook, ...] | Refusal:
    """The hooks that the configuration in a folder asks for."""
    path = folder / CONFIGURATION
    try:
        document = yaml.safe_load(read_file(path).decode("utf-8"))
    except OSError as error:
        what = f"it cannot be read ({error.strerror})."
        return Refusal(what, shown_path(path), "nbkata hooks writes it anew.")
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        what = "this is not YAML (" + " ".join(str(error).split()) + ")."
        return Refusal(what, shown_path(path), "Delete it, and nbkata hooks writes it anew.")
    return hooks_in(document, shown_path(path))


def install(
    kit: Kit, workspace: Workspace, repository: Repository, tell: Callable[[str], None]
) -> Path | Refusal:
    """Write git's pre-commit script, and the configuration if there is none. Return its path."""
    path = repository.hooks / "pre-commit"
    used = repository.hooks_in_use / "pre-commit"
    text = script(Path(sys.executable).as_posix(), repository.place, MARKER)
    line = text.splitlines()[-1].removeprefix("exec ")
    real = Path(os.path.realpath(used))
    if real != Path(os.path.realpath(path.parents[1]), path.parent.name, path.name):
        what = (
            f"git runs {real} here, and not a hook of this repository alone: nothing was installed."
        )
        hint = f"Before a commit run {line}, or add that line to the hook there."
        return Refusal(what, shown_path(path), hint)
    if not (workspace.path / CONFIGURATION).exists():
        files = {CONFIGURATION: kit.settings_files[CONFIGURATION].read_bytes()}
        written = write(workspace, Write("hooks", files), "", tell)
        if isinstance(written, Refusal):
            return written
    hooks = read_hooks(workspace.path)
    if isinstance(hooks, Refusal):
        return hooks
    try:
        if path.exists() and OURS not in path.read_text(encoding="utf-8", errors="replace"):
            what = "there is a hook already, and it is not nbkata's."
            return Refusal(what, shown_path(path), f"Add this line to it: {line}")
        write_atomically(path, text.encode("utf-8"))
        path.chmod(0o755)
    except OSError as error:
        return refusal_of(error, path)
    return path


def run(workspace: Workspace, hooks: Sequence[Hook], paths: Sequence[str]) -> list[Ran]:
    """Run each hook on the paths that are its business, in the workspace."""
    ran = []
    for hook in hooks:
        command = hook.on(paths)
        if command[:1] == ("python",):
            command = (sys.executable, *command[1:])
        ran.append(_run(workspace, hook, command))
    return ran


def _run(workspace: Workspace, hook: Hook, command: Sequence[str]) -> Ran:
    if not command:
        return Ran(hook, True, "")
    try:
        done = subprocess.run(
            command, cwd=workspace.path, check=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
            env=without_git_variables({**own_environment(), **QUIET}),
        )  # fmt: skip
    except OSError as error:
        return Ran(hook, False, f"{command[0]} cannot be run ({error.strerror}).")
    return Ran(hook, done.returncode == 0, done.stdout.strip())
