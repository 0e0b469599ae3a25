"""`nbkata watch` as a learner meets it: in a terminal, saving files and pressing keys."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("Python can open no pseudo-terminal on Windows", allow_module_level=True)
from support.terminal import Terminal

from nbkata.child.shell.warm import WarmProcess
from nbkata.common.core.refusal import Refusal
from nbkata.kata.shell.checkpoint import lay_out
from nbkata.kata.shell.kit import load_kit
from nbkata.kata.shell.workspace import Workspace, create_workspace
from nbkata.watch.shell.watch import Watch

GREEN = "to the last bit"


@pytest.fixture(name="workspace", scope="module")
def fixture_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The end of step 08: a script of one function after the other, with tests."""
    kit = load_kit()
    assert not isinstance(kit, Refusal)
    path = tmp_path_factory.mktemp("watch") / "a b é"
    step = kit.kata.step("08")
    assert not isinstance(step, Refusal)
    lay_out(kit, step, create_workspace(path, kit).path)
    return path


@pytest.fixture(name="train", scope="module")
def fixture_train(workspace: Path) -> Path:
    """The script; each test leaves it as it found it, but for remarks."""
    return workspace / "src" / "train.py"


@pytest.fixture(name="watched", scope="module")
def fixture_watched(workspace: Path) -> Iterator[Terminal]:
    """A watch for all tests of this file: it takes seconds until one is warm."""
    temporary = workspace.parent / "tmp"  # tells this watch's processes from anybody else's
    temporary.mkdir()
    terminal = Terminal("watch", "08", "--plain", cwd=workspace, TMPDIR=str(temporary))
    try:
        terminal.wait_for("Checked in")
        yield terminal
    finally:
        terminal.close()


def test_the_first_look_needs_no_save(watched: Terminal):
    output = watched.written
    assert output.startswith("Step 08, Fill gaps in one place. One function fills every gap")
    assert "behaviour green: train() ran in" in output
    assert "shape green: all that the step asks is there" in output


def save(path: Path, old: str, new: str) -> None:
    """As an editor does that writes beside the file and renames."""
    source = path.read_text(encoding="utf-8")
    assert old in source
    beside = path.with_name(".kate-swp")
    beside.write_text(source.replace(old, new), encoding="utf-8")
    os.replace(beside, path)


def test_a_save_by_renaming_turns_a_light_and_its_undoing_turns_it_back(
    train: Path, watched: Terminal
):
    save(train, '["Age"] <= 12,', '["Age"] <= 13,')
    output = watched.wait_for("Checked in")
    assert "src/train.py: checking." in output
    assert "behaviour red: X_train, column Age, differs" in output
    save(train, '["Age"] <= 13,', '["Age"] <= 12,')
    assert GREEN in watched.wait_for("Checked in")


def test_a_syntax_error_is_shown_with_its_line_and_place(train: Path, watched: Terminal):
    save(train, "import os\n", "import os import\n")
    output = watched.wait_for("Checked in")
    assert "train.py, line 1: this does not parse: invalid syntax." in output
    assert "    import os import\n              ^" in output
    assert not Workspace(train.parents[1]).entries[-1].behaviour  # red for the journal as well
    save(train, "import os import\n", "import os\n")
    assert GREEN in watched.wait_for("Checked in")


def test_code_that_ends_python_or_never_ends_is_told_and_survived(train: Path, watched: Terminal):
    head = "def train(path):\n"
    save(train, head, f"{head}    os._exit(3)\n")
    assert "Python died while it ran" in watched.wait_for("Checked in")
    save(train, "os._exit(3)", "__import__('time').sleep(10**6)")
    watched.wait_for("src/train.py: still running: if it never ends, fix it and save.")
    save(train, "    __import__('time').sleep(10**6)\n", "")
    assert GREEN in watched.wait_for("Checked in")


@pytest.mark.parametrize(("slow", "overdue"), [(False, True), (True, False)])
def test_the_slow_part_of_a_check_is_never_taken_for_an_endless_loop(
    slow: bool, overdue: bool, workspace: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(WarmProcess, "begin", lambda _: None)
    kit = load_kit()
    assert not isinstance(kit, Refusal)
    watch = Watch(kit, Workspace(workspace), kit.kata.steps[4])
    watch.work, watch.began, watch.slow_part = threading.Thread(target=print), -3600.0, slow
    found = watch.overdue
    watch.end()
    assert found is overdue


def warm_processes(watched: Terminal) -> list[int]:
    """Its child processes that serve forks."""
    command = ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(watched.process.pid)]
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    return [int(line.split()[0]) for line in done.stdout.splitlines() if "fork_server" in line]


def has_ended(number: int) -> bool:
    """Whether it can be waited for: one that is being killed has no arguments for a while before."""
    command = ["ps", "-o", "stat=", "-p", str(number)]
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    return not done.stdout.strip() or done.stdout.startswith("Z")


def test_the_warm_process_may_die_between_two_saves(train: Path, watched: Terminal):
    (warm,) = warm_processes(watched)
    os.kill(warm, signal.SIGKILL)
    while not has_ended(warm):
        continue  # a busy machine takes a moment to end it
    save(train, "import os\n", "import os  # saved\n")
    output = watched.wait_for("Checked in")
    assert "the warm process had died; it was started again." in output
    assert GREEN in output


@pytest.mark.usefixtures("watched")
def test_a_second_watch_of_the_same_workspace_says_so(workspace: Path):
    second = Terminal("watch", "--plain", cwd=workspace)
    try:
        assert second.end() == 2
        assert "this workspace is being watched already. Go on in that" in second.written
    finally:
        second.close()


def test_tests_alone_are_looked_at_without_a_new_run(workspace: Path, watched: Terminal):
    tests = workspace / "tests" / "test_features.py"
    save(tests, "[1, 0, 0, 0]", "[1, 0, 0, 1]")
    output = watched.wait_for("Checked in")
    assert "tests/test_features.py: checking." in output
    assert GREEN in output
    assert "shape red: Your test test_features.py, test_alone_is_who_has" in output
    save(tests, "[1, 0, 0, 1]", "[1, 0, 0, 0]")
    assert "shape green" in watched.wait_for("Checked in")


def test_a_question_mark_lists_the_keys(watched: Terminal):
    watched.press("?")
    assert "h      the next hint" in watched.wait_for("q      quit")


def test_h_shows_a_hint_of_the_step_that_is_watched(watched: Terminal):
    watched.press("h")
    assert "Hint 1 of 3: nudge" in watched.wait_for("First bring the three lines together")


def test_u_says_what_it_would_undo_and_wants_to_be_pressed_twice(
    workspace: Path, watched: Terminal
):
    command = [sys.executable, "-m", "nbkata", "drill", "11"]
    subprocess.run(command, cwd=workspace, check=True, capture_output=True)
    titles = workspace / "drills" / "11-rename" / "titles.py"
    watched.press("u")
    output = watched.wait_for("any other key leaves all as it is.")
    assert "u takes back drill 11-rename: 5 files change, drills/11-rename/README.md" in output
    watched.press("x")
    watched.wait_for("Nothing was taken back.")
    assert titles.is_file()
    watched.press("u")
    watched.wait_for("any other key leaves all as it is.")
    watched.press("u")
    watched.wait_for("Your files are as they were before drill 11-rename.")
    assert not titles.exists()


def test_n_goes_on_to_the_next_step_and_the_watch_follows(watched: Terminal):
    watched.press("n")
    output = watched.wait_for("Step 09, Categorize by tables.")
    assert "Step 08 is done." in output
    assert "shape red: No table holds the edges of the fares' bands" in watched.wait_for("Checked")


def test_q_ends_it_and_nothing_that_it_started_goes_on(workspace: Path, watched: Terminal):
    watched.press("q")
    assert watched.end() == 0
    running = subprocess.run(
        ["ps", "-ww", "-eo", "args="], capture_output=True, check=True, encoding="utf-8"
    ).stdout
    assert str(workspace.parent / "tmp") not in running
    assert not list((workspace.parent / "tmp").iterdir())


def test_q_ends_it_from_a_page_as_well(workspace: Path):
    terminal = Terminal("watch", "08", cwd=workspace)
    try:
        terminal.wait_for("quit")
        terminal.press("?")
        terminal.wait_for("Any key goes back to the lights, q ends.")
        terminal.press("q")
        assert terminal.end() == 0
    finally:
        terminal.close()
