"""What of a notebook's needs is here: its packages and modules of its own."""

import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path

from nbkata.adopt.core.needs import Import
from nbkata.adopt.core.obstacles import Blocked, missing_package


def missing_packages(wanted: Sequence[Import], own: frozenset[str]) -> tuple[Blocked, ...]:
    """Modules that cannot be imported here; ``own`` are those that the workspace has itself."""
    found = []
    for item in wanted:
        top = item.module.partition(".")[0]
        if not item.guarded and top not in own and not is_importable(item.module):
            found.append(missing_package(item.module, is_importable(top), item.cell, item.line))
    return tuple(found)


def is_importable(module: str) -> bool:
    """Whether an import would find it; packages on the way to it are imported."""
    if module in sys.builtin_module_names or module in sys.modules:
        return True
    top = module.partition(".")[0]
    try:
        if importlib.util.find_spec(top) is None:
            return False
        return top == module or _has_submodule(module)
    except (ImportError, AttributeError, ValueError):
        return False


def _has_submodule(module: str) -> bool:
    """By the files of the package alone, where that can be told; an import of it may be slow."""
    top, *rest = module.split(".")
    spec = importlib.util.find_spec(top)
    folders = [Path(place) for place in (spec.submodule_search_locations or [])] if spec else []
    if not folders:
        return importlib.util.find_spec(module) is not None
    here = [folder.joinpath(*rest) for folder in folders]
    if any(path.is_dir() or list(path.parent.glob(f"{path.name}.*")) for path in here):
        return True
    try:
        return importlib.util.find_spec(module) is not None  # a module that exists in name alone
    except ImportError:
        return False


def own_modules(wanted: Sequence[Import], home: Path, given: Sequence[Path]) -> dict[str, Path]:
    """Modules beside the notebook, or given: files or packages of its author's."""
    found = {}
    folders = [home, *(path for path in given if path.is_dir())]
    for item in wanted:
        top = item.module.partition(".")[0]
        files = [path for path in given if path.name == f"{top}.py"]
        files += [folder / f"{top}.py" for folder in folders] + [folder / top for folder in folders]
        here = next((p for p in files if p.is_file() or (p / "__init__.py").is_file()), None)
        if here is not None and (not is_importable(top) or here.parent == home):
            found[top] = here
    return found
