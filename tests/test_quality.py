"""The kit keeps the rules it teaches: formatted, linted, typed, and a core that touches nothing."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
CORE = ROOT / "src" / "nbkata" / "core"
OURS = [name for name in ("src", "tests", "benchmarks") if (ROOT / name).is_dir()]


def _run(*command: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout


def test_black_would_change_nothing() -> None:
    code, said = _run("-m", "black", "--check", "--quiet", "--diff", *OURS)
    assert code == 0, said


def test_mypy_finds_nothing_on_any_system() -> None:
    for system in ("linux", "win32"):
        code, said = _run("-m", "mypy", "--platform", system)
        assert code == 0, said


UNLIKE_THE_KIT = (
    *("missing-function-docstring", "missing-class-docstring"),  # a test's name says it
    "import-outside-toplevel",  # what one test alone needs
    "redefined-outer-name",  # that is how pytest hands over fixtures
    "use-implicit-booleaness-not-comparison",  # `== ()` tells what is expected
)
"""Not asked of the tests."""
LINT = """
import gc
import sys
from pylint.lint import Run

gc.disable()  # its trees live to the end: looking for garbage takes a third of the time

folders = sys.argv[2:]
kit = [name for name in folders if name == "src"]
others = [f"--disable={sys.argv[1]}", *(name for name in folders if name != "src")]
found = [Run(["--score=n", *part], exit=False).linter.msg_status for part in (kit, others) if part]
sys.exit(any(found))
"""
"""Both in one process: what they import is read once."""


def test_pylint_finds_nothing_in_the_kit_and_its_tests() -> None:
    code, said = _run("-c", LINT, ",".join(UNLIKE_THE_KIT), *OURS)
    assert code == 0, said


def test_the_layers_keep_and_the_core_imports_no_io() -> None:
    code, said = _run("-m", "importlinter.cli", "lint", "--no-cache")
    assert code == 0, said


VALUES_ONLY = {"pathlib": {"PurePath", "PurePosixPath", "PureWindowsPath"}, "sys": set[str]()}
"""What the core may take from modules that import-linter allows as a whole."""
CALLS = {"print", "open", "input", "breakpoint", "exec", "eval", "__import__"}
CLOCK = {"now", "utcnow", "today"}


def _touches(source: str) -> Iterator[str]:
    """What in a core module reaches past its arguments, in words that say where."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in CALLS:
                yield f"line {node.lineno}: {name}()"
            case ast.Call(func=ast.Attribute(attr=name)) if name in CLOCK:
                yield f"line {node.lineno}: .{name}()"
            case ast.Import(names=names) if {name.name for name in names} & set(VALUES_ONLY):
                yield f"line {node.lineno}: import of a whole module"
            case ast.ImportFrom(module=str() as module, names=names) if module in VALUES_ONLY:
                for name in names:
                    if name.name not in VALUES_ONLY[module]:
                        yield f"line {node.lineno}: {module}.{name.name}"


def test_the_core_calls_nothing_that_reaches_past_its_arguments() -> None:
    found = [
        f"{path.relative_to(ROOT)}, {touch}"
        for path in sorted(CORE.rglob("*.py"))
        for touch in _touches(path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line",
    [
        "print('so far so good')",
        "open('titanic.csv')",
        "datetime.now()",
        "import pathlib",
        "from pathlib import Path",
        "from sys import argv",
    ],
)
def test_a_core_that_reached_past_its_arguments_would_be_seen(line: str) -> None:
    assert list(_touches(line))
    assert not list(_touches("from pathlib import PurePath\nPurePath('a b')"))


def _declared() -> list[Requirement]:
    document: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = document["dependency-groups"].values()
    lines = [
        *document["build-system"]["requires"],
        *document["project"]["dependencies"],
        *(line for group in groups for line in group),
    ]
    return [Requirement(line) for line in lines]


def _locked() -> dict[str, list[tuple[Requirement, set[str]]]]:
    """Name -> its requirements with their hashes; several where versions differ by Python."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked: dict[str, list[tuple[Requirement, set[str]]]] = {}
    for block in re.split(r"\n(?=[A-Za-z0-9])", text):
        line = block.splitlines()[0].removesuffix("\\").strip()
        if not line.startswith("#"):
            requirement = Requirement(line)
            hashes = set(re.findall(r"--hash=(sha256:[0-9a-f]{64})\b", block))
            locked.setdefault(canonicalize_name(requirement.name), []).append((requirement, hashes))
    return locked


@pytest.mark.parametrize("declared", _declared(), ids=str)
def test_the_lock_holds_every_dependency_in_a_version_that_is_allowed(
    declared: Requirement,
) -> None:
    candidates = _locked().get(canonicalize_name(declared.name), [])
    assert candidates, f"{declared.name} is not in requirements.lock; CONTRIBUTING.md, 'The lock'"
    for locked, _ in candidates:
        (pin,) = locked.specifier
        assert pin.operator == "=="
        assert declared.specifier.contains(pin.version), f"{locked} is not {declared}"


def test_the_lock_has_a_hash_for_every_package() -> None:
    bare = [name for name, entries in _locked().items() for _, hashes in entries if not hashes]
    assert len(_locked()) > 100 and not bare, bare


def test_the_lock_names_no_index_and_no_place() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for sign in ("://", "--index-url", "--extra-index-url", "--find-links", " @ ", "file:"):
        assert sign not in text


def test_the_batch_file_keeps_the_line_ends_that_windows_needs() -> None:
    lines = (ROOT / "go.bat").read_bytes().split(b"\n")
    assert all(line.endswith(b"\r") for line in lines[:-1])
