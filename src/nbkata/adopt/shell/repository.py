"""Adopting all notebooks of a repository, each in a process of its own: however that ends, there is an entry.

The process is `nbkata adopt` itself. It keeps the stages that were done, so a second run goes on from there.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from nbkata.adopt.core.repository import REFUSED, Entry, debts_of, document, entry_of, in_order
from nbkata.child.core.ended import Failed
from nbkata.child.shell.environ import child_environment
from nbkata.child.shell.run import run
from nbkata.cohort.shell.engine import Engine, in_turn
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import write_atomically
from nbkata.common.shell.pages import render
from nbkata.common.shell.paths import shown_path
from nbkata.smells.shell.sources import files_asked_for
from nbkata.workspace.shell.outputs import write_page

DOCUMENT = "repository.json"
# The whole of one adoption: its runs, and those of its tests and mutants.
ADOPT_S = 3600


class AdoptTask(NamedTuple):
    """One notebook, and how to adopt it."""

    id: str
    notebook: Path
    name: str  # of the notebook, for people
    out: Path  # of its workspace
    options: tuple[str, ...]  # of `nbkata adopt`
    folder: Path  # from which paths count


def notebooks_in(paths: Sequence[Path], out: Path) -> dict[str, Path] | Refusal:
    """The notebooks at these paths, by the names of their workspaces; those in ``out`` are the kit's."""
    asked = files_asked_for(paths)
    if asked.refused:
        return Refusal(asked.refused[0].message, asked.refused[0].path)
    named = set(paths)
    ours = out.resolve()
    found: dict[str, Path] = {}
    for path in asked.files:
        if path not in named and path.suffix != ".ipynb" or path.resolve().is_relative_to(ours):
            continue
        home = next((one for one in paths if path.is_relative_to(one) and path != one), path.parent)
        name = "-".join(path.relative_to(home).with_suffix("").parts)
        number = sum(one == name or one.startswith(f"{name}-") for one in found)
        found[f"{name}-{number + 1}" if name in found else name] = path
    if not found:
        what = "there are no notebooks."
        return Refusal(what, shown_path(paths[0]), "Name notebooks, or a folder that holds some.")
    return found


def refused_folder(out: Path) -> Refusal | None:
    """Why a repository's workspaces may not be made there: the folder holds other things."""
    if not out.exists() or (out / DOCUMENT).is_file() or out.is_dir() and not any(out.iterdir()):
        return None
    what = "this exists, and nbkata adopt --all did not make it; it is left alone."
    return Refusal(what, shown_path(out), "Name another folder: --out DIR")


def adopt_one(task: AdoptTask) -> Entry:
    """Adopt a notebook. Never raises: what went wrong is the entry."""
    try:
        ended = run(
            "nbkata",
            ("adopt", str(task.notebook), "--out", str(task.out), "--json", *task.options),
            folder=task.folder,
            environment=child_environment(),
            timeout_s=ADOPT_S,
            fresh=True,
        )
        if isinstance(ended, Failed):
            return Entry(task.id, task.name, ended.failure.value, f"{ended.reason}.")
        for line in reversed(ended.output.splitlines()):
            if line.startswith('{"notebook": '):
                return entry_of(task.id, task.name, json.loads(line))
        return Entry(task.id, task.name, REFUSED, _said(ended.output))
    except Exception as error:  # pylint: disable=broad-exception-caught
        return Entry(task.id, task.name, REFUSED, f"{type(error).__name__}: {error}")


def _said(output: str) -> str:
    """What a refusal said, without the progress before it."""
    lines = [line.strip() for line in output.splitlines()]
    return " ".join(line for line in lines if line and " s  " not in line)[:MOST_TEXT]


MOST_TEXT = 2_000


def adopt_all(
    tasks: Sequence[AdoptTask],
    engine: Engine,
    on_entry: Callable[[Entry], None],
) -> None:
    """Adopt the notebooks on an engine; ``on_entry`` is called with each as soon as it is done."""
    with closing(in_turn(engine, adopt_one, tasks)) as done:
        for task, entry in done:
            if isinstance(entry, Failed):
                entry = Entry(task.id, task.name, entry.failure.value, f"{entry.reason}.")
            on_entry(entry)


def write_repository(
    out: Path, entries: Sequence[Entry], engine: str, sandbox: str, total: int
) -> Path | Refusal:
    """Write the page and the document of the notebooks that are done; returns the page's path."""
    ordered = in_order(entries)
    page = render(
        "adopt/repository.html", entries=ordered, debts=debts_of(ordered), total=total, first=FIRST
    )
    text = json.dumps(document(ordered, engine, sandbox), indent=1)
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_atomically(out / DOCUMENT, text.encode("ascii"))
    except OSError as error:
        what = f"it cannot be written ({error.strerror})."
        return Refusal(what, shown_path(out), "Name a folder that you may write: --out DIR")
    return write_page(out / "repository.html", page)


# Notebooks and kinds of debt that are named first.
FIRST = 3
