"""Checking all workspaces of a cohort: what was checked before is not checked again."""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

from nbkata.child.core.ended import Failed
from nbkata.cohort.core.result import Ended, Result, result_from_json
from nbkata.cohort.core.taken import JOURNAL, TAKEN, is_taken
from nbkata.cohort.shell.checks import Job, check_job
from nbkata.cohort.shell.engine import Engine, in_turn
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import write_atomically
from nbkata.common.shell.paths import shown_path
from nbkata.common.shell.walk import files_in, visible
from nbkata.workspace.core.workspace import MARKER

ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".bundle")
RESULTS = "results"


def submissions(paths: Sequence[Path]) -> dict[str, Path] | Refusal:
    """The workspaces at these paths, by a short name: a folder that is none is one of submissions."""
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            return Refusal("there is no such file or folder.", shown_path(path), "Check the path.")
        inside = [] if path.is_file() or _is_one(path) else sorted(path.iterdir())
        found += [one for one in inside if _may_be_one(one)] or ([] if inside else [path])
    if not found:
        what = "there are no workspaces: no folders, archives or repositories."
        return Refusal(what, shown_path(paths[0]), "Name the folder that holds the submissions.")
    names: dict[str, Path] = {}
    for path in found:
        name = path.name or "workspace"
        name = f"{path.resolve().parent.name}-{name}" if name in names else name
        number = sum(one == name or one.startswith(f"{name}-") for one in names)
        names[f"{name}-{number + 1}" if name in names else name] = path
    return names


def _is_one(path: Path) -> bool:
    return _is_bare(path) or any((path / name).is_dir() for name in (MARKER, *TAKEN))


def _is_bare(path: Path) -> bool:
    return all((path / name).exists() for name in ("HEAD", "objects", "refs"))


def _may_be_one(path: Path) -> bool:
    return not path.name.startswith(".") and (path.is_dir() or path.name.endswith(ARCHIVES))


def check_all(
    jobs: Sequence[tuple[Job, Path]],
    engine: Engine,
    out: Path,
    version: str,
    on_result: Callable[[Result, bool], None],
) -> list[Result]:
    """Check them on an engine; each result is kept in ``out`` as soon as it is there.

    ``jobs`` have no content yet; it is that of the path beside each.
    ``version`` is the kit's; ``on_result`` is called with each result, and whether it was kept from before.
    Whatever ends it, Ctrl-C included, nothing that was begun on this machine goes on.
    """
    results: list[Result] = []
    places: dict[str, Path] = {}

    def take(result: Result, place: Path | None) -> None:
        results.append(result)
        if place is not None and result.ended is not Ended.NOT_STARTED:
            text = json.dumps(result.as_json()).encode("ascii")
            write_atomically(place, text)
        on_result(result, place is None)

    def unknown() -> Iterator[Job]:
        for job, path in jobs:
            content = packed(path)
            if isinstance(content, Refusal):
                take(Result(job.id, Ended.REFUSED, messages=(str(content),)), None)
                continue
            places[job.id] = out / RESULTS / f"{_key(content, job, version)}.json"
            kept = _kept(places[job.id], job.id)
            if kept is None:
                yield job._replace(content=content)
            else:
                take(kept, None)

    with closing(in_turn(engine, check_job, unknown())) as done:
        for job, result in done:
            if isinstance(result, Failed):
                why = f"{result.reason}."
                result = Result(job.id, Ended.NOT_STARTED, job.step, messages=(why,))
            take(result, places[job.id])
    return results


def _key(content: bytes, job: Job, version: str) -> str:
    asked = f"{version} {job.kata} {job.step} {job.every_step} {job.timeout_s} {job.is_trusted} "
    return hashlib.sha256(asked.encode() + content).hexdigest()[:32]


def _kept(place: Path, name: str) -> Result | None:
    with suppress(OSError, ValueError, LookupError, TypeError, AttributeError):
        return result_from_json({**json.loads(place.read_text(encoding="ascii")), "id": name})
    return None


def packed(path: Path) -> bytes | Refusal:
    """Return a submission's own bytes, or a tarball of what is taken of a folder. Links are packed as links."""
    try:
        if path.is_file():
            if path.stat().st_size > MOST_PACKED:
                return Refusal(f"it has more than {MOST_PACKED // 10**6} MB.")
            return path.read_bytes()
        tarball = io.BytesIO()
        with tarfile.open(fileobj=tarball, mode="w") as tar:
            for place in _parts(path):
                tar.add(place, place.relative_to(path), recursive=False, filter=_plain)
                if tarball.tell() > MOST_PACKED:
                    return Refusal(f"it holds more than {MOST_PACKED // 10**6} MB.")
        return tarball.getvalue()
    except OSError as error:
        return Refusal(f"it cannot be read ({error.strerror}).")


MOST_PACKED = 200_000_000


def _parts(path: Path) -> Iterator[Path]:
    """What is sent of a workspace's folder, or a whole bare repository, a folder before its content."""
    is_workspace = not _is_bare(path)
    for name in (*TAKEN, JOURNAL) if is_workspace else ("",):
        top = path / name
        if not is_workspace or not top.is_symlink() and top.is_dir():
            for folder, names, files in os.walk(top):
                names.sort()
                links = [one for one in names if Path(folder, one).is_symlink()]
                yield from (Path(folder, one) for one in sorted([*files, *links]))
        elif top.is_symlink() or top.exists():
            yield top
    for moved in sorted(files_in(path, visible, ".ipynb")) if is_workspace else ():
        name = moved.relative_to(path).as_posix()
        if is_taken(name) and name.partition("/")[0] not in TAKEN:
            yield moved


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without owner and time: equal workspaces have equal tarballs."""
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = ""
    return member
