"""`nbkata check`: the two lights of a step, now, and a sentence if the safety net got weaker."""

import json
from pathlib import Path
from typing import Annotated

import typer

from nbkata.child.shell.sandbox import run_again, sandbox_problem
from nbkata.common.core.refusal import Refusal, Refused, or_refuse
from nbkata.guard.core.finding import Finding, unapproved
from nbkata.guard.shell.sides import guard
from nbkata.kata.commands._hooks import ran_on_all, show_ran
from nbkata.kata.commands._lights import (
    Commit,
    Timeout,
    WorkspaceOption,
    check_step,
    is_known_green,
    offer_commit,
    show_verdict,
    suggest_revert,
)
from nbkata.kata.commands._opened import Opened, called, opened
from nbkata.kata.core.junit import junit_of
from nbkata.terminal import plain, screen
from nbkata.workspace.shell.git import Repository, repository_of
from nbkata.workspace.shell.outputs import Kind, refused_output, write_output


def check(
    step: Annotated[str, typer.Argument(help="The step; by default the one you are at.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    junit: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write JUnit XML there as well.")
    ] = None,
    hooks: Annotated[
        bool, typer.Option("--hooks", help="And what the git hook says: format, lint, your tests.")
    ] = False,
    commit: Commit = False,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Check a copy, without network, as a stranger's.")
    ] = False,
    workspace: WorkspaceOption = None,
    timeout: Timeout = 600,
) -> int:
    """Run what the step is about from a fresh start, and look at both lights: behaviour and shape."""
    found = opened(workspace)
    wanted = found.step(step)
    if sandbox:
        if junit or commit or hooks:
            what = "a check in a sandbox leaves nothing behind: no report, commit or hooks."
            raise Refused(Refusal(what, "--sandbox", "Leave --junit, --commit and --hooks out."))
        if problem := sandbox_problem():
            raise Refused(problem)
        options = ["--timeout", str(timeout), *(["--json"] if as_json else [])]
        return run_again(found.workspace.path, ["check", wanted.slug, *options])
    if junit:
        or_refuse(refused_output(junit, Kind.REPORT))
    command = f"{called()} check"
    if (
        commit
        and not (as_json or junit or hooks)
        and is_known_green(found.kit, found.workspace, wanted)
    ):
        plain.show(
            [f"Step {wanted.number} was green at its last check, and no file changed since."]
        )
        or_refuse(_unapproved(_weaker(found), command))
        return offer_commit(found.kit, found.workspace, wanted, commit, command, apart=True)
    checked = check_step(found.kit, found.workspace, wanted, timeout)
    if isinstance(checked, Refusal):
        code = screen.refuse(checked)
        if not as_json:
            suggest_revert(found.workspace, wanted)
        return code
    verdict = checked.verdict
    ran = ran_on_all(found) if hooks else []
    weaker = _weaker(found)
    is_green = verdict.ok and all(one.ok for one in ran)
    refused = _unapproved(weaker, command) if commit and is_green else None
    if as_json:
        output = {"hooks": [{"name": o.hook.name, "ok": o.ok, "said": o.output} for o in ran]}
        net = {"guard": [one.as_json() for one in weaker]} if weaker else {}
        print(json.dumps(verdict.as_json() | (output if hooks else {}) | net))
    else:
        red = [one.hook.name for one in ran if not one.ok]
        show_verdict(found.kit, found.workspace, wanted, verdict, red)
        if ran:
            screen.out.print()
        show_ran(ran)
        if not refused:
            _show_weaker(weaker, commit and is_green)
    if junit:
        or_refuse(write_output(junit, junit_of(verdict).encode("utf-8"), Kind.REPORT))
    if not is_green:
        return 1
    past = found.kit.kata.is_past(wanted, found.workspace.step(found.kit.kata))
    or_refuse(refused)
    if commit or not (as_json or past or verdict.lost):
        return offer_commit(found.kit, found.workspace, wanted, commit, command, apart=bool(ran))
    return 0


def _weaker(found: Opened) -> tuple[Finding, ...]:
    """What got weaker since the last commit; it is no light, so what git refuses is not said here."""
    repository = repository_of(found.workspace.path)
    weaker = guard(repository) if isinstance(repository, Repository) else ()
    return () if isinstance(weaker, Refusal) else weaker


def _unapproved(weaker: tuple[Finding, ...], command: str) -> Refusal | None:
    """Why a commit is not made: it would have golden files that nobody has approved."""
    golden = unapproved(weaker)
    if golden is None:
        return None
    what = (
        "this golden file holds other results, and no line of tests/approvals.txt approves that, so "
        "nothing was committed."
    )
    approve = f'If it is right: {called()} guard --approve "why", then {command} --commit'
    return Refusal(what, str(golden.after or golden.before), approve)


def _show_weaker(weaker: tuple[Finding, ...], is_committed: bool) -> None:
    """``is_committed``: what git knows when the reader looks is this state."""
    if not weaker:
        return
    more = f" (and {len(weaker) - 1} more)" if len(weaker) > 1 else ""
    when = "With this commit" if is_committed else "Since your last commit"
    text = f"{when} the safety net got weaker: {weaker[0]}{more}"
    look = f"{called()} guard{' --base HEAD~1' if is_committed else ''}"
    plain.show(["", *plain.wrapped(text, plain.width(), "  "), *plain.pointers(look=look)])
