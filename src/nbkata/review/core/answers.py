"""What a reviewer answered, and how right that was."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from nbkata.review.core.pull_request import PullRequest, Reason

# By the pull request's number: the reason why it was sent back; none if it was accepted.
Answers = Mapping[int, Reason | None]
ACCEPTED = "accepted"


def answers_from_text(text: str) -> dict[int, Reason | None]:
    """Raises ``ValueError`` if the file is not as `answers_to_text` writes it."""
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("it is no table of answers")
    return {
        int(number): None if answer == ACCEPTED else Reason(answer)
        for number, answer in found.items()
    }


def answers_to_text(answers: Answers) -> str:
    """One line an answer: a learner commits it, and a team compares it."""
    document = {str(number): answers[number] or ACCEPTED for number in sorted(answers)}
    return json.dumps(document, indent=1) + "\n"


class Score(NamedTuple):
    """How many were judged how."""

    right: int  # right ones accepted, wrong ones sent back, whatever the reason
    false_alarms: int  # right ones sent back
    misses: int  # wrong ones accepted
    left: int  # not answered yet

    def __str__(self) -> str:
        """As one sentence."""
        text = (
            f"{_count(self.right, 'right call')}, {_count(self.false_alarms, 'false alarm')}, "
            f"{_count(self.misses, 'miss', 'misses')}"
        )
        return f"{text}; {self.left} to go." if self.left else f"{text}. All are answered."


def score_of(requests: Sequence[PullRequest], answers: Answers) -> Score:
    """The score so far."""
    given = [request for request in requests if request.number in answers]
    right = [one for one in given if one.is_right == (answers[one.number] is None)]
    wrong = [one for one in given if one not in right]
    alarms = sum(one.is_right for one in wrong)
    return Score(len(right), alarms, len(wrong) - alarms, len(requests) - len(given))


def missed(requests: Sequence[PullRequest], answers: Answers) -> list[PullRequest]:
    """The wrong ones that were accepted."""
    return [
        one
        for one in requests
        if not one.is_right and one.number in answers and answers[one.number] is None
    ]


def judgement(request: PullRequest, answer: Reason | None) -> str:
    """What is said of one answer."""
    if request.is_right:
        return "A right call." if answer is None else "A false alarm: it moves nothing."
    if answer is None:
        return "A miss: it should have gone back."
    if answer in request.reasons:
        return "A right call, and for the right reason."
    reasons = " or ".join(request.reasons)
    return f"A right call, but for another reason: {reasons}."


def lesson(score: Score) -> str:
    """What the score says about reading; nothing before all are answered."""
    if score.left:
        return ""
    wrong, answered = score.false_alarms + score.misses, sum(score)
    if not wrong:
        return (
            f"None of your {answered} answers was wrong. If you only read: few people can do that."
        )
    return (
        f"{wrong} of your {answered} answers {'was' if wrong == 1 else 'were'} wrong, and running "
        "the code was right each time. Do not trust your eyes, run the net."
    )


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
