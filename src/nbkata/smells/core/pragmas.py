"""``# pylint: disable=…`` in the text, honoured as pylint does.

At the end of a line it holds for that line, on a line of its own from there to the end of the
block; ``disable-next`` holds for one line, ``skip-file`` for all of them.
"""

import re
from collections.abc import Callable

from nbkata.smells.core.finding import Finding
from nbkata.smells.core.source import Source

_PRAGMA = re.compile(
    r"#.*?\bpylint:\s*(?P<action>disable-next|disable|enable|skip-file)\s*(=\s*(?P<names>[\w\-, ]+))?"
)


def not_disabled(source: Source) -> Callable[[Finding], bool]:
    """A filter for findings; comments name a smell by its symbol or its message id."""
    lines = [line for block in source.blocks for line in _numbered(block.first, block.source)]
    if not any("pylint:" in line for _, line in lines):
        return lambda finding: True
    disabled = _disabled_rows(lines)

    def keeps(finding: Finding) -> bool:
        names = {finding.symbol.value, finding.symbol.message_id, "all"}
        rows = {finding.row, finding.row + finding.end_line - finding.line}
        return not any(names & disabled.get(row, set()) for row in rows)

    return keeps


def _numbered(first: int, text: str) -> list[tuple[int, str]]:
    return list(enumerate(text.split("\n"), start=first))


def _disabled_rows(lines: list[tuple[int, str]]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {row: set() for row, _ in lines}
    for place, (row, line) in enumerate(lines):
        pragma = _PRAGMA.search(line)
        if pragma is None:
            continue
        names = {name.strip() for name in (pragma["names"] or "").split(",") if name.strip()}
        if pragma["action"] == "skip-file":
            return {row: {"all"} for row, _ in lines}
        alone = line.lstrip().startswith("#")
        if pragma["action"] == "disable-next":
            for later, _ in lines[place + 1 : place + 2]:
                found[later] |= names
        elif not alone:
            found[row] = found[row] | names if pragma["action"] == "disable" else found[row] - names
        else:
            for later, _ in _rest_of_block(lines, place):
                kept = found[later]
                found[later] = kept | names if pragma["action"] == "disable" else kept - names
    return found


def _rest_of_block(lines: list[tuple[int, str]], place: int) -> list[tuple[int, str]]:
    """From a comment on to where the code is indented less than it."""
    indent = len(lines[place][1]) - len(lines[place][1].lstrip())
    rest = []
    for row, line in lines[place:]:
        if line.strip() and len(line) - len(line.lstrip()) < indent:
            break
        rest.append((row, line))
    return rest
