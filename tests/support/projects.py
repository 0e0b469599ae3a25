"""Environments of projects, in which nothing of the kit is installed."""

import os
import sysconfig
import venv
from collections.abc import Sequence
from pathlib import Path

# Names of old environments to test with too, separated as in a PATH: pandas 1.5, pandas 2.2 …
OLD = "NBKATA_TEST_ENVIRONMENTS"
# What the project's environment borrows from the one that the tests run in.
BORROWED = tuple(
    "pandas numpy dateutil pytz tzdata six pytest _pytest py pluggy iniconfig packaging pygments".split()
)
_FINDER = """
import sys
from importlib.machinery import PathFinder

class Borrowed:
    @staticmethod
    def find_spec(name, path=None, target=None):
        return PathFinder.find_spec(name, [{place!r}]) if name in {borrowed!r} else None

sys.meta_path.append(Borrowed)
"""


def make_environment(folder: Path, borrowed: Sequence[str] = BORROWED) -> Path:
    """Make an environment with pandas and pytest, or what is named, without the kit and what that needs; return its Python.

    Nothing is downloaded: the packages are those of the environment that the tests run in.
    """
    venv.EnvBuilder(symlinks=os.name != "nt").create(folder)

    packages = (
        folder / "Lib"
        if os.name == "nt"
        else folder / "lib" / f"python{sysconfig.get_python_version()}"
    )
    place = sysconfig.get_paths()["purelib"]
    code = _FINDER.format(place=place, borrowed=tuple(borrowed))
    (packages / "site-packages" / "_borrowed.py").write_text(code, encoding="utf-8")
    (packages / "site-packages" / "borrowed.pth").write_text("import _borrowed\n", encoding="utf-8")
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
