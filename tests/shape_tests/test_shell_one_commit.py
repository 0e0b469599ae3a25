"""Step 13's remark on commits: green either way, since there may be no git."""

import importlib.util
from pathlib import Path

import pytest

from nbkata.common.shell.clock import now
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import create_workspace
from nbkata.workspace.core.journal import Move
from nbkata.workspace.shell.git import run_git


@pytest.mark.parametrize(("commits", "waits"), [(1, False), (0, True), (2, False), (1, True)])
def test_all_fixes_in_one_commit_are_remarked(
    tmp_path: Path, pytestconfig: pytest.Config, commits: int, waits: bool
):
    kit = load_kit()
    assert isinstance(kit, Kit)
    pytestconfig.addinivalue_line("markers", "slow(what, needs): as the plugin registers it")
    path = kit.exercises / "13-other-hat" / "test_shape.py"
    spec = importlib.util.spec_from_file_location("other_hat", path)
    assert spec and spec.loader
    spec.loader.exec_module(shape := importlib.util.module_from_spec(spec))
    workspace = create_workspace(tmp_path / "workspace", kit)
    workspace.note(Move(now(), "13-other-hat", "next"))
    code = workspace.path / "src" / "code.py"
    run_git(workspace.path, "init", "--quiet")
    who = ("-c", "user.name=a", "-c", "user.email=a@localhost")
    for number in range(commits + waits):
        code.write_text(f"a = {number}\n", encoding="utf-8")
        if number < commits:
            run_git(workspace.path, "add", "--all")
            run_git(workspace.path, *who, "commit", "--quiet", "--no-gpg-sign", "-m", "fix")
    notes: list[str] = []

    shape.test_one_bug_is_one_commit(workspace.path, lambda _, text: notes.append(text))

    said = "".join(notes)
    assert ("one commit a bug" in said) == (commits + waits == 1)
    assert ("not committed yet" in said) == (waits and not commits)
