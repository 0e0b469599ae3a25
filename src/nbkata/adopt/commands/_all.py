"""`nbkata adopt --all`: the notebooks of a repository, each adopted, and one page that says where to begin."""

import json
from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from nbkata.adopt.core.repository import Entry, debts_of, document, in_order
from nbkata.adopt.shell.repository import (
    FIRST,
    AdoptTask,
    adopt_all,
    notebooks_in,
    refused_folder,
    write_repository,
)
from nbkata.child.shell.bounds import share_memory
from nbkata.child.shell.sandbox import sandbox_name
from nbkata.cohort.shell import engine as engines
from nbkata.common.core.counting import counted
from nbkata.common.core.refusal import Refusal, Refused, or_refuse
from nbkata.common.shell.paths import shown_path
from nbkata.terminal import screen

OUT = Path("nbkata-repository")


def run_all(
    paths: Sequence[Path],
    out: Path,
    options: Sequence[str],
    opened: engines.Opened,
    as_json: bool,
) -> int:
    """Adopt them all; 0 if each of them runs."""
    found = or_refuse(notebooks_in(paths, out))
    if refused := refused_folder(out):
        raise Refused(refused)
    sandbox = sandbox_name() if "--sandbox" in options else "none"
    entries: list[Entry] = []
    with opened as begun, screen.look_progress(len(found)) as progress:
        engine = or_refuse(begun)
        name = engine.name  # pylint: disable=no-member # it is no Refusal any more
        if not engine.is_elsewhere:
            share_memory(min(engine.workers, len(found)))
        tasks = [
            AdoptTask(
                one,
                path.resolve(),
                shown_path(path),
                (out / one).resolve(),
                tuple(options),
                Path.cwd(),
            )
            for one, path in found.items()
        ]

        def on_entry(entry: Entry) -> None:
            entries.append(entry)
            progress.update(progress.tasks[0].id, advance=1, name=entry.id)

        or_refuse(write_repository(out, entries, name, sandbox, len(found)))  # the folder is ours
        try:
            adopt_all(tasks, engine, on_entry)
        except KeyboardInterrupt:
            what = f"stopped at {len(entries)} of {counted(len(found), 'notebook')}."
            again = "Run it again: it goes on from there."
            raise Refused(Refusal(what, shown_path(out), again)) from None
        finally:
            page = write_repository(out, entries, name, sandbox, len(found))
    shown = shown_path(or_refuse(page))
    if as_json:
        print(json.dumps(document(entries, name, sandbox)))
    else:
        _show(in_order(entries), shown, out)
    return 0 if all(entry.runs for entry in entries) else 1


def _show(entries: Sequence[Entry], page: str, out: Path) -> None:
    running = [entry for entry in entries if entry.runs]
    lines = [f"Run to their end: {len(running)} of {counted(len(entries), 'notebook')}."]
    if running:
        lines.append("Begin with:")
    for entry in running[:FIRST]:
        debts = f"{counted(entry.places, 'place')}, about {counted(round(entry.minutes), 'minute')}"
        lines.append(f"  {entry.notebook}: {debts}; {shown_path(out / entry.id / 'PLAN.md')}")
    for entry in [one for one in entries if not one.runs][:10]:
        lines.append(f"  {entry.notebook}: {entry.ended}. {entry.reason}")
    for debt in debts_of(entries)[:FIRST]:
        where = f"{counted(debt.places, 'place')} in {counted(debt.notebooks, 'notebook')}"
        lines.append(f"  {debt.name}: {where}")
    for line in lines:
        screen.out.print(Text(line), soft_wrap=True)
    screen.out.print(screen.pointers(page=page))
