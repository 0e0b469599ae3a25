"""A notebook as values: its cells, what they show, and in which order they were run.

Cells are numbered from 0 over all cells, markdown included, as Jupyter's own files list them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


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
    text: str
    """The stream's text, the plain-text form of a display, or an error's ``name: message``."""
    html: str = ""
    mime_types: tuple[str, ...] = ()
    stream: str = ""
    """``stdout`` or ``stderr`` for a stream, otherwise empty."""

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
    language: str = "python"
    kernel: str = "python3"
    upgraded_from: int | None = None
    """The nbformat major version found on disk, where it was older than 4."""

    @property
    def code_cells(self) -> tuple[Cell, ...]:
        """The code cells, in order, each with its index over all cells."""
        return tuple(cell for cell in self.cells if cell.kind is CellKind.CODE)


def notebook_from_json(document: Mapping[str, Any], upgraded_from: int | None = None) -> Notebook:
    """The values in a nbformat 4 document.

    Raises ``ValueError`` (with the cell's number in it) where the document does not have the
    shape of a notebook; unknown cell types count as raw.
    """
    cells = document.get("cells")
    if not isinstance(cells, list):
        raise ValueError("it has no list of cells")
    metadata = _mapping(document.get("metadata"))
    kernelspec = _mapping(metadata.get("kernelspec"))
    language_info = _mapping(metadata.get("language_info"))
    language = kernelspec.get("language") or language_info.get("name") or "python"
    return Notebook(
        cells=tuple(_cell(index, cell) for index, cell in enumerate(cells)),
        language=str(language).lower(),
        kernel=str(kernelspec.get("name") or "python3"),
        upgraded_from=upgraded_from,
    )


def _cell(index: int, cell: Any) -> Cell:
    if not isinstance(cell, Mapping) or "source" not in cell:
        raise ValueError(f"cell {index} is not a cell: it has no source")
    kinds = {kind.value: kind for kind in CellKind}
    count = cell.get("execution_count")
    return Cell(
        index=index,
        kind=kinds.get(str(cell.get("cell_type")), CellKind.RAW),
        source=_joined(cell["source"]),
        execution_count=count if isinstance(count, int) else None,
        outputs=tuple(_outputs(cell.get("outputs"))),
        cell_id=str(cell.get("id", "")),
    )


def _outputs(outputs: Any) -> list[Output]:
    known = {kind.value: kind for kind in OutputKind}
    found = []
    for output in outputs if isinstance(outputs, list) else []:
        kind = known.get(_mapping(output).get("output_type", ""))
        if kind is not None:
            found.append(_output(kind, output))
    return found


def _output(kind: OutputKind, output: Mapping[str, Any]) -> Output:
    if kind is OutputKind.STREAM:
        stream = str(output.get("name", "stdout"))
        return Output(kind, _joined(output.get("text", "")), stream=stream)
    if kind is OutputKind.ERROR:
        return Output(kind, f"{output.get('ename', 'Error')}: {output.get('evalue', '')}")
    data = _mapping(output.get("data"))
    return Output(
        kind,
        text=_joined(data.get("text/plain", "")),
        html=_joined(data.get("text/html", "")),
        mime_types=tuple(data),
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _joined(text: Any) -> str:
    """Multi-line strings are lists of lines on disk."""
    if isinstance(text, Sequence) and not isinstance(text, str):
        return "".join(str(part) for part in text)
    return str(text)
