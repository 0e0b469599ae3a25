"""The figures of many states of the code: cached by content, on all cores."""

import hashlib
import json
import multiprocessing
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from nbkata.child.shell.scratch_copy import copy_folder
from nbkata.common.shell.cache import Kind, keep_cached, read_cached
from nbkata.common.shell.cores import cores
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.kata.core.figures import Figure, Row, Values, measured_from_json
from nbkata.kata.core.kata import Step
from nbkata.kata.shell.checkpoint import checkpoint_files, own_files, replace_files
from nbkata.kata.shell.kit import Kit
from nbkata.kata.shell.quick_figures import Unmeasured
from nbkata.kata.shell.workspace import Workspace, create_workspace
from nbkata.report.shell.measures import MEASURES
from nbkata.workspace.shell.history import states, unpacked

# Told how many measurements are done, of how many, and what was measured last.
OnMeasured = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Subject:
    """The learner's files at one moment, or a checkpoint's."""

    label: str
    title: str
    files: Mapping[str, Path]
    # The workspace whose data and settings belong to them; none: a new one's.
    around: Path | None = None
    known: Values = field(default_factory=dict)  # what need not be measured


# Beside ``kata.toml``: by step, a digest of its checkpoint and all its figures. Measured anew,
# after a checkpoint changed, by ``python tests/report/test_shipped_figures.py``, which proves them
# as a test.
SHIPPED = "figures.json"


def checkpoints(kit: Kit, steps: Sequence[Step]) -> list[Subject]:
    """One for each step, as it is at the end, with the figures that came with the kit."""
    try:
        shipped = json.loads((kit.exercises / SHIPPED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        shipped = {}
    found = []
    for step in steps:
        subject = Subject(step.slug, step.title, checkpoint_files(kit.solutions / step.slug))
        kept = shipped.get(step.slug, {})
        if kept.get("checkpoint") == digest_of_files(subject.files):
            known = {Figure(name): measured_from_json(one) for name, one in kept["figures"].items()}
            subject = replace(subject, known=known)
        found.append(subject)
    return found


def digest_of_files(files: Mapping[str, Path]) -> str:
    """Of their names and texts, whatever line ends a system gave them."""
    digest = hashlib.sha256()
    for name, path in sorted(files.items()):
        digest.update(name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def moments(workspace: Workspace) -> list[Subject]:
    """The learner's files whenever a step was last green, and now."""
    last = {state.step: state for state in states(workspace.path)}
    found = []
    for state in sorted(last.values(), key=lambda state: state.step):
        folder = unpacked(state)
        if folder is not None:
            time = f"{state.time[:4]}-{state.time[4:6]}-{state.time[6:11]}:{state.time[11:13]}"
            title = f"{time.replace('T', ' ')} UTC"
            found.append(Subject(state.step, title, checkpoint_files(folder), workspace.path))
    return [*found, Subject("now", "as it is", own_files(workspace.path), workspace.path)]


def measure(
    kit: Kit,
    subjects: Sequence[Subject],
    figures: Sequence[Figure],
    on_progress: OnMeasured | None = None,
) -> list[Row]:
    """A row for each subject with these figures, in their order; of the files as they are now."""
    with TemporaryFolder() as folder:
        kept = [
            _kept(one, Path(folder, str(number))) if one.around else one
            for number, one in enumerate(subjects)
        ]
        return _measure(kit, kept, figures, on_progress)


def _kept(subject: Subject, folder: Path) -> Subject:
    """The same with copies of its files: people go on working while they are measured."""
    files = dict(subject.files)
    for name, path in subject.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):  # one that cannot be read is a reason of its own, later
            files[name] = Path(shutil.copyfile(path, folder / name))
    return replace(subject, files=files)


def _measure(
    kit: Kit, subjects: Sequence[Subject], figures: Sequence[Figure], on_progress: OnMeasured | None
) -> list[Row]:
    groups = [group for group in MEASURES if set(group) & set(figures)]
    jobs = [(group, number) for group in groups for number in range(len(subjects))]
    found = {
        (group, number): _Answer({figure: subjects[number].known[figure] for figure in group})
        for group, number in jobs
        if set(group) <= set(subjects[number].known)
    }
    keys = {job: _key(kit, job[0], subjects[job[1]]) for job in jobs if job not in found}
    found |= {job: known for job, known in ((job, _read(keys[job])) for job in keys) if known}
    notify = on_progress or (lambda done, of, name: None)
    notify(len(found), len(jobs), "")
    missing = {keys[job]: job for job in jobs if job not in found}  # equal files once
    for job, answer in _fresh(kit, subjects, list(missing.values())):
        found |= {same: answer for same in keys if keys[same] == keys[job]}
        if not answer.note:
            _write(keys[job], answer)
        notify(len(found), len(jobs), f"{subjects[job[1]].label}: {job[0][0]}")
    return [
        _row(subject, figures, [found[group, number] for group in groups])
        for number, subject in enumerate(subjects)
    ]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one measure gave for one subject."""

    values: Values
    note: str = ""


_Group = tuple[Figure, ...]
_Job = tuple[_Group, int]


def _row(subject: Subject, figures: Sequence[Figure], answers: Sequence[_Answer]) -> Row:
    values = {figure: value for answer in answers for figure, value in answer.values.items()}
    notes = dict.fromkeys(f"{subject.label}: {answer.note}" for answer in answers if answer.note)
    chosen = {figure: values.get(figure) for figure in figures}
    return Row(subject.label, subject.title, chosen, tuple(notes))


def _fresh(
    kit: Kit, subjects: Sequence[Subject], jobs: Sequence[_Job]
) -> Iterator[tuple[_Job, _Answer]]:
    """Each in a worker; two measures share no state, and pandas is imported once a worker."""
    if not jobs:
        return
    workers = min(cores(), len(jobs))
    context = multiprocessing.get_context("spawn")  # the one way that all systems have
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        waiting = {pool.submit(_measured, kit, job[0], subjects[job[1]]): job for job in jobs}
        try:
            for future in as_completed(waiting):
                try:
                    yield waiting[future], future.result()
                except BrokenProcessPool:
                    yield waiting[future], _Answer({}, "the process that measured it died")
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _measured(kit: Kit, group: _Group, subject: Subject) -> _Answer:
    """In a throw-away copy, so that no file of the learner's is touched."""
    with TemporaryFolder() as home:
        place = Path(home).resolve() / "workspace"
        if subject.around is None:
            create_workspace(place, kit)
        else:
            copy_folder(subject.around, place)
        replace_files(subject.files, place)
        try:
            return _Answer(MEASURES[group](place))
        except Unmeasured as reason:
            return _Answer({}, f"{group[0]}: {reason}")
        except Exception as error:  # pylint: disable=broad-exception-caught # one figure is missing
            return _Answer({}, f"{group[0]}: {type(error).__name__}: {error}")


def _key(kit: Kit, group: _Group, subject: Subject) -> str:
    """What an answer depends on: the files, their data, the kit's engines and the libraries."""
    digest = hashlib.sha256(f"{_engines()} {group} {python_version()}".encode())
    data = {
        name: source if subject.around is None else subject.around / name
        for name, source in kit.start_files.items()
        if name.startswith("data/")
    }
    for name, path in [*sorted(subject.files.items()), *sorted(data.items())]:
        digest.update(name.encode() + b"\0")
        with suppress(OSError):
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@cache
def _engines() -> str:
    """The kit's own code, and the libraries that a figure comes from."""
    digest = hashlib.sha256()
    package = Path(__file__).parents[2]
    for path in sorted(package.rglob("*.py")):
        if path.parent.name != "commands":
            digest.update(path.read_bytes())
    for library in ("pandas", "scikit-learn", "pytest", "pylint", "astroid", "coverage", "mccabe"):
        digest.update(version(library).encode())
    return digest.hexdigest()


def _read(key: str) -> _Answer | None:
    kept = read_cached(Kind.REPORT, key)
    try:
        return kept and _Answer(
            {Figure(name): measured_from_json(one) for name, one in kept.items()}
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _write(key: str, answer: _Answer) -> None:
    kept = {name: one.as_json() if one else None for name, one in answer.values.items()}
    keep_cached(Kind.REPORT, key, kept)
