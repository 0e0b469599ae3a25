"""Approving the golden record of a project: a line in tests/approvals.txt."""

from collections.abc import Mapping
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import read_file
from nbkata.common.shell.walk import files_in, visible
from nbkata.guard.core.approvals import approval_line, is_approved_last, with_approval
from nbkata.guard.core.paths import APPROVALS, is_golden
from nbkata.workspace.shell.kept_writes import write_kept


def approve(folder: Path, why: str, is_wanted: bool = True) -> Path | None | Refusal:
    """Approve the golden files as they are now, and what tests expect; the file that says so.

    None if there are none or the last line approves them, and nothing else is wanted.
    """
    golden = _golden(folder, {})
    is_last = is_approved_last({**golden, APPROVALS: _approvals(folder)})
    if not is_wanted and (is_last or not golden):
        return None
    approval = approval_of(folder, why, {})
    if approval is None:
        what = "there are no tests and no golden record here, so there is nothing to approve."
        return Refusal(what, str(folder), "Make one: nbkata characterize NOTEBOOK")
    path, content = approval
    return write_kept({path: content}, "guard --approve") or path


def approval_of(
    folder: Path, why: str, changes: Mapping[Path, bytes | None]
) -> tuple[Path, bytes] | None:
    """The file of approvals with a line more, for the golden files as they are after ``changes``.

    None if there are none, and no tests. Raises ``OSError``.
    """
    golden = _golden(folder, changes)
    path = folder.resolve() / APPROVALS
    if not golden and not path.parent.is_dir():
        return None
    line = approval_line(golden, why)
    return path, with_approval(_approvals(folder), line).encode("utf-8")


def _golden(folder: Path, changes: Mapping[Path, bytes | None]) -> dict[str, str]:
    """The golden files after the changes."""
    root = folder.resolve()
    contents: dict[Path, bytes | None] = {
        path.resolve(): read_file(path)
        for path in files_in(root, visible)
        if is_golden(path.relative_to(root).as_posix())
    }
    contents |= {path.resolve(): content for path, content in changes.items()}
    return {
        path.relative_to(root).as_posix(): content.decode("utf-8", "surrogateescape")
        for path, content in contents.items()
        if content is not None
    }


def _approvals(folder: Path) -> str:
    path = folder / APPROVALS
    return read_file(path).decode("utf-8") if path.is_file() else ""
