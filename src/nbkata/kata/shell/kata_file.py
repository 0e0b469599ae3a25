"""Reading a ``kata.toml``, and keeping what it says: `nbkata status` need not load a TOML parser."""

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from zlib import crc32

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.cache import Kind, keep_cached, read_cached

# A file that was changed less long ago is not kept: it may change again within the same tick of the
# file system's clock, and would look the same.
SETTLED_S = 2


def read_toml(path: Path) -> dict[str, Any] | Refusal:
    """A file of the kit, parsed."""
    try:
        return _parsed(path)
    except OSError as error:
        what = f"it cannot be read ({error.strerror})."
        return Refusal(what, str(path), "Check the kit out again and run ./go in it.")
    except ValueError as error:
        what = f"this is not TOML ({error})."
        return Refusal(what, str(path), "Bring the file back (git checkout) and run again.")


def _parsed(path: Path) -> dict[str, Any]:
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
