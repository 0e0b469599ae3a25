"""Step 12: a smoke test, metrics (all, and groups), the model's behaviour; and the shell's test."""

import pytest

from nbkata.common.shell.walk import files_in, visible
from nbkata.shape_tests.shell.shape_checks import not_passing

FEW, HANDFUL = 200, 20
"""Rows in a smoke test; passengers in a test of what must be right."""


@pytest.fixture(scope="module")
def asked(their_tests):
    """What each test asked of models; the tests of the whole pipeline are left out."""
    if not_passing(their_tests):
        pytest.skip("said by the first test")
    tests = their_tests.as_they_are.tests
    return [test for test in tests if test.file != "test_characterization.py"]


def test_the_tests_pass_as_they_are(their_tests):
    failing = not_passing(their_tests)
    assert not failing, failing


def test_a_smoke_test_trains_on_a_few_rows(asked):
    fits = [one["rows"] for test in asked for one in test.asked if one["what"] == "fit"]
    assert any(rows <= FEW for rows in fits), (
        "No test trains a model on a few rows yet. A smoke test takes thirty passengers, trains, "
        "predicts, and looks whether something sensible comes out. It runs in a blink, and it is "
        "the first to see a broken pipeline."
    )


@pytest.mark.slow("breaking the model on purpose")
def test_the_metrics_notice_a_model_that_learnt_nothing(asked, their_tests):
    run = their_tests.with_broken(model="learns mixed-up answers")
    assert run.failed, (
        "No test notices a model that learnt nothing: I mixed up the answers that it is trained "
        "on, and all your tests passed. Score it on the test rows, against a threshold that "
        "guessing does not reach."
    )


@pytest.mark.slow("breaking the model on purpose")
@pytest.mark.parametrize(
    ("column", "code", "who", "each"),
    [("Sex", 1, "women", "sex"), ("Pclass", 1, "the first class", "class")],
    ids=["sex", "class"],
)
def test_the_metrics_notice_a_model_that_fails_one_group(
    asked, learner, their_tests, column, code, who, each
):
    rows = learner.run.results["X_test"]
    answers = with_all_mistakes_in(rows[column] == code, learner.run.results)
    run = their_tests.with_broken(model="answers", rows=rows.to_numpy().tolist(), answers=answers)
    assert run.failed, (
        "No test notices a model that is wrong for a whole group: of the test rows, I let it "
        f"answer as many wrongly as before, but all of them about {who}, and all your tests "
        f"passed. One number for all hides that. Score each {each} by itself on the test rows, "
        "with a threshold not far below what you measure."
    )


def with_all_mistakes_in(group, results):
    """Answers to the test rows: as many are wrong as the model's, but all in one group.

    Half of them say 'lives' and half 'dies', so that the group's mean chance stays where it was.
    """
    right = results["Y_test"].tolist()
    left = {wrong: int((results["Y_pred"] != right).sum()) // 2 for wrong in (0, 1)}
    answers = []
    for is_in, answer in zip(group, right, strict=True):
        is_wrong = is_in and left[1 - answer] > 0
        left[1 - answer] -= is_wrong
        answers.append(int(1 - answer if is_wrong else answer))
    return answers


def asks_twice(test):
    """Whether a test asks a model that it got ready-made twice about as many people."""
    own = [one for one in test.asked if one["during"] == "call"]
    sizes = [one["rows"] for one in own if one["what"] == "predict_proba"]
    return len(sizes) > len(set(sizes)) and all(one["what"] != "fit" for one in own)


def test_a_test_asks_about_the_same_people_with_one_thing_changed(asked):
    pairs = [test for test in asked if asks_twice(test)]
    assert pairs, (
        "No test asks the model twice about the same people with one thing changed. That is how "
        "one sees what must not matter (a surname) and what must push one way (the class)."
    )


def test_a_test_asks_about_a_handful_of_clear_cases(asked):
    clear = [
        test
        for test in asked
        if any(one["what"] == "predict_proba" and one["rows"] <= HANDFUL for one in test.asked)
    ]
    assert clear, (
        f"No test asks the model about a few people, {HANDFUL} at most, whose fate is clear. Whoever "
        "gets those wrong need not be looked at any further: a woman of the first class, a man "
        "alone in the third."
    )


def test_a_test_runs_the_shell(asked, workspace):
    reads = any(
        one["what"] == "arguments" and one["during"] == "call"
        for test in asked
        for one in test.asked
    )
    tests = files_in(workspace / "tests", visible, ".py")
    texts = [path.read_text(encoding="utf-8-sig") for path in tests]
    assert reads or any("train.py" in text for text in texts), (
        "No test runs the shell yet: arguments in, a saved model and a score out. It has little "
        "that can break, so one test is enough: main([...]) with a temporary file, in "
        "tests/test_train.py."
    )
