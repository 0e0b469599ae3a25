"""What is true of a pull request: what it moves, and which tests notice."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.cores import cores
from nbkata.kata.core.kata import Step
from nbkata.kata.core.lights import Light
from nbkata.kata.shell.check import light_of, load_golden, observe
from nbkata.kata.shell.checkpoint import checkpoint_files
from nbkata.kata.shell.kit import Kit
from nbkata.review.core.pull_request import PullRequest
from nbkata.review.shell.pull_requests import laid_out, sides
from nbkata.shape_tests.shell.learner_tests import LearnerTests, Tested, TestRun
from nbkata.workspace.shell.history import last_state, unpacked

# What a learner adds to the net for the pull requests' sake; `pytest` in the workspace leaves it out.
ADDED = "review/test_review.py"
# Tests of functions that came with a later step cannot be imported, and must not end the others.
SETTINGS = """[pytest]
pythonpath = src
testpaths = tests
addopts = --continue-on-collection-errors
"""


def behaviour_of(kit: Kit, request: PullRequest) -> Light | Refusal:
    """The behaviour light of the step that it changes."""
    step = _step(kit, request)
    behaviour = kit.kata.behaviour(step)
    golden = load_golden(kit, behaviour)
    if isinstance(golden, Refusal):
        return golden
    with laid_out(kit, sides(kit, request)[1].files) as place:
        observed = observe(kit, step, place)
    return (
        observed if isinstance(observed, Refusal) else light_of(step, behaviour, golden, observed)
    )


def net(kit: Kit, workspace: Path, request: PullRequest) -> dict[str, Path]:
    """The learner's tests of the time when the behaviour was what the request must keep, and
    what they added since; by their paths in the workspace.

    They are the kit's if the learner's own were not kept.
    """
    kept = kit.kata.behaviour(_step(kit, request))
    last = [step for step in kit.kata.steps if kit.kata.behaviour(step) == kept][-1]
    state = last_state(workspace, last.slug)
    folder = (unpacked(state) if state else None) or kit.solutions / last.slug
    own = {n: p for n, p in checkpoint_files(folder).items() if n.startswith("tests/")}
    added = sorted((workspace / ADDED).parent.glob("*.py"))
    return own | {f"tests/{path.name}": path for path in added}


class Noticed(NamedTuple):
    """What some tests say of a pull request."""

    by: tuple[Tested, ...]  # they pass before it, and fail with it
    red_anyway: tuple[Tested, ...]  # they fail before it as well, and so say nothing
    trouble: str = ""  # why they could not be run; otherwise empty


def noticing(kit: Kit, request: PullRequest, tests: Mapping[str, Path]) -> Noticed:
    """Run the tests on the checkpoint before the pull request, and with it."""
    with ThreadPoolExecutor(min(2, cores())) as pool:
        before, after = (
            pool.submit(_outcomes, kit, _code(side.files) | dict(tests))
            for side in sides(kit, request)
        )
        old, new = before.result(), after.result()
    red = {(test.file, test.name) for test in old.tests if not test.passed}
    return Noticed(
        tuple(test for test in new.failed if (test.file, test.name) not in red),
        old.failed,
        old.trouble or new.trouble,
    )


def _outcomes(kit: Kit, files: dict[str, Path]) -> TestRun:
    with laid_out(kit, files) as place:
        (place / "pytest.ini").write_text(SETTINGS, encoding="utf-8")
        tests = LearnerTests(place, kit.kata.model)
        try:
            return tests.as_they_are
        finally:
            tests.close()


def _code(files: Mapping[str, Path]) -> dict[str, Path]:
    return {name: path for name, path in files.items() if not name.startswith("tests/")}


def assertion_of(request: PullRequest, folder: Path) -> dict[str, Path]:
    """Its own assertion as the only test, written into a folder."""
    path = folder / "test_review.py"
    path.write_text(f"{request.test_module}\n", encoding="utf-8")
    return {"tests/test_review.py": path}


def uncaught(
    kit: Kit,
    workspace: Path,
    missed: Sequence[PullRequest],
    progress: Callable[[int, int], None],
) -> str:
    """The first of these that no test of the learner's notices, in a sentence; empty if none."""
    for done, request in enumerate(missed):
        progress(done, len(missed))
        noticed = noticing(kit, request, net(kit, workspace, request))
        added = [test for test in noticed.red_anyway if test.file == Path(ADDED).name]
        if noticed.trouble:
            return f"Your tests could not be run against pull request {request.number}: {noticed.trouble}"
        if not noticed.by and added:
            return (
                f"{ADDED}, {added[0].name}, fails without pull request {request.number} as well, on "
                f"{request.on} as it was: {added[0].message.splitlines()[0]}. A test that notices it "
                "passes there, and fails with the pull request."
            )
        if not noticed.by:
            return (
                f"You accepted pull request {request.number}, and none of your tests notices what it "
                f"moves. Write one in {ADDED} that passes on {request.on} as it was, and "
                f"fails with the pull request. What moved: nbkata review {request.number}"
            )
    return ""


def _step(kit: Kit, request: PullRequest) -> Step:
    step = kit.kata.step(request.on)
    assert isinstance(step, Step), request.on
    return step
