"""Answers kept by content, in one place with one bound.

A cache that cannot be read or written is no cache; nothing else changes.
"""

import json
import os
import sys
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Any


class Kind(Enum):
    """What is kept, each in a folder of its own."""

    ADOPT = "adopt"
    HISTORY = "history"
    KATA = "kata"
    NOTHING = "nothing"
    PROOF = "proof"
    REPORT = "report"
    REVIEW = "review"
    SHAPE = "shape"
    SMELLS = "smells"


# Of all kinds together; the oldest go. Looked at once in each process that keeps something.
MOST_BYTES = 200_000_000
_looked_at: set[Path] = set()


def cache_root() -> Path:
    """Return the kit's folder in ``NBKATA_CACHE``, or where the system keeps caches.

    (As `platformdirs` says; importing that takes longer than `nbkata status` may.)
    """
    if os.environ.get("NBKATA_CACHE"):
        base = Path(os.environ["NBKATA_CACHE"])
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "nbkata"


def cache_folder(kind: Kind) -> Path:
    """Return the folder of a kind, which may not be there yet."""
    return cache_root() / kind.value


def read_cached(kind: Kind, key: str) -> Any | None:
    """Return the document that was kept under a key; None if there is none."""
    try:
        return json.loads((cache_folder(kind) / f"{key}.json").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def keep_cached(kind: Kind, key: str, document: Any) -> None:
    """Keep a document, where that is possible and JSON can hold it."""
    folder = cache_folder(kind)
    beside = folder / f"{key}.{os.getpid()}.tmp"
    with suppress(OSError, TypeError, ValueError):
        text = json.dumps(document)
        folder.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="ascii")  # if a crash tears it, it is no JSON
        os.replace(beside, folder / f"{key}.json")
    with suppress(OSError):
        drop_oldest()


def drop_oldest() -> None:
    """Keep the cache within its bound. Raises ``OSError``."""
    root = cache_root()
    if root in _looked_at:
        return
    _looked_at.add(root)
    kept = []
    for kind in Kind:
        with suppress(FileNotFoundError), os.scandir(root / kind.value) as entries:
            kept += [(entry.stat().st_mtime_ns, _size(entry), entry) for entry in entries]
    room = MOST_BYTES
    for _, size, entry in sorted(kept, key=lambda found: -found[0]):
        room -= size
        if room < 0:
            _remove(entry)


def _size(entry: "os.DirEntry[str]") -> int:
    if not entry.is_dir(follow_symlinks=False):
        return entry.stat(follow_symlinks=False).st_size
    with os.scandir(entry.path) as entries:
        return sum(map(_size, entries))


def _remove(entry: "os.DirEntry[str]") -> None:
    if entry.is_dir(follow_symlinks=False):
        import shutil  # pylint: disable=import-outside-toplevel # `status` removes nothing

        shutil.rmtree(entry.path, ignore_errors=True)
    else:
        with suppress(OSError):  # another process was quicker
            os.unlink(entry.path)
