"""Reading what is asked for: files and folders, notebooks and scripts."""

import io
import os
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from nbkata.core.refusal import Refusal
from nbkata.core.smells.finding import Unread
from nbkata.core.smells.source import Source, source_of_notebook, source_of_script
from nbkata.shell.notebook_files import read_notebook

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
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if name not in _NOT_YOURS and not name.startswith(".")
        )
        for name in sorted(names):
            if name.endswith((".ipynb", ".py")) and ".smells." not in name:
                yield Path(root, name)


def _is_excluded(path: Path, patterns: Sequence[str]) -> bool:
    return any(fnmatch(path.as_posix(), pattern) for pattern in patterns)


def read_source(path: Path, name: str) -> tuple[Source, str] | Unread:
    """A file ready for the detectors, with a note on what was done to read it."""
    if path.suffix.lower() == ".py":
        return _read_script(path, name)
    notebook = read_notebook(path)
    if isinstance(notebook, Refusal):
        return Unread(name, f"{notebook.what} {notebook.next_step}".strip())
    if not notebook.language.startswith(("python", "ipython")):
        what = f"its kernel runs {notebook.language}, not Python. Name a Python notebook."
        return Unread(name, what)
    if not notebook.code_cells:
        return Unread(name, "it has no code cells. Name another notebook.")
    note = ""
    if notebook.upgraded_from is not None:
        note = f"{name}: read as nbformat 4 (it is nbformat {notebook.upgraded_from} on disk)."
    return source_of_notebook(notebook, name), note


def _read_script(path: Path, name: str) -> tuple[Source, str] | Unread:
    try:
        content = path.read_bytes()
    except OSError as error:
        return Unread(name, f"it cannot be read ({error.strerror}). Check its permissions.")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        text = content.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        what = "this is not UTF-8 text, and it declares no other encoding. Save it as UTF-8."
        return Unread(name, what)
    return source_of_script(text, name), ""
