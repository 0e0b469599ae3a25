"""Writing the debt wall."""

from collections.abc import Sequence
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.smells.core.finding import Smells
from nbkata.smells.core.wall import notes_of
from nbkata.smells.core.wall_page import as_html, as_svg
from nbkata.smells.shell.catalogue import read_catalogue
from nbkata.workspace.shell.outputs import Kind, write_output


def write_wall(path: Path, results: Sequence[Smells]) -> Path | Refusal:
    """An ``.html`` page or an ``.svg`` picture of everything that was found."""
    render = {".html": as_html, ".htm": as_html, ".svg": as_svg}.get(path.suffix.lower())
    if render is None:
        what = "the wall is drawn as .html or .svg."
        return Refusal(what, str(path), "Give the file one of these endings.")
    read = [result for result in results if result.findings or not result.unread]
    name = Path(read[0].path).name if len(read) == 1 else f"{len(read)} files"
    page = render(notes_of(results, read_catalogue()), f"Technical debt of {name}")
    kind = Kind.PICTURE if render is as_svg else Kind.PAGE
    return write_output(path, page.encode("utf-8", "backslashreplace"), kind) or path
