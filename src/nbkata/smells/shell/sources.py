"""Reading what is asked for: files and folders, notebooks and scripts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.walk import files_in, visible
from nbkata.notebook.core.texts import script_conflict
from nbkata.notebook.shell.notebook_files import read_python_notebook
from nbkata.notebook.shell.text_files import read_script
from nbkata.smells.core.finding import Unread
from nbkata.smells.core.source import Source, source_of_notebook, source_of_script

_NOT_YOURS = frozenset(
    """__pycache__ node_modules site-packages venv env build dist .git .venv .tox .nox .nbkata
    .mypy_cache .pytest_cache .ipynb_checkpoints""".split()
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The files to look at, and what was named and cannot be."""

    files: tuple[Path, ...]
    refused: tuple[Unread, ...] = ()


def files_asked_for(paths: Sequence[Path], exclude: Sequence[str] = ()) -> Asked:
    """Every notebook and script named, or in a folder named; copies with annotations left out."""
    files: dict[Path, None] = {}
    refused = []
    for path in paths:
        if path.is_dir():
            inside = [file for file in _in_folder(path) if not _is_excluded(file, exclude)]
            files.update(dict.fromkeys(inside))
            if not inside:
                what = "there is no notebook and no .py file in this folder. Name another one."
                refused.append(Unread(str(path), what))
        elif path.suffix.lower() in {".ipynb", ".py"}:
            files[path] = None
        elif path.exists():
            what = "this is neither a notebook (.ipynb) nor a script (.py). Name one of those."
            refused.append(Unread(str(path), what))
        else:
            refused.append(Unread(str(path), "there is no such file or folder. Check the name."))
    return Asked(tuple(files), tuple(refused))


def _in_folder(folder: Path) -> Iterator[Path]:
    for path in files_in(folder, _is_yours):
        if path.name.endswith((".ipynb", ".py")) and ".smells." not in path.name:
            yield path


def _is_yours(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name not in _NOT_YOURS and visible(path)


def _is_excluded(path: Path, patterns: Sequence[str]) -> bool:
    return any(fnmatch(path.as_posix(), pattern) for pattern in patterns)


def read_source(path: Path, name: str) -> tuple[Source, str] | Unread:
    """A file ready for the detectors, with a note on what was done to read it."""
    if path.suffix.lower() == ".py":
        return _read_script(path, name)
    notebook = read_python_notebook(path)
    if isinstance(notebook, Refusal):
        return _unread(notebook, name)
    if not notebook.code_cells:
        return Unread(name, "it has no code cells. Name another notebook.")
    note = ""
    if notebook.upgraded_from is not None:
        note = f"{name}: read as nbformat 4 (it is nbformat {notebook.upgraded_from} on disk)."
    return source_of_notebook(notebook, name), note


def _read_script(path: Path, name: str) -> tuple[Source, str] | Unread:
    text = read_script(path)
    if isinstance(text, Refusal):
        return _unread(text, name)
    conflict = script_conflict(text, name)
    if conflict is not None:
        return _unread(conflict, name)
    return source_of_script(text, name), ""


def _unread(refusal: Refusal, name: str) -> Unread:
    """With the line or cell, if the refusal names one."""
    place = refusal.where.removeprefix(name).lstrip(", ")
    message = (
        f"{place}: {refusal.what}" if place and refusal.where.startswith(name) else refusal.what
    )
    return Unread(name, f"{message} {refusal.next_step}".strip())
