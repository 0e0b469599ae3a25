"""What the shape tests of an adopted notebook ask, whatever the notebook is about."""

import ast
from collections.abc import Iterator
from pathlib import Path

from nbkata.core.kata import Kata
from nbkata.core.purity.modules import Module, module_from_source
from nbkata.core.purity.static import ON_IMPORT, FunctionText, read_functions
from nbkata.core.refusal import Refusal

NET = "test_characterization.py"


def functions_said(workspace: Path, kata: Kata, wanted: int) -> str:
    """Where there are not ``wanted`` pure functions that are called and have unit tests; or ""."""
    seam = kata.behaviours[-1].seam
    functions = [item for item in _functions(workspace) if _own_name(item) != seam]
    if not functions:
        return "There is no function of your own yet. PLAN.md names the first one to extract."
    impure = [item for item in functions if item.findings]
    pure = [item for item in functions if not item.findings]
    untested = [item for item in pure if _own_name(item) not in _words(workspace / "tests", NET)]
    uncalled = [item for item in pure if not _is_called(workspace, _own_name(item))]
    good = [item for item in pure if item not in untested and item not in uncalled]
    if len(good) >= wanted:
        return ""
    said = f"{len(good)} of {wanted} functions are pure, called and tested."
    for item in impure[:1]:
        finding = item.findings[0]
        said += f" {_shown(item)} is not pure: line {finding.line} {finding.message}."
    for item in untested[:1]:
        said += f" {_shown(item)} has no unit test: no file in tests/ but {NET} names it."
    for item in uncalled[:1]:
        said += f" {_shown(item)} is called by nothing in src/."
    return said


def core_said(workspace: Path, kata: Kata) -> str:
    """Where something impure stands outside of the notebook's own file; or ""."""
    shell = Path(kata.behaviours[-1].file).name
    core = [item for item in _functions(workspace) if Path(item.path).name != shell]
    if not core:
        return f"All is still in src/{shell}. Move what computes into a module of its own."
    for item in core:
        if item.findings:
            finding = item.findings[0]
            return f"{_shown(item)} is not pure: line {finding.line} {finding.message}."
    left = [item for item in _functions(workspace) if Path(item.path).name == shell]
    spare = [item for item in left if _own_name(item) not in (kata.behaviours[-1].seam, "main")]
    if len(spare) > 2:
        return f"{len(spare)} functions are still in src/{shell}, {_own_name(spare[0])} first."
    return ""


def _functions(workspace: Path) -> tuple[FunctionText, ...]:
    modules: list[Module] = []
    for path in sorted((workspace / "src").rglob("*.py")):
        module = module_from_source(path.read_text(encoding="utf-8-sig"), path.stem, str(path))
        if not isinstance(module, Refusal):
            modules.append(module)
    return tuple(item for item in read_functions(modules) if item.name != ON_IMPORT)


def _own_name(item: FunctionText) -> str:
    return item.name.rpartition(".")[2]


def _shown(item: FunctionText) -> str:
    return f"{_own_name(item)} (src/{Path(item.path).name}, line {item.line})"


def _words(folder: Path, but: str) -> set[str]:
    """Names in the Python files of a folder."""
    found: set[str] = set()
    for path in sorted(folder.rglob("*.py")):
        if path.name != but:
            found |= {name for node in _nodes(path) for name in _names(node)}
    return found


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr


def _is_called(workspace: Path, name: str) -> bool:
    for path in sorted((workspace / "src").rglob("*.py")):
        for node in _nodes(path):
            if isinstance(node, ast.Name | ast.Attribute) and name in _names(node):
                return True
    return False


def _nodes(path: Path) -> Iterator[ast.AST]:
    try:
        tree = ast.parse(path.read_text(encoding="utf-8-sig"))
    except (SyntaxError, ValueError):
        tree = ast.Module([], [])
    yield from ast.walk(tree)
