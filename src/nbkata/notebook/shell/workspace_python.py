"""The Python that runs a workspace's code, if that is its project's own: kept by `nbkata adopt`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbkata.child.shell.interpreter import looked_at, project_python, used
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import write_atomically
from nbkata.common.shell.paths import shown_path
from nbkata.workspace.core.workspace import MARKER

# In the marker folder: the path of that Python.
KEPT = "python"


def keep_python(workspace: Path) -> None:
    """Let the workspace's code be run from now on by the Python that runs code now. Raises ``OSError``."""
    project, kept = project_python(), workspace / MARKER / KEPT
    if project is None:
        kept.unlink(missing_ok=True)
    else:
        write_atomically(kept, f"{project.path}\n".encode())


def kept_python(folder: Path) -> Path | None:
    """The Python of the workspace that a folder lies in, if it has its own."""
    for place in (folder, *folder.parents):
        if (place / MARKER / KEPT).is_file():
            return Path((place / MARKER / KEPT).read_text(encoding="utf-8").strip())
    return None


@contextmanager
def workspace_python(workspace: Path) -> Iterator[Refusal | None]:
    """Run the workspace's code by the Python that it keeps; give the reason if that cannot be run."""
    path = kept_python(workspace)
    found = None if path is None else looked_at(path)
    if isinstance(found, Refusal):
        what = f"the Python that runs this workspace's code is gone: {path}."
        step = "Adopt the notebook again, with --python PATH; or delete this file: nbkata's own runs it then."
        yield Refusal(what, shown_path(workspace / MARKER / KEPT), step)
    elif found is None:
        yield None
    else:
        with used(found):
            yield None
