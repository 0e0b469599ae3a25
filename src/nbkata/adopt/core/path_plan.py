"""Where the files of a notebook go in its workspace, and the code with its paths led there."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from nbkata.adopt.core.paths import DATA, PathUse, Use, with_texts


@dataclass(frozen=True, slots=True)
class Copy:
    """A file or folder for the workspace."""

    source: str
    target: str  # in the workspace, with forward slashes: ``data/train.csv``


@dataclass(frozen=True, slots=True)
class PathPlan:
    """Where every path leads in the workspace."""

    literals: Mapping[str, str]
    copies: tuple[Copy, ...]
    missing: tuple[PathUse, ...]  # read, but not found; each text once
    folders: tuple[str, ...] = ()  # to be made empty, for what is written


def path_plan(
    uses: Sequence[PathUse], found: Mapping[str, str], folders: frozenset[str]
) -> PathPlan:
    """``found`` maps a path's text to the file or folder it stands for; ``folders`` are those."""
    literals: dict[str, str] = {}
    copies: dict[str, Copy] = {}
    written = {use.text for use in uses if use.use is Use.WRITE}
    missing: dict[str, PathUse] = {}
    made: dict[str, None] = {}
    roots = {use.root for use in uses if use.text in found and found[use.text] in folders}
    tails = {_slashed(u.text)[len(u.root) :].strip("/") for u in uses if u.text != u.root}
    shared = {use.root for use in uses if use.use is Use.READ and use.text not in written}
    for use in uses:
        if use.use is Use.MENTIONED and use.text in tails:
            continue  # it is added to a folder's path, which leads into the workspace already
        if use.use is Use.WRITE or use.text in written:
            new = _output(use.root)
            rest = _slashed(use.text)[len(use.root) :].strip("/")
            if new != use.root:  # what is read from there is in the data folder
                new = new.replace("output", "data", 1) if rest and use.root in shared else new
                literals.setdefault(use.root, new)
            folder = str(PurePosixPath(literals.get(use.root, use.root), rest).parent)
            if folder not in (".", "") and not folder.startswith(("/", "..")):
                made[folder] = None
        elif use.text in found:
            source = found[use.text]
            if source in folders:
                target = "data" if len(roots) < 2 else f"data/{PurePosixPath(source).name}"
            else:
                rest = _slashed(use.text)[len(_slashed(use.root)) :].strip("/")
                target = f"data/{rest or PurePosixPath(source).name}"
            taken = copies.get(target)
            if taken is not None and taken.source != source and source not in folders:
                parts = PurePosixPath(source).parts
                target = f"data/{parts[-2]}/{parts[-1]}"
            copies[target] = Copy(source, target)
            kept = target if use.root == use.text else "data"
            end = "/" if use.root.endswith(("/", "\\")) else ""
            literals[use.root] = kept.rstrip("/") + end
        elif use.use is Use.READ and use.whole and DATA.search(use.text):
            missing.setdefault(use.text, use)
    return PathPlan(literals, tuple(copies.values()), tuple(missing.values()), tuple(made))


def _slashed(text: str) -> str:
    return text.replace("\\", "/")


def _output(text: str) -> str:
    """Where something is written: beside the data, never outside of the workspace."""
    plain = _slashed(text)
    if not re.match(r"(/|\.\./|[A-Za-z]:/|~)", plain):
        return text
    name = plain.rstrip("/").rpartition("/")[2]
    return (
        f"output/{name}" if DATA.search(name) else "output" + ("/" if plain.endswith("/") else "")
    )


def with_paths(code: str, uses: Sequence[PathUse], cell: int, literals: Mapping[str, str]) -> str:
    """The cell's code with its path literals leading into the workspace."""
    roots = {use.root for use in uses if use.root in literals}
    here = {use.line for use in uses if use.cell == cell}

    def moved(text: str, line: int) -> str:
        is_path = line in here or "/" in _slashed(text) or DATA.search(text)
        return literals[text] if is_path and text in roots else text

    return with_texts(code, moved, lambda text: repr(text).replace("'", '"'))
