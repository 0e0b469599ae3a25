"""A unified diff, applied to texts: `git` and `patch` are not on every machine."""

import re
from collections.abc import Mapping

_FILE = re.compile(r"^--- .*\n\+\+\+ b/(.+)\n", re.MULTILINE)
_HUNK = re.compile(r"^@@ -(\d+)(?:,\d+)? \+\d+(?:,\d+)? @@.*\n", re.MULTILINE)


def patched(files: Mapping[str, str], patch: str) -> dict[str, str]:
    """The files that the diff changes or makes, as they are after it.

    Raises ``ValueError`` if a line is not where the diff expects it, to the letter.
    """
    _, *parts = _FILE.split(patch)
    names, bodies = parts[::2], parts[1::2]
    return {
        name: _changed(name, files.get(name, ""), body)
        for name, body in zip(names, bodies, strict=True)
    }


def _changed(name: str, text: str, body: str) -> str:
    old, new, at = text.splitlines(keepends=True), list[str](), 0
    _, *parts = _HUNK.split(body)
    for first, hunk in zip(parts[::2], parts[1::2], strict=True):
        start = max(int(first) - 1, 0)
        new += old[at:start]
        at = start
        for line in hunk.splitlines(keepends=True):
            if line[0] in " -":
                if old[at : at + 1] != [line[1:]]:
                    raise ValueError(f"the diff does not fit {name}, line {at + 1}")
                at += 1
            if line[0] in " +":
                new.append(line[1:])
    return "".join([*new, *old[at:]])


def changed_lines(patch: str) -> int:
    """How many lines the diff takes out and puts in."""
    _, *parts = _FILE.split(patch)
    lines = "".join(parts[1::2]).splitlines()
    return sum(line[:1] in ("-", "+") for line in lines)
