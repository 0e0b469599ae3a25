"""Writing the files that a command was asked for: those in a workspace so that `undo` takes them back."""

from collections.abc import Mapping
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import Saved, read_file, write_atomically
from nbkata.workspace.core.workspace import MARKER
from nbkata.workspace.core.writes import Write


def write_kept(
    files: Mapping[Path, bytes | None], title: str, read: Mapping[Path, bytes] | None = None
) -> Refusal | None:
    """Write these files, or remove those without content; in a workspace all or none.

    ``title`` is how `nbkata undo --list` calls it; ``read`` is what the new contents were made
    from. Raises ``OSError`` outside of a workspace, ``Saved`` if a file is not as it was read; in
    one, a refusal says why nothing was changed.
    """
    places = {path.parent.resolve() / path.name: content for path, content in files.items()}
    were = {path.parent.resolve() / path.name: content for path, content in (read or {}).items()}
    for path, old in were.items():
        if read_file(path) != old:
            raise Saved(path)
    root = next((root for path in places for root in path.parents if _is_workspace(root)), None)
    mine: dict[str, bytes | None] = {}
    for path, content in places.items():
        if root is not None and path.is_relative_to(root):
            mine[path.relative_to(root).as_posix()] = content
        elif content is None:
            path.unlink(missing_ok=True)
        else:
            write_atomically(path, content, were.get(path))
    if root is None:
        return None
    # pylint: disable-next=import-outside-toplevel # takes 12 ms
    from nbkata.workspace.shell import transaction

    done = transaction.apply(root, Write(title, mine), "", lambda: None)
    return done if isinstance(done, Refusal) else None


def _is_workspace(folder: Path) -> bool:
    return (folder / MARKER).is_dir()
