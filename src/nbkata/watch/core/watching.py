"""What `nbkata watch` does about a change of files: decided from what was there and what is now."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import NamedTuple

SOURCES = (".py", ".ipynb", ".toml", ".cfg", ".ini")
LEFT_ALONE = {"__pycache__", "node_modules", "venv", "env"}
TEMPORARY = ("~", ".swp", ".swx", ".tmp", ".bak", ".part", ".pyc", ".crswap")
# Files that a line names; of more it tells the number.
MOST_NAMED = 3


class Content(NamedTuple):
    """A file's content, as far as it matters."""

    code: str  # A digest of all of it; of a notebook, of its cells' text
    shown: str = ""  # of a notebook: a digest of its outputs and counts


# By path in the workspace, with forward slashes.
Files = Mapping[str, Content]


@dataclass(frozen=True, slots=True)
class Change:
    """What has to be looked at anew."""

    names: tuple[str, ...] = ()  # the files that changed, came or went, sorted
    runs: bool = False  # whether code or data changed: the notebook, script or seam is run again
    # Whether tests or a notebook's outputs changed: without `runs`, only the shape is looked at
    # again, beside what the last run gave.
    shape: bool = False
    drills: tuple[str, ...] = ()  # the folders of the drills in which something changed

    def __bool__(self) -> bool:
        return self.looks or bool(self.drills)

    def __add__(self, other: "Change") -> "Change":
        """Both, for changes that came while one was looked at."""
        return Change(
            tuple(sorted({*self.names, *other.names})),
            self.runs or other.runs,
            self.shape or other.shape,
            tuple(sorted({*self.drills, *other.drills})),
        )

    @property
    def looks(self) -> bool:
        """Whether the step's lights are looked at: not where only a drill was saved."""
        return self.runs or self.shape

    @property
    def summary(self) -> str:
        """``src/train.py, tests/test_features.py``, and how many more."""
        named = ", ".join(self.names[:MOST_NAMED])
        more = len(self.names) - MOST_NAMED
        return named + (f" and {more} more" if more > 0 else "")


# For the first look, and for a person who asks for another.
EVERYTHING = Change(runs=True)


def change_between(before: Files, now: Files, while_running: bool = False) -> Change:
    """What a learner's save asks for.

    What a run writes beside the sources (a model, a table in ``data/``) must not start the next
    run: ``while_running`` leaves that out.
    """
    names = {name for name in {*before, *now} if before.get(name) != now.get(name)}
    if while_running:
        names = {name for name in names if _only_people_write(name)}
    drills = {parts[1] for name in names if (parts := name.split("/"))[0] == "drills" and parts[2:]}
    rest = {name for name in names if not name.startswith("drills/")}
    shape = {
        name
        for name in rest
        if name.startswith("tests/") or _same_code(before.get(name), now.get(name))
    }
    return Change(tuple(sorted(names)), bool(rest - shape), bool(shape), tuple(sorted(drills)))


def is_watched(path: str) -> bool:
    """Whether a path in the workspace is worth a look; of a folder, whether its files may be."""
    name = path.rpartition("/")[2]  # a path object takes ten times as long, for each file and look
    if name.startswith(".") or name in LEFT_ALONE or name.endswith(TEMPORARY) or name == "4913":
        return False  # vim tries with a file 4913 whether it may write
    return not (name.startswith("#") or name.endswith(".md"))


def _only_people_write(name: str) -> bool:
    return name.startswith(("tests/", "drills/")) or PurePosixPath(name).suffix in SOURCES


def _same_code(old: Content | None, new: Content | None) -> bool:
    return old is not None and new is not None and old.code == new.code
