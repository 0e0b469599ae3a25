"""Reading a submission, of whatever form: a zip, tarball, or git repository (bundle, or bare in a tarball).

Nothing is unpacked to disk by an archive's own names: what is taken is read, within bounds, and
written below a new workspace by names that were looked at. Links are never followed.
"""

import io
import os
import stat
import subprocess
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nbkata.cohort.core.taken import (
    JOURNAL,
    MOST_BYTES,
    MOST_FILES,
    is_outside,
    is_taken,
    left_out,
    root_of,
)
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.temporary import TemporaryFolder

# Of all that an archive says it holds, taken or not: a bomb is refused before it is unpacked.
MOST_UNPACKED = 1_000_000_000
# Names in an archive or folder.
MOST_NAMES = 100_000
GIT_S = 60


@dataclass(frozen=True, slots=True)
class Submission:
    """What is taken of a workspace, by path in it."""

    files: dict[str, bytes]
    journal: str
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    is_file: bool  # if not, it is a link, a device or a pipe
    read: Callable[[int], bytes]  # at most so many bytes


class _Unusable(Exception):
    """It is not taken; the message says why."""


def read_submission(path: Path) -> Submission | Refusal:
    """Read what is taken of a submission."""
    try:
        return _read(path)
    except _Unusable as error:
        return Refusal(str(error), path.name)
    except (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, zlib.error) as error:
        return Refusal(f"it cannot be read ({error}).", path.name)
    except (
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:  # what zipfile raises for odd ones
        return Refusal(f"this archive cannot be unpacked ({error}).", path.name)


def _read(path: Path) -> Submission:
    with path.open("rb") as file:
        head = file.read(20)
    if head.startswith(b"# v") and b"git bundle" in head:
        return _from_git(path)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return _submission(list(_in_zip(archive)))
    with tarfile.open(path) as tar:
        entries = list(_in_tar(tar))
        is_bare = any(entry.name == "HEAD" for entry in entries)
        return _from_bare(entries) if is_bare else _submission(entries)


def _submission(entries: list[_Entry]) -> Submission:
    _refuse_outside(entries)
    if len(entries) > MOST_NAMES:
        raise _Unusable(f"it holds more than {MOST_NAMES:,} files.")
    root = root_of(entry.name for entry in entries)
    if root is None:
        raise _Unusable("it is no workspace: it has no folder src, tests or notebooks.")
    named = {e.name.removeprefix(root): e for e in entries if e.name.startswith(root)}
    taken = {name: entry for name, entry in named.items() if is_taken(name)}
    for name, entry in taken.items():
        if not entry.is_file:
            raise _Unusable(f"{name[:100]} is a link or no regular file; send the file itself.")
    if len(taken) > MOST_FILES:
        raise _Unusable(f"it holds more than {MOST_FILES:,} files of code, tests and notebooks.")
    files, room = {}, MOST_BYTES
    for name, entry in taken.items():
        files[name] = entry.read(room + 1)
        room -= len(files[name])
        if room < 0:
            raise _Unusable(f"its files hold more than {MOST_BYTES // 10**6} MB.")
    journal = named[JOURNAL].read(MOST_JOURNAL) if JOURNAL in named else b""
    return Submission(files, journal.decode("utf-8", "replace"), left_out(named))


MOST_JOURNAL = 2_000_000


def _in_zip(archive: zipfile.ZipFile) -> Iterator[_Entry]:
    _refuse_bomb(sum(info.file_size for info in archive.infolist()))
    for info in archive.infolist():
        if info.is_dir():
            continue
        kind = stat.S_IFMT(info.external_attr >> 16)

        def read(most: int, name: zipfile.ZipInfo = info) -> bytes:
            with archive.open(name) as file:
                return file.read(most)

        yield _Entry(info.filename, kind in (0, stat.S_IFREG), read)


def _in_tar(tar: tarfile.TarFile) -> Iterator[_Entry]:
    total = count = 0
    for member in tar:
        total, count = total + member.size, count + 1
        _refuse_bomb(total)
        if count > MOST_NAMES:
            raise _Unusable(f"it holds more than {MOST_NAMES:,} files.")
        if member.isdir():
            continue

        def read(most: int, wanted: tarfile.TarInfo = member) -> bytes:
            file = tar.extractfile(wanted)
            return file.read(most) if file else b""

        yield _Entry(member.name.removeprefix("./"), member.isreg(), read)


def _refuse_bomb(size: int) -> None:
    if size > MOST_UNPACKED:
        raise _Unusable(f"unpacked it would hold more than {MOST_UNPACKED // 10**9} GB.")


def _refuse_outside(entries: list[_Entry]) -> None:
    for entry in entries:
        if is_outside(entry.name):
            raise _Unusable(f"it holds a file that leads out of it: {entry.name[:100]}.")


def _from_bare(entries: list[_Entry]) -> Submission:
    _refuse_outside(entries)
    with TemporaryFolder() as folder:
        for name in ("objects", "refs"):
            Path(folder, name).mkdir()
        for entry in entries:
            if entry.is_file:
                place = Path(folder, entry.name)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(entry.read(MOST_UNPACKED))
        return _from_git(Path(folder))


def _from_git(path: Path) -> Submission:
    """The files of a repository's HEAD, by a clone of our own: no setting or hook of theirs is read."""
    with TemporaryFolder() as folder:
        settings, clone = Path(folder, "gitconfig"), Path(folder, "clone")
        settings.write_text("[safe]\n\tdirectory = *\n", encoding="ascii")
        source = str(path.resolve())
        _git(settings, "clone", "--quiet", "--bare", "--no-local", source, str(clone))
        archive = _git(settings, f"--git-dir={clone}", "archive", "--format=tar", "HEAD")
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return _submission(list(_in_tar(tar)))


def _git(settings: Path, *arguments: str) -> bytes:
    variables = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    variables |= {"GIT_CONFIG_GLOBAL": str(settings), "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
    variables |= {"GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(
            ["git", *arguments],
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=GIT_S,
            check=False,
        )
    except FileNotFoundError:
        raise _Unusable("it is a git repository, and there is no git here.") from None
    except subprocess.TimeoutExpired:
        raise _Unusable(f"git did not read it within {GIT_S} s.") from None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        raise _Unusable(f"git cannot read it: {lines[-1]}.")
    return done.stdout
