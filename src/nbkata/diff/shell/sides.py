"""The two sides of `nbkata diff`: which files a word stands for, and what is in them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbkata.common.core.refusal import Refusal
from nbkata.diff.core.difference import Content, FileChange, Pairs, changes
from nbkata.kata.core.kata import Kata, Step, Subject
from nbkata.kata.shell.checkpoint import checkpoint_files, own_files, start_of
from nbkata.kata.shell.kit import Kit
from nbkata.kata.shell.step_start import own_start
from nbkata.kata.shell.workspace import Workspace, find_workspace
from nbkata.notebook.core.notebook import Cell, CellKind
from nbkata.notebook.shell.notebook_files import read_notebook
from nbkata.notebook.shell.text_files import read_bytes
from nbkata.workspace.core.workspace import MARKER

# Of a text; a bigger one is only said to differ.
MOST_BYTES = 1_000_000
# Two texts of that many lines, all of them different, take 3 s to compare.
MOST_LINES = 20_000
WORDS = ("workspace", "notebook")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two."""

    label: str  # as a diff's ``---`` line begins: ``06-titles``
    files: dict[str, Path]  # by their path in the workspace; a single file by its own name
    is_file: bool = False


def two_sides(
    kit: Kit, words: Sequence[str], workspace: Path | None
) -> tuple[Side, Side] | Refusal:
    """What two words, one or none stand for; one is compared with the workspace."""
    if not words:
        found = find_workspace(kit, workspace)
        return found if isinstance(found, Refusal) else _since_the_start(kit, found)
    sides = []
    for word in (*words, "workspace")[:2]:
        side = _side(kit, word, workspace)
        if isinstance(side, Refusal):
            return side
        sides.append(side)
    return _side_by_side(kit.kata, sides[0], sides[1])


def start_and_end(kit: Kit, step: Step) -> tuple[Side, Side]:
    """A step of the kit's own: what it starts from, and its solution."""
    before = kit.kata.before(step)
    return Side(before.slug if before else "start", start_of(kit, step)), _checkpoint(kit, step)


def _since_the_start(kit: Kit, workspace: Workspace) -> tuple[Side, Side]:
    """The current step's start: the learner's own files when the step before was green."""
    mine = Side("workspace", own_files(workspace.path))
    step = workspace.step(kit.kata)
    place = kit.kata.steps.index(step)
    if place == 0 and kit.is_adopted:
        return Side("as-adopted", checkpoint_files(kit.adopted_files)), mine
    if place == 0:
        started = {n: p for n, p in kit.start_files.items() if n == kit.kata.notebook}
        return Side("start", started), mine
    before = kit.kata.steps[place - 1]
    folder = own_start(kit, workspace, step)
    if folder is None and kit.is_adopted:
        return Side("as-adopted", checkpoint_files(kit.adopted_files)), mine
    if folder is None:
        return _checkpoint(kit, before), mine
    return Side(f"since-{before.slug}", checkpoint_files(folder)), mine


def _side(kit: Kit, word: str, workspace: Path | None) -> Side | Refusal:
    if word == "workspace":
        found = find_workspace(kit, workspace)
        return found if isinstance(found, Refusal) else Side("workspace", own_files(found.path))
    if word == "notebook":
        return Side("start", {kit.kata.notebook: kit.root / kit.kata.notebook}, is_file=True)
    step = kit.kata.step(word)
    if isinstance(step, Step):
        return _checkpoint(kit, step)
    path = Path(word)
    if path.is_dir():
        is_workspace = (path / MARKER).is_dir()
        files = own_files(path) if is_workspace else _plain_files(path)
        return Side(_label(path), files)
    if path.exists():
        return Side(_label(path.absolute().parent), {path.name: path}, is_file=True)
    what = f"'{word}' is no step, and there is no such file or folder."
    steps = kit.kata.steps_like(word)
    return Refusal(what, next_step=f"{steps} Or name workspace, notebook, or a path.")


def _checkpoint(kit: Kit, step: Step) -> Side:
    return Side(step.slug, checkpoint_files(kit.solutions / step.slug))


def _plain_files(folder: Path) -> dict[str, Path]:
    files = checkpoint_files(folder)
    return {name: path for name, path in files.items() if not f"/{name}".count("/.")}


def _label(path: Path) -> str:
    return path.resolve().name or "root"


def _side_by_side(kata: Kata, old: Side, new: Side) -> tuple[Side, Side] | Refusal:
    """If one side is a file, the other is the file that stands for it there."""
    if old.is_file and new.is_file:
        (name,) = new.files
        return Side(old.label, {name: next(iter(old.files.values()))}, True), new
    if old.is_file:
        chosen = _counterpart(kata, old, new)
        return chosen if isinstance(chosen, Refusal) else _renamed(old, chosen)
    if new.is_file:
        chosen = _counterpart(kata, new, old)
        return chosen if isinstance(chosen, Refusal) else _renamed(chosen, new)
    return old, new


def _renamed(old: Side, new: Side) -> tuple[Side, Side]:
    """Both under the name that the new one has."""
    (name,), (path,) = new.files, old.files.values()
    return Side(old.label, {name: path}, True), new


def _counterpart(kata: Kata, file: Side, folder: Side) -> Side | Refusal:
    """The file of that name; for a notebook that is gone there, the script it became."""
    (name,) = file.files
    same = [n for n in folder.files if n == name or n.rpartition("/")[2] == Path(name).name]
    scripts = [b.file for b in kata.behaviours if b.subject is Subject.SCRIPT]
    if not same and name.endswith(".ipynb"):
        same = [n for n in folder.files if n in scripts]
    if not same:
        what = f"there is no {Path(name).name} in {folder.label}."
        return Refusal(what, next_step="Name two files, or two folders.")
    return Side(folder.label, {same[0]: folder.files[same[0]]}, True)


def differences(old: Side, new: Side) -> tuple[FileChange, ...] | Refusal:
    """All that differs between them."""
    sides: list[dict[str, Content]] = []
    for side in (old, new):
        contents: dict[str, Content] = {}
        for name, path in side.files.items():
            content = _read(path)
            if isinstance(content, Refusal):
                return content
            contents[name] = content
        sides.append(contents)
    return changes(sides[0], sides[1], _paired_cells)


def _read(path: Path) -> Content | Refusal:
    raw = read_bytes(path)
    if isinstance(raw, Refusal):
        return raw
    digest = hashlib.sha256(raw).hexdigest()
    if path.suffix == ".ipynb":
        notebook = read_notebook(path)
        if isinstance(notebook, Refusal):
            return Content(unshown=notebook.what.rstrip("."), digest=digest)
        return Content(cells=notebook.cells)
    if len(raw) > MOST_BYTES or raw.count(b"\n") > MOST_LINES:
        return Content(unshown=f"{len(raw) / 1e6:.1f} MB", digest=digest)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        return Content(unshown=f"binary, {len(raw):,} bytes", digest=digest)
    return Content(text.replace("\r\n", "\n").replace("\r", "\n"))


def _paired_cells(old: Sequence[Cell], new: Sequence[Cell]) -> Pairs:
    """Which cells belong together, as nbdime sees it: by likeness, in order."""
    if [(c.kind, c.source) for c in old] == [(c.kind, c.source) for c in new]:
        return [(number, number) for number in range(len(old))]
    # pylint: disable-next=import-outside-toplevel # 2 s, for notebooks that differ alone
    from nbdime.diffing.notebooks import diff_notebooks

    pairs: list[tuple[int | None, int | None]] = []
    before, after = 0, 0

    def both_until(end: int) -> None:
        nonlocal before, after
        while before < end:
            pairs.append((before, after))
            before, after = before + 1, after + 1

    found = diff_notebooks(_for_nbdime(old), _for_nbdime(new))
    for step in next((entry.diff for entry in found if entry.key == "cells"), ()):
        both_until(step.key)
        if step.op == "removerange":
            pairs += [(before + number, None) for number in range(step.length)]
            before += step.length
        elif step.op == "addrange":
            pairs += [(None, after + number) for number in range(len(step.valuelist))]
            after += len(step.valuelist)
    both_until(len(old))
    return pairs


def _for_nbdime(cells: Sequence[Cell]) -> dict[str, Any]:
    """The cells alone, without what they show: that is not compared."""
    documents: list[dict[str, Any]] = []
    for cell in cells:
        document: dict[str, Any] = {"cell_type": cell.kind.value, "metadata": {}}
        if cell.kind is CellKind.CODE:
            document |= {"outputs": [], "execution_count": None}
        if cell.cell_id:
            document["id"] = cell.cell_id
        documents.append(document | {"source": cell.source})
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": documents}
