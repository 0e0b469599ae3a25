"""Measuring two branches of a workspace: each is laid out, run and measured in a copy."""

import shutil
import tempfile
from pathlib import Path

from nbkata.child.shell.scratch_copy import copy_folder
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.guard.shell.sides import guard
from nbkata.kata.core.kata import Step
from nbkata.kata.core.lights import Light
from nbkata.kata.shell.check import Observation, light_of, load_golden, observe
from nbkata.kata.shell.checkpoint import OURS, replace_files
from nbkata.kata.shell.kit import Kit
from nbkata.kata.shell.workspace import Workspace
from nbkata.record.core.compare import compare
from nbkata.report.core.branches import FIGURES, Branch, Branches
from nbkata.report.shell.report import OnMeasured, Subject, measure
from nbkata.workspace.shell.git import Repository, run_git


def compare_branches(
    kit: Kit, workspace: Workspace, repository: Repository, names: tuple[str, str], told: OnMeasured
) -> Branches | Refusal:
    """Both branches since they parted, by what they do and by their figures."""
    parted = run_git(workspace.path, "merge-base", "--", *names).stdout.strip()
    if not parted:
        what = f"git knows no commit that {names[0]} and {names[1]} have in common."
        return Refusal(what, str(workspace.path), "git branch --all lists the branches.")
    step = workspace.step(kit.kata)
    behaviour = kit.kata.behaviour(step)
    golden = load_golden(kit, behaviour)
    if isinstance(golden, Refusal):
        return golden
    with TemporaryFolder() as folder:
        home = Path(folder).resolve()
        subjects = [_laid_out(repository, name, home, workspace.path) for name in names]
        rows = measure(kit, subjects, FIGURES, told)
        ran = [_ran(kit, step, subject, home / "run") for subject in subjects]
    found = []
    for subject, row, observed in zip(subjects, rows, ran, strict=True):
        weaker = guard(repository, parted, head=subject.label)
        if isinstance(weaker, Refusal):
            return weaker
        light = (
            Light(False, (str(observed),))
            if isinstance(observed, Refusal)
            else light_of(step, behaviour, golden, observed)
        )
        size = _size(repository, parted, subject.label)
        found.append(Branch(subject.label, *size, weaker, light, row))
    return Branches(found[0], found[-1], _moved(ran[0], ran[-1]))


def _ran(kit: Kit, step: Step, subject: Subject, place: Path) -> Observation | Refusal:
    assert subject.around is not None
    copy_folder(subject.around, place)
    replace_files(subject.files, place)
    observed = observe(kit, step, place)
    shutil.rmtree(place)
    return observed


def _moved(one: Observation | Refusal, other: Observation | Refusal) -> str:
    if isinstance(one, Refusal) or isinstance(other, Refusal):
        return "one of them does not run"
    moved = compare(one.results, other.results).first_moved
    return (
        "" if moved is None else f"{', '.join(filter(None, (moved.name, moved.part)))} {moved.how}"
    )


def _laid_out(repository: Repository, name: str, home: Path, around: Path) -> Subject:
    folder = Path(tempfile.mkdtemp(dir=home))
    listed = repository.names("ls-tree", "-r", "--name-only", name, ".")
    ours = [path for path in listed if path.split("/")[0] in OURS]
    files = {}
    for path, text in repository.texts(name, ours).items():
        files[path] = folder / path
        files[path].parent.mkdir(parents=True, exist_ok=True)
        files[path].write_bytes(text.encode("utf-8", "surrogateescape"))
    return Subject(name, name, files, around)


def _size(repository: Repository, parted: str, name: str) -> tuple[int, int, int]:
    asked = ("diff", "--numstat", "--no-renames", "--relative", parted, name)
    lines = [line.split("\t") for line in run_git(repository.workspace, *asked).stdout.splitlines()]
    numbers = [(int(a), int(b)) for a, b, _ in lines if a.isdigit()]  # not of binary files
    return len(lines), sum(a for a, _ in numbers), sum(b for _, b in numbers)
