"""Reading a file that a person named, or the one sentence that says why not."""

import stat
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.notebook.core.language import OF_SUFFIX
from nbkata.notebook.core.texts import script_text


def read_bytes(path: Path, if_missing: str = "Check the name.") -> bytes | Refusal:
    """The content of a regular file; a pipe or a device, whose end never comes, is not opened."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        name = ascii(str(path))
        return Refusal("the name of this file is not UTF-8 text.", name, "Rename it (mv).")
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return Refusal("this is a folder, not a file.", str(path), "Name the file in it.")
        if not stat.S_ISREG(mode):
            what = "this is a pipe or a device, not a file."
            return Refusal(what, str(path), "Copy what it gives into a file, and name that.")
        return path.read_bytes()
    except FileNotFoundError:
        return Refusal("there is no such file.", str(path), if_missing)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        return Refusal(f"it cannot be read ({reason}).", str(path), "Check its permissions.")


def other_language(path: Path) -> Refusal | None:
    """Why a file is never read as Python, if its suffix says so."""
    language = OF_SUFFIX.get(path.suffix.lower())
    if language is None or not path.is_file():
        return None
    what = f"this is {language}, and nbkata runs Python."
    return Refusal(what, str(path), "Name a Python notebook or script.")


def read_script(path: Path) -> str | Refusal:
    """The text of a Python file, in the encoding that it declares or in UTF-8."""
    raw = read_bytes(path)
    return raw if isinstance(raw, Refusal) else script_text(raw, str(path))
