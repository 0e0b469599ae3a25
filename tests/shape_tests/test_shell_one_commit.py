"""Step 13's remarks on commits and approvals, green either way; and bugs in a learner's own words."""

import ast
import importlib.util
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from nbkata.common.shell.clock import now
from nbkata.guard.core.approvals import approval_line
from nbkata.guard.core.paths import APPROVALS
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import create_workspace
from nbkata.workspace.core.journal import Move
from nbkata.workspace.shell.git import run_git


@pytest.fixture(name="shape")
def fixture_shape(pytestconfig: pytest.Config) -> Any:
    kit = load_kit()
    assert isinstance(kit, Kit)
    pytestconfig.addinivalue_line("markers", "slow(what, needs): as the plugin registers it")
    path = kit.exercises / "13-other-hat" / "test_shape.py"
    spec = importlib.util.spec_from_file_location("other_hat", path)
    assert spec and spec.loader
    spec.loader.exec_module(shape := importlib.util.module_from_spec(spec))
    return shape


@pytest.fixture(name="workspace")
def fixture_workspace(tmp_path: Path) -> Path:
    """At step 13, a repository, with nothing in it yet."""
    kit = load_kit()
    assert isinstance(kit, Kit)
    workspace = create_workspace(tmp_path / "workspace", kit)
    workspace.note(Move(now(), "13-other-hat", "next"))
    run_git(workspace.path, "init", "--quiet")
    (workspace.path / "tests" / "golden").mkdir(parents=True)
    return workspace.path


def committed(workspace: Path, message: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@localhost")
    run_git(workspace, "add", "--all")
    run_git(workspace, *who, "commit", "--quiet", "--no-gpg-sign", "-m", message)


@pytest.mark.parametrize(("commits", "waits"), [(1, False), (0, True), (2, False), (1, True)])
def test_all_fixes_in_one_commit_are_remarked(
    workspace: Path, shape: Any, commits: int, waits: bool
):
    code = workspace / "src" / "code.py"
    for number in range(commits + waits):
        code.write_text(f"a = {number}\n", encoding="utf-8")
        if number < commits:
            committed(workspace, "fix")
    notes: list[str] = []

    shape.test_one_bug_is_one_commit(workspace, lambda _, text: notes.append(text))

    said = "".join(notes)
    assert ("one commit a bug" in said) == (commits + waits == 1)
    assert ("would be one commit now" in said) == (waits and not commits)


def test_a_commit_of_golden_files_without_an_approval_is_remarked(workspace: Path, shape: Any):
    for name in ("src/code.py", "tests/golden/a.csv", "tests/golden/b.csv"):
        (workspace / name).write_text("1\n", encoding="utf-8")
        if name.endswith("b.csv"):
            (workspace / APPROVALS).write_text("123 bug 2\n", encoding="utf-8")
        committed(workspace, name)
    notes: list[str] = []

    shape.test_each_commit_approves_its_golden_files(workspace, lambda _, text: notes.append(text))

    bare = run_git(workspace, "log", "--format=%h", "-1", "HEAD~1").stdout.strip()
    assert [note.partition(",")[0] for note in notes] == [f"Commit {bare} changes golden files"]


def test_a_commit_of_golden_files_that_is_approved_in_the_next_one_is_not(
    workspace: Path, shape: Any
):
    said: list[int] = []
    for name in ("tests/golden/a.csv", "tests/golden/b.csv", APPROVALS, "src/code.py"):
        (workspace / name).write_text("1\n", encoding="utf-8")
        notes: list[str] = []
        if name == APPROVALS:
            shape.test_each_commit_approves_its_golden_files(
                workspace, lambda _, text, notes=notes: notes.append(text)
            )
            said.append(len(notes))
            notes.clear()
        committed(workspace, name)
        shape.test_each_commit_approves_its_golden_files(
            workspace, lambda _, text, notes=notes: notes.append(text)
        )
        said.append(len(notes))

    assert said == [1, 2, 1, 1, 1], "of the first commit nothing is said later either"


def test_golden_files_that_nobody_approved_are_remarked(tmp_path: Path, shape: Any):
    golden, old = "tests/golden/metrics.json", tmp_path / "old.json"
    old.write_text("1\n", encoding="utf-8")
    (tmp_path / golden).parent.mkdir(parents=True)
    notes: list[str] = []

    def said(text: str) -> list[str]:
        notes.clear()
        (tmp_path / golden).write_text(text, encoding="utf-8", newline="\n")
        shape.test_the_golden_record_is_approved(
            tmp_path, {golden: old}, lambda _, text: notes.append(text)
        )
        return notes

    assert not said("1\n")
    assert "(tests/golden/metrics.json): nbkata guard --approve" in said("2\n")[0]
    line = approval_line({golden: "2\n"}, "bug 5")
    (tmp_path / APPROVALS).write_text(line, encoding="utf-8")
    assert not said("2\n")
    assert said("3\n")
    run_git(tmp_path, "init", "--quiet")
    assert not said("3\n"), "check says it, with nbkata guard's words"


def test_a_bug_in_the_learners_own_words_is_known_by_its_number(tmp_path: Path, shape: Any):
    before = tmp_path / "BUGS.md"
    before.write_text("# Bugs\n\n1. Bands first, and gaps later.\n6. No log.\n", encoding="utf-8")
    with pytest.raises(AssertionError, match=r"line 3 still lists a bug of the five: 1\. Bands"):
        shape.test_no_bug_that_is_fixed_is_listed_any_more(
            shape.lines_of(before), {"BUGS.md": before}
        )
    shape.test_no_bug_that_is_fixed_is_listed_any_more(["6. No log."], {"BUGS.md": before})


def test_bugs_in_own_words_without_numbers_are_off_the_list_as_well(tmp_path: Path, shape: Any):
    before = tmp_path / "BUGS.md"
    mine = ["- Bands first.", "- Over 64.", "- The cap.", "- Expensive.", "- The score."]
    before.write_text("# Bugs\n\n" + "\n".join([*mine, "- No log."]) + "\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="still has 2 of the 6 lines"):
        shape.test_no_bug_that_is_fixed_is_listed_any_more(
            [mine[4], "- No log."], {"BUGS.md": before}
        )
    shape.test_no_bug_that_is_fixed_is_listed_any_more(["- No log."], {"BUGS.md": before})


def test_a_depth_whose_mark_says_how_it_was_chosen_is_named_once(tmp_path: Path, shape: Any):
    code = tmp_path / "model.py"
    mark = "# [code smell] chosen-by-test-score: 8 is best on test\n"
    keyword = ast.keyword("max_depth", ast.Constant(8), lineno=2)
    learner = SimpleNamespace(files=[code], nodes=lambda: [(code, keyword)], shown=str)
    for text, ends in ((mark, pytest.skip.Exception), ("", AssertionError)):
        code.write_text(f"{text}fit(max_depth=8)\n", encoding="utf-8")
        with pytest.raises(ends):
            shape.test_it_is_written_down_how_the_depth_was_chosen(learner, tmp_path, {})


@pytest.mark.parametrize(
    ("mark", "rows", "bugs", "is_said"),
    [
        ("data-leakage: of all rows", 5, ["# Bugs", "None left."], True),
        ("data-leakage: of all rows", 5, ["A leak is left: it changes nothing."], False),
        ("data-leakage: of all rows", 5, ["The means of ages are of all."], False),
        ("data-leakage: of all rows", 3, [], False),
        ("magic-number: 8", 3, [], True),
        ("chosen-by-test-score: the depth", 3, [], False),
    ],
    ids=["a leak", "a leak by its kind", "by its function", "it is given the training rows", "a number",
         "a choice: its comment is another now"],
)  # fmt: skip
def test_a_marked_function_that_is_as_it_was_is_named_in_bugs(
    tmp_path: Path, shape: Any, mark: str, rows: int, bugs: list[str], is_said: bool
):
    code = "def learn_means(rows):\n    # mark\n    return rows.mean()\n"
    (tmp_path / "old.py").write_text(code.replace("mark", f"[code smell] {mark}"), "utf-8")
    call = SimpleNamespace(arguments={"rows": pd.DataFrame({"Age": range(rows)})})
    learner = SimpleNamespace(
        nodes=lambda: [("model.py", node) for node in ast.parse(code).body],
        shown=str,
        run=SimpleNamespace(
            results={"X_train": range(3), "X_test": range(2)},
            functions=[SimpleNamespace(name="learn_means", calls=[call])],
        ),
    )
    said = []
    try:
        shape.test_what_is_left_is_written_down_with_its_reason(
            learner, {"src/model.py": tmp_path / "old.py"}, bugs
        )
    except AssertionError as error:
        said = [str(error)]

    assert bool(said) == is_said
