"""Step 14: every pull request is answered, and the net catches those that were missed."""

import pytest

from nbkata.common.core.refusal import Refusal
from nbkata.kata.shell.kit import kit_around
from nbkata.review.core.answers import missed
from nbkata.review.shell.judge import uncaught
from nbkata.review.shell.pull_requests import answers, reviews


@pytest.fixture(name="known")
def fixture_known(workspace):
    """What was answered, by the pull request's number."""
    found = answers(workspace)
    assert not isinstance(found, Refusal), str(found)
    return found


def test_every_pull_request_is_answered(workspace, known):
    requests = reviews(kit_around(workspace)).requests
    left = [str(request.number) for request in requests if request.number not in known]
    assert not left, (
        f"Of {len(requests)} pull requests {len(left)} have no answer yet: {', '.join(left)}. "
        "nbkata review shows the first of them."
    )


@pytest.mark.slow("running your tests against the pull requests that you missed")
def test_the_net_catches_those_that_were_missed(workspace, known, progress):
    kit = kit_around(workspace)
    found = uncaught(kit, workspace, missed(reviews(kit).requests, known), progress)
    assert not found, found
