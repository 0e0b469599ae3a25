"""The one walk through a folder of somebody's, and the one copy of it.

Editors and systems leave there what is no file to read: Emacs' lock, which is a link ``.#train.py``
to nowhere, other dead links, links that go in a circle, pipes, sockets, devices, folders without
permission. All of it is passed over: a pipe would keep who reads it waiting for ever.
"""

import os
import stat
from collections.abc import Callable, Container, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple


class Found(NamedTuple):
    """A folder, or a regular file."""

    name: str  # the path in the folder that is walked through, with forward slashes
    path: str
    stat: os.stat_result
    is_folder: bool


# Whether a path in the folder is looked at; if it is a folder, all that is in it as well.
Wanted = Callable[[str], bool]
_Identities = tuple[tuple[int, int], ...]


def everything(_: str) -> bool:
    """Leave out nothing."""
    return True


def visible(path: str) -> bool:
    """Leave out what editors and systems hide from a person, and compiled files."""
    return not path.rpartition("/")[2].startswith((".", "__pycache__"))


def but(names: Container[str]) -> Wanted:
    """Leave out files and folders of these names."""
    return lambda path: path.rpartition("/")[2] not in names


def walk(
    folder: str | Path, wanted: Wanted = everything, through_links: bool = False
) -> Iterator[Found]:
    """Yield what is in a folder, sorted by the parts of the paths, a folder before its content.

    A link to a file counts as the file. A link to a folder is passed over, or with
    ``through_links`` counts as the folder, unless it leads to one that it is in itself.
    """
    home = os.path.realpath(folder)
    above = tuple(map(_identity, (home, *map(str, Path(home).parents)))) if through_links else ()
    waiting = _inside(str(folder), "", wanted, above)
    while waiting:
        entry, name, above = waiting.pop()
        try:
            is_link = entry.is_symlink()
            found = os.stat(entry.path)  # entry.stat() lags behind on Windows
        except OSError:  # a dead link, or gone meanwhile
            continue
        if stat.S_ISREG(found.st_mode):
            yield Found(name, entry.path, found, is_folder=False)
        elif stat.S_ISDIR(found.st_mode) and (through_links or not is_link):
            here = (found.st_dev, found.st_ino)
            if here not in above:
                yield Found(name, entry.path, found, is_folder=True)
                below = (*above, here) if through_links else ()
                waiting += _inside(entry.path, name + "/", wanted, below)


def files_in(folder: str | Path, wanted: Wanted = everything, suffix: str = "") -> Iterator[Path]:
    """Yield the files that can be read and whose names are text, sorted by their parts."""
    for found in walk(folder, wanted):
        if not found.is_folder and found.name.endswith(suffix) and _is_readable(found):
            yield Path(found.path)


def copy_files(source: Path, target: Path, wanted: Wanted = everything) -> None:
    """Copy what `walk` finds, links followed; a file without permission or gone meanwhile is left out.

    Raises ``OSError``: the disk is full.
    """
    from shutil import copy2  # pylint: disable=import-outside-toplevel # `status` copies nothing

    target.mkdir(parents=True, exist_ok=True)
    for found in walk(source, wanted, through_links=True):
        if found.is_folder:
            (target / found.name).mkdir(exist_ok=True)
            continue
        with suppress(FileNotFoundError, PermissionError):
            copy2(found.path, target / found.name)


def _inside(
    folder: str, prefix: str, wanted: Wanted, above: _Identities
) -> list[tuple["os.DirEntry[str]", str, _Identities]]:
    try:
        with os.scandir(folder) as entries:
            names = sorted(entries, key=lambda entry: entry.name, reverse=True)
    except OSError:  # gone meanwhile, or without permission
        return []
    return [(one, prefix + one.name, above) for one in names if wanted(prefix + one.name)]


def _identity(path: str) -> tuple[int, int]:
    try:
        found = os.stat(path)
    except OSError:
        return (-1, -1)
    return (found.st_dev, found.st_ino)


def _is_readable(found: Found) -> bool:
    try:
        found.name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return os.access(found.path, os.R_OK)
