"""An adopted notebook's workspace: its plan and steps, put into place as a whole."""

import json
import os
import shutil
from hashlib import sha256
from pathlib import Path

from nbkata.adopt.core.adoption import Adoption
from nbkata.adopt.core.plan import plan_text
from nbkata.adopt.shell.plan_page import plan_page
from nbkata.adopt.core.proof import with_masked_rows, without_rows
from nbkata.adopt.core.steps import kata_toml, steps_for
from nbkata.adopt.core.tasks import tasks_text
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import write_atomically
from nbkata.common.shell.paths import shown_path
from nbkata.common.shell.walk import but, files_in
from nbkata.extract.shell.flow_page import flow_page
from nbkata.kata.shell.kit import ASSISTANT_FILES, OWN, kit_root
from nbkata.kata.shell.workspace import Workspace, write
from nbkata.record.core.record import Record, Stage, record_to_text
from nbkata.workspace.core.workspace import MARKER
from nbkata.workspace.core.writes import Write

# In the marker folder: the digest of each file as adopt wrote it.
WRITTEN = "adopted.json"
# Where a file that was changed since is the learner's, and stays.
LEARNERS = ("src/", "tests/", "kata/", "data/")


def write_plan(
    adoption: Adoption, building: Path, record: Record | None, with_rows: bool, for_agent: bool
) -> None:
    """PLAN.md, the pages, and the steps where there are results to hold; TASKS.md for an agent.

    Raises ``OSError``.
    """
    if for_agent:
        _text(building / "TASKS.md", tasks_text(adoption))
    _text(building / "PLAN.md", plan_text(adoption))
    _text(building / "plan.html", plan_page(adoption))
    if adoption.flow is not None:
        _text(
            building / "flow.html", flow_page(adoption.flow, adoption.examples, adoption.notebook)
        )
    rules = kit_root() / "exercises" / "workspace" / "AGENTS.md"
    for name in ASSISTANT_FILES:
        _text(building / name, rules.read_text(encoding="utf-8"))
    if adoption.asserts:
        _text(building / "pyproject.toml", _SETTINGS)
    unsteady = {item.name for item in adoption.unsteady}
    steady = [name for name in adoption.results if name not in unsteady]
    if record is None or not steady:
        return
    functions = adoption.flow.candidates if adoption.flow else ()
    toml = kata_toml(adoption.notebook, adoption.name, adoption.has_seam, steady, functions)
    _text(building / OWN / "kata.toml", toml)
    last = record.last
    golden = Record(
        adoption.notebook,
        (Stage(0, "", {name: last[name] for name in steady if name in last}),),
        record.values,
        versions=record.versions,
        only=tuple(steady),
    )
    golden = with_masked_rows(golden) if with_rows else without_rows(golden)
    _text(building / OWN / "golden.json", record_to_text(golden))
    guides = kit_root() / "exercises" / "adopted"
    for step in steps_for(len(functions)):
        shutil.copytree(
            guides / step.slug,
            building / OWN / step.slug,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    shutil.copyfile(guides / "pytest.ini", building / OWN / "pytest.ini")
    for name in ("src", "tests", "notebooks"):
        shutil.copytree(building / name, building / OWN / "start" / name)
    _text(building / "pyproject.toml", _SETTINGS)
    _text(building / ".gitignore", "__pycache__/\n.pytest_cache/\n.nbkata/\noutput/\n")


_SETTINGS = """[tool.black]
line-length = 100

[tool.pytest.ini_options]
testpaths = ["tests"]
pythonpath = ["src"]
"""


NET = "tests/test_characterization.py"


def refused_place(out: Path) -> Refusal | None:
    """Why a workspace cannot stand there."""
    if out.exists() and not out.is_dir():
        return Refusal("this is a file.", shown_path(out), "Name a folder: --out DIR")
    if out.is_dir() and any(out.iterdir()) and not (out / MARKER / WRITTEN).is_file():
        what = "this folder is not empty, and nbkata adopt did not make it."
        return Refusal(what, shown_path(out), "Name another folder: --out DIR")
    return None


def put_in_place(building: Path, out: Path) -> tuple[str, ...] | Refusal:
    """Move a new workspace to its place whole; into one that is there only what nobody changed.

    Returns the files that were left as the learner made them. Raises ``OSError``.
    """
    if out.exists() and any(out.iterdir()):
        return _renewed(building, out)
    _text(building / MARKER / WRITTEN, json.dumps(_digests(building), indent=1) + "\n")
    if out.is_dir():
        out.rmdir()
    os.rename(building, out)
    return ()


def _renewed(building: Path, out: Path) -> tuple[str, ...] | Refusal:
    """One write, which ``nbkata undo`` takes back."""
    try:
        before: dict[str, str] = json.loads((out / MARKER / WRITTEN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        before = {}
    kept: list[str] = []
    changed: dict[str, bytes | None] = {}
    files = _files(building)
    for name, path in files.items():
        target, new = out / name, path.read_bytes()
        is_there = target.is_file()
        if is_there and target.read_bytes() == new:
            continue
        mine = is_there and before.get(name) != sha256(target.read_bytes()).hexdigest()
        if mine or not is_there and name in before and name.startswith(LEARNERS):
            kept.append(name)  # changed, or taken away on purpose
        else:
            changed[name] = new
    if NET not in kept:  # what an older net had beside it
        there = {name: digest for name, digest in _digests(out).items() if name not in files}
        old = {name for name in there if before.get(name) == there[name]}
        changed |= {name: None for name in old if name.startswith("tests/")}
    done = write(Workspace(out), Write("adopt", changed), "", lambda _: None)
    if isinstance(done, Refusal):
        return done
    answer = {**_digests(building), **{name: before.get(name, "") for name in kept}}
    write_atomically(out / MARKER / WRITTEN, (json.dumps(answer, indent=1) + "\n").encode())
    return tuple(kept)


def _files(folder: Path) -> dict[str, Path]:
    """By their path in it, with forward slashes; links and what belongs to the marker left out."""
    return {
        path.relative_to(folder).as_posix(): path
        for path in files_in(folder, but({MARKER}))
        if not path.is_symlink()
    }


def _digests(folder: Path) -> dict[str, str]:
    return {name: sha256(path.read_bytes()).hexdigest() for name, path in _files(folder).items()}


def _text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8", "backslashreplace"))
