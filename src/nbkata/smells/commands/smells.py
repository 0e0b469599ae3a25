"""`nbkata smells`: the code smells of notebooks and scripts."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from nbkata import __version__
from nbkata.common.core.counting import counted
from nbkata.common.core.refusal import Refusal
from nbkata.notebook.core.notebook import Notebook
from nbkata.smells.commands import _smells_screen
from nbkata.smells.core import report
from nbkata.smells.core.finding import Smells
from nbkata.smells.core.settings import Settings
from nbkata.smells.core.symbols import Smell
from nbkata.smells.shell.catalogue import read_catalogue
from nbkata.smells.shell.find import SmellsRequest, find_smells, installed_versions
from nbkata.smells.shell.settings import read_project_settings
from nbkata.smells.shell.sources import files_asked_for
from nbkata.terminal import screen
from nbkata.terminal.visible import visible
from nbkata.terminal.written import OpenOption, wrote

# Files from which on a progress bar is worth its line.
_MANY = 8


class Format(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


# pylint: disable-next=too-many-arguments,too-many-positional-arguments # each is an option
def smells(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE… [SMELL…]", help="Notebooks, scripts, folders; smells, to see only those."
        ),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Every place, with its line, below the summary.")
    ] = False,
    format_: Annotated[Format, typer.Option("--format", help="How to write them.")] = Format.TEXT,
    select: Annotated[
        list[str] | None, typer.Option(help="Only these smells, separated by commas.")
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(help="All but these smells, separated by commas.")
    ] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 even if smells are found.")
    ] = False,
    annotate: Annotated[
        bool,
        typer.Option(
            "--annotate", help="Write '# [code smell] …' above each place, in X.smells.ipynb."
        ),
    ] = False,
    in_place: Annotated[
        bool,
        typer.Option(
            "--in-place", help="With --annotate: in the file itself; the old one becomes X.bak."
        ),
    ] = False,
    wall: Annotated[
        list[Path] | None,
        typer.Option(help="Draw the debt wall, value against effort: wall.html or wall.svg."),
    ] = None,
    show: OpenOption = False,
    explain: Annotated[
        list[str] | None, typer.Option(help="Tell what a smell is, with a fix and examples.")
    ] = None,
    cache: Annotated[bool, typer.Option(help="Keep answers for files that do not change.")] = True,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0 means one a core.")] = 0,
) -> int:
    """Find the code smells of notebooks and scripts, by cell and line.

    Exit codes: 0 clean, 1 smells found, 2 something could not be read (the rest was checked).
    """
    project = read_project_settings(Path.cwd())
    if isinstance(project, Refusal):
        return screen.refuse(project)
    if explain:
        return _explain(explain)
    paths, named = _parted(paths or [])
    meant = [near for path in paths if (near := _smell_meant(path))]
    if meant:
        return screen.refuse(meant[0])
    select = [*(select or []), *named]
    chosen = _chosen(select or project.select, [*(ignore or []), *project.ignore])
    if isinstance(chosen, Refusal):
        return screen.refuse(chosen)
    if not paths:
        mine = Path("workspace", "notebooks")  # in the kit's folder, whose own are no learner's
        folder = mine.as_posix() if mine.is_dir() else "notebooks"
        hint = f"Name a notebook, a script or a folder: nbkata smells {folder}"
        return screen.refuse(Refusal("there is nothing to look at.", "nbkata smells", hint))
    settings = Settings(installed_versions(), project.max_cell_lines, frozenset(project.good_names))
    results = _found(paths, project.exclude, SmellsRequest(chosen, settings, cache), workers)
    _write_report(results, format_, verbose or bool(select))
    failed = _draw(results, wall or [], show) + (_annotate(results, in_place) if annotate else 0)
    return exit_code(results, exit_zero, bool(failed))


def _parted(words: Sequence[Path]) -> tuple[list[Path], list[str]]:
    """The files, and the smells that are named among them."""
    smells_named = [str(w) for w in words if str(w) in list(Smell) and not w.exists()]
    return [word for word in words if str(word) not in smells_named], smells_named


def _found(
    paths: Sequence[Path], exclude: Sequence[str], request: SmellsRequest, workers: int
) -> list[Smells]:
    asked = files_asked_for(paths, exclude)
    with _progress(len(asked.files)) as summary:
        results = find_smells(asked.files, request, summary, workers or None)
    return results + [Smells(refused.path, (), (refused,)) for refused in asked.refused]


def exit_code(results: Sequence[Smells], exit_zero: bool, failed: bool = False) -> int:
    """2 wins over 1: an answer with a file missing must not look like a whole one."""
    if failed or any(result.unread for result in results):
        return screen.BAD_INPUT
    return 1 if not exit_zero and any(result.findings for result in results) else 0


def _chosen(select: Sequence[str], ignore: Sequence[str]) -> frozenset[Smell] | Refusal:
    by_name = {smell.value: smell for smell in Smell}
    by_name |= {smell.message_id.lower(): smell for smell in Smell}
    sets: list[frozenset[Smell]] = []
    for names in (select, ignore):
        wanted = [n.strip().lower() for name in names for n in name.split(",") if n.strip()]
        unknown = [name for name in wanted if name not in by_name]
        if unknown:
            return _unknown_smell(unknown[0])
        sets.append(frozenset(by_name[name] for name in wanted))
    return (sets[0] or frozenset(Smell)) - sets[1]


def _smell_meant(path: Path) -> Refusal | None:
    """A word that is no file but nearly a smell."""
    name = str(path)
    near = get_close_matches(name.lower(), list(Smell), n=1, cutoff=0.8)
    return _unknown_smell(name) if near and not path.exists() else None


def _unknown_smell(name: str) -> Refusal:
    near = get_close_matches(name.lower(), [smell.value for smell in Smell], n=1)
    meant = f"Did you mean {near[0]}? " if near else ""
    next_step = f"{meant}nbkata smells --explain all lists them."
    return Refusal(f"there is no smell called {name}.", "", next_step)


def _explain(names: Sequence[str]) -> int:
    docs = read_catalogue()
    if "all" in names:
        for smell, doc in docs.items():
            screen.out.print(Text(f"{smell.value:<26}{doc.what}"), soft_wrap=True)
        return 0
    for name in names:
        chosen = _chosen([name], [])
        if isinstance(chosen, Refusal):
            return screen.refuse(chosen)
        for smell in chosen:
            screen.out.print(Text(docs[smell].explained()), soft_wrap=True)
    return 0


@contextmanager
def _progress(files: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr where many files are read and somebody watches."""
    if files < _MANY or not screen.err.is_watched:
        yield lambda done: None
        return
    from rich.progress import Progress  # pylint: disable=import-outside-toplevel # 20 ms, for many

    with Progress(console=screen.err, transient=True) as progress:
        task = progress.add_task("reading", total=files)
        yield lambda done: progress.update(task, completed=done)


def _write_report(results: Sequence[Smells], format_: Format, every_place: bool) -> None:
    if format_ is Format.TEXT:
        _smells_screen.show(results, every_place)
        return
    if format_ is Format.JSON:
        text = report.as_json(results)
    elif format_ is Format.GITHUB:
        text = visible(report.as_github(results, read_catalogue(), _file_rows(results)))
    else:
        text = report.as_sarif(results, read_catalogue(), _file_rows(results), __version__)
    # The document as it is, whatever the terminal's encoding or width.
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.flush()
    _smells_screen.show_notes(results)


def _file_rows(results: Sequence[Smells]) -> report.FileRows:
    # pylint: disable=import-outside-toplevel # for two formats alone
    from nbkata.notebook.shell.notebook_files import read_notebook

    rows: dict[tuple[str, int | None, int], int] = {}
    for result in results:
        if not result.findings or not result.path.lower().endswith(".ipynb"):
            continue
        notebook = read_notebook(Path(result.path))
        if isinstance(notebook, Notebook) and notebook.upgraded_from is None:
            raw = Path(result.path).read_text(encoding="utf-8-sig")
            sources = {cell.index: cell.source for cell in notebook.code_cells}
            rows |= report.file_rows(result.path, raw, sources)
    return rows


def _draw(results: Sequence[Smells], walls: Sequence[Path], show: bool) -> int:
    if not walls:
        return 0
    # pylint: disable=import-outside-toplevel # only for a picture
    from nbkata.smells.shell.debt_wall import write_wall

    failed = 0
    for path in walls:
        written = write_wall(path, results)
        if isinstance(written, Refusal):
            failed += screen.refuse(written)
        else:
            failed += wrote(written, show, screen.err)
    return failed


def _annotate(results: Sequence[Smells], in_place: bool) -> int:
    # pylint: disable=import-outside-toplevel # only if asked for
    from nbkata.smells.shell.annotate import annotate_file

    failed = 0
    for result in results:
        if not result.findings:
            continue
        done = annotate_file(Path(result.path), result.findings, in_place)
        if isinstance(done, Refusal):
            failed += screen.refuse(done)
            continue
        target, annotated = done
        summary = f"{target}: {counted(annotated.added, 'annotation')} written"
        if annotated.nowhere:
            summary += f", {len(annotated.nowhere)} in cells of another language left out"
        screen.err.print(Text(f"{summary}."), soft_wrap=True)
    return failed
