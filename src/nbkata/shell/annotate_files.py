"""Writing annotations into a copy, or into the file with a copy kept."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from nbkata.core.refusal import Refusal
from nbkata.core.smells.annotate import Annotated, annotated, annotated_text
from nbkata.core.smells.finding import Finding, Unread
from nbkata.core.smells.source import Source, SourceKind
from nbkata.shell.files import write_atomically
from nbkata.shell.notebook_files import read_notebook_json, write_notebook_json
from nbkata.shell.smell_sources import read_source


def annotate_file(
    path: Path, findings: Sequence[Finding], in_place: bool = False
) -> tuple[Path, Annotated] | Refusal:
    """Write ``X.smells.ipynb`` beside ``X.ipynb``; in place, keep the old file as ``X.ipynb.bak``."""
    read = read_source(path, str(path))
    if isinstance(read, Unread):
        return Refusal(read.message, str(path))
    source, _ = read
    result = annotated(source, findings)
    target = path if in_place else path.with_name(f"{path.stem}.smells{path.suffix}")
    try:
        if in_place and result.added:
            shutil.copy2(path, _snapshot_name(path))
        if result.added or not in_place:
            _write(path, target, source, result)
    except OSError as error:
        what = f"the annotations cannot be written ({error.strerror})."
        return Refusal(what, str(target), "Check the folder's permissions and the free space.")
    return target, result


def _snapshot_name(path: Path) -> Path:
    """The first free of ``X.ipynb.bak``, ``X.ipynb.bak2`` and so on: no older copy is lost."""
    number = 1
    while True:
        candidate = path.with_name(f"{path.name}.bak{number if number > 1 else ''}")
        if not candidate.exists():
            return candidate
        number += 1


def _write(path: Path, target: Path, source: Source, result: Annotated) -> None:
    if source.kind is not SourceKind.NOTEBOOK:
        text = path.read_bytes().decode("utf-8-sig")
        ending = "\r\n" if "\r\n" in text else "\n"
        new = annotated_text(source, text.replace("\r\n", "\n"), result)
        write_atomically(target, new.replace("\n", ending).encode("utf-8"))
        return
    document = read_notebook_json(path)
    if isinstance(document, Refusal):
        raise OSError(0, str(document))
    for position, text in result.sources.items():
        cell = document["cells"][source.blocks[position].index]
        as_list = isinstance(cell["source"], list)
        cell["source"] = text.splitlines(keepends=True) if as_list else text
    write_notebook_json(target, document)
