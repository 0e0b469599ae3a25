"""Writing the files that a command was asked for: those in a workspace so that `undo` takes them back."""

from collections.abc import Mapping
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import write_atomically
from nbkata.workspace.core.workspace import MARKER
from nbkata.workspace.core.writes import Write


def write_kept(files: Mapping[Path, bytes | None], title: str) -> Refusal | None:
    """Write these files, or remove those without content; in a workspace all or none.

    ``title`` is how `nbkata undo --list` calls it. Raises ``OSError`` outside of a workspace; in
    one, a refusal says why nothing was changed.
    """
    places = {path.resolve(): content for path, content in files.items()}
    root = next((root for path in places for root in path.parents if _is_workspace(root)), None)
    mine: dict[str, bytes | None] = {}
    for path, content in places.items():
        if root is not None and path.is_relative_to(root):
            mine[path.relative_to(root).as_posix()] = content
        elif content is None:
            path.unlink(missing_ok=True)
        else:
            write_atomically(path, content)
    if root is None:
        return None
    # pylint: disable-next=import-outside-toplevel # takes 12 ms
    from nbkata.workspace.shell import transaction

    done = transaction.apply(root, Write(title, mine), "", lambda: None)
    return done if isinstance(done, Refusal) else None


def _is_workspace(folder: Path) -> bool:
    return (folder / MARKER).is_dir()
