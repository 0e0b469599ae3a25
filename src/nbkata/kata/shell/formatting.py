"""Which of a learner's files black would change, by the settings that every workspace has."""

from collections.abc import Iterator
from pathlib import Path

from nbkata.common.shell.walk import files_in, visible

LINE_LENGTH = 100


def unformatted(workspace: Path) -> tuple[str, ...]:
    """Paths in the workspace, with forward slashes; what is no Python is somebody else's business."""
    return tuple(path.relative_to(workspace).as_posix() for path, _ in _to_format(workspace))


def format_files(workspace: Path) -> None:
    """Format what is not. Only for throw-away workspaces."""
    for path, formatted in _to_format(workspace):
        path.write_bytes(formatted.encode("utf-8"))


def _to_format(workspace: Path) -> Iterator[tuple[Path, str]]:
    """The files that black would change, and what it would make of them."""
    import black  # pylint: disable=import-outside-toplevel # 0.1 s that only this pays for

    for folder in ("src", "tests"):
        for path in files_in(workspace / folder, visible, ".py"):
            try:
                text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
                formatted = black.format_str(text, mode=black.Mode(line_length=LINE_LENGTH))
            except (OSError, ValueError):  # black says ValueError of what does not parse
                continue
            if formatted != text:
                yield path, formatted
