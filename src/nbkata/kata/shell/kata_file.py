"""Reading a ``kata.toml``, and keeping what it says: `nbkata status` need not load a TOML parser."""

import json
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from zlib import crc32

from nbkata.common.shell.cache import cache_folder
from nbkata.common.shell.files import write_atomically

SETTLED_S = 2
"""A file that was changed less long ago is not kept: it may change again within the same tick of
the file system's clock, and would look the same."""


def read_kata_file(path: Path) -> dict[str, Any]:
    """The file, parsed. Raises ``OSError``, or ``ValueError`` where it is not TOML."""
    stat = path.stat()
    stamp = [str(path), stat.st_mtime_ns, stat.st_size, stat.st_ino]
    kept = cache_folder("kata") / f"{crc32(os.fsencode(path)):08x}.json"
    with suppress(OSError, ValueError, KeyError, TypeError):
        found = json.loads(kept.read_text(encoding="utf-8"))
        if found["stamp"] == stamp:
            document: dict[str, Any] = found["document"]
            return document
    import tomllib  # pylint: disable=import-outside-toplevel # it and its work: a third of a Python

    document = tomllib.loads(path.read_text(encoding="utf-8"))
    if time.time() - stat.st_mtime > SETTLED_S:
        with suppress(OSError, TypeError):  # TypeError: TOML knows dates, JSON does not
            content = json.dumps({"stamp": stamp, "document": document})
            write_atomically(kept, content.encode("utf-8"))
    return document
