"""Answers kept by content, so that a file unchanged is not read again.

A cache that cannot be read or written is no cache; nothing else changes.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from nbkata import __version__
from nbkata.common.shell.cache import cache_folder
from nbkata.common.shell.files import read_file, write_atomically
from nbkata.smells.core import find
from nbkata.smells.core.finding import Finding, Smells, Unread
from nbkata.smells.core.symbols import Smell

_MOST = 5_000
"""Answers kept; the oldest go first."""


def key_of(path: Path, name: str, settings: Iterable[str]) -> str | None:
    """What the answer depends on: content, name, settings, the kit and its detectors."""
    try:
        digest = hashlib.sha256(read_file(path))
    except OSError:
        return None
    for part in (name, __version__, _detectors(), *settings):
        digest.update(b"\0" + part.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _detectors() -> str:
    """When the detectors last changed: who works on them wants no old answers."""
    folder = Path(find.__file__).parent
    return ",".join(
        f"{entry.name}:{entry.stat().st_size}:{entry.stat().st_mtime_ns}"
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name)
        if entry.name.endswith(".py")
    )


def read_cached(key: str | None) -> Smells | None:
    """The answer kept under a key."""
    if key is None:
        return None
    try:
        kept = json.loads((cache_folder("smells") / f"{key}.json").read_text(encoding="utf-8"))
        return Smells(
            kept["path"],
            tuple(Finding(**{**one, "symbol": Smell(one["symbol"])}) for one in kept["findings"]),
            tuple(Unread(**one) for one in kept["unread"]),
            tuple((cell, readers) for cell, readers in kept["reach"]),
            kept["code_cells"],
            tuple(kept["notes"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_cached(key: str | None, smells: Smells) -> None:
    """Keep an answer, where that is possible."""
    if key is None:
        return
    document = {
        "path": smells.path,
        "findings": [_fields(finding) for finding in smells.findings],
        "unread": [_fields(unread) for unread in smells.unread],
        "reach": list(smells.reach),
        "code_cells": smells.code_cells,
        "notes": list(smells.notes),
    }
    with suppress(OSError, ValueError):
        text = json.dumps(document, ensure_ascii=False)
        write_atomically(
            cache_folder("smells") / f"{key}.json", text.encode("utf-8", "surrogateescape")
        )


def _fields(value: Finding | Unread) -> dict[str, object]:
    return {name: getattr(value, name) for name in value.__slots__}


def drop_oldest() -> None:
    """Keep the folder from growing without end."""
    with suppress(OSError):
        entries = sorted(
            os.scandir(cache_folder("smells")), key=lambda entry: entry.stat().st_mtime
        )
        for entry in entries[:-_MOST]:
            os.unlink(entry.path)
