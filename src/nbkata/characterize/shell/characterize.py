"""Writing characterization tests for a notebook, a script or a function, and approving data."""

import ast
import filecmp
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from nbkata.characterize.core.characterize import Plan, Source, seam_names, sorted_out, test_file
from nbkata.child.core.ended import Failed, Failure
from nbkata.child.shell.environ import plain_environment
from nbkata.child.shell.interpreter import project_python
from nbkata.child.shell.run import ask
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import read_file
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.guard.shell.approve import approval_of
from nbkata.notebook.shell.kernels import OWN
from nbkata.notebook.shell.notebook_files import read_python_notebook
from nbkata.notebook.shell.text_files import read_script
from nbkata.record.core.record import Kind, Record, Unsteady
from nbkata.record.shell.steady import record_steadily
from nbkata.workspace.shell.kept_writes import write_kept

# Function names that are taken for a script's seam where one is not given.
SEAMS = ("train", "run", "main", "pipeline", "build")


@dataclass(frozen=True, slots=True)
class CharacterizeRequest:
    """What is to be characterized, and where the tests go."""

    source: Path
    tests: Path  # the folder of the tests
    function: str = ""
    names: tuple[str, ...] = ()
    timeout_s: int = 600
    command: str = "nbkata characterize"


@dataclass(frozen=True, slots=True)
class Approval:
    """What approving changed in the golden data, by file name."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    same: int


def plan_tests(request: CharacterizeRequest) -> Plan | Refusal:
    """Run twice, and decide what the tests will compare."""
    function = request.function or (_seam(request.source) if request.source.suffix == ".py" else "")
    record = _recorded(request, function)
    if isinstance(record, Refusal):
        return record
    if record.stopped:
        return Refusal(f"the run stopped: {record.stopped}", str(request.source))
    names = {n: v for n, v in record.last.items() if not function or n.startswith(_PREFIX)}
    stripped = {name.removeprefix(_PREFIX): value for name, value in names.items()}
    unsteady = Record("", (), unsteady=_stripped(record))
    seam = None if function else seam_names(_code(request.source))
    tables, values, left_out = sorted_out(stripped, unsteady, request.names, seam)
    if not tables and not values:
        what = "it leaves nothing behind that could be compared."
        return Refusal(what, str(request.source), "Let it return or keep its results in names.")
    kind = _kind(request.source)
    here = request.tests.resolve()
    folder = request.source.parent if kind is not Source.SCRIPT else Path.cwd()
    return Plan(
        source=Source.FUNCTION if function else kind,
        path=PurePosixPath(Path(os.path.relpath(request.source.resolve(), here)).as_posix()),
        folder=PurePosixPath(Path(os.path.relpath(folder.resolve(), here)).as_posix()),
        tables=tables,
        values=values,
        left_out=left_out,
        function=function,
        has_instances=any(stripped[name].kind is Kind.INSTANCE for name in values),
        command=request.command,
        overlooked=(
            "" if function or tables or kind is not Source.SCRIPT else _overlooked(request.source)
        ),
    )


def _kind(source: Path) -> Source:
    if source.suffix == ".py":
        return Source.SCRIPT
    project = project_python()
    has_ipython = project is None or "IPython" in project.modules
    return Source.NOTEBOOK if has_ipython else Source.PLAIN_NOTEBOOK


def write_tests(plan: Plan, folder: Path) -> Path | Refusal:
    """Write ``test_characterization.py``; a file of that name from elsewhere is not replaced."""
    path = folder / "test_characterization.py"
    text = formatted(test_file(plan))
    if path.exists() and not is_generated(path):
        what = "this file was not made by nbkata characterize; it is left alone."
        return Refusal(what, str(path), "Name another folder: --tests DIR")
    done = write_kept({path: text.encode("utf-8")}, f"characterize {plan.path.name}")
    return done or path


def is_generated(path: Path) -> bool:
    """Whether a file holds tests that `write_tests` wrote."""
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.readline().startswith('"""Characterization tests of ')


def formatted(code: str) -> str:
    """As black writes it; what it cannot read stays as it is."""
    import black  # pylint: disable=import-outside-toplevel # 0.1 s that only this pays for

    try:
        return black.format_str(code, mode=black.Mode(line_length=100))
    except ValueError:  # black.InvalidInput
        return code


def golden_made(
    test: Path, out: Path, folder: Path, variables: Mapping[str, str], timeout_s: float
) -> dict[str, Any] | Failed:
    """Run what the tests run, and write its golden data to ``out``.

    Return as `nbkata.characterize.shell.approve.approved` does.
    """
    return ask(
        "nbkata.characterize.shell.approve",
        {"test": str(test), "out": str(out)},
        folder=folder,
        environment={**plain_environment(), **variables},
        timeout_s=timeout_s,
        writable=(out,),
    )


def approve(test: Path, timeout_s: int) -> Approval | Refusal:
    """Run what the tests run and replace their golden data by what it gives now."""
    golden = test.parent / "golden"
    with TemporaryFolder() as folder:
        work = Path(folder, "golden")
        work.mkdir()
        made = golden_made(test, work, Path.cwd(), {"MPLBACKEND": "Agg"}, timeout_s)
        if isinstance(made, Failed):
            what = f"the results could not be made: {made.reason}."
            longer = made.failure is Failure.TIMED_OUT
            step = "Give it more time: --timeout SECONDS" if longer else "Fix that first."
            return Refusal(what, str(test), step)
        if made["refused"]:
            return _unkept(made["refused"], test)
        approval = _compared(golden, work)
        return _replace(golden, work, is_new=not (approval.changed or approval.removed)) or approval


def _unkept(reasons: dict[str, str], test: Path) -> Refusal:
    """For what does not survive the way into its file and back: nothing is approved then."""
    what = "; ".join(f"{name} cannot be approved: {reason}" for name, reason in reasons.items())
    step = (
        "Nothing was approved. Name the others, each with --name NAME, or give it as plain values."
    )
    return Refusal(f"{what}.", str(test), step)


def _replace(golden: Path, work: Path, is_new: bool) -> Refusal | None:
    """New files first, then away with the old: a crash between leaves tests that fail.

    Where another record was there, a line of tests/approvals.txt says that this one is approved.
    """
    files: dict[Path, bytes | None] = {
        golden / path.name: path.read_bytes() for path in sorted(work.iterdir())
    }
    old = sorted(golden.iterdir()) if golden.is_dir() else []
    files |= {path: None for path in old if path.is_file() and path not in files}
    if not is_new and golden.parent.name == "tests":
        approval = approval_of(golden.resolve().parents[1], "nbkata characterize --approve", files)
        files |= dict([approval]) if approval else {}
    return write_kept(files, "characterize --approve")


def _compared(golden: Path, work: Path) -> Approval:
    new = {path.name for path in work.iterdir()}
    old = {path.name for path in golden.iterdir()} if golden.is_dir() else set()
    both = sorted(new & old)
    changed = [n for n in both if not filecmp.cmp(golden / n, work / n, shallow=False)]
    return Approval(
        tuple(sorted(new - old)), tuple(changed), tuple(sorted(old - new)), len(both) - len(changed)
    )


_PREFIX = "result of the seam: "


def _recorded(request: CharacterizeRequest, function: str) -> Record | Refusal:
    if not function:  # in the kernel where the tests will run
        return record_steadily(request.source, kernel=OWN, timeout_s=request.timeout_s)
    with TemporaryFolder() as work:
        driver = Path(work, request.source.name)
        driver.write_text(_call(request.source, function), encoding="utf-8")
        return record_steadily(driver, timeout_s=request.timeout_s)


def _call(source: Path, function: str) -> str:
    """A script that calls the seam and leaves each of its results as a name of its own."""
    return (
        "import importlib.util, sys\n"
        f"sys.path.insert(0, {str(source.resolve().parent)!r})\n"
        f"spec = importlib.util.spec_from_file_location({source.stem!r}, {str(source.resolve())!r})\n"
        "module = importlib.util.module_from_spec(spec)\n"
        "sys.modules[spec.name] = module\n"
        "spec.loader.exec_module(module)\n"
        f"_result = module.{function}()\n"
        "if hasattr(_result, '_asdict'):\n    _result = _result._asdict()\n"
        "elif hasattr(_result, '__dataclass_fields__'):\n    _result = vars(_result)\n"
        "elif isinstance(_result, tuple):\n"
        "    _result = {f'result_{place}': item for place, item in enumerate(_result)}\n"
        "elif not isinstance(_result, dict):\n    _result = {'result': _result}\n"
        f"globals().update({{{_PREFIX!r} + str(n): v for n, v in _result.items()}})\n"
    )


def _stripped(record: Record) -> tuple[Unsteady, ...]:
    return tuple(replace(item, name=item.name.removeprefix(_PREFIX)) for item in record.unsteady)


def _functions(path: Path) -> list[ast.FunctionDef]:
    """Those that return something."""
    try:
        tree = ast.parse(read_file(path))
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [node for node in tree.body if isinstance(node, ast.FunctionDef) and _returns(node)]


def _overlooked(path: Path) -> str:
    found = {node.name for node in _functions(path) if not _needs_nothing(node)}
    return next((name for name in SEAMS if name in found), "")


def _seam(path: Path) -> str:
    """The function that a script's own main guard or its name makes the seam, if it needs nothing.

    A function that returns nothing is no seam: there would be nothing to compare.
    """
    found = {node.name for node in _functions(path) if _needs_nothing(node)}
    return next((name for name in SEAMS if name in found), "")


def _code(source: Path) -> list[str]:
    if source.suffix == ".py":
        text = read_script(source)
        return [] if isinstance(text, Refusal) else [text]
    notebook = read_python_notebook(source)
    return [] if isinstance(notebook, Refusal) else [cell.source for cell in notebook.code_cells]


def _needs_nothing(node: ast.FunctionDef) -> bool:
    required = len(node.args.posonlyargs) + len(node.args.args) - len(node.args.defaults)
    return required == 0 and all(default is not None for default in node.args.kw_defaults)


def _returns(node: ast.FunctionDef) -> bool:
    return any(isinstance(n, ast.Return) and n.value is not None for n in ast.walk(node))
