"""`nbkata strength`: how many planted changes the learner's own tests catch."""

import json
from pathlib import Path
from typing import Annotated

import typer

from nbkata.common.core.refusal import Refusal, or_refuse
from nbkata.notebook.commands.project_python import PythonOption, project_python
from nbkata.strength.core.strength import MutantResult, MutantStatus, Strength
from nbkata.strength.shell.changed_lines import changed_lines, on_changed_lines
from nbkata.strength.shell.protocol import StrengthRequest
from nbkata.strength.shell.strength import count_flakes, measure_strength, relative_to, with_flakes
from nbkata.strength.shell.survivors_page import survivors_page
from nbkata.terminal import plain, screen
from nbkata.terminal.written import OpenOption, wrote
from nbkata.workspace.shell.outputs import Kind, page_path, refused_output, write_page


def strength(  # pylint: disable=too-many-arguments,too-many-positional-arguments,too-many-locals # its options
    tests: Annotated[
        list[Path] | None, typer.Argument(help="Tests, as for pytest; by default all of them.")
    ] = None,
    target: Annotated[
        list[Path] | None,
        typer.Option(help="A file to plant changes in; by default all that the tests run."),
    ] = None,
    folder: Annotated[Path, typer.Option(help="The project's folder.")] = Path("."),
    sample: Annotated[
        int | None, typer.Option(min=1, help="Test only this many changes, for a quick look.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Which ones --sample takes.")] = 0,
    repeat: Annotated[
        int, typer.Option(min=0, help="Run the unchanged tests this often; count their failures.")
    ] = 0,
    diff: Annotated[
        str,
        typer.Option(
            metavar="REF", help="Plant only in lines that changed since this branch left REF."
        ),
    ] = "",
    html: Annotated[
        Path | None, typer.Option(help="Write a page of the survivors to this file.")
    ] = None,
    show_page: OpenOption = False,
    github: Annotated[
        bool, typer.Option("--github", help="Survivors as annotations of a pull request.")
    ] = False,
    fail_under: Annotated[
        float, typer.Option(min=0, max=100, help="Exit with 1 below this percentage.")
    ] = 0,
    show: Annotated[int, typer.Option(min=0, help="Survivors to show.")] = 10,
    python: PythonOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> int:
    """Plant small changes in the code under test and count how many the tests catch.

    Everything runs in temporary copies; no file of yours is touched.
    """
    if repeat and fail_under:
        what = "--repeat runs the unchanged tests only and measures no strength."
        hint = "Leave one out: --repeat for flakes, --fail-under for the strength."
        return screen.refuse(Refusal(what, "--fail-under", hint))
    request = StrengthRequest(
        folder,
        relative_to(folder, tests or []),
        relative_to(folder, target or []),
        seed=seed,
        sample=sample,
    )
    if diff:
        changed = or_refuse(changed_lines(folder, diff))
        request = on_changed_lines(request, changed)
        if not request.targets:
            return _nothing_changed(diff, as_json)
    if html:
        or_refuse(refused_output(html, Kind.PAGE))
    try:
        with project_python(python, folder):
            found = _measured(request, repeat)
    except OSError as error:
        what = f"the temporary copy cannot be made ({error.strerror})."
        return screen.refuse(Refusal(what, str(folder), "Free some space, then run it again."))
    if html or show_page:
        page = html or page_path("nbkata-strength.html")
        wrote(or_refuse(write_page(page, survivors_page(found))), show_page, screen.err)
    if as_json:
        print(json.dumps(found.as_json()))
    elif github:
        plain.show(one.as_github() for one in found.survivors)
    else:
        _show(found, show)
    missed = found.tested and (not found.total or found.percent < fail_under)
    return 1 if found.flakes or fail_under and missed else 0


def _nothing_changed(base: str, as_json: bool) -> int:
    if as_json:
        print(json.dumps(Strength((), 0.0).as_json()))
    else:
        screen.out.print(f"No line of code changed since this branch left {base}.", markup=False)
    return 0


UNCHANGED = "running the unchanged tests"


def _measured(request: StrengthRequest, repeat: int) -> Strength:
    if repeat:
        with screen.working(UNCHANGED) as progress:
            flakes = count_flakes(
                request, repeat, lambda done, of: screen.show_slow(progress, UNCHANGED, done, of)
            )
        failed, flaky = or_refuse(flakes)
        return with_flakes(Strength((), 0.0), failed, repeat, flaky)
    tally: dict[MutantStatus, int] = {}
    with screen.working(UNCHANGED) as progress:

        def on_progress(done: int, of: int, tested: MutantResult) -> None:
            tally[tested.status] = tally.get(tested.status, 0) + 1
            caught = tally.get(MutantStatus.CAUGHT, 0)
            missed = tally.get(MutantStatus.SURVIVED, 0) + tally.get(MutantStatus.UNSEEN, 0)
            screen.show_slow(
                progress, "planting changes", done, of, f": caught {caught}, missed {missed}"
            )

        return or_refuse(measure_strength(request, on_progress))


def _show(found: Strength, most: int) -> None:
    if found.runs:
        verdict = "never by themselves" if not found.flakes else "without anything changed"
        line = f"The unchanged tests failed {found.flakes} times in {found.runs} runs: {verdict}."
        screen.out.print(line, soft_wrap=True)
        for test in found.flaky:
            screen.out.print(f"  {test}", markup=False, soft_wrap=True)
        return
    screen.out.print(
        f"Caught {found.caught} of {found.total} changes of behaviour ({found.percent:.0f} %)"
        f" in {', '.join(found.targets)}, in {found.seconds:.0f} s.",
        soft_wrap=True,
    )
    equal, stopped = found.count(MutantStatus.EQUAL), found.count(MutantStatus.STOPPED)
    screen.out.print(
        f"Not counted: {equal} that changed nothing the tests could see, and {stopped} that made"
        " the code raise or hang (running it shows those).",
        soft_wrap=True,
    )
    unseen = [one for one in found.survivors if one.status is MutantStatus.UNSEEN]
    tried = [one for one in found.survivors if one.status is MutantStatus.SURVIVED]
    for one in tried[:most]:
        screen.out.print(f"\n{one.path}, line {one.line}: {one.operator}", markup=False)
        screen.out.print(_indented(one.diff), markup=False, soft_wrap=True)
        screen.out.print(f"  {one.seen_by}", markup=False, soft_wrap=True)
    if len(tried) > most:
        screen.out.print(f"\nand {len(tried) - most} more that survived: --show {len(tried)}")
    if unseen:
        lines = ", ".join(dict.fromkeys(f"{one.path}:{one.line}" for one in unseen))
        text = f"\n{len(unseen)} stand on lines that no test runs: {lines}"
        screen.out.print(text, markup=False, soft_wrap=True)


def _indented(diff: str) -> str:
    lines = diff.splitlines()
    return "\n".join(f"  {line}" for line in lines if not line.startswith("@@"))
