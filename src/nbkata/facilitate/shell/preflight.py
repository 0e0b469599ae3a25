"""Reading what learners sent: files of text, whatever else is in them."""

import codecs
import quopri
from collections.abc import Sequence
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import read_file
from nbkata.common.shell.paths import shown_path
from nbkata.facilitate.core.preflight import MOST_BLOCKS, Machine, machines_in

MOST_MB = 5
CUT = "Cut the blocks of ./go ready out of it"


def read_machines(paths: Sequence[Path]) -> tuple[list[Machine], list[Refusal]]:
    """Every machine in the files, or in the files of folders; and which were passed over, and why."""
    machines: list[Machine] = []
    passed_over: list[Refusal] = []
    for path in paths:
        for file in _files_of(path):
            found = _read(file)
            if isinstance(found, Refusal):
                passed_over.append(found)
                continue
            machines += found[:MOST_BLOCKS]
            if len(found) > MOST_BLOCKS:
                what = f"it has more than {MOST_BLOCKS:,} blocks; the rest is passed over."
                passed_over.append(Refusal(what, shown_path(file)))
    return machines, passed_over


def _files_of(path: Path) -> list[Path]:
    """A folder's own files, without hidden ones; else the path itself, be it there or not."""
    try:
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
    except OSError:
        return [path]
    return [file for file in inside if file == path or not file.name.startswith(".")]


def _read(path: Path) -> list[Machine] | Refusal:
    try:
        if path.stat().st_size > MOST_MB * 1024**2:
            return Refusal(f"it has more than {MOST_MB} MB.", shown_path(path), f"{CUT}.")
        content = read_file(path)
    except OSError as error:
        return Refusal(f"it cannot be read ({error.strerror}).", shown_path(path))
    found = machines_in(_text_of(content), path.name)
    if not found:
        what = "it holds no block of ./go ready."
        return Refusal(what, shown_path(path), "The block begins with: nbkata ready #")
    return found


def _text_of(content: bytes) -> str:
    """In UTF-16 where it says so: PowerShell writes that."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    if b"quoted-printable" in content.lower():  # a mail with its headers
        content = quopri.decodestring(content)
    return content.decode("utf-8", errors="replace")
