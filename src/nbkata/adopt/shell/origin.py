"""Reading a notebook from wherever it lives: Jupyter, VS Code, jupytext, Colab, Kaggle, Databricks."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbkata.adopt.core.databricks import databricks_cells
from nbkata.common.core.refusal import Refusal
from nbkata.notebook.core.notebook import Notebook, notebook_from_json, well_formed
from nbkata.notebook.shell.notebook_files import read_python_notebook_json, refused_language
from nbkata.notebook.shell.text_files import read_script


@dataclass(frozen=True, slots=True)
class Origin:
    """A notebook, read."""

    path: Path
    document: dict[str, Any]
    notebook: Notebook
    kind: str  # where it lives, as a person says it: ``Jupyter``, ``Colab``
    note: str = ""


def read_origin(path: Path) -> Origin | Refusal:
    """The notebook at ``path``; a refusal if it is none at all."""
    suffix = path.suffix.lower()
    if suffix in (".py", ".md", ".rmd", ".markdown", ".myst"):
        return _from_text(path, suffix)
    document = read_python_notebook_json(path)
    if isinstance(document, Refusal):
        return document
    old = document["metadata"].get("orig_nbformat")
    upgraded = old if isinstance(old, int) and old < 4 else None
    notebook = notebook_from_json(document, upgraded)
    note = f"it is nbformat {upgraded} on disk; it was read as nbformat 4." if upgraded else ""
    return Origin(path, document, notebook, _kind(document, notebook), note)


def _kind(document: dict[str, Any], notebook: Notebook) -> str:
    text = "\n".join(cell.source for cell in notebook.code_cells)
    if "colab" in document["metadata"] or "google.colab" in text:
        return "Colab"
    if "kaggle" in document["metadata"] or re.search(r"\.\./input/|/kaggle/", text):
        return "Kaggle"
    return "Jupyter"


def _from_text(path: Path, suffix: str) -> Origin | Refusal:
    text = read_script(path)
    if isinstance(text, Refusal):
        return text
    text = text.replace("\r\n", "\n")
    text = _DECLARED.sub(r"\1#", text) if suffix == ".py" else text
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


# The declaration of an encoding, which the text has lost by being read.
_DECLARED = re.compile(r"\A(#.*\n|)#.*?coding[:=][ \t]*[-\w.]+.*")


def _home(path: Path, document: dict[str, Any], kind: str) -> Origin | Refusal:
    document = well_formed(document)
    notebook = notebook_from_json(document)
    foreign = refused_language(document, str(path))
    return foreign or Origin(path, document, notebook, kind, f"read as {kind}.")
