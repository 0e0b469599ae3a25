"""Which modules can be imported here: asked with `nbkata.child.shell.run.ask`, of those that can."""

import importlib.util
import sys
from pathlib import Path

from nbkata.child.shell.run import answer


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
    """By the files of the package alone, if that is possible; an import of it may be slow."""
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


if __name__ == "__main__":
    answer(lambda modules: [module for module in modules if is_importable(module)])
