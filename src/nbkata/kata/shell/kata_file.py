"""Reading a ``kata.toml``, and keeping what it says: `nbkata status` need not load a TOML parser."""

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from zlib import crc32

from nbkata.common.shell.cache import Kind, keep_cached, read_cached

SETTLED_S = 2
"""A file that was changed less long ago is not kept: it may change again within the same tick of
the file system's clock, and would look the same."""


def read_kata_file(path: Path) -> dict[str, Any]:
    """The file, parsed. Raises ``OSError``, or ``ValueError`` where it is not TOML."""
    stat = path.stat()
    stamp = [str(path), stat.st_mtime_ns, stat.st_size, stat.st_ino]
    key = f"{crc32(os.fsencode(path)):08x}"
    with suppress(KeyError, TypeError):
        found = read_cached(Kind.KATA, key)
        if found is not None and found["stamp"] == stamp:
            document: dict[str, Any] = found["document"]
            return document
    import tomllib  # pylint: disable=import-outside-toplevel # it and its work: a third of a Python

    document = tomllib.loads(path.read_text(encoding="utf-8"))
    if time.time() - stat.st_mtime > SETTLED_S:
        keep_cached(Kind.KATA, key, {"stamp": stamp, "document": document})  # not if it has dates
    return document
