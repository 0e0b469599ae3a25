"""Paths as a person reads them."""

import os
from pathlib import Path


def shown_path(path: Path) -> str:
    """Relative to the current folder where that is shorter, with the system's own slashes."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive on Windows
        return str(path)
    return relative if len(relative) < len(str(path)) else str(path)
