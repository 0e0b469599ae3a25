"""`nbkata review` as a person uses it."""

import io
import json
from pathlib import Path

import pytest
from support.builders import output_of

from nbkata.kata.shell.checkpoint import lay_out, learner_files, own_files
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import Workspace, create_workspace
from nbkata.review.commands import review as command
from nbkata.review.core.pull_request import Reason
from nbkata.review.shell.judge import net
from nbkata.review.shell.pull_requests import Reviews, reviews
from nbkata.workspace.core.journal import Entry, Move, line_of
from nbkata.workspace.shell.history import keep_state


def the_kit() -> Kit:
    kit = load_kit()
    assert isinstance(kit, Kit)
    return kit


def the_reviews() -> Reviews:
    found = reviews(the_kit())
    assert isinstance(found, Reviews)
    return found


def workspace_at(path: Path, number: int) -> Path:
    """A learner's who has come to a step and changed nothing since."""
    kit = the_kit()
    made = create_workspace(path, kit)
    lay_out(kit, kit.kata.steps[number - 1], made.path)
    time = "2026-11-21T10:00:00+00:00"
    green = [Entry(time, step.slug, True, True, 1.0) for step in kit.kata.steps[:number]]
    moved = Move(time, kit.kata.steps[number].slug, "next")
    made.journal.write_text("".join(map(line_of, (*green, moved))), encoding="utf-8")
    return made.path


@pytest.fixture(name="workspace")
def fixture_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NBKATA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_COLOR", "1")
    return workspace_at(tmp_path / "workspace", 14)


def review(workspace: Path, *words: str) -> tuple[int, str, str]:
    return output_of("review", *words, "--workspace", str(workspace))


def test_it_shows_what_the_pull_request_says_its_diff_and_how_to_answer(workspace: Path):
    code, shown, _ = review(workspace, "3")
    assert code == 0
    assert shown.startswith("Pull request 3: Write into the gaps only")
    assert "  - `.loc` with a mask touches the rows that have a gap, and no other" in shown
    assert "--- 08-impute/src/train.py\n+++ pull-request-3/src/train.py\n" in shown
    assert "+    copied = passengers.copy(deep=False)\n" in shown
    assert "review 3 --send-back REASON" in shown and "moved: a result is not what it" in shown
    assert "a write copies first" not in shown, "the truth comes after the answer"
    assert not (workspace / "review").exists(), "looking writes nothing"


def test_a_page_shows_description_and_diff(workspace: Path, tmp_path: Path):
    code, shown, _ = review(workspace, "3", "--html", str(tmp_path / "3.html"))
    page = (tmp_path / "3.html").read_text(encoding="utf-8")
    assert code == 0 and "--- 08-impute" not in shown
    assert "<p>- `.loc` with a mask" in page.replace("&#x60;", "`") and "deep" in page


def test_its_code_is_written_to_a_new_workspace_to_be_run(workspace: Path, tmp_path: Path):
    code, shown, _ = review(workspace, "5", "--out", str(tmp_path / "pr 5"))
    assert code == 0 and "pytest" in shown
    made = tmp_path / "pr 5"
    assert "rows.sample(frac=1" in (made / "src" / "model.py").read_text("utf-8")
    assert (made / "tests" / "test_split.py").is_file() and (
        made / "data" / "titanic.csv"
    ).is_file()
    assert not (workspace / "review").exists(), "it is no answer"

    code, _, refused = review(workspace, "6", "--out", str(made))
    assert code == 2 and "this place is taken." in refused
    assert "rows.sample(frac=1" in (made / "src" / "model.py").read_text("utf-8")


@pytest.mark.usefixtures("warm")
def test_an_answer_is_kept_and_the_net_judges(workspace: Path):
    code, told, _ = review(workspace, "2", "--accept")
    assert code == 1, "a wrong call"
    text = " ".join(told.split())
    assert "You accepted it. A miss: it should have gone back." in text
    assert "Y_pred differs in 4 of 262 rows. At place 20: 1, was 0." in text
    assert (
        "2 of your tests notice, first test_the_test_rows_and_their_predictions_are_what_they_were "
        "in test_characterization.py: " in text
    )
    assert "    from train import train\n" in told, "whoever has no such file yet needs its head"
    assert "assert predicted[[1227, 743, 221, 859]].tolist() == [0, 0, 1, 0]" in told
    assert "0 right calls, 0 false alarms, 1 miss; 9 to go." in text
    kept = workspace / "review" / "answers.json"
    assert json.loads(kept.read_text(encoding="utf-8")) == {"2": "accepted"}

    code, _, refused = review(workspace, "2", "--send-back", "moved")
    assert code == 2 and "pull request 2 is answered, and the first answer counts." in refused
    assert output_of("undo", "--workspace", str(workspace))[0] == 0
    assert not kept.exists()


def test_the_list_says_what_became_of_each(workspace: Path):
    (workspace / "review").mkdir()
    (workspace / "review" / "answers.json").write_text('{"1": "big", "4": "moved"}', "utf-8")
    code, shown, _ = review(workspace, "--list")
    text = " ".join(shown.split())
    assert code == 0 and text.count("no answer yet") == 8
    assert "1 right call, 1 false alarm, 0 misses; 8 to go." in text
    assert review(workspace)[1].startswith("Pull request 2: "), "the first without an answer"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("99", "--accept"), "there is no pull request 99. They are numbered from 1 to 10."),
        (("3", "--accept", "--send-back", "moved"), "it cannot be accepted and sent back."),
        (("3", "--send-back", "ugly"), "--send-back"),
    ],
)
def test_a_wrong_word_is_refused_and_nothing_is_written(
    words: tuple[str, ...], message: str, workspace: Path
):
    code, _, refused = review(workspace, *words)
    assert code == 2 and message in refused
    assert not (workspace / "review").exists()


def test_answers_that_cannot_be_read_are_refused_and_left_alone(workspace: Path):
    (workspace / "review").mkdir()
    (workspace / "review" / "answers.json").write_text("{oops", "utf-8")
    code, _, refused = review(workspace, "3", "--accept")
    assert code == 2 and "review/answers.json: the answers cannot be read" in refused
    assert (workspace / "review" / "answers.json").read_text("utf-8") == "{oops"


def test_who_has_not_come_so_far_sees_no_solution(tmp_path: Path):
    code, shown, refused = review(workspace_at(tmp_path / "early", 7), "4")
    assert (code, shown) == (2, "")
    assert "are for step 14, and you are at step 07. Go there" in refused


def test_somebody_at_a_terminal_is_asked_until_the_answer_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    given: list[object] = []
    monkeypatch.setattr(type(command.screen.out), "is_watched", property(lambda self: True))
    for typed in ("x\n9\n5\n", "a\n", "\n", ""):
        monkeypatch.setattr("sys.stdin", Terminal(typed))
        given.append(command._asked())  # pylint: disable=protected-access
    assert given == [(False, Reason.HIDDEN), (True, None), None, None]
    assert capsys.readouterr().out.count("Type a, or a number from 1 to 6.") == 2


def test_the_net_is_the_learners_own_of_the_time_before_the_bugs_were_fixed(workspace: Path):
    kit, request = the_kit(), the_reviews().requests[0]
    kits = net(kit, workspace, request)
    assert kits["tests/test_model.py"] == kit.solutions / "12-model-tests/tests/test_model.py"

    mine = workspace.parent / "mine"
    (mine / "tests").mkdir(parents=True)
    (mine / "tests" / "test_mine.py").write_text("def test_mine(): ...\n", "utf-8")
    entry = Entry("2026-11-21T10:00:00+00:00", "12-model-tests", True, True, 1.0)
    keep_state(Workspace(workspace).path, entry, own_files(mine))
    (workspace / "review").mkdir()
    (workspace / "review" / "test_review.py").write_text("", "utf-8")
    assert sorted(net(kit, workspace, request)) == ["tests/test_mine.py", "tests/test_review.py"]


def test_a_folder_review_in_an_adopted_project_is_the_persons_own(workspace: Path):
    (workspace / "review").mkdir()
    (workspace / "review" / "mine.py").write_text("", "utf-8")
    kit = the_kit()
    assert "review/mine.py" in learner_files(kit, workspace)
    assert "review/mine.py" not in learner_files(kit._replace(is_adopted=True), workspace)


def test_the_list_ends_with_what_the_score_says_about_reading(workspace: Path):
    (workspace / "review").mkdir()
    given = {str(number): "accepted" for number in range(1, 11)}
    (workspace / "review" / "answers.json").write_text(json.dumps(given), "utf-8")
    text = " ".join(review(workspace, "--list")[1].split())
    assert "5 right calls, 0 false alarms, 5 misses. All are answered." in text
    assert "5 of your 10 answers were wrong, and running the code was right each time." in text


def test_they_cover_the_steps_from_05_to_12_and_about_half_of_them_are_right():
    requests = the_reviews().requests
    assert [request.number for request in requests] == list(range(1, 11))
    assert {"05", "12"} <= {request.on[:2] for request in requests}
    assert 4 <= sum(request.is_right for request in requests) <= 5
    assert {reason for request in requests for reason in request.reasons} == set(Reason)
