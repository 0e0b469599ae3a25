"""`nbkata facilitate cohort`: all workspaces of a course, checked in a sandbox, and what they say together."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from nbkata.cohort.core.result import Ended, Result
from nbkata.cohort.core.summary import Summary, document, summary_of
from nbkata.common.core.command_line import quoted
from nbkata.common.core.counting import counted
from nbkata.common.core.refusal import Refusal, Refused, or_refuse
from nbkata.common.shell.paths import shown_path
from nbkata.facilitate.commands._plan import KataOption
from nbkata.kata.shell.kit import FIRST, load_kit
from nbkata.terminal import plain, screen

OUT = Path("nbkata-cohort")


def cohort(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH…",
            help="Workspaces, or folders of them: folders, zips, tarballs, git bundles, bare repositories.",
        ),
    ],
    kata: KataOption = FIRST,
    step: Annotated[str, typer.Option(help="Check this step; by default the one each is at.")] = "",
    every_step: Annotated[
        bool, typer.Option("--every-step", help="The goals of the earlier steps as well.")
    ] = False,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Write pages and results there.")] = OUT,
    workers: Annotated[
        int, typer.Option(min=0, help="Checks at a time; by default one for each processor.")
    ] = 0,
    scheduler: Annotated[
        str, typer.Option(metavar="URL", help="Check by the workers of this Dask scheduler.")
    ] = "",
    cluster: Annotated[
        str, typer.Option(help="Start Dask workers: local, ssh:HOST,HOST or slurm.")
    ] = "",
    timeout: Annotated[int, typer.Option(min=1, help="Seconds that one run may take.")] = 300,
    trust_them: Annotated[
        bool, typer.Option("--trust-them", help="Run their code without a sandbox, as you.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> int:
    """Check the workspaces of a whole course, each in a sandbox without the network.

    What was checked before and has not changed is not checked again. Writes cohort.html, cohort.csv
    and cohort.json.
    """
    # pylint: disable=import-outside-toplevel # hashes and archives, which --help need not load
    from nbkata.child.shell.sandbox import sandbox_name, sandbox_problem
    from nbkata.cohort.shell import engine as engines
    from nbkata.cohort.shell.checks import Job
    from nbkata.cohort.shell.pages import refused_folder, write_cohort
    from nbkata.cohort.shell.run import check_all, submissions

    kit = or_refuse(load_kit(name=kata))
    slug = or_refuse(kit.kata.step(step)).slug if step else ""
    found = or_refuse(submissions(paths))
    opened = or_refuse(engines.opened(scheduler, cluster, workers))
    problem = None if trust_them else sandbox_problem()
    if problem is not None:
        trust = f"{problem.next_step} Or trust their code: --trust-them"
        raise Refused(problem._replace(next_step=trust))
    if refused := refused_folder(out):
        raise Refused(refused)
    jobs = [
        (Job(name, b"", kit.name, slug, every_step, timeout, trust_them), path)
        for name, path in found.items()
    ]
    started = datetime.now()
    with opened as begun, screen.look_progress(len(jobs)) as progress:
        engine = or_refuse(begun)
        checked = 0

        def on_result(_: Result, is_kept: bool) -> None:
            nonlocal checked
            checked += not is_kept
            task = progress.tasks[0]
            progress.update(
                task.id,
                advance=1,
                name=_pace(started, checked, len(jobs) - int(task.completed) - 1),
            )

        try:
            results = check_all(jobs, engine, out, engines.kit_version(kata), on_result)
        except KeyboardInterrupt:
            done = int(progress.tasks[0].completed)
            what = (
                f"stopped at {done} of {counted(len(jobs), 'workspace')}, whose results are kept."
            )
            again = "Run it again: it goes on from there."
            raise Refused(Refusal(what, shown_path(out), again)) from None
        name = engine.name  # pylint: disable=no-member # it is no Refusal any more
    summary = summary_of(results)
    sandbox = "none: trusted" if trust_them else sandbox_name()
    answer = document(summary, name, sandbox)
    page = or_refuse(write_cohort(out, kit, summary, answer))
    if as_json:
        print(json.dumps(answer))
    else:
        _show(summary, page)
    return 0 if all(one.ended is Ended.GREEN for one in results) else 1


def _pace(started: datetime, done: int, left: int) -> str:
    if not done:
        return ""
    now = datetime.now()
    each = (now - started) / done
    rate = timedelta(minutes=1) / each
    return f"{rate:.1f} a minute, until about {now + each * left:%H:%M}"


def _show(summary: Summary, page: Path) -> None:
    kinds = [(kind, sum(one.ended is kind for one in summary.results)) for kind in Ended]
    shown = ", ".join(f"{count} {kind.value}" for kind, count in kinds if count)
    lines = [f"  {counted(len(summary.results), 'workspace')}: {shown}."]
    for share in summary.steps:
        lines.append(f"  {share.slug:<22} {share.green:4} of {share.of}")
    if summary.messages:
        lines += ["", "  Most frequent messages:"]
    for one in summary.messages[:5]:
        lines += plain.wrapped(one.example, plain.width(), f"  {one.count:4}  ", "        ")
    for apart in (*summary.limited, *summary.unchecked)[:10]:
        text = f"{apart.id}: {apart.ended.value}. {next(iter(apart.messages), '')}"
        lines += plain.wrapped(text, plain.width(), "  ", "    ")
    review = f"nbkata facilitate review {quoted(shown_path(page.parent))}"
    plain.show([*lines, *plain.pointers(page=shown_path(page), then=review)])
