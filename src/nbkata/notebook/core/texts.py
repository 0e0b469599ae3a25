"""Bytes as text, or why they are none: encodings, marks of a merge conflict, stray files.

Each piece of advice works: a conversion is advised only if it gives what is wanted.
"""

import ast
import json
import re
import tokenize
import warnings
from collections.abc import Callable

from nbkata.common.core.refusal import Refusal


def notebook_text(raw: bytes, path: str) -> str | Refusal:
    """The text of a notebook's file: UTF-8, as Jupyter writes it."""
    return _decoded(raw, path, "utf-8", _is_json)


def script_text(raw: bytes, path: str) -> str | Refusal:
    """The text of a Python file, in the encoding that it declares (PEP 263) or in UTF-8."""
    lines = iter(raw.splitlines(keepends=True))
    try:
        encoding, _ = tokenize.detect_encoding(lambda: next(lines, b""))
    except SyntaxError:  # declares one that does not exist, or is not UTF-8 in its first lines
        encoding = "utf-8"
    return _decoded(raw, path, encoding, _is_python)


def not_json(text: str, line: int, path: str) -> Refusal:
    """For a file that is text but no JSON."""
    conflict = _conflict_line(text)
    if conflict:
        return _conflicted(conflict, path)
    start = text.lstrip()[:200].lower()
    if start.startswith("version https://git-lfs"):
        what = "this is not the notebook but Git LFS's pointer to it."
        return Refusal(what, path, f"Fetch it: git lfs pull --include {_quoted(path)}")
    if start.startswith(("<!doctype", "<html")):
        what = "this is a web page, not a notebook."
        return Refusal(what, path, "Download the file itself: on GitHub it is behind Raw.")
    return Refusal("this is not JSON, so not a notebook.", f"{path}, line {line}", RESTORE)


def script_conflict(text: str, path: str) -> Refusal | None:
    """For a Python file that the marks of a merge conflict keep from being Python."""
    line = _conflict_line(text)
    return _conflicted(line, path) if line and not _is_python(text) else None


def _conflict_line(text: str) -> int | None:
    """The line, from 1, of the first mark that a merge left."""
    found = re.search(r"^<<<<<<< .*$(?=[\s\S]*^>>>>>>> )", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else None


def _conflicted(line: int, path: str) -> Refusal:
    what = "a merge left its conflict marks here (<<<<<<<)."
    tool = "nbdime mergetool" if path.endswith(".ipynb") else "git mergetool"
    step = f"While the merge is open: git checkout --ours {_quoted(path)} keeps your side, --theirs"
    step += f" the other one, {tool} joins them. Later: delete the marks in a text editor."
    return Refusal(what, f"{path}, line {line}", step)


def lone_surrogate(text: str) -> str:
    r"""The first half of a character whose other half is missing: ``\ud83d``; empty if none."""
    found = re.search("[\ud800-\udfff]", text)
    return f"\\u{ord(found[0]):x}" if found else ""


RESTORE = "Name another file, or bring back an older version of this one (git log lists them)."


def _decoded(
    raw: bytes, path: str, encoding: str, is_wanted: Callable[[str], bool]
) -> str | Refusal:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _other_encoding("UTF-16, not UTF-8 text", "utf-16", raw, path, is_wanted)
    if b"\0" in raw[:2] and len(raw) > 3:
        name = "utf-16-le" if raw[1] == 0 else "utf-16-be"
        if is_wanted(raw.decode(name, "replace")):
            return _other_encoding("UTF-16, not UTF-8 text", name, raw, path, is_wanted)
    try:
        return raw.decode("utf-8-sig" if encoding.startswith("utf-8") else encoding)
    except (UnicodeDecodeError, LookupError) as error:
        at = f" (byte {error.start})" if isinstance(error, UnicodeDecodeError) else ""
    if b"\0" in raw:
        return Refusal(f"this is not UTF-8 text{at}: it is binary.", path, RESTORE)
    return _other_encoding(f"not UTF-8 text{at}", "cp1252", raw, path, is_wanted)


def _other_encoding(
    what: str, encoding: str, raw: bytes, path: str, is_wanted: Callable[[str], bool]
) -> Refusal:
    what = f"this is {what}."
    try:
        works = is_wanted(raw.decode(encoding))
    except UnicodeDecodeError:
        works = False
    if not works:
        return Refusal(what, path, RESTORE)
    declared = ""
    if encoding == "cp1252":
        declared = " (if it is Western European, Latin-1 or Windows-1252)"
    code = f"from pathlib import Path; p = Path({_slashes(path)!r}); "
    code += f"p.write_text(p.read_text({encoding!r}), 'utf-8')"
    return Refusal(what, path, f'Convert it{declared}: python -c "{code}"')


def _is_json(text: str) -> bool:
    try:
        json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return False
    return True


def _is_python(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text.lstrip("\ufeff"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _slashes(path: str) -> str:
    return path.replace("\\", "/")


def _quoted(path: str) -> str:
    return f'"{path}"' if re.search(r"[^\w./\\:@+-]", path) else path
