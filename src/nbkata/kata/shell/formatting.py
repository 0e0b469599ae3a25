"""Formatting with black, by the settings that every workspace has."""

from pathlib import Path

from nbkata.common.shell.walk import files_in, visible

LINE_LENGTH = 100


def format_files(workspace: Path) -> None:
    """Format what is not. Only for throw-away workspaces."""
    import black  # pylint: disable=import-outside-toplevel # 0.1 s that only this pays for

    for folder in ("src", "tests"):
        for path in files_in(workspace / folder, visible, ".py"):
            try:
                text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
                formatted = black.format_str(text, mode=black.Mode(line_length=LINE_LENGTH))
            except (OSError, ValueError):  # black says ValueError of what does not parse
                continue
            if formatted != text:
                path.write_bytes(formatted.encode("utf-8"))
