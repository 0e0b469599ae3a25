"""Which files of a submission are taken into the copy that is checked."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from nbkata.workspace.core.workspace import MARKER

# What of a workspace is the learner's; data and settings come from the kit.
FOLDERS = ("notebooks", "src", "tests")
TAKEN = (*FOLDERS, "review", "BUGS.md")
# Names that Python, pytest or git act on without being asked.
ACTED_ON = frozenset("""
    conftest.py sitecustomize.py usercustomize.py pytest.ini tox.ini setup.cfg pyproject.toml .coveragerc
    .pre-commit-config.yaml
    """.split())
CACHES = frozenset("__pycache__ .pytest_cache .ipynb_checkpoints .mypy_cache .ruff_cache".split())
JOURNAL = f"{MARKER}/journal.jsonl"
# Files, and bytes of all together.
MOST_FILES, MOST_BYTES = 2_000, 100_000_000


def is_outside(name: str) -> bool:
    """Whether a name in an archive leads out of it."""
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in str(path)[:2] or "\0" in name


def root_of(names: Iterable[str]) -> str | None:
    """The folder in an archive that is the workspace, with its slash: the one nearest to the top.

    None if there is none.
    """
    wanted = {MARKER, *FOLDERS}
    found = []
    for name in names:
        parts = name.split("/")
        found += ["/".join(parts[:i]) for i, part in enumerate(parts[:-1]) if part in wanted]
    nearest = min(found, key=lambda path: (path.count("/") + bool(path), path), default=None)
    return nearest if not nearest else f"{nearest}/"


def is_taken(name: str) -> bool:
    """Whether a file of the workspace is looked at: also a notebook that was moved somewhere else."""
    parts = name.split("/")
    is_moved = name.endswith(".ipynb") and not any(part.startswith(".") for part in parts)
    return (
        (parts[0] in TAKEN or is_moved)
        and not CACHES.intersection(parts)
        and not is_acted_on(name)
        and not name.endswith(".pyc")
    )


def is_acted_on(name: str) -> bool:
    """Whether a file could change how a check goes, where nobody asked for it."""
    last = name.rpartition("/")[2]
    return last in ACTED_ON or last.endswith(".pth")


def left_out(names: Iterable[str]) -> tuple[str, ...]:
    """Files that are named to the facilitator because they are not taken; the kit's own settings are usual."""
    usual = ("pyproject.toml", ".pre-commit-config.yaml")
    return tuple(sorted(name for name in names if is_acted_on(name) and name not in usual))[:20]
