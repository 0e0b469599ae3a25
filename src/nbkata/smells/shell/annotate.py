"""Writing annotations into a copy, or into the file with a copy kept."""

import os
from collections.abc import Sequence
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import Saved, read_file
from nbkata.notebook.shell.notebook_files import notebook_bytes, read_notebook_json
from nbkata.smells.core.annotate import Annotated, annotated, annotated_text
from nbkata.smells.core.finding import Finding, Unread
from nbkata.smells.core.source import Source, SourceKind
from nbkata.smells.shell.sources import read_source
from nbkata.workspace.shell.kept_writes import write_kept


def annotate_file(
    path: Path, findings: Sequence[Finding], in_place: bool = False
) -> tuple[Path, Annotated] | Refusal:
    """Write ``X.smells.ipynb`` beside ``X.ipynb``; in place, keep the old file as ``X.ipynb.bak``."""
    try:
        old = read_file(path)
    except OSError as error:
        return Refusal(f"it cannot be read ({error.strerror}).", str(path))
    read = read_source(path, str(path))
    if isinstance(read, Unread):
        return Refusal(read.message, str(path))
    source, _ = read
    result = annotated(source, findings)
    target = path if in_place else path.with_name(f"{path.stem}.smells{path.suffix}")
    if in_place and not result.added:
        return target, result
    try:
        kept = {_snapshot_name(path): old} if in_place else {}
        new = _annotated_bytes(path, source, result)
        title = f"smells --annotate {path.name}"
        done = write_kept({**kept, target: new}, title, {path: old})
        if done is not None:
            return done
    except Saved as error:
        what = "it was saved while it was being annotated."
        return Refusal(
            what, str(error.filename), "Your save is there, and nothing was changed. Run it again."
        )
    except OSError as error:
        what = f"the annotations cannot be written ({error.strerror})."
        return Refusal(what, str(target), "Check the folder's permissions and the free space.")
    return target, result


def _snapshot_name(path: Path) -> Path:
    """The first free of ``X.ipynb.bak``, ``X.ipynb.bak2`` and so on: no older copy is lost."""
    number = 1
    while True:
        candidate = path.with_name(f"{path.name}.bak{number if number > 1 else ''}")
        if not os.path.lexists(candidate):
            return candidate
        number += 1


def _annotated_bytes(path: Path, source: Source, result: Annotated) -> bytes:
    if source.kind is not SourceKind.NOTEBOOK:
        text = path.read_bytes().decode("utf-8-sig")
        ending = "\r\n" if "\r\n" in text else "\n"
        new = annotated_text(source, text.replace("\r\n", "\n"), result)
        return new.replace("\n", ending).encode("utf-8")
    document = read_notebook_json(path)
    if isinstance(document, Refusal):
        raise OSError(0, str(document))
    for position, text in result.sources.items():
        cell = document["cells"][source.blocks[position].index]
        as_list = isinstance(cell["source"], list)
        cell["source"] = text.splitlines(keepends=True) if as_list else text
    return notebook_bytes(document)
