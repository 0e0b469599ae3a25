"""`nbkata review`: an assistant's pull requests, the learner's answers, and the truth."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from nbkata.common.core.refusal import Refusal, or_refuse
from nbkata.common.shell.paths import shown_path
from nbkata.diff.commands import _diff_screen
from nbkata.diff.shell.sides import differences
from nbkata.kata.commands._lights import WorkspaceOption
from nbkata.kata.commands._opened import Opened, called, opened
from nbkata.review.core.answers import Answers, judgement, lesson, score_of
from nbkata.review.core.pull_request import MEANING, PullRequest, Reason
from nbkata.review.shell.judge import ADDED, Noticed, behaviour_of, net, noticing
from nbkata.review.shell.pull_requests import (
    Reviews,
    answer,
    answers,
    reviews,
    sides,
    written_out,
)
from nbkata.terminal import plain, screen
from nbkata.terminal.written import OpenOption


def review(
    number: Annotated[
        int | None, typer.Argument(help="Which one; by default the first without an answer.")
    ] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Take it.")] = False,
    send_back: Annotated[
        Reason | None, typer.Option("--send-back", help="Send it back, and say why.")
    ] = None,
    as_list: Annotated[bool, typer.Option("--list", help="All of them, and the score.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write its diff to this page.")] = None,
    show: OpenOption = False,
    in_ide: Annotated[bool, typer.Option("--in-ide", help="Show its diff in your IDE.")] = False,
    ide: Annotated[str, typer.Option(help="vscode or pycharm; remembered.")] = "",
    out: Annotated[
        Path | None,
        typer.Option(help="Write its code to a new workspace, to run it before you answer."),
    ] = None,
    workspace: WorkspaceOption = None,
) -> int:
    """Review a pull request of an assistant's: accept it, or send it back.

    Then its code is run: what moved, and which of your tests noticed. The first answer counts;
    nbkata undo takes it back. Exit codes: 0 a right call, or only shown; 1 a wrong call; 2 bad input.
    """
    found = opened(workspace)
    all_of_them = or_refuse(_reached(found))
    known = or_refuse(answers(found.workspace.path))
    if as_list:
        return _list(all_of_them, known)
    request = or_refuse(_chosen(all_of_them, known, number))
    if accept and send_back:
        return screen.refuse(Refusal("it cannot be accepted and sent back.", "", "Choose one."))
    if request is None:
        return _list(all_of_them, known)
    if out is not None:
        place = or_refuse(written_out(found.kit, request, out))
        plain.show(plain.pointers(folder=shown_path(place), then="run its tests there: pytest"))
        return 0
    if not accept and not send_back:
        about = (f"Pull request {request.number}: {request.title}", *request.lines)
        how = _diff_screen.Shown(html, show, in_ide, ide, about=about)
        if failed := _show(found, request, how):
            return failed
        if request.number in known:
            return _tell(found, all_of_them, request, known)
        choice = _asked()
        if choice is None:
            _say_how(request)
            return 0
        accept, send_back = choice
    known = or_refuse(answer(found.kit, found.workspace, request.number, send_back, plain.note))
    _tell(found, all_of_them, request, known)
    return 0 if request.is_right == accept else 1


def _reached(found: Opened) -> Reviews | Refusal:
    """The pull requests, for those who have come so far: their checkpoints are solutions."""
    all_of_them = reviews(found.kit)
    here = found.workspace.step(found.kit.kata)
    if isinstance(all_of_them, Refusal) or not found.kit.kata.is_past(here, all_of_them.step):
        return all_of_them
    number = all_of_them.step.number
    what = f"the pull requests are for step {number}, and you are at step {here.number}."
    return Refusal(what, next_step=f"Go there with the kit's files: nbkata catch-up {number}")


def _chosen(found: Reviews, known: Answers, number: int | None) -> PullRequest | None | Refusal:
    """The one asked for, or the first without an answer; none if all have one."""
    if number is None:
        return next((one for one in found.requests if one.number not in known), None)
    for one in found.requests:
        if one.number == number:
            return one
    what = f"there is no pull request {number}."
    return Refusal(what, next_step=f"They are numbered from 1 to {len(found.requests)}.")


def _show(found: Opened, request: PullRequest, how: _diff_screen.Shown) -> int:
    plain.show([_head(request), ""])
    for line in request.lines:
        indent = "    " if line.startswith("- ") else "  "
        plain.show(plain.wrapped(line, plain.width(), "  ", indent))
    before = shown_path(found.kit.solutions / request.on)
    plain.show([*plain.pointers(before=before), ""])
    old, new = sides(found.kit, request)
    changed = or_refuse(differences(old, new))
    return _diff_screen.present(changed, (old, new), how, found.workspace.path)


def _head(request: PullRequest) -> str:
    return plain.coloured(f"Pull request {request.number}: {request.title}", "1")


def _say_how(request: PullRequest) -> None:
    command = f"{called()} review {request.number}"
    reasons = [f"{reason}: {MEANING[reason]}" for reason in Reason]
    plain.show(["", "  Reasons:", *(f"    {line}" for line in reasons)])
    plain.show(plain.pointers(accept=f"{command} --accept", back=f"{command} --send-back REASON"))


def _asked() -> tuple[bool, Reason | None] | None:
    """Ask, if somebody is there to answer; none to decide later."""
    if not (sys.stdin.isatty() and screen.out.is_watched):
        return None
    reasons = dict(enumerate(Reason, start=1))
    plain.show(["", "  a  accept", "     or send it back:"])
    plain.show(f"  {key}  {MEANING[reason]}" for key, reason in reasons.items())
    while True:
        try:
            word = input("  Your answer (Enter: later): ").strip().lower()
        except EOFError:
            return None
        if word == "a":
            return True, None
        if not word:
            return None
        if word.isdigit() and int(word) in reasons:
            return False, reasons[int(word)]
        plain.show([f"  Type a, or a number from 1 to {len(reasons)}."])


def _tell(found: Opened, all_of_them: Reviews, request: PullRequest, known: Answers) -> int:
    """The truth about one that is answered, and the score."""
    given = known[request.number]
    did = "accepted it" if given is None else f"sent it back ({given})"
    with screen.working("running its code, and your tests against it"):
        light = or_refuse(behaviour_of(found.kit, request))
        tests = net(found.kit, found.workspace.path, request)
        noticed = noticing(found.kit, request, tests)
    lines = [f"You {did}. {judgement(request, given)}"]
    lines += ["Nothing moved: " + light.messages[0] if light.ok else light.messages[0]]
    lines += [request.why.replace("\n", " ")]
    lines += [] if request.is_right else [_noticed(noticed)]
    plain.show([_head(request), ""])
    for line in lines:
        plain.show([*plain.wrapped(line, plain.width(), "  "), ""])
    if request.assertion and given is None:
        plain.show(["  The assertion that would have shown it:", ""])
        is_first = not (found.workspace.path / ADDED).is_file()
        listing = request.test_module if is_first else request.assertion
        plain.show(f"    {line}".rstrip() for line in listing.splitlines())
        plain.show([""])
    _show_score(all_of_them, known)
    return 0


def _show_score(found: Reviews, known: Answers) -> None:
    score = score_of(found.requests, known)
    plain.show([f"  {score}"])
    if said := lesson(score):
        plain.show(["", *plain.wrapped(said, plain.width(), "  ")])
    plain.show(plain.pointers(then=f"{called()} {'review' if score.left else 'check'}"))


def _noticed(noticed: Noticed) -> str:
    if noticed.trouble:
        return f"Your tests could not be run against it: {noticed.trouble}."
    if not noticed.by:
        return "None of your tests notices. Write one in review/test_review.py that does."
    first, number = noticed.by[0], len(noticed.by)
    how_many = (
        f"{number} of your tests notice, first" if number > 1 else "One of your tests notices,"
    )
    said = first.message.splitlines()[0]
    return f"{how_many} {first.name} in {first.file}: {said}"


def _list(found: Reviews, known: Answers) -> int:
    rows = []
    for one in found.requests:
        given = "" if one.number not in known else known[one.number] or "accepted"
        said = judgement(one, known[one.number]) if one.number in known else "no answer yet"
        rows.append((str(one.number), one.title, str(given), said))
    screen.out.print(screen.table_of(rows))
    _show_score(found, known)
    return 0
