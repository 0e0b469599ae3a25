"""Writing the files that an option names: pages, pictures, reports, records."""

from enum import Enum
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import write_atomically
from nbkata.common.shell.paths import shown_path
from nbkata.workspace.core.workspace import MARKER
from nbkata.workspace.shell.kept_writes import write_kept


class Kind(Enum):
    """What the kit writes, by a text that is near the beginning of each such file."""

    PAGE = '<meta name="generator" content="nbkata">'
    PICTURE = '<svg class="wall"'
    PRINT = ": the keys)"
    REPORT = '<testsuite name="nbkata '
    RECORD = '"nbkata_record"'
    CALENDAR = "PRODID:-//nbkata//"

    def is_in(self, path: Path) -> bool:
        """Whether a file is of this kind; an empty one may become one."""
        if not path.is_file():
            return False
        with path.open("rb") as file:
            head = file.read(NEAR)
        return not head or self.value.encode("ascii") in head


# Characters that are looked at; a record begins with its mark, a page has it in its head.
NEAR = 2000


def page_path(name: str, home: Path | None = None) -> Path:
    """Where a page goes that nobody named a file for: into the workspace ``home`` or the nearest, else here.

    Below its marker folder, so that neither git nor a check takes it for the learner's.
    """
    if home is not None:
        return home / MARKER / "pages" / name
    here = Path.cwd()
    places = (place for folder in (here, *here.parents) for place in (folder, folder / "workspace"))
    home = next((place for place in places if (place / MARKER).is_dir()), None)
    return home / MARKER / "pages" / name if home else here / name


def refused_output(path: Path, kind: Kind) -> Refusal | None:
    """Why an output may not be written there: something that is not the kit's would be replaced."""
    try:
        if not path.exists() or kind.is_in(path):
            return None
    except OSError as error:
        return _unwritable(path, error)
    what = "this exists and was not written by this command; it is left alone."
    return Refusal(what, shown_path(path), "Name another file, or move this one away.")


def write_output(path: Path, content: bytes, kind: Kind) -> Refusal | None:
    """Write it; a record in a workspace so that `nbkata undo` brings back the earlier one.

    All else is no work of a learner's, and made again by its command: a snapshot of it would be
    what a plain `nbkata undo` takes back first, in place of the write before.
    """
    refused = refused_output(path, kind)
    if refused is not None:
        return refused
    try:
        if kind is Kind.RECORD:
            return write_kept({path: content}, f"write {path.name}")
        write_atomically(path, content)
        return None
    except OSError as error:
        return _unwritable(path, error)


def write_page(
    path: Path, page: str, endings: str = "the page is written as .html."
) -> Path | Refusal:
    """As ``.html``; ``endings`` says which endings there are if the path has another one."""
    if path.suffix.lower() not in (".html", ".htm"):
        return Refusal(endings, shown_path(path), "Give the file that ending.")
    return write_output(path, page.encode("utf-8", "backslashreplace"), Kind.PAGE) or path


def _unwritable(path: Path, error: OSError) -> Refusal:
    next_step = "Name a file that you may write."
    return Refusal(f"it cannot be written ({error.strerror}).", shown_path(path), next_step)
