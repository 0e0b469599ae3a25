"""Writing several files of a workspace as one: after a crash all are old, or all are new.

What a write replaces is kept in ``.nbkata/snapshots/NNNN/before/`` first. While it is under way the
folder is called ``NNNN.doing`` and holds in ``after/`` the new files that are not in their place
yet. Renaming it to ``NNNN`` is the moment at which the write counts; a ``NNNN.doing`` that is found
later belongs to a command that was killed, and what it did is put back. The first write of all, number
0, makes the marker folder as well, and nothing is kept of it: there was nothing before.

A learner may save a file at any moment. So the old file itself is moved over its copy in ``before/``
(a late write by an editor that has it open lands there), it is compared with what the plan was made
for, and the new file takes the empty place only if nobody else did. A save that got in between stays,
the whole write is put back, and the command is refused.
"""

import errno
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.clock import now
from nbkata.common.shell.files import (
    Saved,
    append_line,
    default_mode,
    place_of,
    read_file,
    write_atomically,
)
from nbkata.common.shell.locks import hold
from nbkata.workspace.core.journal import Move, line_of
from nbkata.workspace.core.workspace import MARKER
from nbkata.workspace.core.writes import Kept, Snapshot, Write, snapshot_to_text, to_put_back
from nbkata.workspace.shell.snapshots import (
    AFTER,
    BACK,
    BEFORE,
    DOING,
    GONE,
    LEFT_OVER,
    PLAN,
    SNAPSHOTS,
    TAKEN,
    UNFINISHED,
    folder_names,
    folder_of,
    home_of,
    read_plan,
)

Waiting = Callable[[], None]

# An editor that saves in place empties the file first. One that is empty and was changed within
# FRESH_S is looked at again, for at most as long.
FRESH_S = 0.3


def apply(root: Path, change: Write, was_at: str, waiting: Waiting) -> Snapshot | Refusal | None:
    """Make the change as a whole. None if it changes nothing.

    ``was_at`` is the step where the learner is; ``waiting`` is called once where another command
    is writing. A refusal says why it cannot be done; then nothing was changed.
    """
    try:
        with locked(root, waiting):
            settled = _settle(root)
            if isinstance(settled, Refusal):
                return settled
            return _apply(root, change, was_at)
    except OSError as error:
        return refusal_of(error, root)


def create(
    root: Path,
    change: Write,
    folders: Iterable[str],
    waiting: Waiting,
    marks: Mapping[str, str] | None = None,
) -> None:
    """The first write: the marker folder, the files, and the folders that begin empty.

    ``marks`` are files of the marker folder, as text.

    ``root`` is empty or not there. Raises ``OSError`` and leaves nothing.
    """
    root.mkdir(parents=True, exist_ok=True)
    for left in root.glob(f"{LEFT_OVER}*"):
        shutil.rmtree(left, ignore_errors=True)
    building = Path(tempfile.mkdtemp(dir=root, prefix=LEFT_OVER))
    try:
        files = {name: Kept(None, _digest(new)) for name, new in change.files.items()}
        first = Snapshot(0, now(), change.title, files)
        _stage(building / SNAPSHOTS, root, first, {}, change.files)
        for name, text in (marks or {}).items():
            (building / name).write_text(text, encoding="utf-8")
        building.chmod(0o755)  # mkdtemp keeps others out; a workspace is an ordinary folder
        os.rename(building, root / MARKER)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    try:
        with locked(root, waiting):
            _carry_out(root, first, change.files)
            for name in folders:
                (root / name).mkdir(exist_ok=True)
            _take_away(home_of(root) / f"0000{DOING}")
    except BaseException:
        settle(root, waiting)
        raise


def refusal_of(error: OSError, root: Path) -> Refusal:
    """Why a write failed. Everything is as it was before."""
    where = str(error.filename or root)
    kept = "Nothing was changed."
    if isinstance(error, Saved):
        what = "it was saved while the kit was about to replace it."
        return Refusal(what, where, "Your save is there, and nothing was changed. Run it again.")
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Refusal("the disk is full.", where, f"{kept} Make room, then run it again.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        hint = f"{kept} Make the folder writable, close programs that hold its files, run it again."
        return Refusal("this may not be written.", where, hint)
    return Refusal(
        f"this cannot be written ({error.strerror}).", where, f"{kept} Then run it again."
    )


@contextmanager
def locked(root: Path, waiting: Waiting) -> Iterator[None]:
    """Hold the workspace: one command writes at a time. Raises ``OSError`` if it cannot."""
    lock = root / MARKER / "lock"
    if not lock.exists():
        lock.touch()
    with hold(lock, waiting):
        yield


def settle(root: Path, waiting: Waiting) -> str | Refusal:
    """Put back what a killed command left half done; what was settled, as a sentence, or ""."""
    if not any(name.endswith((DOING, GONE)) for name in folder_names(root)):
        return ""
    try:
        with locked(root, waiting):
            settled = _settle(root)
        if f"0000{GONE}" in folder_names(root):
            _unmake(root)
        return settled
    except OSError as error:
        return refusal_of(error, root)


def _apply(root: Path, change: Write, was_at: str) -> Snapshot | None:
    before = {name: _saved_content(root / name) for name in change.files}
    files = {name: new for name, new in change.files.items() if new != before[name]}
    if not files and (not change.moves_to or change.moves_to == was_at):
        return None
    numbers = [int(name.removesuffix(DOING)) for name in folder_names(root) if name[:1].isdecimal()]
    snapshot = Snapshot(
        number=max(numbers, default=0) + 1,
        time=now(),
        title=change.title,
        files={name: Kept(_digest(before[name]), _digest(new)) for name, new in files.items()},
        was_at=was_at if change.moves_to else "",
        now_at=change.moves_to,
    )
    doing = _stage(home_of(root), root, snapshot, before, files)
    try:
        _carry_out(root, snapshot, files)
        if snapshot.moved:
            _move(root, Move(snapshot.time, snapshot.now_at, change.moved_by))
        shutil.rmtree(doing / AFTER)
        os.rename(doing, folder_of(root, snapshot.number))
    except BaseException:
        _settle(root)
        raise
    return snapshot


def _stage(
    home: Path,
    root: Path,
    snapshot: Snapshot,
    before: Mapping[str, bytes | None],
    after: Mapping[str, bytes | None],
) -> Path:
    """Old and new files in a folder beside, which gets its name when it is whole."""
    home.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(dir=home, prefix=UNFINISHED))
    try:
        (building / AFTER).mkdir()
        for name, new in after.items():
            old = before.get(name)
            if old is not None:
                _write_synced(building / BEFORE / name, old, root / name)
            if new is not None:
                _write_synced(building / AFTER / name, new, root / name)
        _write_synced(building / PLAN, snapshot_to_text(snapshot).encode("utf-8"), root / PLAN)
        building.chmod(0o755)  # mkdtemp keeps others out
        doing = home / f"{snapshot.number:04}{DOING}"
        os.rename(building, doing)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    return doing


def _carry_out(root: Path, snapshot: Snapshot, files: Mapping[str, bytes | None]) -> None:
    """Move the old files over their copies and the staged files to their places."""
    doing = home_of(root) / f"{snapshot.number:04}{DOING}"
    for name, new in files.items():
        staged = None if new is None else doing / AFTER / name
        old = snapshot.files[name].before
        _exchange(root / name, staged, doing / BEFORE / name, old)


def _exchange(path: Path, staged: Path | None, kept: Path, digest: str | None) -> None:
    """Move ``path`` to ``kept`` and ``staged`` to its place. Raises ``Saved``.

    ``digest`` is of what is there; none for no file.
    """
    if staged is None and path.is_symlink():  # the link goes, not what it leads to
        path.unlink()
        return
    target = place_of(path)
    try:
        if digest is not None:
            _take(target, kept, digest)
        if staged is not None:
            _place(staged, target)
    except OSError as error:
        if error.errno != errno.EXDEV:  # a link leads into another file system
            raise
        if _digest(_content(target)) != digest:
            raise Saved(target) from error
        if staged is None:
            target.unlink()
        else:
            write_atomically(target, staged.read_bytes())
            staged.unlink()


def _take(target: Path, kept: Path, digest: str) -> None:
    try:
        # after a killed `_place` both are one file: the system would move nothing, and say that it did
        if kept.exists() and os.path.samefile(target, kept):
            os.unlink(kept)
        os.replace(target, kept)
    except FileNotFoundError:
        return  # the learner removed it; a copy is in its place
    if _digest(kept.read_bytes()) != digest:
        _place(kept, target)
        raise Saved(target)


def _place(staged: Path, target: Path) -> None:
    """Move a file to where none is. Raises ``Saved`` if there is one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        if os.name == "nt":
            os.rename(staged, target)
        else:  # where a rename would replace what is there
            os.link(staged, target)
            os.unlink(staged)
    except FileExistsError as error:
        raise Saved(target) from error
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        if os.path.lexists(target):
            raise Saved(target) from error
        os.replace(staged, target)


# What file systems without hard links answer.
NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


def _settle(root: Path) -> str | Refusal:
    """With the lock held: clear up after commands that were killed."""
    message = ""
    for name in folder_names(root):
        path = home_of(root) / name
        if name.startswith(UNFINISHED):
            shutil.rmtree(path, ignore_errors=True)  # it never counted
        elif name.endswith(DOING):
            try:
                message = _put_back(root, path, read_plan(path))
            except ValueError as error:
                hint = f"Take what you need from {BEFORE}/ beside it, then delete the folder."
                return Refusal(f"a stopped write cannot be undone ({error}).", str(path), hint)
    return message


def _put_back(root: Path, doing: Path, snapshot: Snapshot) -> str:
    _fill_gaps(root, doing, snapshot)
    digests = {name: _digest(_content(root / name)) for name in snapshot.files}
    staged = {name for name in snapshot.files if (doing / AFTER / name).is_file()}
    names = to_put_back(snapshot, digests, staged)
    if names is None:
        shutil.rmtree(doing / AFTER, ignore_errors=True)
        os.rename(doing, folder_of(root, snapshot.number))
        return (
            f"{snapshot.title} was stopped halfway, and files were edited since; they are left "
            "alone. nbkata undo brings back what was there before it."
        )
    try:
        for name in names:
            back = _copy_back(root, doing, name) if snapshot.files[name].before else None
            _exchange(root / name, back, doing / TAKEN, digests[name])
    except Saved:
        return _put_back(root, doing, snapshot)
    if snapshot.moved:
        _move(root, Move(now(), snapshot.was_at, "undo"))
    if snapshot.number == 0:
        os.rename(doing, doing.with_suffix(GONE))
    else:
        _take_away(doing)
    return f"{snapshot.title} was stopped halfway; everything is as it was before it."


def _fill_gaps(root: Path, doing: Path, snapshot: Snapshot) -> None:
    """Put back old files that were taken away without a new one in their place."""
    for name, kept in snapshot.files.items():
        gap = kept.before and kept.after and not os.path.lexists(place_of(root / name))
        if gap and (doing / BEFORE / name).is_file():
            with suppress(Saved):  # then there is a newer one
                _exchange(root / name, _copy_back(root, doing, name), doing / TAKEN, None)


def _copy_back(root: Path, doing: Path, name: str) -> Path:
    """A copy of a kept file, to be moved to its place."""
    back, kept = doing / BACK, doing / BEFORE / name
    # a killed `_place` may have left it linked to another file's place
    back.unlink(missing_ok=True)
    _write_synced(back, kept.read_bytes(), root / name if (root / name).exists() else kept)
    return back


def _take_away(doing: Path) -> None:
    """A snapshot that nobody needs: gone at once for all who look, then from the disk."""
    gone = doing.with_name(f"{UNFINISHED}{doing.name}")
    os.rename(doing, gone)
    shutil.rmtree(gone, ignore_errors=True)


def _unmake(root: Path) -> None:
    """After a first write that was put back: the marker, and the folders it made, all empty."""
    gone = root / f"{LEFT_OVER}gone"
    os.rename(root / MARKER, gone)
    shutil.rmtree(gone, ignore_errors=True)
    for path, _, _ in os.walk(root, topdown=False):
        if Path(path) != root and not os.listdir(path):
            os.rmdir(path)


def _move(root: Path, move: Move) -> None:
    append_line(root / MARKER / "journal.jsonl", line_of(move))


def _write_synced(path: Path, content: bytes, like: Path) -> None:
    """A new file with the permissions of the one that it stands for."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(like.stat().st_mode & 0o777 if like.exists() else default_mode())


def _content(path: Path) -> bytes | None:
    try:
        return read_file(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _saved_content(path: Path) -> bytes | None:
    """The content, of a file that is just being saved after the save."""
    until = time.monotonic() + FRESH_S
    while (content := _content(path)) == b"" and time.monotonic() < until:
        if time.time() - path.stat().st_mtime > FRESH_S:
            break
        time.sleep(FRESH_S / 20)
    return content


def _digest(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()
