"""`nbkata extract`: what to extract from a notebook or script first, and why."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from nbkata.common.core.command_line import quoted
from nbkata.common.core.refusal import Refusal
from nbkata.extract.core.analysis import Flow, why_nothing
from nbkata.extract.core.candidate import Candidate
from nbkata.extract.core.codegen import Example, first_test, function_source
from nbkata.extract.core.document import document
from nbkata.extract.shell.flow_page import flow_page
from nbkata.extract.shell.run import read_flow, run_examples
from nbkata.notebook.commands.project_python import PythonOption, project_python
from nbkata.terminal import screen
from nbkata.terminal.visible import visible
from nbkata.terminal.written import OpenOption, wrote
from nbkata.workspace.shell.outputs import Kind, page_path, refused_output, write_page

# Candidates on the screen; the page has all.
MOST_SHOWN = 8


def extract(  # pylint: disable=too-many-arguments,too-many-positional-arguments # its options
    notebook: Annotated[Path, typer.Argument(help="A notebook, or a script made from one.")],
    show: Annotated[str, typer.Option("--show", help="Print this function and its test.")] = "",
    out: Annotated[
        Path | None,
        typer.Option("--out", help="The page to write; else NAME-flow.html, in your workspace."),
    ] = None,
    is_opened: OpenOption = False,
    run: Annotated[
        bool, typer.Option(help="Run the notebook once, for real rows in the tests.")
    ] = True,
    timeout: Annotated[int, typer.Option(min=1, help="Seconds that one cell may take.")] = 600,
    python: PythonOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> int:
    """List the functions that are worth extracting, the best first, and draw the data flow."""
    flow = read_flow(notebook)
    if isinstance(flow, Refusal):
        return screen.refuse(flow)
    chosen = next((item for item in flow.candidates if item.name == show), None)
    if show and chosen is None:
        names = ", ".join(item.name for item in flow.candidates) or "none"
        return screen.refuse(
            Refusal(f"there is no candidate {show}.", str(notebook), f"There are: {names}.")
        )
    target = out or page_path(f"{notebook.stem}-flow.html")
    if not as_json and chosen is None and (refused := refused_output(target, Kind.PAGE)):
        return screen.refuse(refused)
    examples, notes = (
        _examples(flow, timeout, python) if run else ({}, ("Nothing was run (--no-run).",))
    )
    if as_json:
        print(json.dumps(document(flow, examples, notes), indent=2))
        return 0
    if chosen is not None:
        print(visible(function_source(chosen, flow.code)))
        print(visible(first_test(chosen, examples.get(chosen.name))), end="")
        return 0
    written = write_page(target, flow_page(flow, examples, notebook.name))
    if isinstance(written, Refusal):
        return screen.refuse(written)
    _show(flow, examples, notes)
    failed = wrote(written, is_opened)
    if flow.candidates:
        command = f"nbkata extract {quoted(str(notebook))} --show {flow.candidates[0].name}"
        screen.out.print(screen.pointers(then=command))
    return failed


def _examples(
    flow: Flow, timeout: int, python: Path | None
) -> tuple[dict[str, Example], tuple[str, ...]]:
    with (
        project_python(python, Path(flow.path), needs_pytest=False),
        screen.working("running the notebook once, for real rows"),
    ):
        return run_examples(flow, timeout)


def _show(flow: Flow, examples: Mapping[str, Example], notes: tuple[str, ...]) -> None:
    from rich.text import Text  # pylint: disable=import-outside-toplevel # 50 ms

    screen.out.print(Text("What to extract, the most worthwhile first", "bold"))
    for number, item in enumerate(flow.candidates[:MOST_SHOWN], start=1):
        _show_candidate(number, item, flow, item.name in examples)
    if len(flow.candidates) > MOST_SHOWN:
        screen.out.print(Text(f"     and {len(flow.candidates) - MOST_SHOWN} more, in the page"))
    if not flow.candidates:
        screen.out.print(Text(why_nothing(flow)))
    dead = ", ".join(column for _, column in flow.liveness.dead_columns)
    if dead:
        screen.out.print(Text(f"Dead columns, needed by no result: {dead}"))
    if flow.liveness.dead_names:
        screen.out.print(Text(f"Dead names, never read: {', '.join(flow.liveness.dead_names)}"))
    for place in flow.code.unread:
        screen.err.print(
            Text(f"cell {place.cell} was left out: it is not Python 3, or nested too deeply.")
        )
    for note in notes:
        screen.err.print(Text(note))


def _show_candidate(number: int, item: Candidate, flow: Flow, has_rows: bool) -> None:
    from rich.text import Text  # pylint: disable=import-outside-toplevel

    unit = "block" if flow.code.is_script else "cell"
    cells = ", ".join(str(cell) for cell in item.cells)
    plural = "s" if len(item.cells) > 1 else ""
    repeated = f", {item.repeats} times the same" if item.repeats > 1 else ""
    head = Text.assemble(
        f"{number:>3}. ", (item.signature, "bold"), f"  {unit}{plural} {cells}{repeated}"
    )
    screen.print_hanging(head, 5)
    lines = [_columns(item)] if item.frame else [f"gives {', '.join(item.outputs) or 'nothing'}"]
    if item.side_effects:
        first = item.side_effects[0]
        more = f" and {len(item.side_effects) - 1} more" if len(item.side_effects) > 1 else ""
        where = f"{unit} {first.place.cell}, line {first.place.line}"
        lines = [*lines, f"stays in the shell: {where}: {first.what}{more}"]
    if has_rows:
        lines = [*lines, "its test has rows from this run"]
    for line in lines:
        screen.print_hanging(Text(f"     {line}", "dim"), 5)


def _columns(item: Candidate) -> str:
    if item.kind == "drop":
        return f"leaves out {', '.join(item.columns_dropped)}"
    read = ", ".join(item.columns_read) or item.frame
    return f"columns {read} → {', '.join(item.columns_written)}"
