"""Answers kept by content, so that a file unchanged is not read again."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from nbkata import __version__
from nbkata.common.shell.cache import Kind, keep_cached, read_cached
from nbkata.common.shell.files import read_file
from nbkata.dataflow.core import frames
from nbkata.notebook.core import language
from nbkata.purity.core import effects
from nbkata.smells.core import find
from nbkata.smells.core.finding import Finding, Smells, Unread
from nbkata.smells.core.symbols import Smell


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
    """When the detectors, and what they ask, last changed: who works on them wants no old answers."""
    return ",".join(
        f"{path.name}:{path.stat().st_size}:{path.stat().st_mtime_ns}"
        for module in (find, frames, language, effects)
        for path in sorted(Path(str(module.__file__)).parent.glob("*.py"))
    )


def kept_answer(key: str) -> Smells | None:
    """The answer kept under a key."""
    kept = read_cached(Kind.SMELLS, key)
    try:
        return kept and Smells(
            kept["path"],
            tuple(Finding(**{**one, "symbol": Smell(one["symbol"])}) for one in kept["findings"]),
            tuple(Unread(**one) for one in kept["unread"]),
            tuple((cell, readers) for cell, readers in kept["reach"]),
            kept["code_cells"],
            tuple(kept["notes"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def keep_answer(key: str, smells: Smells) -> None:
    """Keep an answer, where that is possible."""
    keep_cached(Kind.SMELLS, key, asdict(smells))
