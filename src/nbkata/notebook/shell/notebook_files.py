"""Reading and writing notebook files."""

import json
import re
from pathlib import Path
from typing import Any

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import write_atomically
from nbkata.notebook.core.notebook import Notebook, foreign_part, notebook_from_json, well_formed
from nbkata.notebook.core.texts import RESTORE, lone_surrogate, not_json, notebook_text
from nbkata.notebook.shell.text_files import other_language, read_bytes


def read_notebook(path: Path) -> Notebook | Refusal:
    """The notebook at ``path``, in whatever language, upgraded in memory if it is older than 4."""
    return _values(read_notebook_json(path))


def read_python_notebook(path: Path) -> Notebook | Refusal:
    """As `read_notebook`; a notebook in another language is refused."""
    return _values(read_python_notebook_json(path))


def _values(document: dict[str, Any] | Refusal) -> Notebook | Refusal:
    if isinstance(document, Refusal):
        return document
    original = document["metadata"].get("orig_nbformat")
    upgraded_from = original if isinstance(original, int) and original < 4 else None
    return notebook_from_json(document, upgraded_from)


def read_python_notebook_json(path: Path) -> dict[str, Any] | Refusal:
    """As `read_notebook_json`; a notebook in another language is refused."""
    document = read_notebook_json(path)
    if isinstance(document, Refusal):
        return document
    return refused_language(document, str(path)) or document


def refused_language(document: dict[str, Any], where: str) -> Refusal | None:
    """Why a well-formed document is never read or run as Python, if it is in another language."""
    language, cell = foreign_part(document)
    if not language:
        return None
    if cell is None:
        step = (
            "Name a Python notebook, or, if it is one, choose a Python kernel for it and save it."
        )
        return Refusal(f"this notebook is in {language}, and nbkata runs Python.", where, step)
    step = "Begin the cell with its magic (%%bash and the like), or turn it into a raw cell."
    what = f"this cell is in {language}, and nbkata runs Python."
    return Refusal(what, f"{where}, cell {cell}", step)


def read_notebook_json(path: Path) -> dict[str, Any] | Refusal:
    """The nbformat 4 document at ``path``, well-formed; one of version 1 to 3 is upgraded.

    An upgraded document carries its old major version as ``metadata.orig_nbformat``.
    """
    text = _read_text(path)
    if isinstance(text, Refusal):
        return text
    if not text.strip():
        return Refusal("the file is empty.", str(path), RESTORE)
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        return not_json(text, error.lineno, str(path))
    except (ValueError, RecursionError) as error:  # an integer of over 4,300 digits; brackets
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        return Refusal(f"this is not a notebook: {reason}.", str(path), RESTORE)
    version = document.get("nbformat") if isinstance(document, dict) else None
    if not isinstance(version, int) or isinstance(version, bool):
        what = "this is JSON, but not a notebook (no nbformat in it)."
        return Refusal(what, str(path), RESTORE)
    if version > 4:
        what = f"nbformat {version} is newer than this kit reads (4)."
        return Refusal(what, str(path), "Save it as nbformat 4 where it was made.")
    if version < 4:
        document = _upgraded(document, path)
    if isinstance(document, Refusal):
        return document
    try:
        document = well_formed(document)
    except ValueError as error:
        return Refusal(f"this is not a notebook: {error}.", str(path), RESTORE)
    return (_no_text(document, str(path)) if _SURROGATE.search(text) else None) or document


def write_notebook_json(path: Path, document: dict[str, Any]) -> None:
    """Write as Jupyter does, whole or not at all."""
    write_atomically(path, notebook_bytes(document))


def notebook_bytes(document: dict[str, Any]) -> bytes:
    """A notebook's file as Jupyter writes it: one space of indent, a line end last."""
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return text.encode("utf-8")


# How JSON writes either half of a character; a whole one is two of these.
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def _no_text(document: dict[str, Any], path: str) -> Refusal | None:
    """Why no program can save or print this notebook: half of a character is in it."""
    for index, cell in enumerate(document["cells"]):
        for part in ("source", "outputs", "metadata", "id", "attachments"):
            half = lone_surrogate(_all_text(cell.get(part)))
            if half:
                step = "Clear the outputs of the cell" if part == "outputs" else "Delete it"
                return _half(half, f"the cell's {part}", f"{path}, cell {index}", step)
    half = lone_surrogate(_all_text({**document, "cells": []}))
    return _half(half, "the notebook's metadata", path, "Delete it") if half else None


def _half(half: str, of_what: str, where: str, step: str) -> Refusal:
    what = f"there is half of a character ({half}) in {of_what}, which is no text."
    return Refusal(what, where, f"{step} in a text editor or in Jupyter, and save it.")


def _all_text(value: Any) -> str:
    """All texts in a value read from JSON, keys included."""
    found, waiting = [], [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, dict):
            waiting += [*item, *item.values()]
        elif isinstance(item, list):
            waiting += item
    return " ".join(found)


def _read_text(path: Path) -> str | Refusal:
    foreign = other_language(path)
    if foreign is not None:
        return foreign
    suffix = path.suffix.lower()
    if suffix in _CONVERTED and path.is_file():
        step = f'Make a notebook of it: {_CONVERTED[suffix]} "{path}"'
        return Refusal("this is a text, not a notebook (.ipynb).", str(path), step)
    raw = read_bytes(path, "Check the name: it ends in .ipynb.")
    if isinstance(raw, Refusal):
        return raw
    return notebook_text(raw, str(path))


# The program that makes a notebook of a text, by the text's suffix.
_CONVERTED = {
    ".qmd": "quarto convert",
    ".md": "jupytext --to ipynb",
    ".markdown": "jupytext --to ipynb",
    ".myst": "jupytext --to ipynb",
    ".rmd": "jupytext --to ipynb",
}


def _upgraded(document: dict[str, Any], path: Path) -> dict[str, Any] | Refusal:
    import nbformat  # pylint: disable=import-outside-toplevel # 0.1 s, for old notebooks alone

    version = document["nbformat"]
    try:
        upgraded = nbformat.reads(json.dumps(document), as_version=4)
        result: dict[str, Any] = json.loads(json.dumps(upgraded))
    # pylint: disable-next=broad-exception-caught # the converters raise anything
    except Exception as error:
        what = f"nbformat {version} could not be upgraded ({type(error).__name__}: {error})."
        return Refusal(what, str(path), RESTORE)
    result.setdefault("metadata", {})["orig_nbformat"] = version
    return result
