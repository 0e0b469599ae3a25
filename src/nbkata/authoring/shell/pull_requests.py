"""What is to be proven of the pull requests that are reviewed in a step."""

from collections.abc import Sequence
from pathlib import Path

from nbkata.authoring.core.proof import WrongState
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.kata.core.kata import Step
from nbkata.kata.shell.kit import Kit
from nbkata.review.core.patch import changed_lines
from nbkata.review.core.pull_request import PullRequest
from nbkata.review.shell.judge import assertion_of, noticing
from nbkata.review.shell.pull_requests import FOLDER, reviews

# Lines that one of them changes.
LEAST_LINES, MOST_LINES = 30, 200


def requests_of(kit: Kit, steps: Sequence[Step]) -> list[PullRequest]:
    """Those of these steps. Raises ``ValueError`` if a file is not as it must be."""
    if not any((kit.exercises / step.slug / FOLDER).is_dir() for step in steps):
        return []
    found = reviews(kit)
    if isinstance(found, Refusal):
        raise ValueError(str(found))
    return list(found.requests) if found.step in steps else []


def state_of(kit: Kit, request: PullRequest) -> WrongState:
    """The checkpoint with it: what it moves, or, if it is right, nothing and all lights are green."""
    found = reviews(kit)
    assert not isinstance(found, Refusal)
    return WrongState(
        found.step.slug,
        f"pull request {request.number}",
        ({"patch": request.patch},),
        behaviour=request.moves,
        green=request.is_right,
        on=request.on,
    )


def request_complaint(kit: Kit, request: PullRequest) -> str:
    """Whether its diff is of a size to review, and its assertion would have caught it."""
    name = f"{request.on}, pull request {request.number}"
    lines = changed_lines(request.patch)
    if not LEAST_LINES <= lines <= MOST_LINES:
        return f"{name}: it changes {lines} lines, not {LEAST_LINES} to {MOST_LINES}."
    if request.is_right:
        return ""
    with TemporaryFolder() as folder:
        noticed = noticing(kit, request, assertion_of(request, Path(folder)))
    if noticed.by and not noticed.red_anyway and not noticed.trouble:
        return ""
    return f"{name}: its assertion does not pass before it and fail with it: {noticed}"
