"""Comments on a learner's code, as a facilitator writes them into a file."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# What a new comment file says; these lines are no comments.
HEAD = """\
<!-- Comments for {name}, which go back by: nbkata facilitate review {folder}
A line that begins with a place belongs to it:  src/train.py:12 Why 12?
All else is Markdown, shown above the code. -->
"""


@dataclass(frozen=True, slots=True)
class LineComment:
    """What is said of one line."""

    path: str
    line: int
    code: str  # the line itself; empty if there is no such line
    text: str


@dataclass(frozen=True, slots=True)
class Comments:
    """All that is said of one workspace."""

    general: str  # Markdown
    lines: tuple[LineComment, ...]

    def __bool__(self) -> bool:
        return bool(self.general or self.lines)


def comments_in(text: str, files: Mapping[str, str]) -> Comments:
    """Read a comment file; a line that begins with ``PATH:LINE`` of one of the files belongs to it."""
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    general, found = [], []
    for line in text.splitlines():
        placed = re.match(r"(\S+?):(\d+):?\s+(\S.*)", line)
        if placed is None or placed[1] not in files:
            general.append(line)
            continue
        path, number = placed[1], int(placed[2])
        code = files[path].splitlines()[number - 1 : number] if number else []
        found.append(LineComment(path, number, (code or [""])[0], placed[3]))
    found.sort(key=lambda one: (one.path, one.line))
    return Comments("\n".join(general).strip(), tuple(found))


def groups_of(ids: Sequence[str], alike: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Return all workspaces, those with like solutions together, the largest group first."""
    grouped = {name for group in alike for name in group}
    single = [(name,) for name in ids if name not in grouped]
    return [*sorted(map(tuple, alike), key=len, reverse=True), *single]
