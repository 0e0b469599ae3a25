"""Reading and writing notebook files."""

import json
from pathlib import Path
from typing import Any

from nbkata.core.notebook import Notebook, notebook_from_json
from nbkata.core.refusal import Refusal
from nbkata.shell.files import write_atomically


def read_notebook(path: Path) -> Notebook | Refusal:
    """The notebook at ``path``, upgraded to nbformat 4 in memory where it is older."""
    document = read_notebook_json(path)
    if isinstance(document, Refusal):
        return document
    original = document.get("metadata", {}).get("orig_nbformat")
    upgraded_from = original if isinstance(original, int) and original < 4 else None
    try:
        return notebook_from_json(document, upgraded_from)
    except ValueError as error:
        return Refusal(f"this is not a notebook: {error}.", str(path), _OPEN_IT)


def read_notebook_json(path: Path) -> dict[str, Any] | Refusal:
    """The nbformat 4 document at ``path``; one of version 1 to 3 is upgraded.

    An upgraded document carries its old major version as ``metadata.orig_nbformat``.
    """
    text = _read_text(path)
    if isinstance(text, Refusal):
        return text
    if not text.strip():
        return Refusal("the file is empty.", str(path), _OPEN_IT)
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        line = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        return Refusal("this is not JSON, so not a notebook.", f"{path}{line}", _OPEN_IT)
    if not isinstance(document, dict) or not isinstance(document.get("nbformat"), int):
        return Refusal("this is JSON, but not a notebook (no nbformat in it).", str(path), _OPEN_IT)
    if document["nbformat"] > 4:
        version = document["nbformat"]
        return Refusal(f"nbformat {version} is newer than this kit reads (4).", str(path), _OPEN_IT)
    return document if document["nbformat"] == 4 else _upgraded(document, path)


def write_notebook_json(path: Path, document: dict[str, Any]) -> None:
    """Write as Jupyter does, whole or not at all."""
    write_atomically(path, notebook_bytes(document))


def notebook_bytes(document: dict[str, Any]) -> bytes:
    """A notebook's file as Jupyter writes it: one space of indent, a line end last."""
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return text.encode("utf-8")


_OPEN_IT = "Open it in Jupyter or VS Code and save it again, or name another file."


def _read_text(path: Path) -> str | Refusal:
    if path.is_dir():
        return Refusal("this is a folder, not a notebook.", str(path), "Name the file in it.")
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return Refusal("there is no such file.", str(path), "Check the name: it ends in .ipynb.")
    except UnicodeDecodeError as error:
        what = f"this is not UTF-8 text (byte {error.start}), so not a notebook."
        return Refusal(what, str(path), _OPEN_IT)
    except OSError as error:
        return Refusal(
            f"it cannot be read ({error.strerror}).", str(path), "Check its permissions."
        )


def _upgraded(document: dict[str, Any], path: Path) -> dict[str, Any] | Refusal:
    import nbformat  # pylint: disable=import-outside-toplevel # 0.1 s, for old notebooks alone

    version = document["nbformat"]
    try:
        upgraded = nbformat.reads(json.dumps(document), as_version=4)
        result: dict[str, Any] = json.loads(json.dumps(upgraded))
    # pylint: disable-next=broad-exception-caught # the converters raise anything
    except Exception as error:
        what = f"nbformat {version} could not be upgraded ({type(error).__name__}: {error})."
        return Refusal(what, str(path), _OPEN_IT)
    result.setdefault("metadata", {})["orig_nbformat"] = version
    return result
