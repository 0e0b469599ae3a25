"""Filling in the reproducibility checklist by measurement, and reading what people judged."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.paths import shown_path
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.common.shell.walk import but, copy_files, files_in
from nbkata.kata.shell.quick_figures import worked_on
from nbkata.report.core.health import Check
from nbkata.setup.shell.pack import file_digest
from nbkata.shape_tests.shell.learner_tests import CACHES, LearnerTests
from nbkata.smells.core.settings import Settings
from nbkata.smells.core.symbols import Smell
from nbkata.smells.shell.find import SmellsRequest, find_smells, installed_versions
from nbkata.workspace.core.workspace import MARKER
from nbkata.workspace.shell.git import Repository, repository_of

# In the workspace's folder: what people judged, 1 (healthy) to 3 (at risk) by a question's key.
ANSWERS = "health.toml"
LOCKS = ("*.lock", "pylock*.toml", "conda-lock.yml", "package-lock.json")
_PINNED = re.compile(r"^[A-Za-z0-9._-]+(\[[^]]*\])?\s*(===?|@)\s*\S+", re.MULTILINE)
_REQUIRED = re.compile(r"^[A-Za-z0-9]", re.MULTILINE)
_COMMAND = re.compile(r"(python3?|pytest|jupyter|make|dvc|snakemake|\./\w+) ?\S*")
DATA = frozenset({".csv", ".tsv", ".parquet", ".feather", ".xls", ".xlsx", ".npy", ".npz", ".db"})
# Bytes of a file in which checksums are looked for.
LARGEST_TEXT = 2_000_000


def read_answers(workspace: Path) -> dict[str, Any] | Refusal:
    """What people judged; empty if there is no such file."""
    path = workspace / ANSWERS
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except (OSError, ValueError) as error:
        what = f"it cannot be read ({error})."
        return Refusal(what, shown_path(path), "Write lines like: knowledge = 2")


def reproducibility(workspace: Path) -> list[Check]:
    """Five questions that a stranger's machine would ask."""
    return [
        _seeds(workspace),
        _versions(workspace),
        _data(workspace),
        _fresh_clone(workspace),
        _steps(workspace),
    ]


def _seeds(workspace: Path) -> Check:
    files = worked_on(workspace)
    results = find_smells(files, SmellsRequest(settings=Settings(installed_versions())), workers=1)
    places = [
        f"{Path(finding.path).name}, "
        + (f"line {finding.line}" if finding.cell is None else f"cell {finding.cell}")
        for result in results
        for finding in result.findings
        if finding.symbol in (Smell.UNSEEDED_RANDOMNESS, Smell.GLOBAL_SEED)
    ]
    evidence = f"{places[0]} draws without a seed" if places else "each draw has a seed"
    return Check("Fixed seeds", bool(files) and not places, evidence if files else "no code found")


def _versions(workspace: Path) -> Check:
    locks = sorted(path.name for pattern in LOCKS for path in workspace.glob(pattern))
    if locks:
        return Check("Pinned versions", True, locks[0])
    for path in sorted(workspace.glob("requirements*.txt")):
        text = path.read_text(encoding="utf-8", errors="replace")
        required, pinned = len(_REQUIRED.findall(text)), len(_PINNED.findall(text))
        if required:
            evidence = f"{path.name} pins {pinned} of {required}"
            return Check("Pinned versions", pinned == required, evidence)
    return Check("Pinned versions", False, "no lock file, no requirements.txt with ==")


def _data(workspace: Path) -> Check:
    title = "Data with checksums"
    files = files_in(workspace, but({MARKER, "tests", ".git", ".venv", *CACHES}))
    data = [path for path in files if path.suffix.lower() in DATA]
    if not data:
        return Check(title, True, "there are no data files")
    known = "\n".join(_texts(workspace))
    missing = [path.name for path in data if file_digest(path) not in known]
    evidence = f"{missing[0]} has none" if missing else "each file's sha256 is written down"
    return Check(title, not missing, evidence)


def _texts(workspace: Path) -> Iterator[str]:
    for path in files_in(workspace, but({MARKER, ".git", ".venv", *CACHES})):
        readable = path.suffix in (".md", ".txt", ".toml", ".yaml", ".yml", ".json", ".sha256", "")
        if readable and path.stat().st_size <= LARGEST_TEXT:
            yield path.read_text(encoding="utf-8", errors="replace")


def _fresh_clone(workspace: Path) -> Check:
    title = "Runs from a fresh clone"
    repository = repository_of(workspace)
    tracked = repository.tracked() if isinstance(repository, Repository) else ()
    if not tracked:
        return Check(title, False, "git tracks nothing here: commit first")
    with TemporaryFolder() as folder:
        clone = Path(folder).resolve() / "clone"
        folders = {
            "/".join(name.split("/")[:n]) for name in tracked for n in range(1, name.count("/") + 1)
        }
        copy_files(workspace, clone, folders.union(tracked).__contains__)
        tests = LearnerTests(clone)
        try:
            run = tests.as_they_are
        finally:
            tests.close()
    if run.trouble or run.failed or not run.tests:
        first = run.trouble or (f"{run.failed[0].file}, {run.failed[0].name}" if run.failed else "")
        return Check(
            title, False, f"fails: {first}" if first else "git tracks no tests that could show it"
        )
    return Check(title, True, f"{len(run.tests)} tests pass on the {len(tracked)} tracked files")


def _steps(workspace: Path) -> Check:
    title = "Documented steps"
    readme = next(iter(sorted(workspace.glob("README*"))), None)
    if readme is None:
        return Check(title, False, "there is no README")
    text = readme.read_text(encoding="utf-8", errors="replace")
    found = _COMMAND.search(text)
    evidence = f"{readme.name}: {found[0]}" if found else f"{readme.name} names no command"
    return Check(title, bool(found), evidence)
