"""What the shape tests of an adopted notebook ask, whatever the notebook is about."""

import ast
from collections.abc import Iterator
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.walk import files_in, visible
from nbkata.kata.core.kata import Kata
from nbkata.dataflow.core.modules import Module, is_main_guard, module_from_source
from nbkata.purity.core.context import snippet
from nbkata.purity.core.static import ON_IMPORT, FunctionText, read_functions
from nbkata.smells.core.find import smells_in_script
from nbkata.smells.core.symbols import Smell
from nbkata.strength.core.mutant_rules import LOOKS, is_display

NET = "test_characterization.py"


MOST_SHOWN = 3


def noise_said(workspace: Path) -> str:
    """The lines in src/ that only show something; or ""."""
    messages = []
    for path, tree in _trees(workspace):
        inner = (node for item in tree.body if not is_main_guard(item) for node in ast.walk(item))
        for node in inner:
            if isinstance(node, ast.Expr) and _only_shows(node.value):
                text = snippet(node, 50)
                messages.append(f"src/{path.name}, line {node.lineno} only shows something: {text}")
    return _few(messages, "Delete it; where it computes as well, keep what computes.")


def dead_said(workspace: Path) -> str:
    """Names that functions in src/ give a value and never read, and imports not used; or ""."""
    messages = []
    for path, tree in _trees(workspace):
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                for name, line in sorted(_unread(function).items(), key=lambda item: item[1]):
                    messages.append(f"src/{path.name}, line {line}: nobody reads {name}.")
        findings = smells_in_script(path.read_text(encoding="utf-8-sig"), path.name, _DEAD).findings
        messages += [f"src/{path.name}, line {one.line}: {one.message}" for one in findings]
    return _few(messages, "Delete it, or return it if it is a result.")


_DEAD = frozenset({Smell.DEAD_CODE, Smell.COMMENTED_OUT_CODE, Smell.UNUSED_IMPORT})


def _only_shows(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return not isinstance(value.value, str)  # a docstring
    if isinstance(value, ast.Call):
        looks = isinstance(value.func, ast.Attribute) and value.func.attr in LOOKS
        in_place = any(keyword.arg == "inplace" for keyword in value.keywords)
        return is_display(value) or looks and not in_place
    return not isinstance(value, ast.Await | ast.Yield | ast.YieldFrom)


def _unread(function: ast.FunctionDef) -> dict[str, int]:
    """Simple names that are bound by an assignment or import in a function, and nowhere read."""
    bound: dict[str, int] = {}
    read: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            bound |= {name: node.lineno for name in names if not name.startswith("_")}
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.asname or alias.name.partition(".")[0] for alias in node.names]
            bound |= {name: node.lineno for name in names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            read.add(node.id)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            read |= set(node.names)
    return {name: line for name, line in bound.items() if name not in read}


def _few(messages: list[str], fix: str) -> str:
    more = f"\nAnd {len(messages) - MOST_SHOWN} more." if len(messages) > MOST_SHOWN else ""
    return "\n".join([*messages[:MOST_SHOWN]]) + more + f"\n{fix}" if messages else ""


def _trees(workspace: Path) -> Iterator[tuple[Path, ast.Module]]:
    for path in files_in(workspace / "src", visible, ".py"):
        try:
            yield path, ast.parse(path.read_text(encoding="utf-8-sig"))
        except (SyntaxError, ValueError):
            continue


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
    text = f"{len(good)} of {wanted} functions are pure, called and tested."
    for item in impure[:1]:
        finding = item.findings[0]
        text += f" {_shown(item)} is not pure: line {finding.line} {finding.message}."
    for item in untested[:1]:
        text += f" {_shown(item)} has no unit test: no file in tests/ but {NET} names it."
    for item in uncalled[:1]:
        text += f" {_shown(item)} is called by nothing in src/."
    return text


def core_said(workspace: Path, kata: Kata) -> str:
    """Where something impure is outside of the notebook's own file; or ""."""
    shell = Path(kata.behaviours[-1].file).name
    core = [item for item in _functions(workspace) if Path(item.path).name != shell]
    if not core:
        return f"All is still in src/{shell}. Move what computes into a module of its own."
    for item in core:
        if item.findings:
            finding = item.findings[0]
            return f"{_shown(item)} is not pure: line {finding.line} {finding.message}."
    left = [item for item in _functions(workspace) if Path(item.path).name == shell]
    left_over = [item for item in left if _own_name(item) not in (kata.behaviours[-1].seam, "main")]
    if len(left_over) > 2:
        return (
            f"{len(left_over)} functions are still in src/{shell}, {_own_name(left_over[0])} first."
        )
    return ""


def _functions(workspace: Path) -> tuple[FunctionText, ...]:
    modules: list[Module] = []
    for path in files_in(workspace / "src", visible, ".py"):
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
    for path in files_in(folder, visible, ".py"):
        if path.name != but:
            found |= {name for node in _nodes(path) for name in _names(node)}
    return found


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr


def _is_called(workspace: Path, name: str) -> bool:
    for path in files_in(workspace / "src", visible, ".py"):
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
