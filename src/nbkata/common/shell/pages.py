"""Writing a page where a person asked for it."""

from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import write_atomically
from nbkata.common.shell.paths import shown_path


def write_page(
    path: Path, page: str, endings: str = "the page is written as .html."
) -> Path | Refusal:
    """As ``.html``; ``endings`` tells which endings there are, where the path has another one."""
    if path.suffix.lower() not in (".html", ".htm"):
        return Refusal(endings, shown_path(path), "Give the file that ending.")
    try:
        write_atomically(path, page.encode("utf-8"))
    except OSError as error:
        next_step = "Name a file that you may write."
        return Refusal(f"it cannot be written ({error.strerror}).", shown_path(path), next_step)
    return path
