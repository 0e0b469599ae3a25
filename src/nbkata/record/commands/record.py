"""`nbkata record`: run a notebook or script and keep what every name held, stage by stage."""

import json
from pathlib import Path
from typing import Annotated

import typer

from nbkata.common.core.counting import counted
from nbkata.common.core.refusal import Refusal, Refused, or_refuse
from nbkata.common.shell.paths import shown_path
from nbkata.notebook.commands.project_python import PythonOption, project_python
from nbkata.notebook.shell.notebook_files import read_python_notebook
from nbkata.record.core.compare import unsteady_as_json
from nbkata.record.core.record import Record, record_to_text
from nbkata.record.shell.steady import record_steadily
from nbkata.terminal import screen
from nbkata.workspace.shell.outputs import Kind, refused_output, write_output


def record(  # pylint: disable=too-many-positional-arguments # its options
    source: Annotated[Path, typer.Argument(help="A notebook or a Python script.")],
    out: Annotated[
        Path | None, typer.Option(help="The record file; by default SOURCE's name.record.json.")
    ] = None,
    name: Annotated[
        list[str] | None, typer.Option(help="Record only this name, after the last cell.")
    ] = None,
    runs: Annotated[
        int, typer.Option(min=1, help="Runs, each with another hash seed; 1 finds no randomness.")
    ] = 2,
    kernel: Annotated[
        str, typer.Option(help="An installed Python kernel; by default the notebook's own.")
    ] = "",
    timeout: Annotated[int, typer.Option(min=1, help="Seconds that one cell may take.")] = 600,
    python: PythonOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> int:
    """Run SOURCE from a fresh kernel, twice, and record every frame, array, number and model."""
    path = out or default_path(source)
    or_refuse(refused_output(path, Kind.RECORD))
    with project_python(python, source, needs_pytest=False):
        found = run_and_record(source, runs, timeout, name, kernel)
    text = record_to_text(found).encode("utf-8", "backslashreplace")
    or_refuse(write_output(path, text, Kind.RECORD))
    if as_json:
        answer = {"same": not found.unsteady, "first_moved": None}
        print(json.dumps({**answer, "nondeterministic": unsteady_as_json(found.unsteady)}))
        if found.stopped:
            screen.err.print(f"Recorded up to there: {found.stopped}")
    else:
        _show(found, path)
    return 1 if found.stopped else 0


def run_and_record(
    source: Path, runs: int, timeout: int, names: list[str] | None, kernel: str = ""
) -> Record:
    """Record with a progress bar; a notebook's cells are counted over all its runs."""
    cells = 0
    if source.suffix != ".py":
        notebook = or_refuse(read_python_notebook(source))
        if not any(cell.source.strip() for cell in notebook.code_cells):
            what = "this notebook has no code cells; there is nothing to record."
            raise Refused(Refusal(what, shown_path(source), "Name a notebook with code in it."))
        cells = len(notebook.code_cells) * runs
    shown = screen.cell_progress(cells) if cells else screen.working("running the script")
    with shown as progress:

        def before_cell(index: int) -> None:
            progress.update(progress.task_ids[0], advance=1, cell=index)

        found = record_steadily(
            source, runs, names=names, kernel=kernel, timeout_s=timeout, before_cell=before_cell
        )
    return or_refuse(found)


def default_path(source: Path) -> Path:
    """The record's place beside its notebook: ``titanic.record.json``."""
    return source.with_suffix(".record.json")


def _show(found: Record, path: Path) -> None:
    names = {name for stage in found.stages for name in stage.names}
    screen.out.print(
        f"{shown_path(path)}: {counted(len(found.stages), found.unit)},"
        f" {counted(len(names), 'name')}, {counted(found.runs, 'run')}."
    )
    if found.stopped:
        screen.out.print(f"Recorded up to there: {found.stopped}")
    elif found.runs > 1 and not found.unsteady:
        screen.out.print("All runs agree to the last bit.")
    for item in found.unsteady[:20]:
        where = f"{item.name}[{item.column!r}]" if item.column else item.name
        text = f"  {found.unit} {item.cell}  {where} differs between runs: {item.cause}"
        if item.low is not None:
            text += f" (from {item.low} to {item.high})"
        screen.out.print(text, soft_wrap=True, markup=False)
    if len(found.unsteady) > 20:
        screen.out.print(f"  and {len(found.unsteady) - 20} more, all in the record.")
    if found.unsteady:
        screen.out.print(
            "These are not compared (numbers are, as the range seen, from --runs 30 on)."
        )
