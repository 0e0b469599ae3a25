"""shell/git.py: a repository for the workspace, and commits of its files alone."""

import shutil
import subprocess
from pathlib import Path

import pytest

from nbkata.core.refusal import Refusal
from nbkata.shell.git import Repository, make_repository, repository_of

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed here")


@pytest.fixture(autouse=True)
def _nobody_is_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which git was never told who commits."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=True)
    return done.stdout.decode()


@pytest.fixture(name="dojo")
def fixture_dojo(tmp_path: Path) -> Path:
    dojo = tmp_path / "dojo"
    dojo.mkdir()
    (dojo / "train.py").write_text("x = 1\n", "utf-8")
    return dojo


def test_a_workspace_gets_a_repository_with_a_first_commit(dojo: Path):
    made = make_repository(dojo, "The notebook as it was met")
    assert isinstance(made, Repository) and not made.changed
    assert git(dojo, "log", "--format=%s").strip() == "The notebook as it was met"
    assert git(dojo, "ls-files").split() == ["train.py"]


def test_inside_a_repository_no_other_is_made_and_only_its_own_files_are_committed(
    tmp_path: Path, dojo: Path
):
    git(tmp_path, "init", "--quiet")
    (tmp_path / "thesis.txt").write_text("years of work", "utf-8")
    git(tmp_path, "add", "thesis.txt")
    assert make_repository(dojo, "first") is None
    found = repository_of(dojo)
    assert found is not None and found.changed and found.place == "dojo"
    assert isinstance(found.commit("Mine alone"), str)
    assert git(tmp_path, "show", "--name-only", "--format=%s").split() == [
        *("Mine", "alone", "dojo/train.py")
    ]
    assert git(tmp_path, "diff", "--cached", "--name-only").split() == ["thesis.txt"]


def test_where_the_outer_repository_ignores_it_the_workspace_gets_its_own(
    tmp_path: Path, dojo: Path
):
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".gitignore").write_text("/dojo/\n", "utf-8")
    assert repository_of(dojo) is None
    assert isinstance(make_repository(dojo, "first"), Repository)
    assert repository_of(dojo) is not None
    assert (dojo / ".git").is_dir()
    assert "dojo" not in git(tmp_path, "status", "--porcelain")


def test_a_commit_that_a_hook_refuses_says_why(dojo: Path):
    made = make_repository(dojo, "first")
    assert isinstance(made, Repository)
    (made.hooks / "pre-commit").parent.mkdir(exist_ok=True)
    (made.hooks / "pre-commit").write_text("#!/bin/sh\necho not today >&2\nexit 1\n", "utf-8")
    (made.hooks / "pre-commit").chmod(0o755)
    (dojo / "train.py").write_text("x = 2\n", "utf-8")
    refusal = made.commit("Change x")
    assert isinstance(refusal, Refusal)
    assert "git did not commit: not today. Mend it, then commit yourself" in str(refusal)


def test_what_is_staged_is_told_by_its_place_in_the_workspace(tmp_path: Path, dojo: Path):
    git(tmp_path, "init", "--quiet")
    (dojo / "a b é.py").write_text("", "utf-8")
    git(tmp_path, "add", ".")
    found = repository_of(dojo)
    assert found is not None and sorted(found.staged()) == ["a b é.py", "train.py"]


def test_without_git_there_is_no_repository(dojo: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert repository_of(dojo) is None and make_repository(dojo, "first") is None
