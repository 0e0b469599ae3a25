"""`nbkata purity`: one line a function: pure, impure (where and why), or not exercised."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from nbkata.common.core.counting import counted
from nbkata.common.core.refusal import Refusal
from nbkata.notebook.commands.project_python import PythonOption, project_python
from nbkata.purity.core.report import PurityReport, count_line, document
from nbkata.purity.core.verdict import CheckedFunction, Verdict
from nbkata.purity.shell.check import PurityRequest, check_purity, import_contract
from nbkata.terminal import screen
from nbkata.terminal.visible import visible


def purity(  # pylint: disable=too-many-arguments,too-many-positional-arguments # its options
    modules: Annotated[
        list[str], typer.Argument(help="Files, folders or modules: src/features.py, features.")
    ],
    tests: Annotated[
        list[str] | None, typer.Option("--tests", help="Tests that call them; else tests/.")
    ] = None,
    run: Annotated[str, typer.Option("--run", help="A script to run in place of the tests.")] = "",
    static: Annotated[bool, typer.Option("--static", help="Read the text, run nothing.")] = False,
    contract: Annotated[
        bool, typer.Option("--contract", help="Print import-linter's contract for this core.")
    ] = False,
    timeout: Annotated[int, typer.Option(min=1, help="Seconds that the tests may take.")] = 300,
    python: PythonOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> int:
    """Say of each function whether it is pure: by its text, and by calling it again.

    Its real arguments are kept from one run of the tests; then it is called again in a child
    process that watches files, the screen, clocks, the arguments and the globals.
    """
    request = PurityRequest(
        modules=tuple(modules),
        folder=Path.cwd(),
        tests=tuple(tests or ()),
        script=run,
        text_only=static,
        timeout_s=timeout,
    )
    if contract:
        text = import_contract(request)
        if isinstance(text, Refusal):
            return screen.refuse(text)
        print(visible(text), end="")
        return 0
    with project_python(python, Path(modules[0]), needs_pytest=not static and not run):
        with screen.working("running the tests, then calling each function again"):
            report = check_purity(request)
    if isinstance(report, Refusal):
        return screen.refuse(report)
    if as_json:
        print(json.dumps(document(report), indent=2))
    else:
        _show(report)
    return report.exit_code


_SIGNS = {
    Verdict.PURE: ("●", "+", "green"),
    Verdict.IMPURE: ("●", "x", "red"),
    Verdict.UNEXERCISED: ("○", "-", "yellow"),
}
_WORDS = {Verdict.PURE: "pure", Verdict.IMPURE: "impure", Verdict.UNEXERCISED: "not exercised"}


def _show(report: PurityReport) -> None:
    from rich.text import Text  # pylint: disable=import-outside-toplevel # 50 ms

    path, same = None, _same_for_many(report.functions)
    for note in report.notes:
        screen.err.print(Text(note))
    for checked in report.functions:
        if checked.path != path:
            path = checked.path
            screen.out.print(Text(path, "bold"))
        _show_function(checked, same)
    if same:
        screen.out.print(Text(f"{_WORDS[Verdict.UNEXERCISED]}: {same}."))
    for problem in report.problems:
        where = problem.path if problem.line is None else f"{problem.path}, line {problem.line}"
        screen.err.print(Text(f"{where}: {problem.message}", "red"))
    took = f"{report.seconds:.1f} s" + (
        f", {report.tests_s:.1f} s of them the tests" if report.tests_s else ""
    )
    screen.out.print(Text(f"{count_line(report.functions)}. ({took})"))


def _same_for_many(functions: Sequence[CheckedFunction]) -> str:
    """Why functions were not exercised, if that is the same for several: it is said once, below them."""
    reasons = Counter(
        reason.message
        for checked in functions
        if checked.verdict is Verdict.UNEXERCISED
        for reason in checked.reasons
    )
    message, count = next(iter(reasons.most_common(1)), ("", 0))
    return message if count > 1 else ""


def _show_function(checked: CheckedFunction, same: str) -> None:
    from rich.text import Text  # pylint: disable=import-outside-toplevel

    sign, plain, colour = _SIGNS[checked.verdict]
    if not _has_sign(sign):
        sign = plain
    line = Text.assemble(
        "  ",
        (sign, colour),
        f" {_WORDS[checked.verdict]:<14} ",
        (checked.name, "bold"),
        _calls(checked),
    )
    screen.print_hanging(line, 19)
    for reason in checked.reasons:
        if reason.message != same:
            _show_below(f"line {reason.line}: {reason.message}")
    for fix in dict.fromkeys(reason.fix for reason in checked.reasons if reason.fix):
        _show_below(fix, "dim")
    for reason in checked.cleared:
        text = (
            f"line {reason.line} only looks as if it {reason.message}: it ran and changed nothing"
        )
        _show_below(text, "dim")


def _show_below(text: str, style: str = "") -> None:
    from rich.text import Text  # pylint: disable=import-outside-toplevel

    screen.print_hanging(Text(" " * 19 + text, style), 19)


def _calls(checked: CheckedFunction) -> str:
    if checked.verdict is not Verdict.PURE:
        return ""
    return f"  ({counted(checked.calls, 'call')} made again)"


def _has_sign(sign: str) -> bool:
    try:
        sign.encode(screen.out.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
