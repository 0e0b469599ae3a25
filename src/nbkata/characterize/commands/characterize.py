"""`nbkata characterize`: write characterization tests, and approve what they hold still."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from nbkata.characterize.core.characterize import Plan
from nbkata.characterize.shell.characterize import (
    Approval,
    CharacterizeRequest,
    approve,
    is_generated,
    plan_tests,
    write_tests,
)
from nbkata.common.core.refusal import Refusal, or_refuse
from nbkata.common.shell.paths import shown_path
from nbkata.notebook.commands.project_python import PythonOption, project_python
from nbkata.terminal import screen


def characterize(  # pylint: disable=too-many-arguments,too-many-positional-arguments # its options
    source: Annotated[
        Path, typer.Argument(help="A notebook, a Python script, or tests to approve anew.")
    ],
    seam: Annotated[
        str, typer.Option(help="A function to call without arguments; its results are compared.")
    ] = "",
    name: Annotated[
        list[str] | None, typer.Option(help="Compare only this name; may be given again.")
    ] = None,
    tests: Annotated[Path, typer.Option(help="The folder for the tests.")] = Path("tests"),
    approved: Annotated[
        bool, typer.Option("--approve", help="Take what it does now as the golden data.")
    ] = False,
    timeout: Annotated[int, typer.Option(min=1, help="Seconds that the run may take.")] = 600,
    python: PythonOption = None,
) -> int:
    """Write plain pytest tests that hold SOURCE's results still while you refactor it."""
    request = CharacterizeRequest(
        source, tests, seam, tuple(name or ()), timeout, _command(source, seam, name, tests, python)
    )
    if not source.is_file():
        what = "there is no such file."
        return screen.refuse(Refusal(what, shown_path(source), "Name a notebook or a script."))
    with project_python(python, source):
        return _characterized(request, approved)


def _characterized(request: CharacterizeRequest, approved: bool) -> int:
    source, tests = request.source, request.tests
    try:
        path = source if is_generated(source) else _written(request)
        if not approved:
            text = f"Nothing is approved by this. When it is right: {request.command}"
            screen.out.print(text, soft_wrap=True, markup=False)
            return 0
        with screen.working("making the golden data"):
            approval = approve(path, request.timeout_s)
    except OSError as error:
        what = f"the tests cannot be written ({error.strerror})."
        return screen.refuse(Refusal(what, shown_path(tests), "Name another folder: --tests DIR"))
    _show_approval(or_refuse(approval), path)
    return 0


def _written(request: CharacterizeRequest) -> Path:
    with screen.working("running it twice"):
        plan = or_refuse(plan_tests(request))
    path = or_refuse(write_tests(plan, request.tests))
    _show_plan(plan, path)
    return path


def _command(
    source: Path, seam: str, names: list[str] | None, tests: Path, python: Path | None
) -> str:
    words = ["nbkata", "characterize", source.as_posix()]
    words += ["--python", python.as_posix()] if python else []
    words += ["--seam", seam] if seam else []
    words += [word for name in names or () for word in ("--name", name)]
    words += ["--tests", tests.as_posix()] if tests != Path("tests") else []
    return shlex.join([*words, "--approve"])


def _show_plan(plan: Plan, path: Path) -> None:
    what = f"{plan.function}() of {plan.path.name}" if plan.function else plan.path.name
    screen.out.print(f"{shown_path(path)}: tests of {what}", markup=False, soft_wrap=True)
    for label, names in (("table", plan.tables), ("value", plan.values)):
        if names:
            text = f"  {len(names)} {label}{'s' * (len(names) != 1)}: {', '.join(names)}"
            screen.out.print(text, markup=False, soft_wrap=True)
    if plan.overlooked:
        text = (
            f"  {plan.overlooked}() gives results, but needs arguments: nothing of it is compared. "
        )
        text += "Write a function that calls it with yours, and name that with --seam."
        screen.out.print(text, markup=False, soft_wrap=True)
    for name, why in plan.left_out.items():
        screen.out.print(f"  not compared: {name} {why}", markup=False, soft_wrap=True)


def _show_approval(approval: Approval, path: Path) -> None:
    golden = shown_path(path.parent / "golden")
    for label, names in (
        ("new", approval.added),
        ("changed", approval.changed),
        ("removed", approval.removed),
    ):
        for name in names:
            screen.out.print(f"  {label}: {golden}/{name}", markup=False, soft_wrap=True)
    count = len(approval.added) + len(approval.changed) + approval.same
    text = f"Approved: {count} files in {golden}, {approval.same} of them as before."
    screen.out.print(f"{text} Read their diff before you commit them.", soft_wrap=True)
