"""review/core: what a pull request's files say, what was answered, and how right that was."""

import pytest

from nbkata.review.core.answers import (
    answers_from_text,
    answers_to_text,
    judgement,
    lesson,
    missed,
    score_of,
)
from nbkata.review.core.pull_request import PullRequest, Reason, pull_request_from_toml

RIGHT = 'title = "t"\ndescription = """a\nb\n\nc:\n- d\n  e"""\non = "06-titles"\nright = true\nwhy = "w"\n'
WRONG = RIGHT.replace("true", "false") + 'reasons = ["moved", "net"]\nassertion = "assert 1"\n'


def request(number: int, text: str) -> PullRequest:
    return pull_request_from_toml(number, text, "", "")


ALL = [request(1, RIGHT), request(2, WRONG), request(3, WRONG), request(4, RIGHT)]


def test_the_answers_that_were_written_are_read_again():
    given = {10: None, 2: Reason.LEAK}
    text = answers_to_text(given)
    assert text == '{\n "2": "leak",\n "10": "accepted"\n}\n'
    assert answers_from_text(text) == given


@pytest.mark.parametrize("text", ["", "[]", '{"1": "nonsense"}', '{"one": "moved"}', "{"])
def test_a_file_that_holds_no_answers_is_refused(text: str):
    with pytest.raises(ValueError):
        answers_from_text(text)


@pytest.mark.parametrize(
    ("given", "score"),
    [
        ({}, "0 right calls, 0 false alarms, 0 misses; 4 to go."),
        ({1: None, 2: Reason.BIG}, "2 right calls, 0 false alarms, 0 misses; 2 to go."),
        (
            {1: Reason.MOVED, 2: None, 3: None, 4: None},
            "1 right call, 1 false alarm, 2 misses. All are answered.",
        ),
    ],
)
def test_the_score_counts_right_calls_false_alarms_and_misses(
    given: dict[int, Reason | None], score: str
):
    assert str(score_of(ALL, given)) == score


def test_what_the_score_says_about_reading_comes_after_the_last_answer():
    assert lesson(score_of(ALL, {1: Reason.MOVED})) == ""
    one = lesson(score_of(ALL, {1: None, 2: None, 3: Reason.BIG, 4: None}))
    assert one.startswith("1 of your 4 answers was wrong, ")
    none = lesson(score_of(ALL, {1: None, 2: Reason.BIG, 3: Reason.BIG, 4: None}))
    assert none.startswith("None of your 4 answers was wrong.")


def test_a_miss_is_a_wrong_one_that_was_accepted():
    given = {1: None, 2: None, 3: Reason.MOVED}
    assert [one.number for one in missed(ALL, given)] == [2]


@pytest.mark.parametrize(
    ("number", "answer", "said"),
    [
        (1, None, "A right call."),
        (1, Reason.BIG, "A false alarm: it moves nothing."),
        (2, None, "A miss: it should have gone back."),
        (2, Reason.NET, "A right call, and for the right reason."),
        (2, Reason.LEAK, "A right call, but for another reason: moved or net."),
    ],
)
def test_each_answer_is_judged(number: int, answer: Reason | None, said: str):
    assert judgement(ALL[number - 1], answer) == said


def test_a_description_is_read_by_paragraph_and_item():
    assert ALL[0].lines == ["a b", "c:", "- d   e"]


@pytest.mark.parametrize(
    "text",
    [
        "title = ",
        RIGHT.replace("why", "y"),
        RIGHT + 'reasons = ["moved"]\n',
        RIGHT + 'assertion = "assert 1"\n',
        WRONG.replace('assertion = "assert 1"\n', ""),
        WRONG.replace('"net"', '"taste"'),
    ],
)
def test_a_pull_request_whose_files_contradict_themselves_is_refused(text: str):
    with pytest.raises(ValueError):
        request(1, text)
