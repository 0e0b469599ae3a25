"""A checkpoint as a workspace: the solution's files, beside the data that it does not carry."""

import hashlib
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from nbkata.common.shell.walk import but, files_in
from nbkata.guard.core.paths import APPROVALS, is_golden
from nbkata.kata.core.kata import Step
from nbkata.kata.shell.kit import Kit

# What of a workspace a checkpoint tells; the rest is the kit's, and the same at every step.
OURS = ("notebooks", "src", "tests", "review", "BUGS.md")
# Why the checkpoint looks so: for its readers, not a part of the workspace.
NOTES = "NOTES.md"


def checkpoint_files(folder: Path) -> dict[str, Path]:
    """The files of a checkpoint by their path in the workspace, with forward slashes."""
    found = files_in(folder, but((NOTES, *_CACHES)))
    return {path.relative_to(folder).as_posix(): path for path in found}


def own_files(workspace: Path) -> dict[str, Path]:
    """All files of the learner's in a workspace by their path in it, with forward slashes."""
    found = {name: workspace / name for name in OURS if (workspace / name).is_file()}
    for name in OURS:
        if (workspace / name).is_dir():
            inside = checkpoint_files(workspace / name)
            found |= {f"{name}/{inner}": path for inner, path in inside.items()}
    return found


def start_of(kit: Kit, step: Step) -> dict[str, Path]:
    """The files that a step starts from: the checkpoint before it, or the messy notebook.

    An adopted workspace has no checkpoints: every step leads back to what was adopted.
    """
    if kit.is_adopted:
        return checkpoint_files(kit.adopted_files)
    before = kit.kata.before(step)
    if before is None:
        return {kit.kata.notebook: kit.start_files[kit.kata.notebook]}
    return checkpoint_files(kit.solutions / before.slug)


def learner_files(kit: Kit, workspace: Path) -> dict[str, Path]:
    """Those of them that the kata is about: what a step may replace or remove."""
    return {
        name: path
        for name, path in own_files(workspace).items()
        if (path.suffix in KINDS or is_golden(name) or name == APPROVALS)
        and not any(part.startswith(".") for part in name.split("/"))
        and (name == kit.kata.notebook or not name.startswith("notebooks/"))
        and not (kit.is_adopted and name.startswith("review/"))  # a folder of their own
    }


# What a checkpoint is made of, beside golden records; other files of the learner's are left alone.
KINDS = (".py", ".ipynb", ".md", ".csv", ".json")


def digest_for(kit: Kit, step: Step, workspace: Path) -> str:
    """Of all that a check of the step may read.

    Notes in Markdown mostly decide no light, and are often written after the verdict: they count only
    if the step's shape tests name them.
    """
    asked = ""
    with suppress(OSError):
        asked = (kit.exercises / step.slug / "test_shape.py").read_text(encoding="utf-8")
    return digest_of(workspace, with_notes=".md" in asked)


def digest_of(workspace: Path, with_notes: bool = False) -> str:
    """Of the names and contents of the learner's files; one that cannot be read is empty."""
    digest = hashlib.sha256()
    for name, path in sorted(own_files(workspace).items()):
        if name.endswith(".md") and not with_notes:
            continue
        try:
            content = path.read_bytes()
        except OSError:
            content = b""
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def lay_out(kit: Kit, step: Step, workspace: Path) -> None:
    """Make what is in a workspace the checkpoint of ``step``. Only for throw-away ones."""
    replace_files(checkpoint_files(kit.solutions / step.slug), workspace)


def replace_files(files: Mapping[str, Path], workspace: Path) -> None:
    """Make these the learner's files of a workspace. Only for throw-away ones."""
    for name in OURS:
        if (workspace / name).is_dir():
            shutil.rmtree(workspace / name)
        (workspace / name).unlink(missing_ok=True)
    for name, source in files.items():
        (workspace / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, workspace / name)


_CACHES = ("__pycache__", ".pytest_cache", ".ipynb_checkpoints")
