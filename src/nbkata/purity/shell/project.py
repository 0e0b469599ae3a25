"""Finding a project's modules: where its root is, what a file is called when it is imported."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.walk import files_in, visible
from nbkata.notebook.core.texts import script_conflict
from nbkata.notebook.shell.notebook_files import read_notebook_json, refused_language
from nbkata.notebook.shell.text_files import other_language, read_script
from nbkata.dataflow.core.modules import Module, module_from_source

_ROOT_SIGNS = ("pyproject.toml", "setup.py", "setup.cfg", "pytest.ini", "tox.ini", ".git", "tests")
_SKIPPED = frozenset("node_modules build dist site-packages tests test".split())
_MOST_FILES = 2000


@dataclass(frozen=True, slots=True)
class Project:
    """The modules under study and those they import from the same project."""

    root: Path
    targets: tuple[Module, ...]  # in the order asked for
    others: tuple[Module, ...]
    files: frozenset[str]  # the real paths of the project's own files, tests left out


def find_project(names: Sequence[str], folder: Path) -> Project | Refusal:
    """The project of ``names``: files, folders, or modules as they are imported in ``folder``."""
    paths: list[Path] = []
    for name in names:
        found = _files_of(name, folder)
        if isinstance(found, Refusal):
            return found
        paths += [path for path in found if path not in paths]
    root = _root(paths[0], folder)
    targets: list[Module] = []
    for path in paths:
        module = read_module(path)
        if isinstance(module, Refusal):
            return module
        targets.append(module)
    files = list(_own_files(root))
    known = {module_name(path): path for path in files}
    return Project(
        root=root,
        targets=tuple(targets),
        others=tuple(_reached(targets, known)),
        files=frozenset(os.path.realpath(path) for path in [*files, *paths]),
    )


def _files_of(name: str, folder: Path) -> list[Path] | Refusal:
    path = folder / name
    dotted = Path(*name.split("."))
    # A package is all that is in it: its __init__ mostly hands on what others define.
    packages = [path, *(start / dotted for start in (folder, folder / "src"))]
    if path.is_file():
        return refused_as_module(path, name) or [Path(os.path.realpath(path))]
    for package in packages:
        module = package.with_name(f"{package.name}.py")
        if package is not path and not name.endswith(".py") and module.is_file():
            return [Path(os.path.realpath(module))]
        if package.is_dir():
            files = list(files_in(package, _is_own, ".py"))
            if files:
                return [Path(os.path.realpath(file)) for file in files]
            return Refusal("there is no Python file in this folder.", name, "Name another.")
    if (folder / "workspace" / name).exists():
        return Refusal("there is no such module here.", name, "Go to where it is: cd workspace")
    return Refusal("there is no such module.", name, "Name a file, such as src/features.py.")


def refused_as_module(path: Path, name: str) -> Refusal | None:
    """Why a file is no Python module, if its name says so."""
    if path.suffix == ".py":
        return None
    foreign = other_language(path)
    if path.suffix.lower() == ".ipynb":
        document = read_notebook_json(path)
        foreign = None if isinstance(document, Refusal) else refused_language(document, name)
    step = "Name a .py file; for a notebook there is nbkata extract."
    return foreign or Refusal("this is not a Python module.", name, step)


def _root(path: Path, folder: Path) -> Path:
    """The nearest folder above that looks like a project's root."""
    for parent in path.parents:
        if any((parent / sign).exists() for sign in _ROOT_SIGNS):
            return parent
    inside = Path(os.path.realpath(folder))
    return inside if inside in path.parents else path.parent


def read_module(path: Path) -> Module | Refusal:
    """The parsed module in a file."""
    source = read_script(path)
    if isinstance(source, Refusal):
        return source
    module = module_from_source(source, module_name(path), str(path))
    if isinstance(module, Refusal):
        return script_conflict(source, str(path)) or module
    imports = {name: full.removeprefix("src.") for name, full in module.imports.items()}
    return replace(module, imports=imports)


def module_name(path: Path) -> str:
    """The name under which the file is imported: with the packages it lies in."""
    parts = [] if path.name == "__init__.py" else [path.stem]
    parent = path.parent
    while (parent / "__init__.py").is_file():
        parts.insert(0, parent.name)
        parent = parent.parent
    return ".".join(parts) or path.parent.name


def _own_files(root: Path) -> Iterator[Path]:
    def is_own(path: str) -> bool:
        return _is_own(path) and not os.path.exists(root / path / "pyvenv.cfg")

    found = (
        path
        for path in files_in(root, is_own, ".py")
        if not path.name.startswith("test_") and path.name != "conftest.py"
    )
    return islice(found, _MOST_FILES)


def _is_own(path: str) -> bool:
    return path.rpartition("/")[2] not in _SKIPPED and visible(path)


def _reached(targets: Sequence[Module], known: dict[str, Path]) -> list[Module]:
    """Modules of the project that the targets import, and those that these import."""
    found = {module.name: module for module in targets}
    waiting = list(targets)
    while waiting:
        for full in list(waiting.pop().imports.values()):
            for name in (full, full.rpartition(".")[0]):
                if name in known and name not in found:
                    module = read_module(known[name])
                    if isinstance(module, Module):
                        found[name] = module
                        waiting.append(module)
    return [module for name, module in found.items() if module not in targets]
