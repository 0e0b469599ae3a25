"""Copies of the learner's folder that runs may use up, restored after each."""

import os
import shutil
from pathlib import Path

from nbkata.common.shell.walk import Wanted, but, copy_files, walk

LEFT_OUT = {
    ".git", ".hg", "__pycache__", ".ipynb_checkpoints", ".pytest_cache", ".mypy_cache", ".tox",
    ".nox", ".ruff_cache", "node_modules", ".nbkata", ".hypothesis", "mutants", ".idea", ".vscode",
}  # fmt: skip
# More is not copied: the folder is no project but a disk.
MOST_BYTES = 2_000_000_000


def size_to_copy(folder: Path) -> int:
    """Bytes of what a copy would hold; stops counting if it is too much."""
    total = 0
    for found in walk(folder, _but_caches(folder), through_links=True):
        total += 0 if found.is_folder else found.stat.st_size
        if total > MOST_BYTES:
            break
    return total


def copy_folder(source: Path, target: Path) -> None:
    """Copy without version control, environments and caches; links are followed."""
    copy_files(source, target, _but_caches(source))


def _but_caches(folder: Path) -> Wanted:
    kept = but(LEFT_OUT)
    return lambda path: kept(path) and not os.path.exists(folder / path / "pyvenv.cfg")


class ScratchCopy:
    """One copy, with what it must look like before each run."""

    def __init__(self, pristine: Path, root: Path) -> None:
        self.pristine = pristine
        self.root = root
        copy_folder(pristine, root)
        self.manifest = _manifest(root)

    def restore(self) -> None:
        """Bring back what a run changed or deleted, remove what it left."""
        now = _manifest(self.root)
        for name in now.keys() - self.manifest.keys():
            (self.root / name).unlink(missing_ok=True)
        for name, state in self.manifest.items():
            if now.get(name) != state:
                target = self.root / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(self.pristine / name, target)
                self.manifest[name] = _state(target)


def _manifest(root: Path) -> dict[str, tuple[int, int]]:
    return {
        os.path.relpath(os.path.join(path, name), root): _state(os.path.join(path, name))
        for path, _, names in os.walk(root)
        for name in names
    }


def _state(path: str | Path) -> tuple[int, int]:
    try:
        state = os.stat(path)
    except OSError:
        return (-1, -1)
    return (state.st_size, state.st_mtime_ns)
