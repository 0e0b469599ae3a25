"""What of a notebook's needs is here: its packages and modules of its own."""

import os
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from nbkata.adopt.core.blocked import Blocked
from nbkata.adopt.core.needs import KNOWN, Import, imports
from nbkata.adopt.core.obstacles import missing_package
from nbkata.adopt.core.translate import Translated
from nbkata.child.core.ended import Failed
from nbkata.child.shell import importable
from nbkata.child.shell.environ import child_environment
from nbkata.child.shell.interpreter import project_python
from nbkata.child.shell.run import ask
from nbkata.child.shell.scratch_copy import LEFT_OUT
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.common.shell.walk import but, walk


def missing_packages(wanted: Sequence[Import], own: frozenset[str]) -> tuple[Blocked, ...]:
    """Modules that cannot be imported here; ``own`` are those that the workspace has itself."""
    found = []
    for item in wanted:
        top = item.module.partition(".")[0]
        if not item.guarded and top not in own and not is_importable(item.module):
            found.append(missing_package(item.module, is_importable(top), item.cell, item.line))
    return tuple(found)


def is_importable(module: str) -> bool:
    """Whether an import would find it where the notebook runs."""
    project = project_python()
    if project is None:
        return importable.is_importable(module)
    _look([module])
    return _there[project.path, module]


_there: dict[tuple[str, str], bool] = {}  # by the Python that was asked, and the module


def _look(modules: Sequence[str]) -> None:
    """Ask the Python in use for all of these at once, if it is not the kit's own."""
    project = project_python()
    if project is None or not (
        new := [one for one in modules if (project.path, one) not in _there]
    ):
        return
    with TemporaryFolder() as empty:
        found = ask(
            "nbkata.child.shell.importable",
            new,
            folder=Path(empty),
            environment=child_environment(),
            timeout_s=IMPORT_S,
        )
    if isinstance(found, Failed) and len(new) > 1:  # one of them may have broken it
        for module in new:
            _look([module])
        return
    there = () if isinstance(found, Failed) else found
    _there.update({(project.path, module): module in there for module in new})


# An import of a package on the way to a module may be slow.
IMPORT_S = 60


def own_modules(
    wanted: Sequence[Import], home: Path, given: Sequence[Path], led: Sequence[str] = ()
) -> dict[str, Path]:
    """Files or packages of its author's: beside the notebook, given, or else in its project.

    ``led`` are folders that the notebook goes to, or puts on the path. With those that they import in
    turn.
    """
    found: dict[str, Path] = {}
    project: dict[str, Path] | None = None
    folders = [home, *(path for path in given if path.is_dir())]
    around = [*(home / Path(text).expanduser() for text in led), *_above(home)]
    waiting = [item.module.partition(".")[0] for item in wanted]
    _look([*waiting, *(item.module for item in wanted)])
    while waiting:
        top = waiting.pop(0)
        if top in found:
            continue
        files = [path for path in given if path.name == f"{top}.py"]
        files += [folder / f"{top}.py" for folder in folders] + [folder / top for folder in folders]
        here = next((p for p in files if p.is_file() or (p / "__init__.py").is_file()), None)
        there = is_importable(top)
        if here is None and not there and top not in KNOWN:
            here = _along(top, [*folders, *around])
        if here is None and not there:
            project = _project_modules(home) if project is None else project
            here = project.get(top)
        if here is not None and (not there or here.parent == home):
            found[top] = here.resolve()
            waiting += _imported(here)
    return found


# How far above the notebook Jupyter may have been started.
MOST_ABOVE = 2


def _above(home: Path) -> list[Path]:
    """Folders above the notebook that may be its project's: not where a person keeps all of theirs."""
    above = list(home.resolve().parents)[:MOST_ABOVE]
    return [folder for folder in above if folder != Path.home() and folder != folder.parent]


def _along(top: str, folders: Sequence[Path]) -> Path | None:
    """The first module of that name, or folder with code in it: a package needs no ``__init__.py``."""
    for folder in folders:
        if (folder / f"{top}.py").is_file():
            return folder / f"{top}.py"
        if (folder / top).is_dir() and any(_code_in(folder / top)):
            return folder / top
    return None


def _code_in(path: Path) -> list[Path]:
    """The modules of a package, and of those in it; or the one module."""
    return [path] if path.is_file() else [*path.glob("*.py"), *path.glob("*/*.py")]


MOST_FILES = 20_000


def _project_modules(home: Path) -> dict[str, Path]:
    """Modules and packages below the folder that git knows; of several the nearest."""
    root = next((p for p in (home, *home.parents) if (p / ".git").exists()), None)
    if root is None or root == Path.home():
        return {}
    files = islice(walk(root, but({*LEFT_OUT, "site-packages"})), MOST_FILES)
    paths = [Path(found.path) for found in files if found.name.endswith(".py")]
    named = [path.parent if path.name == "__init__.py" else path for path in paths]

    def steps(path: Path) -> int:
        return len(Path(os.path.relpath(path, home)).parts)

    return {path.stem: path for path in sorted(named, key=steps, reverse=True)}


def _imported(path: Path) -> list[str]:
    texts = []
    for file in _code_in(path):
        try:
            texts.append(Translated(0, file.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            continue
    return [item.module.partition(".")[0] for item in imports(texts)]
