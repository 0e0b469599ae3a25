"""Markdown as plain lines, filled to a terminal's width."""

import re


def as_lines(markdown: str, width: int) -> list[str]:
    """Paragraphs, lists and tables filled to ``width`` columns, code as it is, headings bare.

    What is in backticks keeps them: it is a name or something to type.
    """
    lines: list[str] = []
    block: list[str] = []
    in_code = False
    for line in markdown.splitlines():
        is_fence = line.lstrip().startswith("```")
        if in_code or is_fence:
            lines += _filled(block, width)
            block = []
            in_code ^= is_fence
            if not is_fence:
                lines.append(f"    {line}".rstrip())
        elif not line.strip() or line.startswith("#") or _ITEM.match(line):
            lines += _filled(block, width)
            block = [line] if line.strip() else []
            if not line.strip() and lines and lines[-1]:
                lines.append("")
        else:
            block.append(line)
    return lines + _filled(block, width)


# How a list's item begins, or a table's row.
_ITEM = re.compile(r"\s*(?:[-*]|\d+\.) +|\s*\|")


def _filled(block: list[str], width: int) -> list[str]:
    if not block:
        return []
    first = block[0]
    if first.startswith("#"):
        return [_bare(first.lstrip("# "))]
    if first.lstrip().startswith("|"):
        return _row(first, width)
    item = _ITEM.match(first)
    begin = item[0] if item else first[: len(first) - len(first.lstrip())]
    hanging = " " * len(begin)
    words = _bare(" ".join([first[len(begin) :], *block[1:]])).split()
    lines, line = [], begin
    for word in words:
        if len(line) + len(word) > width and line.strip() and line != begin:
            lines.append(line.rstrip())
            line = hanging
        line += f"{word} "
    return [*lines, line.rstrip()]


def _row(row: str, width: int) -> list[str]:
    """A table's row as an item: a grid of such long cells is wider than any terminal."""
    head, *others = [cell.strip() for cell in row.strip().strip("|").split("|")]
    if not head.strip("-: "):
        return []
    return _filled([f"- {head}: {'; '.join(others)}"], width)


def _bare(text: str) -> str:
    """Without the signs that mean bold or a link."""
    text = re.sub(r"(`[^`]*`)|\*\*(.+?)\*\*", lambda found: found[1] or found[2], text)
    return re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text)
