"""Finding the files that a notebook reads, and copying them for its workspace."""

import csv
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from nbkata.adopt.core.path_plan import Copy
from nbkata.adopt.core.paths import PathUse, Use
from nbkata.child.shell.scratch_copy import LEFT_OUT
from nbkata.common.shell.walk import Found, but, copy_files, walk

# Where data usually lies, from the notebook's folder.
NEAR = (
    "",
    "data",
    "input",
    "dataset",
    "datasets",
    "../data",
    "../input",
    "../datasets",
    "../dataset",
)
MOST_FILES = 5000
# A file that is larger is linked, not copied.
COPIED_BYTES = 1_000_000_000


def find_files(
    uses: Sequence[PathUse], home: Path, given: Sequence[Path], led: Sequence[str] = ()
) -> tuple[dict[str, str], frozenset[str]]:
    """For each path's text the file or folder that it stands for; and which of those are folders.

    A path counts from the notebook's folder, or from one that it goes to (``led``); what is not there
    is looked for by the end of its path, then by its name, in what was given and where data usually
    lies.
    """
    bases = [home, *(home / Path(text).expanduser() for text in led)]
    known: list[Path] | None = None
    found: dict[str, str] = {}
    folders: set[str] = set()
    for use in uses:
        if use.use is Use.WRITE or not use.text.strip():
            continue
        plain = use.text.replace("\\", "/") or "."
        places = (_existing(base / Path(plain).expanduser()) for base in bases)
        direct = next(filter(None, places), None)
        if direct is None:
            if known is None:
                known = list(_known(home, given))
            direct = _by_name(plain, known)
        if direct is None or direct == home.resolve() or home.resolve().is_relative_to(direct):
            continue  # a notebook's own folder, or one around it, is no data
        found[use.text] = str(direct)
        if direct.is_dir():
            folders.add(str(direct))
    return found, frozenset(folders)


def _existing(path: Path) -> Path | None:
    try:
        return path.resolve() if path.is_file() or path.is_dir() else None
    except (OSError, ValueError, RuntimeError):
        return None


def _known(home: Path, given: Sequence[Path]) -> Iterator[Path]:
    count = 0
    for path in given:
        inside = (Path(found.path) for found in _found_in(path))
        for file in [path] if path.is_file() else inside:
            yield file.resolve()
            count += 1
            if count > MOST_FILES:
                return
    for near in NEAR:
        folder = home / near
        if folder.is_dir():
            yield from (file.resolve() for file in _shallow(folder))


def _shallow(folder: Path) -> list[Path]:
    try:
        return [Path(entry.path) for entry in os.scandir(folder) if entry.is_file()][:MOST_FILES]
    except OSError:
        return []


def _found_in(folder: Path) -> Iterator[Found]:
    everything = walk(folder, but(LEFT_OUT), through_links=True)
    return (found for found in everything if not found.is_folder)


def _by_name(text: str, known: Sequence[Path]) -> Path | None:
    """The file with the longest common end of its path; its name at least."""
    wanted = [part.lower() for part in text.split("/") if part not in ("", ".", "..")]
    if not wanted:
        return None
    best, most = None, 0
    for path in known:
        parts = [part.lower() for part in path.parts]
        common = 0
        while common < min(len(wanted), len(parts)) and wanted[-1 - common] == parts[-1 - common]:
            common += 1
        if common > most:
            best, most = path, common
    return best


def copy_data(copies: Sequence[Copy], workspace: Path, sample_rows: int | None) -> list[str]:
    """Copy into a workspace; tells what is no whole copy. Raises ``OSError``."""
    notes = []
    for copy in copies:
        source, target = Path(copy.source), workspace / copy.target
        if source.is_dir():
            size = sum(found.stat.st_size for found in _found_in(source))
            if size > COPIED_BYTES:
                target.parent.mkdir(parents=True, exist_ok=True)
                if not target.exists():
                    target.symlink_to(source, target_is_directory=True)
                notes.append(f"{copy.target} is a link: it holds more than 1 GB.")
                continue
            copy_files(source, target, but(LEFT_OUT))
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if sample_rows and source.suffix.lower() in (".csv", ".tsv"):
            notes += _sampled(source, target, sample_rows, copy.target)
        elif source.stat().st_size > COPIED_BYTES:
            target.symlink_to(source)
            notes.append(f"{copy.target} is a link: it holds more than 1 GB.")
        else:
            shutil.copyfile(source, target)
    return notes


def _sampled(source: Path, target: Path, rows: int, shown: str) -> list[str]:
    """The header and ``rows`` rows spread evenly over the file, as they stand in it."""
    total = sum(1 for _ in _records(source)) - 1
    step = max(1, -(-total // rows))
    with target.open("wb") as out:
        for number, record in enumerate(_records(source)):
            if number == 0 or (number - 1) % step == 0:
                out.write(record)
    return [f"{shown} holds every {step}. row of {total}."] if step > 1 else []


def _records(path: Path) -> Iterator[bytes]:
    """A table's records as their bytes; one in quotes may span lines."""
    with path.open("rb") as file:
        held: list[bytes] = []

        def lines() -> Iterator[str]:
            for line in file:
                held.append(line)
                yield line.decode("latin-1")  # for the quotes alone; any bytes will do

        csv.field_size_limit(2**31 - 1)
        for _ in csv.reader(lines()):
            yield b"".join(held)
            held.clear()
