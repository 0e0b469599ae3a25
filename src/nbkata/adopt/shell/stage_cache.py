"""Results of stages, kept by content: what is done is not done again."""

import hashlib
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

from nbkata import __version__
from nbkata.adopt.core import adoption
from nbkata.common.shell.cache import Kind, keep_cached, read_cached
from nbkata.common.shell.walk import files_in


class StageCache:
    """One adoption's results, under a digest of all that they depend on."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        digest = hashlib.sha256(f"{__version__} {_code_state()}".encode())
        for part in parts:
            digest.update(len(part).to_bytes(8, "big") + part)
        self.key = digest.hexdigest()[:24]

    def get(self, name: str) -> Any | None:
        """What the stage of this name gave; none if it is not done."""
        return read_cached(Kind.ADOPT, f"{self.key}-{name}")

    def keep(self, name: str, result: Any) -> None:
        """Keep it, where that is possible."""
        keep_cached(Kind.ADOPT, f"{self.key}-{name}", result)


def file_digest(path: Path) -> bytes:
    """Of its content; of a folder, the names and sizes in it. Large files by size and time."""
    try:
        if path.is_dir():
            messages = [f"{p.name}:{p.stat().st_size}" for p in islice(files_in(path), 5000)]
            return "|".join(messages).encode("utf-8", "surrogateescape")
        state = path.stat()
        if state.st_size > 200_000_000:
            return f"{path}:{state.st_size}:{state.st_mtime_ns}".encode("utf-8", "surrogateescape")
        if not path.is_file():
            return b""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError:
        return b""


def _code_state() -> str:
    """When adopt itself last changed: who works on it wants no old results."""
    folders = (Path(__file__).parent, Path(adoption.__file__).parent)
    files = sorted(path for folder in folders for path in folder.glob("*.py"))
    return ",".join(f"{path.name}:{path.stat().st_mtime_ns}" for path in files)
