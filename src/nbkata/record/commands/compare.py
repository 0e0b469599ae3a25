"""`nbkata compare`: a record against another, or against a run now."""

import json
from pathlib import Path
from typing import Annotated

import typer

from nbkata.common.core.counting import counted
from nbkata.common.core.refusal import Refusal, or_refuse
from nbkata.common.shell.files import read_file
from nbkata.common.shell.paths import shown_path
from nbkata.notebook.commands.project_python import PythonOption, project_python
from nbkata.record.commands.record import run_and_record
from nbkata.record.core.compare import Difference
from nbkata.record.core.compare import compare as compare_records
from nbkata.record.core.record import Record, record_from_text
from nbkata.terminal import screen


def compare(
    golden: Annotated[Path, typer.Argument(help="A record file.")],
    now: Annotated[
        Path | None,
        typer.Argument(help="Another record, or a notebook or script to run; by default its own."),
    ] = None,
    kernel: Annotated[
        str, typer.Option(help="An installed Python kernel; by default the notebook's own.")
    ] = "",
    timeout: Annotated[int, typer.Option(min=1, help="Seconds that one cell may take.")] = 600,
    python: PythonOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> int:
    """Say whether anything moved since GOLDEN was recorded, and if so, what moved first."""
    before = or_refuse(_read(golden))
    other = now or golden.with_name(before.source)
    names = list(before.only) or None
    if other.suffix == ".json":
        after = or_refuse(_read(other))
    else:
        with project_python(python, other, needs_pytest=False):
            after = run_and_record(other, 1, timeout, names, kernel)
    difference = compare_records(before, after)
    if as_json:
        print(json.dumps(difference.as_json()))
    else:
        _show(difference, before, after)
    return 0 if difference.same and not (after.stopped and not before.stopped) else 1


def _read(path: Path) -> Record | Refusal:
    try:
        return record_from_text(read_file(path).decode("utf-8"))
    except OSError as error:
        what = f"the record cannot be read ({error.strerror})."
        return Refusal(what, shown_path(path), "Make one: nbkata record NOTEBOOK")
    except ValueError as error:
        return Refusal(f"{error}.", shown_path(path), "Make a new one: nbkata record NOTEBOOK")


def _show(difference: Difference, before: Record, after: Record) -> None:
    if after.stopped and not before.stopped:
        screen.out.print(f"The run stopped: {after.stopped}", soft_wrap=True, markup=False)
    first = difference.first_moved
    if first is None:
        checked = sum(len(stage.names) for stage in before.stages)
        stages = counted(len(before.stages), before.unit)
        screen.out.print(f"Same: {counted(checked, 'value')} in {stages}.")
    else:
        screen.out.print(f"The first to move, {first}.", soft_wrap=True, markup=False)
        for example in first.examples:
            text = f"  row {example.row}: was {example.before}, is {example.now}"
            screen.out.print(text, soft_wrap=True, markup=False)
        for moved in difference.also[:5]:
            screen.out.print(f"  also {moved}", soft_wrap=True, markup=False)
        if len(difference.also) > 5:
            screen.out.print(f"  and {len(difference.also) - 5} more there")
    if difference.consequences:
        names = difference.consequences
        shown = ", ".join(names[:6]) + (", …" if len(names) > 6 else "")
        screen.out.print(f"  moved later, as a consequence: {len(names)} names ({shown})")
    if difference.left_out:
        shown = ", ".join(difference.left_out)
        screen.out.print(f"  left out, their cells are gone: {shown}", soft_wrap=True)
    if difference.unsteady:
        screen.out.print(
            f"  {len(difference.unsteady)} nondeterministic values are not compared, or as ranges."
        )
    changed = {
        name: (version, after.versions.get(name))
        for name, version in before.versions.items()
        if not first is None and after.versions.get(name, version) != version
    }
    for name, (was, is_) in changed.items():
        screen.out.print(f"  {name} is {is_}, the record was made with {was}")
