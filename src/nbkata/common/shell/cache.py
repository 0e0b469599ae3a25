"""Where answers are kept by content."""

import os
import sys
from pathlib import Path


def cache_folder(kind: str) -> Path:
    """``NBKATA_CACHE``, or where the system keeps caches; in it a folder for this kind."""
    if os.environ.get("NBKATA_CACHE"):
        return Path(os.environ["NBKATA_CACHE"]) / kind
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "nbkata" / kind
