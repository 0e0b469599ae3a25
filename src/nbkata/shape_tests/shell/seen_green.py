"""What takes long and was green once is not looked at again for the same files."""

import hashlib
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.cache import Kind, keep_cached, read_cached
from nbkata.common.shell.walk import files_in
from nbkata.kata.shell.checkpoint import digest_of
from nbkata.kata.shell.kit import kit_around
from nbkata.kata.shell.kit_digest import digest_of_kit


class SeenGreen:
    """The slow tests of one step, and the workspace's code, tests and data that they look at."""

    def __init__(self, workspace: Path, step: str) -> None:
        kit = kit_around(workspace)
        self.key = self.note = ""
        if not isinstance(kit, Refusal):
            digest = hashlib.sha256(f"{digest_of_kit(kit)} {step} {digest_of(workspace)}".encode())
            for path in files_in(workspace / "data"):
                name = path.relative_to(workspace).as_posix()
                digest.update(name.encode() + path.read_bytes())
            self.key = digest.hexdigest()
            self.note = str(read_cached(Kind.SHAPE, self.key) or "")

    def keep(self, note: str) -> None:
        """Remember that all was green, and what is to be said of it."""
        if self.key:
            keep_cached(Kind.SHAPE, self.key, note)
