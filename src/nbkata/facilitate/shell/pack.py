"""Making an offline pack: the clone, the wheels, the hand-outs, and their checksums last."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import write_atomically
from nbkata.common.shell.paths import shown_path
from nbkata.common.shell.processes import run_logged, timed_line
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.facilitate.core.pack import (
    download_command,
    missing_in,
    read_me,
    requirements_for,
    wheels_in,
)
from nbkata.keys.shell.key_pages import cheat_sheet
from nbkata.keys.shell.keymaps import read_keymaps
from nbkata.setup.core.environment import Failure, failure_in, failure_refusal, last_lines
from nbkata.setup.core.pack import BUNDLE, MANIFEST, SUMS, WHEELS, Manifest, Target, sums_text
from nbkata.setup.shell.environment import person_variables
from nbkata.setup.shell.pack import file_digest

HAND_OUTS, READ_ME = "hand-outs", "README.txt"
AGAIN = "nbkata facilitate pack"
LOCK = "requirements.lock"


@dataclass(frozen=True, slots=True)
class Packed:
    """A finished pack."""

    targets: tuple[Target, ...]
    size_bytes: int
    has_uncommitted: bool  # whether the clone has changes that are in no commit, so not in the pack


def make_pack(folder: Path, kit: Path, targets: Sequence[Target]) -> Packed | Refusal:
    """Fill the folder; one that was filled before keeps the wheels that are still wanted.

    The checksums come last: without them no `go` installs from it. Raises ``OSError``.
    """
    refused = _refused_folder(folder) or _refused_clone(kit)
    if refused:
        return refused
    lock = _git(kit, "show", f"HEAD:{LOCK}")  # as in the bundle
    commit = _git(kit, "rev-parse", "HEAD").decode().strip()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SUMS).unlink(missing_ok=True)
    manifest = Manifest(commit, hashlib.sha256(lock).hexdigest())
    _write(folder / MANIFEST, manifest.as_text())
    done = _download_all(folder / WHEELS, lock.decode("utf-8"), targets)
    if isinstance(done, Refusal):
        return done
    refused = _bundle(folder, kit)
    if refused:
        return refused
    _write_hand_outs(folder / HAND_OUTS)
    _write(folder / READ_ME, read_me(done))
    _write(folder / MANIFEST, replace(manifest, targets=done).as_text())
    with timed_line("writing the checksums"):
        files = list(_files(folder))
        sums = {path.relative_to(folder).as_posix(): file_digest(path) for path in files}
        _write(folder / SUMS, sums_text(sums))
    size = sum(path.stat().st_size for path in files)
    return Packed(done, size, bool(_git(kit, "status", "--porcelain").strip()))


def _refused_folder(folder: Path) -> Refusal | None:
    if not os.path.lexists(folder) or (folder / MANIFEST).is_file():
        return None
    if folder.is_dir() and not any(folder.iterdir()):
        return None
    what = "this exists and is no offline pack; it is left alone."
    return Refusal(what, shown_path(folder), f"{AGAIN} ANOTHER-FOLDER")


def _refused_clone(kit: Path) -> Refusal | None:
    clone = "Clone the repository, and run the command there"
    if shutil.which("git") is None:
        return Refusal("git is not here, and the pack holds a clone.", "", "Install git.")
    top = _git(kit, "rev-parse", "--show-toplevel").decode(errors="replace").strip()
    if not top or Path(top).resolve() != kit.resolve():
        return Refusal("this is no git clone of the kit.", shown_path(kit), f"{clone}.")
    if _git(kit, "rev-parse", "--is-shallow-repository").strip() == b"true":
        what = "this clone lacks its history, and cannot be cloned again."
        return Refusal(what, shown_path(kit), "Run: git fetch --unshallow")
    if not _git(kit, "show", f"HEAD:{LOCK}"):
        return Refusal(f"its last commit holds no {LOCK}.", shown_path(kit), f"{clone}.")
    return None


def _bundle(folder: Path, kit: Path) -> Refusal | None:
    """HEAD, and the branch that it is on: a clone of the bundle is on it, too."""
    branch = _git(kit, "symbolic-ref", "-q", "--short", "HEAD").decode().strip()
    path = folder / BUNDLE
    temporary = path.with_suffix(".new")
    with timed_line("bundling the clone"):
        _git(
            kit, "bundle", "create", str(temporary.resolve()), "HEAD", *([branch] if branch else [])
        )
    if not temporary.is_file():
        return Refusal("git could not bundle the clone.", shown_path(kit), "Run: git fsck")
    temporary.replace(path)
    return None


def _git(kit: Path, *words: str) -> bytes:
    """What git prints; nothing if it fails."""
    command = ["git", "-c", "core.fsmonitor=false", "-C", str(kit), *words]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return b"" if done.returncode else done.stdout


def _download_all(
    wheels: Path, lock: str, targets: Sequence[Target]
) -> tuple[Target, ...] | Refusal:
    wheels.mkdir(exist_ok=True)
    done = []
    with TemporaryFolder() as temporary:
        variables = person_variables(sys.executable, Path(temporary))
        for target in targets:
            requirements = requirements_for(lock, target.system, target.python)
            with timed_line(f"{target}: {len(requirements)} packages") as tick:
                found = _download(target, requirements, wheels, Path(temporary), variables, tick)
            if isinstance(found, Refusal):
                return found
            done.append(found)
    wanted = {name for target in done for name in target.wheels}
    for path in wheels.iterdir():
        if path.name not in wanted:  # of an earlier pack
            path.unlink()
    return tuple(done)


def _download(
    target: Target,
    requirements: Mapping[str, str],
    wheels: Path,
    temporary: Path,
    variables: Mapping[str, str],
    tick: Callable[[], None],
) -> Target | Refusal:
    """All of them; or all but those that the index has no wheel of, which pip names one at a time."""
    missing: list[str] = []
    listed = temporary / "requirements.txt"
    while True:
        wanted = [text for name, text in requirements.items() if name not in missing]
        listed.write_text("".join(wanted), encoding="utf-8")
        command = download_command(sys.executable, target, str(listed), str(wheels.resolve()))
        code, output = run_logged(command, temporary, variables, temporary / "pip.log", tick)
        if code == 0:
            return replace(target, wheels=wheels_in(output), missing=tuple(missing))
        failure = failure_in(output)
        name = missing_in(output, requirements) if failure is Failure.NO_WHEEL else ""
        if not name or name in missing:
            return _failed(target, failure, output)
        missing.append(name)


def _failed(target: Target, failure: Failure, output: str) -> Refusal:
    if failure in (Failure.UNKNOWN, Failure.NO_WHEEL):
        next_step = f"Fix that, then run: {AGAIN}"
        return Refusal(f"pip failed:\n{last_lines(output)}\n", str(target), next_step)
    return failure_refusal(failure, AGAIN, target.python, output)._replace(where=str(target))


def _write_hand_outs(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    keymaps = read_keymaps()
    for place in keymaps.places:
        _write(folder / f"keys-{place.slug}.html", cheat_sheet(keymaps, place))


def _files(folder: Path) -> Iterator[Path]:
    """All but the checksums themselves, and hidden files of the system's own."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != SUMS and not path.name.startswith("."):
            yield path


def _write(path: Path, text: str) -> None:
    write_atomically(path, text.encode("utf-8"))
