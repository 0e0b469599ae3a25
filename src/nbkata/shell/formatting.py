"""Which of a learner's files black would change, by the settings that every workspace has."""

from pathlib import Path

LINE_LENGTH = 100


def unformatted(workspace: Path) -> tuple[str, ...]:
    """Paths in the workspace, with forward slashes; what is no Python is somebody else's business."""
    import black  # pylint: disable=import-outside-toplevel # 0.1 s that only this pays for

    found = []
    for folder in ("src", "tests"):
        for path in sorted((workspace / folder).rglob("*.py")):
            try:
                text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
                formatted = black.format_str(text, mode=black.Mode(line_length=LINE_LENGTH))
            except (OSError, ValueError):  # black says ValueError of what does not parse
                continue
            if formatted != text:
                found.append(path.relative_to(workspace).as_posix())
    return tuple(found)
