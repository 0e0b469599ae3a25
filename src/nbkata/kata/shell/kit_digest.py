"""What a verdict depends on beside the workspace: the kit's own code, the kata, Python and the libraries."""

import hashlib
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from nbkata.common.shell.walk import files_in
from nbkata.kata.shell.kit import Kit


def digest_of_kit(kit: Kit) -> str:
    """Of all that a verdict depends on beside the workspace."""
    digest = hashlib.sha256(python_version().encode())
    for library in ("pandas", "scikit-learn", "numpy", "pytest", "black", "astroid"):
        digest.update(version(library).encode())
    package = Path(__file__).resolve().parents[2]
    for folder in (package, kit.exercises):
        for path in files_in(folder):
            if path.suffix in (".py", ".toml", ".json", ".ini", ".csv", ".patch"):
                digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()
