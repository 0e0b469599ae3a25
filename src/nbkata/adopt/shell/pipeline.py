"""The way of a notebook into a workspace, stage by stage; what is done is not done again."""

import json
import os
import re
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from nbkata.adopt.core.adoption import Adoption
from nbkata.adopt.core.blocked import Blocked, Obstacle, in_order
from nbkata.adopt.core.first_look import first_look, module_name
from nbkata.adopt.core.needs import HERE, fetches, imports, reaches, worth_warming
from nbkata.adopt.core.obstacles import (
    as_written,
    changed_library,
    foreign_cell,
    missing_data,
    out_of_order,
    python2,
    stopped_by,
)
from nbkata.adopt.core.path_plan import PathPlan, path_plan, with_paths
from nbkata.adopt.core.paths import Use, led_folders, path_uses
from nbkata.adopt.core.script import headings, percent_script
from nbkata.adopt.core.proof import without_names
from nbkata.adopt.core.seeds import seed_proposals
from nbkata.adopt.core.shown import Shown, changed_outputs, outputs_of, with_shown, worth_holding
from nbkata.adopt.core.translate import Translated, translated_cells
from nbkata.adopt.shell.data_files import copy_data, find_files
from nbkata.adopt.shell.environment import is_importable, missing_packages, own_modules
from nbkata.adopt.shell.examples import example_rows
from nbkata.adopt.shell.origin import Origin, read_origin
from nbkata.adopt.shell.proving import Built, Context, Say, prove
from nbkata.adopt.shell.runs import HASH_SEED, Limits, Ran
from nbkata.adopt.shell.stage_cache import StageCache, file_digest
from nbkata.adopt.shell.stage_results import cached_run
from nbkata.child.shell.interpreter import project_python
from nbkata.child.shell.sandbox import is_apart
from nbkata.child.shell.warm import kept_warm
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.walk import but, copy_files, files_in
from nbkata.extract.core.candidate import Candidate
from nbkata.extract.shell.run import read_flow
from nbkata.notebook.core.run import Stopped
from nbkata.notebook.shell.notebook_files import write_notebook_json
from nbkata.notebook.shell.cells import without_outputs
from nbkata.smells.core.settings import Settings
from nbkata.smells.core.source import is_lesson
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.wall import notes_of
from nbkata.smells.shell.catalogue import read_catalogue
from nbkata.smells.shell.find import SmellsRequest, installed_versions, smells_of_file


@dataclass(frozen=True, slots=True)
class AdoptRequest:
    """What is asked for."""

    source: Path
    data: tuple[Path, ...] = ()  # files and folders to look for data and modules in
    sample_rows: int | None = None
    limits: Limits = Limits(600)
    with_examples: bool = False


def adopt_into(request: AdoptRequest, building: Path, say: Say) -> Built | Refusal:
    """Fill the empty folder ``building`` with all of a workspace but its plan and steps."""
    started = time.perf_counter()
    origin = read_origin(request.source)
    if isinstance(origin, Refusal):
        return origin
    name = module_name(request.source.stem)
    cells = translated_cells(origin.notebook)
    first = first_look(origin.notebook, origin.path.name, name, origin.kind, origin.note, cells)
    write_notebook_json(building / "notebooks" / f"{name}.ipynb", origin.document)
    if not cells:
        return Built(first)
    folder = request.source.resolve().parent
    uses = path_uses(cells)
    plan = path_plan(uses, *find_files(uses, folder, request.data, led := led_folders(cells)))
    cells = tuple(replace(c, code=with_paths(c.code, uses, c.cell, plan.literals)) for c in cells)
    say("copying data")
    own = own_modules(imports(cells), folder, request.data, led)
    notes = _lay_out(building, plan, own, request)
    as_script = partial(percent_script, origin.notebook, name=f"notebooks/{name}.ipynb")
    script = as_script(cells)
    _write(building / "notebooks" / f"{name}.py", script.text)
    missing = _missing(cells, plan, own)
    say("looking for smells")
    known = replace(
        first,
        translated=cells,
        notes=(*first.notes, *notes),
        reads=tuple(c.target for c in plan.copies),
        writes=_writes(uses, plan),
        fetches=fetches(cells),
    )
    looked = _looked(known, building, name, is_lesson(origin.notebook))
    if not request.with_examples:  # what it shows may name people; the author's own file keeps it
        write_notebook_json(
            building / "notebooks" / f"{name}.ipynb", without_outputs(origin.document)
        )
    parts = _parts(request, plan, cells, own)
    stages, shown = StageCache(parts), with_shown(cells)

    def run(number: int, doing: str) -> Ran:
        """Each run has another seed: what a second one gives otherwise is random."""

        def before_cell(cell: int) -> None:
            say(f"{doing}, cell {cell}")

        return cached_run(
            _document(origin, shown), building, request.limits, number, stages, before_cell
        )

    can_run = not _never_runs(missing)
    with _warmed(cells) if can_run and stages.get("run-1") is None else nullcontext():
        ran = run(1, "running the notebook") if can_run else None
        if ran is None or ran.stopped:
            looked = _blocked(
                looked, missing, [_stop(ran.stopped, cells, own)] if ran and ran.stopped else []
            )
            _write(building / "src" / f"{name}.py", script.text)
            if ran is None or ran.stopped is None or not ran.record.last:
                return Built(looked, ran)
            until = ran.stopped.cell or 0
            cells = tuple(cell for cell in cells if cell.cell < until)
            stages, shown = StageCache([*parts, b"the cells before"]), with_shown(cells)
            before = run(1, "running the cells before it")
            if before.stopped:  # they need what does not last
                return Built(looked, ran)
            looked, ran = replace(looked, until=until), before
        looked, ran = _named(looked, ran, cells, shown, outputs_of(origin.document))
        context = Context(
            as_script(looked.translated),
            as_script,
            building,
            request.limits,
            stages,
            say,
            started,
            headings(origin.notebook),
        )
        built = prove(looked, ran, partial(run, 2, "running the notebook again"), context)
    if looked.until is not None and not built.adoption.results:
        _write(building / "src" / f"{name}.py", script.text)
        return Built(replace(looked, until=None, translated=first.translated), ran)
    if not request.with_examples:
        return built
    say("running the notebook once more, for example rows")
    shown = with_shown(cells, frozenset())
    examples = example_rows(name, _document(origin, shown), building, request.limits)
    return replace(built, adoption=replace(built.adoption, examples=examples))


def _warmed(cells: Sequence[Translated]) -> AbstractContextManager[None]:
    """A process that imports the libraries beside the first run, for others to be forked from it."""
    if is_apart():
        return nullcontext()
    return kept_warm(worth_warming(imports(cells)), seed=str(HASH_SEED), waits=False)


def _named(
    looked: Adoption, ran: Ran, cells: Sequence[Translated], shown: Shown, saved: Mapping[int, str]
) -> tuple[Adoption, Ran]:
    """With names for what is shown and worth holding; and what was seen in the run."""
    held = worth_holding(ran.record, shown.names)
    answer = replace(
        looked,
        seconds=ran.seconds,
        seeds=seed_proposals(looked.smells.findings if looked.smells else ()),
        translated=with_shown(cells, held).cells,
        unheld=shown.unheld,
        changed=changed_outputs(saved, ran.outputs),
    )
    return answer, replace(ran, record=without_names(ran.record, shown.names.keys() - held))


def _lay_out(
    building: Path, plan: PathPlan, own: Mapping[str, Path], request: AdoptRequest
) -> list[str]:
    for name in ("data", "src", "tests", "output", *plan.folders):
        (building / name).mkdir(parents=True, exist_ok=True)
    notes = copy_data(plan.copies, building, request.sample_rows)
    for name, path in own.items():
        target = building / "src" / path.name
        if path.is_dir():
            copy_files(path, target, but({"__pycache__"}))
        else:
            target.write_bytes(path.read_bytes())
        notes.append(f"src/{target.name} is the notebook's own module {name}.")
    if project := project_python():
        notes.append(f"It runs in its own environment: {project.path} ({project.versions}).")
    return notes


def _missing(
    cells: Sequence[Translated], plan: PathPlan, own: dict[str, Path]
) -> tuple[Blocked, ...]:
    old = [python2(c.cell, c.problem_line) for c in cells if "Python 2" in c.problem]
    old += [foreign_cell(c.foreign, c.cell) for c in cells if c.foreign]
    written = {use for cell in cells for use in re.findall(r"open\('([^']+)', 'w'", cell.code)}
    modules = {Path(use).stem for use in written if use.endswith(".py")}
    packages = missing_packages(imports(cells), frozenset({*own, *modules}))
    data = [missing_data(use) for use in plan.missing if use.text not in written]
    asks = [
        Blocked(
            Obstacle.INPUT,
            f"it asks for input ({reach.shown}).",
            "Write the answer into the cell.",
            reach.cell,
            reach.line,
        )
        for reach in reaches(cells)
        if reach.what == "input"
    ]
    return in_order((*old, *packages, *data, *asks))


def _never_runs(missing: Sequence[Blocked]) -> bool:
    return any(item.kind in _STATIC for item in missing)


# What no run here can change: the reason, before anything is run.
_STATIC = (Obstacle.PYTHON2, Obstacle.KERNEL)


def _stop(stopped: Stopped, cells: Sequence[Translated], own: Mapping[str, Path]) -> Blocked:
    module = re.search(r"No module named '?([\w]+)", stopped.detail)
    there = bool(module) and is_importable(str(module and module[1]))
    code = next((cell.code for cell in cells if cell.cell == stopped.cell), "")
    lines = dict(enumerate(code.splitlines(), 1))
    return out_of_order(stopped, cells) or stopped_by(
        stopped, reaches(cells), there, lines.get(stopped.line or 0, ""), own
    )


def _blocked(looked: Adoption, missing: Sequence[Blocked], stops: Sequence[Blocked]) -> Adoption:
    findings = looked.smells.findings if looked.smells else ()
    stops = [as_written(item, missing) for item in stops]
    first = next(item for item in (*stops, *missing) if stops or item.kind in _STATIC)
    known = [changed_library(item, findings) for item in (*missing, *stops)]
    reason = str(changed_library(first, findings))
    return replace(looked, checklist=tuple(map(_installed_there, in_order(known))), reason=reason)


def _installed_there(blocked: Blocked) -> Blocked:
    """With the command that installs a package where the notebook runs."""
    project = project_python()
    if project is None:
        return blocked
    return replace(blocked, command=blocked.command.replace(f"{HERE} ", f"{project.installs} "))


def _writes(uses: Sequence[Any], plan: PathPlan) -> tuple[str, ...]:
    written = [
        plan.literals.get(use.root, use.root) for use in uses if use.use is Use.WRITE and use.whole
    ]
    return tuple(dict.fromkeys(written))


_NOISE = {Smell.PRINT_NOISE, Smell.DISPLAY_NOISE, Smell.PLOT_NOISE}


def _looked(adoption: Adoption, building: Path, name: str, shows: bool) -> Adoption:
    """Smells, the wall, and the data flow: all by reading. ``shows``: that is its purpose, no debt."""
    path = building / "notebooks" / f"{name}.ipynb"
    smells = smells_of_file(path, SmellsRequest(settings=Settings(installed_versions())))
    notes = [note.removeprefix(f"{smells.path}: ") for note in smells.notes]
    smells = replace(smells, path=adoption.notebook)
    debts = [f for f in smells.findings if not (shows and f.symbol in _NOISE)]
    wall = tuple(notes_of([replace(smells, findings=tuple(debts))], read_catalogue()))
    adoption = replace(adoption, notes=(*adoption.notes, *notes))
    flow = read_flow(path)
    if isinstance(flow, Refusal):
        return replace(adoption, smells=smells, wall=wall)
    worthy = tuple(filter(_is_worthy, flow.candidates))
    return replace(adoption, smells=smells, wall=wall, flow=replace(flow, candidates=worthy))


def _is_worthy(item: Candidate) -> bool:
    """Whether to offer it among the first: no value of few lines, and no part of a split or drop alone."""
    if item.kind in ("split", "drop"):
        return len(item.facts) > 1
    return item.kind != "value" or item.worth > 0 or not item.worth and len(item.facts) > 2


def _parts(
    request: AdoptRequest, plan: PathPlan, cells: Sequence[Translated], own: Mapping[str, Path]
) -> list[bytes]:
    code = json.dumps([[cell.cell, cell.code] for cell in cells]).encode()
    data = [file_digest(Path(copy.source)) for copy in plan.copies]
    for path in own.values():
        data += [file_digest(file) for file in ([path] if path.is_file() else files_in(path))]
    options = json.dumps([request.sample_rows, request.limits.cell_s, request.limits.memory_gb])
    project = project_python()
    there = json.dumps([project.path, *map(list, project.packages.items())] if project else [])
    return [code, *data, options.encode(), there.encode(), os.fsencode(request.source.resolve())]


def _document(origin: Origin, shown: Shown) -> dict[str, Any]:
    """The notebook as it is run: what is set apart in the script is so here as well."""
    code = {cell.cell: cell.code for cell in shown.cells}
    code |= {cell: f"{code[cell]}\n{name}" for cell, name in shown.last.items()}  # it shows it too
    cells_run = [
        {**cell, "source": code.get(index, "")} if cell["cell_type"] == "code" else cell
        for index, cell in enumerate(origin.document["cells"])
    ]
    return {**origin.document, "cells": cells_run}


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n", errors="backslashreplace")
