"""Looking at an offline pack before anything is installed from it. Standard library only."""

import hashlib
import platform
import sys
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.processes import timed_line
from nbkata.setup.core.pack import (
    MANIFEST,
    SUMS,
    WHEELS,
    damaged_refusal,
    manifest_from,
    not_whole_refusal,
    sums_from,
    target_for,
)
from nbkata.setup.core.system import system_name


def check_pack(pack: Path, lock: Path) -> Refusal | None:
    """Whether the pack fits this machine and the lock, and is what it was: all but other wheels."""
    where = str(pack)
    try:
        manifest = manifest_from((pack / MANIFEST).read_text(encoding="utf-8"))
        sums = sums_from((pack / SUMS).read_text(encoding="utf-8"))
        digest = file_digest(lock)
    except (OSError, UnicodeDecodeError):
        return not_whole_refusal(where)
    if manifest is None or not sums:
        return not_whole_refusal(where)
    bits = 64 if sys.maxsize > 2**32 else 32
    system = system_name(sys.platform, platform.machine(), bits)
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    target = target_for(manifest, digest, system, python, where)
    if isinstance(target, Refusal):
        return target
    mine = [f"{WHEELS}/{name}" for name in target.wheels]
    needed = {*mine, *(path for path in sums if not path.startswith(f"{WHEELS}/"))}
    with timed_line(f"checking the pack ({len(needed)} files)") as tick:
        damaged = []
        for path in sorted(needed):
            tick()
            if _digest(pack / path) != sums.get(path):
                damaged.append(path)
    return damaged_refusal(damaged, where) if damaged else None


def _digest(path: Path) -> str:
    try:
        return file_digest(path)
    except OSError:
        return ""


def file_digest(path: Path) -> str:
    """SHA-256 of a file. Raises ``OSError``."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
