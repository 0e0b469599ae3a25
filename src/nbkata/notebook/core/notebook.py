"""A notebook as values: its cells, what they show, and in which order they were run.

Cells are numbered from 0 over all cells, markdown included, as Jupyter's own files list them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from nbkata.notebook.core.language import foreign_cell_language, foreign_language, mapping


class CellKind(StrEnum):
    """The cell types of nbformat 4."""

    CODE = "code"
    MARKDOWN = "markdown"
    RAW = "raw"


class OutputKind(StrEnum):
    """The output types of nbformat 4."""

    STREAM = "stream"
    DISPLAY = "display_data"
    RESULT = "execute_result"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Output:
    """One thing that a cell showed."""

    kind: OutputKind
    # The stream's text, the plain-text form of a display, or an error's ``name: message``.
    text: str
    html: str = ""
    mime_types: tuple[str, ...] = ()
    stream: str = ""  # ``stdout`` or ``stderr`` for a stream, otherwise empty

    @property
    def is_image(self) -> bool:
        """Whether a picture (PNG, JPEG, SVG) is among its forms."""
        return any(mime.startswith("image/") for mime in self.mime_types)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, with its place in the notebook."""

    index: int
    kind: CellKind
    source: str
    execution_count: int | None = None
    outputs: tuple[Output, ...] = ()
    cell_id: str = ""


@dataclass(frozen=True, slots=True)
class Notebook:
    """All that reading a notebook gives; running one is the shell's work."""

    cells: tuple[Cell, ...]
    # The nbformat major version found on disk, if it was older than 4.
    upgraded_from: int | None = None

    @property
    def code_cells(self) -> tuple[Cell, ...]:
        """The code cells, in order, each with its index over all cells."""
        return tuple(cell for cell in self.cells if cell.kind is CellKind.CODE)


def well_formed(document: Mapping[str, Any]) -> dict[str, Any]:
    """The nbformat 4 document with everything that Jupyter's tools expect to find in it.

    What is missing or of another type is replaced, if it is not what the notebook computes:
    metadata, outputs, counts. Raises ``ValueError`` (with the cell's number in it) if the document
    does not have the shape of a notebook; unknown cell types count as raw.
    """
    cells = document.get("cells")
    if not isinstance(cells, list):
        raise ValueError("it has no list of cells")
    metadata = dict(mapping(document.get("metadata")))
    return {
        **document,
        "metadata": metadata,
        "cells": [_well_formed_cell(index, cell) for index, cell in enumerate(cells)],
    }


def _well_formed_cell(index: int, cell: Any) -> dict[str, Any]:
    if not isinstance(cell, Mapping) or "source" not in cell:
        raise ValueError(f"cell {index} is not a cell: it has no source")
    source = cell["source"]
    if not isinstance(source, str) and not (
        isinstance(source, list) and all(isinstance(line, str) for line in source)
    ):
        raise ValueError(f"cell {index} is not a cell: its source is not text")
    kind = cell.get("cell_type")
    formed = {**cell, "metadata": dict(mapping(cell.get("metadata")))}
    formed["cell_type"] = kind if kind in list(CellKind) else CellKind.RAW.value
    if kind == CellKind.CODE:
        outputs, count = cell.get("outputs"), cell.get("execution_count")
        outputs = outputs if isinstance(outputs, list) else []
        formed["outputs"] = [output for output in outputs if isinstance(output, Mapping)]
        formed["execution_count"] = count if isinstance(count, int) else None
    return formed


def foreign_part(document: Mapping[str, Any]) -> tuple[str, int | None]:
    """The language of a well-formed document that is not Python, and the cell if it is one cell's.

    The language is empty if all is Python.
    """
    language = foreign_language(document["metadata"])
    if language:
        return language, None
    for index, cell in enumerate(document["cells"]):
        language = foreign_cell_language(cell["metadata"])
        if language and cell["cell_type"] == CellKind.CODE:
            return language, index
    return "", None


def notebook_from_json(document: Mapping[str, Any], upgraded_from: int | None = None) -> Notebook:
    """The values in a nbformat 4 document; raises ``ValueError`` as `well_formed` does."""
    cells = well_formed(document)["cells"]
    return Notebook(tuple(_cell(index, cell) for index, cell in enumerate(cells)), upgraded_from)


def _cell(index: int, cell: Mapping[str, Any]) -> Cell:
    return Cell(
        index=index,
        kind=CellKind(cell["cell_type"]),
        source=_joined(cell["source"]),
        execution_count=cell.get("execution_count"),
        outputs=tuple(_outputs(cell.get("outputs"))),
        cell_id=str(cell.get("id", "")),
    )


def _outputs(outputs: Any) -> list[Output]:
    known = {kind.value: kind for kind in OutputKind}
    found = []
    for output in outputs if isinstance(outputs, list) else []:
        kind = known.get(str(mapping(output).get("output_type")))
        if kind is not None:
            found.append(_output(kind, output))
    return found


def _output(kind: OutputKind, output: Mapping[str, Any]) -> Output:
    if kind is OutputKind.STREAM:
        stream = str(output.get("name", "stdout"))
        return Output(kind, _joined(output.get("text", "")), stream=stream)
    if kind is OutputKind.ERROR:
        return Output(kind, f"{output.get('ename', 'Error')}: {output.get('evalue', '')}")
    data = mapping(output.get("data"))
    return Output(
        kind,
        text=_joined(data.get("text/plain", "")),
        html=_joined(data.get("text/html", "")),
        mime_types=tuple(data),
    )


def _joined(text: Any) -> str:
    """Multi-line strings are lists of lines on disk."""
    if isinstance(text, Sequence) and not isinstance(text, str):
        return "".join(str(part) for part in text)
    return str(text)
