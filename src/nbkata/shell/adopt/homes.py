"""Reading a notebook from wherever it lives: Jupyter, VS Code, jupytext, Colab, Kaggle, Databricks."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbkata.core.adopt.databricks import databricks_cells
from nbkata.core.notebook import Notebook, notebook_from_json
from nbkata.core.refusal import Refusal
from nbkata.shell.notebook_files import read_notebook_json

OTHER_LANGUAGES = {".r": "R", ".jl": "Julia", ".scala": "Scala", ".sql": "SQL", ".qmd": "Quarto"}


@dataclass(frozen=True, slots=True)
class Home:
    """A notebook, read."""

    path: Path
    document: dict[str, Any]
    """nbformat 4."""
    notebook: Notebook
    kind: str
    """Where it lives, as a person says it: ``Jupyter``, ``Colab``."""
    note: str = ""
    """What was done to read it."""


def read_home(path: Path) -> Home | Refusal:
    """The notebook at ``path``; a refusal where it is none at all."""
    suffix = path.suffix.lower()
    if suffix in (".py", ".md", ".rmd", ".markdown", ".myst"):
        return _from_text(path, suffix)
    if suffix in OTHER_LANGUAGES:
        what = f"this is {OTHER_LANGUAGES[suffix]}, and nbkata adopts Python notebooks."
        return Refusal(what, str(path), "Name a Python notebook.")
    document = read_notebook_json(path)
    if isinstance(document, Refusal):
        return document
    if not isinstance(document.get("metadata"), dict):
        document["metadata"] = {}
    old = document["metadata"].get("orig_nbformat")
    upgraded = old if isinstance(old, int) and old < 4 else None
    try:
        notebook = notebook_from_json(document, upgraded)
    except ValueError as error:
        return Refusal(f"this is not a notebook: {error}.", str(path), "Name another file.")
    note = f"it is nbformat {upgraded} on disk; it was read as nbformat 4." if upgraded else ""
    return Home(path, clean(document), notebook, _kind(document, notebook), note)


def clean(document: dict[str, Any]) -> dict[str, Any]:
    """With what any tool of Jupyter's expects to find in every cell."""
    for cell in document["cells"]:
        cell.setdefault("metadata", {})
        cell.setdefault("cell_type", "raw")
        if cell["cell_type"] == "code":
            cell.setdefault("outputs", [])
            cell.setdefault("execution_count", None)
    return document


def _kind(document: dict[str, Any], notebook: Notebook) -> str:
    text = "\n".join(cell.source for cell in notebook.code_cells)
    if "colab" in document["metadata"] or "google.colab" in text:
        return "Colab"
    if "kaggle" in document["metadata"] or re.search(r"\.\./input/|/kaggle/", text):
        return "Kaggle"
    return "Jupyter"


def _from_text(path: Path, suffix: str) -> Home | Refusal:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return Refusal("there is no such file.", str(path), "Check the name.")
    except UnicodeDecodeError as error:
        what = f"this is not UTF-8 text (byte {error.start})."
        return Refusal(what, str(path), "Save it as UTF-8.")
    except OSError as error:
        return Refusal(
            f"it cannot be read ({error.strerror}).", str(path), "Check its permissions."
        )
    text = text.replace("\r\n", "\n")
    if text.startswith("# Databricks notebook source"):
        return _home(path, databricks_cells(text), "Databricks")
    # pylint: disable=import-outside-toplevel # 0.2 s, for text notebooks alone
    import jupytext  # type: ignore[import-untyped] # it ships no types

    has_cells = re.search(r"^# ?%%", text, re.MULTILINE)
    form = "py:percent" if has_cells else "py:light"
    if suffix != ".py":
        form = {".rmd": "Rmd", ".myst": "md:myst"}.get(suffix, "md")
    try:
        document = json.loads(json.dumps(jupytext.reads(text, fmt=form)))
    # pylint: disable-next=broad-exception-caught # its readers raise anything
    except Exception as error:
        what = f"jupytext cannot read it ({type(error).__name__})."
        return Refusal(what, str(path), "Open it in Jupyter and save it as .ipynb.")
    kinds = {"py:percent": "VS Code cells", "py:light": "Python script"}
    return _home(path, document, kinds.get(form, "Markdown (jupytext)"))


def _home(path: Path, document: dict[str, Any], kind: str) -> Home | Refusal:
    try:
        return Home(path, clean(document), notebook_from_json(document), kind, f"read as {kind}.")
    except ValueError as error:
        return Refusal(f"this is not a notebook: {error}.", str(path), "Name another file.")
