"""`nbkata next`, `check` with its reports and commits: what they print and exit with."""

import io
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console
from support.builders import output_of

from nbkata.common.core.refusal import Refusal
from nbkata.kata.commands import check
from nbkata.kata.commands._step_lines import todo
from nbkata.kata.core.hooks import Hook
from nbkata.kata.core.junit import junit_of
from nbkata.kata.core.kata import Step
from nbkata.kata.core.lights import Light, LightSoFar, Verdict
from nbkata.kata.shell.check import Observation, OnLights
from nbkata.kata.shell.hooks import Ran
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.settings import settings_for
from nbkata.kata.shell.workspace import create_workspace
from nbkata.terminal import screen
from nbkata.workspace.core.journal import Entry, line_of
from nbkata.workspace.core.workspace import MARKER
from nbkata.workspace.shell.git import make_repository

GREEN = Light(True, ("as it was",))
RED = Light(False, ("Age moved.",))
JOURNAL = Path(MARKER, "journal.jsonl")


@pytest.fixture(name="dojo", autouse=True)
def fixture_dojo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in a repository of its own, with the current folder in it."""
    kit = load_kit()
    assert isinstance(kit, Kit)
    path = tmp_path / "dojo"
    create_workspace(path, kit, settings_for(kit, path))
    monkeypatch.chdir(path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    make_repository(path, "first")
    return path


class Session:
    """Stands in for a run of the learner's code, which takes seconds: the lights are given."""

    def __init__(self) -> None:
        self.verdict = (GREEN, GREEN)
        self.back: dict[str, Light] | Refusal = {}
        self.lost: dict[str, Light] = {}
        self.runs = 0
        self.later = ""
        self.slow: list[LightSoFar] = []

    def observe(self, *_: object) -> Observation:
        """One more run."""
        self.runs += 1
        return Observation(None, "ran", 1.5)  # type: ignore[arg-type] # nobody looks at it

    def check_step(
        self,
        _kit: Kit,
        step: Step,
        _place: Path,
        run: Callable[[Step], Observation | Refusal],
        on_progress: OnLights,
        later: Step | None,
    ) -> Verdict | Refusal:
        """The lights that are given."""
        observed = run(step)
        for so_far in self.slow:
            on_progress(None, so_far)
        self.later = later.number if later else ""
        if isinstance(observed, Refusal):
            return observed
        return Verdict(step.slug, *self.verdict, 1.5, self.lost)

    def look_back(self, *_: object) -> dict[str, Light] | Refusal:
        """The earlier lights that are given."""
        return self.back


@pytest.fixture(name="session")
def fixture_session(monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """In the place of every run."""
    session = Session()
    monkeypatch.setattr("nbkata.kata.commands._lights.observe", session.observe)
    monkeypatch.setattr("nbkata.kata.shell.check.check_step", session.check_step)
    monkeypatch.setattr("nbkata.kata.commands.next.look_back", session.look_back)
    yield session


def commits() -> list[str]:
    """Their subjects."""
    done = subprocess.run(
        ["git", "log", "--format=%s"], capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout.splitlines()


def test_a_green_step_is_left_and_the_next_one_shown(session: Session):
    assert session.runs == 0
    code, output, _ = output_of("next")
    assert code == 0
    assert output.startswith("Step 00 is done.\n")
    assert "\n01  Remove the noise" in output
    assert output.rstrip().endswith("check")
    assert output_of("status")[1].startswith("01  Remove the noise")


def test_where_no_bar_can_be_seen_each_slow_thing_is_a_line(session: Session):
    planting = "planting changes in src/train.py"
    session.slow = [LightSoFar(GREEN, planting, done, 40) for done in (1, 2)]
    session.slow += [LightSoFar(GREEN, planting, n, 40, f"{n} of {n} caught") for n in (9, 10)]
    session.slow.append(LightSoFar(GREEN, "running your tests 20 times"))
    code, _, beside = output_of("check")
    assert code == 0
    found = f"{planting}: 9 of 9 caught so far ..."
    assert beside == f"{planting} ... {found} running your tests 20 times ..."


def test_a_red_step_is_not_left(session: Session):
    session.verdict = (GREEN, RED)
    code, output, _ = output_of("next")
    assert code == 1
    assert output.startswith("00  Run it") and "Age moved." in output
    assert output_of("status")[1].startswith("00  Run it")


def test_an_earlier_goal_that_got_lost_keeps_one_here_until_one_wants_to_go_on(session: Session):
    output_of("catch-up", "07")
    session.back = {"06-titles": RED, "05-dead-code": GREEN}
    code, output, _ = output_of("next")
    assert code == 1
    assert output.startswith("Step 07 is green.\n") and "next --anyway" in output
    assert output_of("status")[1].startswith("07  Extract who is alone")
    code, output, _ = output_of("next", "--anyway")
    assert code == 0 and output.startswith("Step 07 is done.\n")
    assert "Still to be fixed: step 06 (" in output and "check 06)." in output
    assert "Step 05" not in output and "Age moved." not in output  # that was said before


def test_a_look_back_that_does_not_end_is_no_step_that_got_lost(session: Session):
    output_of("catch-up", "07")
    session.back = Refusal(
        "looking at 4 steps did not end within 420 s.", next_step="Run it again."
    )
    code, output, complaint = output_of("next")
    assert (code, output) == (2, "") and "looking at 4 steps did not end within 420 s." in complaint
    code, output, _ = output_of("next", "--anyway")
    assert code == 0 and output.startswith("Step 07 is done.\n") and "got lost" not in output


def test_a_step_just_left_is_seen_as_before_until_something_changes(dojo: Path, session: Session):
    output_of("catch-up", "03")
    output_of("next")
    output_of("check", "03")
    assert session.later == ""
    train = dojo / "src" / "train.py"
    train.parent.mkdir(exist_ok=True)
    train.write_text("x = 1\n", encoding="utf-8")
    output_of("check", "03")
    assert session.later == "04"
    output_of("check", "02")
    assert session.later == ""  # the notebook is still there


def test_a_step_that_is_behind_is_seen_by_what_the_present_one_runs_as_well(session: Session):
    output_of("catch-up", "07")
    code, output, _ = output_of("check", "03")
    assert (code, session.later) == (0, "07")
    assert "Step 03 is still green. You are at step 07: extract who is alone." in output
    assert "commit" not in output
    session.verdict = (GREEN, RED)
    code, output, _ = output_of("check", "03")
    assert code == 1
    assert "Step 03 had been reached, and is not any more. You are at step 07" in output
    assert "Convert the notebook" not in output
    code, _, complaint = output_of("check", "01")
    assert code == 2
    assert "step 01 is behind you, and what it asked for is gone: No print" in complaint
    assert session.runs == 2


def test_an_earlier_step_is_not_lost_while_the_results_change_on_purpose(session: Session):
    output_of("catch-up", "13")
    session.verdict = (RED, GREEN)
    output = " ".join(output_of("check", "10")[1].split())
    assert "Step 10 keeps its shape; the results that step 13 asks for are not there yet." in output
    assert "not any more" not in output


def test_a_step_that_is_over_is_never_red(session: Session):
    output_of("catch-up", "13")
    assert "Step 08 is still green." in output_of("check", "08")[1]
    session.verdict = (GREEN, RED)
    code, output, complaint = output_of("check", "08")
    assert (code, output) == (2, "")
    assert "step 08 lasts until step 12, and is over. You are at step 13" in complaint


def test_one_loss_that_several_steps_notice_is_told_once(session: Session):
    output_of("catch-up", "08")
    session.back = {"06-titles": RED, "05-dead-code": GREEN, "07-alone": RED}
    output = output_of("next")[1]
    assert "check 06" in output
    assert "Steps 06 and 07 had been reached, and are not any more: Age moved." in output
    assert output.count("Fix it before you go on: ") == 1


def test_what_one_step_says_twice_has_one_head_and_one_cure(session: Session):
    output_of("catch-up", "08")
    session.back = {"06-titles": Light(False, ("Age moved.", "Fare moved."))}
    output = output_of("next")[1]
    assert output.count("had been reached") == output.count("Fix it before you go on") == 1
    assert "not any more: Age moved.\n  Fare moved.\n  Fix it" in output


def test_a_check_says_the_first_of_what_got_lost_and_how_much_more_there_is(session: Session):
    output_of("catch-up", "08")
    session.lost = {"03-convert": Light(False, ("Age moved.", "Fare moved.", "Sex moved."))}
    output = " ".join(output_of("check")[1].split())
    assert "not any more: Age moved. And 2 more. Fix it before you go on" in output
    assert "Fare moved." not in output


def test_a_step_that_would_be_red_by_now_is_not_named_as_the_cure(session: Session):
    output_of("catch-up", "08")
    session.back = {"03-convert": RED}
    output = output_of("next")[1]
    assert re.search(r"(?s)Fix it before you go on; .*nbkata\S* next\s+looks\s+again\.", output)
    assert "check 03" not in output


@pytest.mark.parametrize(
    ("step", "saved", "runs"),
    [
        ("07", None, 1),
        ("07", "src/train.py", 2),
        ("07", "tests/golden/X_train.npy", 2),
        ("07", "BUGS.md", 1),  # a note that no check reads
        ("13", "BUGS.md", 2),  # the step's shape asks what is in it
        ("00", None, 1),
        ("01", None, 2),  # step 00 is judged by what the notebook's run shows
    ],
)
def test_what_was_seen_green_is_not_run_again_unless_a_file_changed(
    step: str, saved: str | None, runs: int, session: Session
):
    output_of("catch-up", step)
    output_of("check")
    if saved:
        Path(saved).parent.mkdir(parents=True, exist_ok=True)
        Path(saved).write_text("changed = True\n", "utf-8")
    output_of("next")
    assert session.runs == runs


@pytest.mark.parametrize("before", [(), ("check",), ("next",)])
def test_the_last_next_shows_what_was_reached_after_a_green_check_too(
    before: tuple[str, ...], session: Session
):
    output_of("catch-up", "14")
    for command in before:
        output_of(command)
    code, output, _ = output_of("next")
    assert code == 0 and "Well done: that was the last step. What you made of the" in output
    assert re.search(r"  Lines of code +\d+  now +\d+\n", output) and "adopt my.ipynb" in output
    assert "Well done: that was the last step." in output_of("status")[1]
    assert session.runs == 1


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed here")
@pytest.mark.parametrize("command", ["check", "next"])
def test_a_green_step_proposes_its_commit_and_makes_it_when_asked(session: Session, command: str):
    output_of("catch-up", "07")
    session.verdict = (GREEN, RED)
    assert "commit" not in output_of("check")[1]
    session.verdict = (GREEN, GREEN)
    output = output_of("check")[1]
    assert 'check --commit\n          as "Extract who is alone, test first"\n' in output
    code, _, complaint = output_of(command, "--commit")
    assert code == 0
    assert '"Extract who is alone, test first"' in complaint
    assert commits() == ["Extract who is alone, test first", "first"]
    assert session.runs == 2, "a red run and a green one: a commit of the same files needs no other"
    assert "--commit" not in output_of("check")[1], "there is nothing left to commit"


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed here")
def test_a_commit_of_other_files_than_those_seen_green_looks_at_them_first(session: Session):
    output_of("check")
    Path("src", "train.py").write_text("print(1)\n", encoding="utf-8")
    session.verdict = (GREEN, RED)
    assert output_of("check", "--commit")[0] == 1
    assert (session.runs, commits()) == (2, ["first"])


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed here")
def test_without_a_repository_a_commit_is_refused_and_none_is_proposed(session: Session):
    shutil.rmtree(".git")
    code, output, _ = output_of("check")
    assert (code, "--commit" in output) == (0, False)
    code, _, complaint = output_of("check", "--commit")
    assert code == 2
    assert "is in no git repository, so there is nothing to commit to." in complaint
    assert session.runs == 1


def keep(*minutes_ago: float, behaviour: bool = False) -> None:
    """Checks in the journal, so many minutes ago."""
    for minutes in minutes_ago:
        time = (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat(timespec="seconds")
        with JOURNAL.open("a", encoding="utf-8") as file:
            file.write(line_of(Entry(time, "00-run", behaviour, False, 1.0)))


def test_red_three_times_and_for_long_suggests_to_revert_with_the_command(session: Session):
    session.verdict = (RED, RED)
    keep(14, 5)
    output = output_of("check")[1]
    assert "Behaviour has been red for 14 minutes. Red, red, red: revert, and take a" in " ".join(
        output.split()
    )
    if shutil.which("git"):
        assert "revert  git stash push --include-untracked -- ." in output
        shutil.rmtree(".git")
    output = output_of("check")[1]
    assert "This goes back to the start of the step:" in " ".join(output.split())
    assert output.rstrip().endswith("reset")


def test_code_that_does_not_run_counts_as_red_and_is_red_in_the_status(
    monkeypatch: pytest.MonkeyPatch,
):
    refusal = Refusal("KeyError: 'Aeg'.", "src/train.py, line 57")
    monkeypatch.setattr("nbkata.kata.commands._lights.observe", lambda *_: refusal)
    keep(14, 5)
    code, output, complaint = output_of("check")
    assert code == 2 and "KeyError" in complaint
    assert "Behaviour has been red for 14 minutes." in " ".join(output.split())
    assert "behaviour  red" in output_of("status")[1]
    assert output_of("check", "--json")[1] == ""


@pytest.mark.parametrize("ago", [(14,), (3, 2, 1)], ids=["only twice", "only for minutes"])
def test_a_little_red_suggests_nothing(session: Session, ago: tuple[float, ...]):
    session.verdict = (RED, RED)
    keep(*ago)
    assert "revert" not in output_of("check")[1]


def test_green_in_between_begins_the_count_anew(session: Session):
    session.verdict = (RED, RED)
    keep(30, 25)
    keep(20, behaviour=True)
    keep(15)
    assert "revert" not in output_of("check")[1]


def test_check_writes_junit_xml_beside_what_it_prints(session: Session):
    session.verdict = (GREEN, RED)
    code, output, _ = output_of("check", "--junit", "reports/nbkata.xml", "--json")
    assert code == 1
    assert json.loads(output)["shape"]["ok"] is False
    suite = ET.parse("reports/nbkata.xml").getroot()[0]
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == (
        *("nbkata 00-run", "2", "1"),
    )
    assert [case.get("name") for case in suite] == ["behaviour", "shape"]
    assert suite[1][0].get("message") == "Age moved."


MISTAKEN = """def never_called( ):
    return nowhere


def test_the_sum_is_right():
    assert 1 + 1 == 3
"""


def test_check_the_hook_and_the_editors_tasks_give_one_verdict(dojo: Path, session: Session):
    session.verdict = (GREEN, GREEN)
    file = dojo / "tests" / "test_slipped.py"
    file.write_text(MISTAKEN, encoding="utf-8")
    code, output, _ = output_of("check", "--hooks", "--json")
    assert code == 1
    hooks = {hook["name"]: hook for hook in json.loads(output)["hooks"]}
    net = [False, False, False, True]  # a test that fails makes the safety net no weaker
    assert [hook["ok"] for hook in hooks.values()] == net
    assert "+def never_called():" in hooks["black would change nothing"]["said"]
    assert "undefined-variable" in hooks["pylint finds no error"]["said"]
    assert "assert (1 + 1) == 3" in hooks["your tests pass"]["said"]

    tasks = json.loads((dojo / ".vscode" / "tasks.json").read_text(encoding="utf-8"))["tasks"]
    mine = {task["label"]: task for task in tasks if task["label"].startswith("this file: ")}
    for label in mine.pop("this file: verdict")["dependsOn"]:
        words = [word.replace("${file}", str(file)) for word in mine[label]["args"]]
        done = subprocess.run([mine[label]["command"], *words], capture_output=True, check=False)
        assert done.returncode != 0, label

    (dojo / "tests" / "test_slipped.py").unlink()
    code, output, _ = output_of("check", "--hooks")
    assert code == 0
    assert output.index("shape") < output.index("✓  black would change nothing")
    assert output.count("✓") == 4


def test_a_green_check_names_the_earlier_step_that_next_would_refuse_for(session: Session):
    output_of("catch-up", "07")
    session.lost = {"03-convert": RED}
    code, output, _ = output_of("check")
    assert code == 0
    assert "Step 07 is green." in output and "Well done" not in output
    assert "Step 03 had been reached, and is not any more: Age moved." in output
    assert "Fix it before you go on; " in output, "check 03 runs a script, and it is a function now"
    assert json.loads(output_of("check", "--json")[1])["lost"] == {"03-convert": ["Age moved."]}


@pytest.mark.parametrize(("step", "waits"), [("05", False), ("06", True), ("13", True)])
def test_a_green_check_promises_the_next_step_only_if_next_need_not_look_back(
    session: Session, step: str, waits: bool
):
    session.verdict = (GREEN, GREEN)
    output_of("catch-up", step)
    printed = " ".join(output_of("check")[1].split())
    assert f"Well done. Step {int(step) + 1:02} is next" in printed
    assert (" is next, if the earlier steps are still green: " in printed) is waits


@pytest.mark.parametrize("columns", ["80", "60"])
def test_what_stands_below_the_lights_lines_up(
    dojo: Path, session: Session, monkeypatch: pytest.MonkeyPatch, columns: str
):
    session.verdict = (GREEN, GREEN)
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr(screen, "out", Console(highlight=False, soft_wrap=False))
    monkeypatch.setattr("nbkata.kata.commands._lights.called", lambda: "nbkata")
    monkeypatch.setattr(check, "called", lambda: "nbkata")
    (dojo / "notes.txt").write_text("a change", encoding="utf-8")
    lines = output_of("check")[1].splitlines()
    at = lines.index("  then    nbkata next")
    assert lines[at + 1] == "  commit  nbkata check --commit"
    assert lines[at + 2].startswith('          as "')
    assert max(map(len, lines)) <= int(columns)


def test_with_both_lights_green_and_a_hook_red_nothing_is_well_done_yet(
    session: Session, monkeypatch: pytest.MonkeyPatch
):
    session.verdict = (GREEN, GREEN)
    slow, fine = Hook("your tests pass", (), "", False), Hook("pylint finds no error", (), "", True)
    ran = [Ran(slow, False, "1 failed"), Ran(fine, True, "")]
    monkeypatch.setattr(check, "ran_on_all", lambda found: ran)
    code, output, _ = output_of("check", "--hooks")
    assert code == 1
    assert "Well done" not in output
    assert "Both lights are green, but the hook is not content: your tests pass." in output
    assert output.rindex("check --hooks") < output.index("1 failed")


def test_check_refuses_hooks_that_cannot_be_read(dojo: Path, session: Session):
    (dojo / ".pre-commit-config.yaml").unlink()
    code, _, complaint = output_of("check", "--hooks")
    assert code == 2 and session.runs == 1
    assert ".pre-commit-config.yaml: it cannot be read" in complaint


def test_a_report_that_cannot_be_written_is_refused(session: Session):
    Path("file").write_text("mine", "utf-8")
    code, _, complaint = output_of("check", "--junit", "file/nbkata.xml")
    assert code == 2 and session.runs == 1
    assert "cannot be written" in complaint and Path("file").read_text("utf-8") == "mine"


def test_a_report_in_the_place_of_a_file_of_yours_is_refused_before_anything_runs(session: Session):
    Path("src/train.py").write_text("mine = 1\n", "utf-8")
    code, _, complaint = output_of("check", "--junit", "src/train.py")
    assert code == 2 and session.runs == 0
    assert "this exists and was not written by this command" in " ".join(complaint.split())
    assert Path("src/train.py").read_text("utf-8") == "mine = 1\n"


def test_a_verdict_that_cannot_be_kept_is_printed_and_said_so(dojo: Path, session: Session):
    session.verdict = (GREEN, RED)
    journal = dojo / ".nbkata" / "journal.jsonl"
    journal.unlink(missing_ok=True)
    journal.mkdir()  # as a read-only folder, for root too
    code, output, complaint = output_of("check", "--json")
    assert code == 1 and json.loads(output)["shape"]["ok"] is False
    complaint = " ".join(complaint.split())
    assert "This verdict is not kept:" in complaint and "cannot be written" in complaint


def test_junit_xml_survives_control_characters():
    red = Light(False, ("\x1b[31mred\x1b[0m & <b>",))
    ET.fromstring(junit_of(Verdict("00-run", red, red, 1.0)).encode("utf-8"))


def test_next_goes_nowhere_if_the_journal_cannot_be_written(session: Session):
    session.verdict = (GREEN, GREEN)
    JOURNAL.mkdir()
    code, output, complaint = output_of("next")
    assert (code, output) == (2, "")
    assert "cannot be" in complaint and "Traceback" not in complaint


@pytest.mark.usefixtures("warm")
def test_check_and_next_really_run_the_step_and_look_back():
    """The one slow test here: nothing stands in for anything."""
    output_of("catch-up", "06")
    events = JOURNAL.read_text("utf-8").replace("06-titles", "05-dead-code")
    JOURNAL.write_text(events, "utf-8")  # at the end of step 05, not yet checked
    train = Path("src", "train.py")
    text = train.read_text("utf-8")
    for changed, message in (
        (text + "\n\n# %%\n", "marks a cell"),
        (text + "_ = [1,2]\n", "src/train.py is not formatted. Run: black src tests."),
        (text + "\n\n# %%\n_ = [1,2]\n", "marks a cell"),
    ):
        train.write_text(changed, "utf-8")
        for command, expected in (("check", 0), ("next", 1)):
            code, output, complaint = output_of(command)
            assert code == expected, output + complaint
            printed = " ".join(output.split())
            assert "Step 05 is green. Step 03 had been reached, and is not any more: " in printed
            assert message in printed and "Well done" not in printed
    code, output, complaint = output_of("next", "--anyway")
    assert code == 0, output + complaint
    assert "\n06  Extract the titles" in output


@pytest.mark.parametrize("command", ["check", "next", "hooks"])
def test_without_a_workspace_each_says_how_to_make_one(tmp_path: Path, command: str):
    code, message, complaint = output_of(command, "--workspace", str(tmp_path))
    assert (code, message) == (2, "")
    assert "there is no workspace here. Make one: nbkata start" in complaint


def test_what_to_do_is_shown_as_it_stands_brackets_and_all():
    assert todo(("Write: # [code smell] dead-code",)) == ["  1. Write: # [code smell] dead-code"]
    shown = io.StringIO()
    console = Console(file=shown, width=80)
    console.print(screen.done("Well done: [bold] it was.", "next"))
    assert "Well done: [bold] it was." in shown.getvalue()
