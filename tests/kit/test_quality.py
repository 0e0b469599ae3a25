"""The kit keeps the rules it teaches: formatted, linted, typed, and a core that touches nothing."""

import ast
import csv
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORES = sorted((ROOT / "src" / "nbkata").glob("*/core"))
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
    code, _ = _run(
        "-m", "black", "--check", "--quiet", *OURS
    )  # what it knows it does not read again
    assert code == 0, _run("-m", "black", "--check", "--quiet", "--diff", *OURS)[1]


def test_mypy_finds_nothing_on_any_system() -> None:
    for system in ("linux", "win32"):
        cache = (
            f"--cache-dir=.mypy_cache/{system}"  # of one folder each run would spoil the other's
        )
        code, output = _run("-m", "mypy", "--platform", system, cache)
        assert code == 0, output


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
    code, output = _run("-c", LINT, ",".join(UNLIKE_THE_KIT), *OURS)
    assert code == 0, output


LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
"""`python -m importlinter.cli` runs nothing, and ends well."""


def test_the_layers_keep_and_the_core_imports_no_io() -> None:
    code, output = _run("-c", LINT_IMPORTS, "--no-cache")
    assert code == 0 and " 0 broken" in output, output


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
        for core in CORES
        for path in sorted(core.rglob("*.py"))
        for touch in _touches(path.read_text(encoding="utf-8"))
    ]
    assert CORES and not found, "\n".join(found)


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


def _of_a_kata(source: str) -> Iterator[str]:
    """Words of a shipped kata's data in code: its files, and the columns that no other table would have."""
    words = {path.stem for path in (ROOT / "notebooks").rglob("*.*") if path.suffix != ".md"}
    with (ROOT / "notebooks" / "data" / "titanic.csv").open(encoding="utf-8") as table:
        words |= {
            name for name in csv.DictReader(table).fieldnames or () if len(name) > len("ticket")
        }
    words.discard("Survived")  # as mutants do
    tree = ast.parse(source)
    explained = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = words & set(re.findall(r"\w+", node.value))
            if found and id(node) not in explained:
                yield f"line {node.lineno}: {', '.join(sorted(found))}"


def test_a_kata_is_data_and_no_code_of_the_kit_knows_its_files_or_columns() -> None:
    found = [
        f"{path.relative_to(ROOT)}, {what}"
        for path in sorted((ROOT / "src").rglob("*.py"))
        for what in _of_a_kata(path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)
    assert list(_of_a_kata("DATA = 'data/titanic.csv'"))
    assert list(_of_a_kata("rows['Embarked']"))
    assert not list(_of_a_kata("'Reads Embarked.'"))


def test_the_batch_file_keeps_the_line_ends_that_windows_needs() -> None:
    lines = (ROOT / "go.bat").read_bytes().split(b"\n")
    assert all(line.endswith(b"\r") for line in lines[:-1])


# Words that a reader who learnt English at school must look up, or reads twice: say it otherwise.
DIALECT = re.compile(
    r"\b(cannot be had|to be had|none where|hears|stands(?! (?:for|in for)\b)|(?:is|are|be|was|were) told|(?:for|to) who)\b",
    re.IGNORECASE,
)


def dialect(text: str) -> list[str]:
    """The words, each with its line: ``3: none where``."""
    lines = enumerate(text.splitlines(), start=1)
    return [f"{number}: {found[0]}" for number, line in lines for found in DIALECT.finditer(line)]


def test_what_people_read_is_plain_english() -> None:
    places = [ROOT / name for name in ("src", "exercises", "docs")]
    files = [path for place in places for path in place.rglob("*.*") if path.is_file()]
    texts = [path for path in files if path.suffix in (".py", ".md", ".toml", ".html")]
    texts += ROOT.glob("*.md")
    found = {str(path): dialect(path.read_text(encoding="utf-8")) for path in texts}
    assert len(found) > 400 and {path: words for path, words in found.items() if words} == {}


@pytest.mark.parametrize(
    "line", ["What cannot be had.", "None where it is lost", "It is told.", "For who leads"]
)
def test_a_word_of_the_old_dialect_would_be_seen(line: str) -> None:
    assert len(dialect(f"Plain.\n{line}")) == 1 and dialect("It stands for a name.") == []
