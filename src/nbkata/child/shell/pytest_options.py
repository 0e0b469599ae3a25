"""What pytest is given beside a project's own options, when it runs other people's tests for us."""

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

SETTINGS = ("pyproject.toml", "pytest.ini", "pytest.toml", "setup.cfg", "tox.ini")

# xdist's option, in a line of options or in a list of them.
SPREADS = re.compile(r"""[\s"'=](-n ?["']?[, ]*["']?(\d|auto|logical)|--numprocesses)""")


def pytest_arguments(root: str, tests: tuple[str, ...]) -> list[str]:
    """Stop at the first failure, say little, keep nothing."""
    options = ["-x", "-q", "-p", "no:cacheprovider", "--no-header", "--tb=no"]
    # A warm process has imported plugins; where warnings are errors that alone would end the run.
    options += ["-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning"]
    folder = Path(root)
    return [*tests, *options, *quick_start(folder), *one_process(folder)]


def quick_start(folder: Path) -> list[str]:
    """Leave out nbval, whose imports take half a second, unless the project's settings name it."""
    return [] if any("nbval" in text for text in _settings(folder)) else ["-p", "no:nbval"]


def one_process(folder: Path) -> list[str]:
    """Switch off what a project's own options would start inside every single run."""
    options = []
    for text in _settings(folder):
        if SPREADS.search(text) and "addopts" in text and "xdist" in sys.modules:
            options.append("-n0")
        if "--cov" in text:
            options.append("--no-cov")
    return options


def without_tracebacks(items: Iterable[object]) -> None:
    """Do not write out how a test failed, where only its exception is read: it takes 0.1 s.

    Of two lists of 300 numbers, unittest writes out for 6 s how they differ.
    """
    from unittest import case  # pylint: disable=import-outside-toplevel # only whoever runs tests

    for item in items:
        setattr(item, "repr_failure", lambda *_, **__: "")
    setattr(case, "difflib", SimpleNamespace(ndiff=lambda *_: ()))


def _settings(folder: Path) -> list[str]:
    paths = [folder / name for name in SETTINGS]
    return [path.read_text("utf-8", errors="replace") for path in paths if path.is_file()]
