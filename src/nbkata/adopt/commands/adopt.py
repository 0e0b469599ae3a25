"""`nbkata adopt`: a plan, a running script and a measured net for a notebook of one's own."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.syntax import Syntax
from rich.text import Text

from nbkata.adopt.core.adoption import Adoption
from nbkata.adopt.core.sentences import standing
from nbkata.adopt.core.tasks import asked, gate, missing
from nbkata.adopt.shell.fixes import proposed_fixes
from nbkata.adopt.shell.pipeline import AdoptRequest, adopt_into
from nbkata.adopt.shell.proving import Built
from nbkata.adopt.shell.runs import Limits
from nbkata.adopt.shell.workspace import put_in_place, refused_place, write_plan
from nbkata.child.core.confined import MEMORY_GB
from nbkata.child.shell.sandbox import apart, sandbox_problem
from nbkata.common.core.command_line import quoted
from nbkata.common.core.refusal import Refusal, Refused, or_refuse
from nbkata.common.shell.paths import shown_path
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.notebook.commands.project_python import PythonOption, project_python
from nbkata.notebook.shell.workspace_python import keep_python
from nbkata.terminal import screen
from nbkata.workspace.shell.git import make_repository


def adopt(  # pylint: disable=too-many-positional-arguments # its options
    notebooks: Annotated[
        list[Path],
        typer.Argument(
            metavar="NOTEBOOK",
            help=".ipynb, or a script with cells, jupytext markdown, Databricks; --all: several, and folders.",
        ),
    ],
    every: Annotated[
        bool,
        typer.Option("--all", help="Adopt all, and write a page that says where to begin."),
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="The workspace to make; by default NAME-adopted here.")
    ] = None,
    data: Annotated[
        list[Path] | None,
        typer.Option(help="A file or folder to look for its data in; may be given again."),
    ] = None,
    sample_rows: Annotated[
        int | None, typer.Option(min=10, help="Work on this many rows of each CSV file.")
    ] = None,
    timeout: Annotated[int, typer.Option(min=1, help="Seconds that one cell may take.")] = 600,
    memory: Annotated[
        float | None,
        typer.Option(
            min=0.1,
            help="GB that a run may take; by default 3/4 of all, shared by those that run at once.",
        ),
    ] = None,
    with_examples: Annotated[
        bool,
        typer.Option(
            "--with-examples", help="Keep example rows of the data in the plan and the record."
        ),
    ] = False,
    for_agent: Annotated[
        bool,
        typer.Option(
            "--for-agent", help="With TASKS.md, and git: for a coding assistant to go on."
        ),
    ] = False,
    python: PythonOption = None,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Run it without network and files, as a stranger's.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix", help="Only show what libraries changed, as a diff; nothing is run or written."
        ),
    ] = False,
    workers: Annotated[
        int, typer.Option(min=0, help="--all: so many at a time; by default one a processor.")
    ] = 0,
    scheduler: Annotated[
        str, typer.Option(metavar="URL", help="--all: by the workers of this Dask scheduler.")
    ] = "",
    cluster: Annotated[
        str, typer.Option(help="--all: by new Dask workers: local, ssh:HOST,HOST or slurm.")
    ] = "",
) -> int:
    """Prepare NOTEBOOK for refactoring: a plan, its smells, a script, tests and their strength.

    The notebook's own folder is only read; all that is made is in the workspace.
    """
    if sandbox and (problem := sandbox_problem()):
        return screen.refuse(problem)
    or_refuse(_missing(data or []))
    if every:
        given: dict[str, Any] = {
            "--sample-rows": sample_rows, "--timeout": timeout, "--memory": memory, "--python": python,
            "--with-examples": with_examples, "--for-agent": for_agent, "--sandbox": sandbox, "--fix": fix,
        }  # fmt: skip
        return _all(notebooks, out, given, data or [], (scheduler, cluster, workers), as_json)
    if len(notebooks) > 1:
        return screen.refuse(
            Refusal("this is one more notebook.", str(notebooks[1]), "Adopt several by --all.")
        )
    notebook = notebooks[0]
    # the one that is found beside a stranger's notebook is the stranger's
    own_python = bool(python) or not sandbox
    if fix:
        with project_python(python, notebook, runs=False) if own_python else nullcontext():
            return _show_fixes(or_refuse(proposed_fixes(notebook)))
    place = out or Path(f"{notebook.stem}-adopted")
    or_refuse(refused_place(place))
    limits = Limits(timeout, memory or 0)
    request = AdoptRequest(notebook, tuple(data or ()), sample_rows, limits, with_examples)
    try:
        home = place.resolve().parent  # in the same file system: it is moved to its place
        home.mkdir(parents=True, exist_ok=True)
        with (
            apart(memory or MEMORY_GB) if sandbox else nullcontext(),
            project_python(python, notebook) if own_python else nullcontext(),
            TemporaryFolder(home) as work,
            _progress() as say,
        ):
            building = Path(work, "workspace")
            building.mkdir()
            built = or_refuse(adopt_into(request, building, say))
            record = built.ran.record if built.ran else None
            write_plan(built.adoption, building, record, with_examples, for_agent)
            kept = or_refuse(put_in_place(building, place.resolve()))
            keep_python(place)
    except KeyboardInterrupt:
        what = "stopped. Nothing is half-written, and the stages that were done are kept."
        return screen.refuse(Refusal(what, str(notebook), "Run it again: it goes on from there."))
    except OSError as error:
        what = f"the workspace cannot be written ({error.strerror or error})."
        where = str(error.filename or shown_path(place))
        return screen.refuse(Refusal(what, where, "Name another folder: --out DIR"))
    if for_agent:
        _prepare_git(place)
    return _report(built, place, kept, as_json, for_agent)


def _all(
    paths: list[Path],
    out: Path | None,
    given: dict[str, Any],
    data: list[Path],
    engine: tuple[str, str, int],
    as_json: bool,
) -> int:
    """Hand each of them on to a process of its own, with the options that were given."""
    # pylint: disable=import-outside-toplevel # pools, which one notebook does not need
    from nbkata.adopt.commands._all import OUT, run_all
    from nbkata.cohort.shell.engine import opened

    if given.pop("--fix"):
        raise Refused(Refusal("diffs are of one notebook.", "--fix", "Leave --all out."))
    options = [f"--data={path.resolve()}" for path in data]
    for name, value in given.items():
        if isinstance(value, bool):
            options += [name] * value
        elif value is not None:
            options.append(f"{name}={value}")
    return run_all(paths, out or OUT, options, or_refuse(opened(*engine)), as_json)


def _show_fixes(diff: str) -> int:
    if not diff:
        screen.err.print(Text("No line calls what a library changed and a machine could fix."))
    elif screen.out.is_watched:
        screen.out.print(Syntax(diff, "diff"))
    else:
        print(diff)
    return 1 if diff else 0


def _missing(data: list[Path]) -> Refusal | None:
    for path in data:
        if not path.exists():
            return Refusal("there is no such file or folder.", str(path), "Check --data.")
    return None


def _prepare_git(place: Path) -> None:
    """A repository with a first commit, which `nbkata guard` compares with; or a note why not."""
    made = make_repository(place, "The notebook as it was adopted")
    if isinstance(made, Refusal):
        screen.err.print(str(made), markup=False, soft_wrap=True)


def _report(
    built: Built, place: Path, kept: tuple[str, ...], as_json: bool, for_agent: bool
) -> int:
    adoption = built.adoption
    if as_json:
        tasks = {"gate": gate(adoption)} if for_agent else {}
        print(json.dumps(adoption.as_json(str(place)) | tasks))
    else:
        if for_agent:
            _show_gate(adoption)
        _show(adoption, place, kept)
    return 0 if adoption.runs and adoption.reproduces else 1


def _show_gate(adoption: Adoption) -> None:
    screen.out.print(Text(gate(adoption), "bold"), soft_wrap=True)
    for one in missing(adoption.strength) if adoption.strength else ():
        screen.out.print(Text(f"  [ ] {asked(one)}"), soft_wrap=True)
    screen.out.print()


def _show(adoption: Adoption, place: Path, kept: tuple[str, ...]) -> None:
    screen.out.print(Text(f"{adoption.notebook} ({adoption.kind})", "bold"))
    for line in standing(adoption):
        screen.print_hanging(Text(f"  {line.replace('**', '')}"), 2)
    if adoption.checklist:
        screen.out.print(Text("What is missing:"))
        for item in adoption.checklist:
            screen.print_hanging(Text(f"  [ ] {item}"), 6)
            screen.print_hanging(Text(f"      {item.command}", "cyan"), 6)
    for name in kept:
        screen.out.print(Text(f"  {name} is yours by now; it was left as it is."))
    first = f"cd {quoted(shown_path(place))}"
    following = "nbkata status" if adoption.results else "read PLAN.md"
    screen.out.print(
        screen.pointers(plan=shown_path(place / "PLAN.md"), then=f"{first}; {following}")
    )


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """What is being done, on stderr: one changing line for a person, a line each for a log."""
    started = time.perf_counter()
    last = ""
    with screen.err.status("reading") if screen.err.is_watched else _nothing() as status:

        def say(what: str) -> None:
            nonlocal last
            if status is not None:
                status.update(f"{what}  ({time.perf_counter() - started:.0f} s)")
            elif what.partition(",")[0] != last:
                last = what.partition(",")[0]
                screen.err.print(Text(f"{time.perf_counter() - started:5.0f} s  {what}"))

        yield say


@contextmanager
def _nothing() -> Iterator[None]:
    yield None
