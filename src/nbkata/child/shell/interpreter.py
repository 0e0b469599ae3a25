"""The Python that runs other people's code: the kit's own, or their project's.

All that the project's environment must have is pytest. What the kit runs there imports the standard
library alone, and is sent as plain files: a folder on the path of the modules for as long as a command lasts.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from nbkata.child.shell.environ import plain_environment
from nbkata.common.core.command_line import quoted
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.paths import shown_path
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.common.shell.walk import copy_files

# The variable that names the Python in use and what is sent: for processes of the kit's own that run code.
PROJECT = "NBKATA_PROJECT"
# The oldest Python that can run what is sent.
OLDEST = (3, 11)
# What is sent of the kit; and of its environment if the project has none: it measures which lines are run.
ROOMS = (
    "characterize child common dataflow kata notebook purity record shape_tests strength".split()
)
COVERAGE = "coverage"
# Importing what a Python's own start-up files ask for may take a while.
START_S = 60
# Every Python from 2.7 on runs this.
_LOOK = """
import json, os, sys
found = {"version": sys.version_info[:3], "prefix": sys.prefix, "packages": {}, "modules": []}
if sys.version_info >= (3, 4):
    from importlib.util import find_spec
    found["modules"] = [name for name in sys.argv[1:] if find_spec(name)]
    for folder in reversed(sys.path):
        for name in os.listdir(folder) if os.path.isdir(folder) else ():
            if name.endswith(".dist-info"):
                package, _, version = name[: -len(".dist-info")].partition("-")
                found["packages"][package.lower().replace("_", "-")] = version
print(json.dumps(found))
"""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python and what its environment holds."""

    path: str
    version: tuple[int, ...]
    prefix: str
    packages: Mapping[str, str]  # versions by the names of distributions
    modules: frozenset[str]  # of those that the kit asks for

    @property
    def is_own(self) -> bool:
        """Whether it is of the environment that the kit runs in."""
        return os.path.realpath(self.prefix) == os.path.realpath(sys.prefix)

    @property
    def versions(self) -> str:
        """Those that results may depend on most."""
        named = [f"Python {'.'.join(map(str, self.version))}"]
        named += [
            f"{name} {self.packages[name]}"
            for name in ("pandas", "scikit-learn")
            if name in self.packages
        ]
        return ", ".join(named)

    def __str__(self) -> str:
        return f"{shown_path(Path(self.path))} ({self.versions})"

    @property
    def installs(self) -> str:
        """Return the command that installs a package in its environment, without the package."""
        if "pip" in self.modules:
            return f"{quoted(self.path)} -m pip install"
        return f"uv pip install --python {quoted(self.path)}"


def looked_at(asked: Path) -> Interpreter | Refusal:
    """What is at a path: a Python, or the folder of an environment."""
    step = (
        "Name the Python of your project's environment, such as .venv, or its folder: --python PATH"
    )
    found_at = python_in(asked) if asked.is_dir() else shutil.which(str(asked))
    if found_at is None:
        what = (
            "there is no Python in this folder." if asked.is_dir() else "there is no such Python."
        )
        return Refusal(what, str(asked), step)
    path = os.path.abspath(found_at)  # not resolved: an environment's Python is a link
    try:
        ended = subprocess.run(
            [path, "-c", _LOOK, "pip", "pytest", "ipykernel", "IPython", COVERAGE],
            env=plain_environment(),
            capture_output=True,
            check=True,
            timeout=START_S,
            stdin=subprocess.DEVNULL,
        )
        found = json.loads(ended.stdout.splitlines()[-1])
        return Interpreter(
            path,
            tuple(found["version"]),
            found["prefix"],
            found["packages"],
            frozenset(found["modules"]),
        )
    except (OSError, subprocess.SubprocessError, ValueError, LookupError, TypeError) as error:
        what = f"this is no Python that can be run ({type(error).__name__})."
        return Refusal(what, str(asked), step)


def python_in(folder: Path) -> Path | None:
    """The Python of the environment in a folder, if it is one."""
    names = ("bin/python", "bin/python3", "Scripts/python.exe", "python.exe")
    return next((folder / name for name in names if (folder / name).is_file()), None)


@contextmanager
def used(interpreter: Interpreter) -> Iterator[None]:
    """While it lasts, other people's code is run by this Python, with what it needs of the kit."""
    with TemporaryFolder() as work:
        kit = Path(__file__).parents[2]
        for room in ROOMS:
            copy_files(kit / room, Path(work, kit.name, room), _is_code)
        shutil.copy(kit / "__init__.py", Path(work, kit.name))
        coverage = find_spec(COVERAGE)
        if COVERAGE not in interpreter.modules and coverage and coverage.origin:
            copy_files(Path(coverage.origin).parent, Path(work, COVERAGE), _is_code)
        fields = {**asdict(interpreter), "modules": sorted(interpreter.modules)}
        os.environ[PROJECT] = json.dumps([fields, work])
        try:
            yield
        finally:
            del os.environ[PROJECT]


def _used() -> tuple[Interpreter, str] | None:
    """The Python in use, and the folder with what is sent."""
    text = os.environ.get(PROJECT)
    return None if text is None else _parsed(text)


@lru_cache(maxsize=1)
def _parsed(text: str) -> tuple[Interpreter, str]:
    fields, sent = json.loads(text)
    lists = {"version": tuple(fields["version"]), "modules": frozenset(fields["modules"])}
    return Interpreter(**{**fields, **lists}), sent


def _is_code(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.endswith(".py") or "." not in name and name != "__pycache__"


def project_python() -> Interpreter | None:
    """The project's own, if it is what runs code now."""
    found = _used()
    return found[0] if found else None


def python() -> str:
    """The program that runs other people's code now."""
    project = project_python()
    return project.path if project else sys.executable


def environment_there(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables for that program: where it finds what is sent, and programs of its environment."""
    found = _used()
    if found is None:
        return dict(variables)
    interpreter, sent = found
    folders = [sent, *filter(None, [variables.get("PYTHONPATH")])]
    return {**programs_of(interpreter, variables), "PYTHONPATH": os.pathsep.join(folders)}


def programs_of(interpreter: Interpreter, variables: Mapping[str, str]) -> dict[str, str]:
    """The variables as if its environment had been activated."""
    home = Path(interpreter.path).parent
    folders = [home, *filter(Path.is_dir, (home / "Scripts", home / "Library" / "bin"))]
    path = [*map(str, folders), *filter(None, [variables.get("PATH")])]
    kept = {
        name: value
        for name, value in variables.items()
        if name not in ("VIRTUAL_ENV", "PYTHONHOME")
    }
    return {**kept, "PATH": os.pathsep.join(path)}
