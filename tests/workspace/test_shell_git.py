"""workspace/shell/git.py: a repository for the workspace, and commits of its files alone."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nbkata.common.core.refusal import Refusal
from nbkata.workspace.shell import git as git_module
from nbkata.workspace.shell.git import Repository, make_repository, repository_of

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
    assert isinstance(found, Repository) and found.changed and found.place == "dojo"
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
    assert "git did not commit: not today. Fix it, then commit yourself" in str(refusal)


def test_of_the_kits_hooks_the_first_that_is_red_is_named_with_what_it_found(dojo: Path):
    made = make_repository(dojo, "first")
    assert isinstance(made, Repository)
    (made.hooks / "pre-commit").parent.mkdir(exist_ok=True)
    said = "  ✓  black would change nothing\n  ✗  pylint finds no error\n     *** Module a\n     a.py:1: E1\n"
    script = f"#!/bin/sh\nprintf '%s' '{said}' >&2\nexit 1\n"
    (made.hooks / "pre-commit").write_text(script, "utf-8")
    (made.hooks / "pre-commit").chmod(0o755)
    (dojo / "train.py").write_text("x = 2\n", "utf-8")
    refusal = made.commit("Change x")
    assert isinstance(refusal, Refusal)
    assert refusal.what == (
        "git did not commit: the hook that looks whether pylint finds no error is red: a.py:1: E1."
    )
    assert "nbkata hooks --run says all of it" in refusal.next_step


def test_what_is_staged_is_told_by_its_place_in_the_workspace(tmp_path: Path, dojo: Path):
    git(tmp_path, "init", "--quiet")
    (dojo / "a b é.py").write_text("", "utf-8")
    git(tmp_path, "add", ".")
    found = repository_of(dojo)
    assert isinstance(found, Repository) and sorted(found.staged()) == ["a b é.py", "train.py"]


def test_without_git_there_is_no_repository(dojo: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert repository_of(dojo) is None and make_repository(dojo, "first") is None


UNFORTUNATE = """
[commit]
gpgSign = true
[gpg]
program = {home}/no-such-program
[init]
templateDir = {home}/template
[status]
showUntrackedFiles = no
[core]
autocrlf = true
safecrlf = true
hooksPath = {home}/hooks
fsmonitor = {home}/notes-that-it-was-called
[user]
useConfigOnly = true
email = somebody@example.org
[alias]
commit = "!exit 1"
[include]
path = no-such-file
"""


def script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    path.chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="the hooks are shell scripts")
def test_no_setting_of_a_persons_keeps_a_workspace_from_its_commits_or_is_written_to(
    tmp_path: Path, dojo: Path, monkeypatch: pytest.MonkeyPatch
):
    home = tmp_path / "home"
    script(home / "hooks" / "commit-msg", "echo no ticket >&2; exit 1")
    script(home / "template" / "hooks" / "post-commit", f"touch {home}/written")
    script(home / "notes-that-it-was-called", f"touch {home}/called")
    settings = home / "gitconfig"
    settings.write_text(UNFORTUNATE.format(home=home.as_posix()), "utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    before = sorted(home.rglob("*"))
    made = make_repository(dojo, "first")
    assert isinstance(made, Repository)
    (dojo / "new.py").write_text("x = 2\n", "utf-8")
    assert made.changed
    (home / "hooks" / "commit-msg").write_text("#!/bin/sh\n", "utf-8")
    assert isinstance(made.commit("second"), str)
    assert git(dojo, "log", "--format=%s %an %ae").splitlines() == [
        *("second nbkata learner somebody@example.org", "first nbkata learner somebody@example.org")
    ]
    assert sorted(home.rglob("*")) == before


@pytest.mark.parametrize(
    "name", ["GIT_DIR", "GIT_OBJECT_DIRECTORY", "GIT_TEMPLATE_DIR", "GIT_TRACE"]
)
def test_no_variable_of_an_outer_git_leads_a_commit_elsewhere(
    tmp_path: Path, dojo: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    outer = tmp_path / "outer"
    (outer / "hooks").mkdir(parents=True)
    (outer / "hooks" / "pre-commit").write_text("", "utf-8")
    path = outer / "trace" if name == "GIT_TRACE" else outer
    before = sorted(outer.rglob("*"))
    monkeypatch.setenv(name, str(path))
    made = make_repository(dojo, "first")
    monkeypatch.delenv(name)
    assert isinstance(made, Repository)
    assert git(dojo, "log", "--format=%s").strip() == "first"
    assert sorted(outer.rglob("*")) == before
    assert not (dojo / ".git" / "hooks" / "pre-commit").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_in_place_of_a_repository_is_not_followed(tmp_path: Path, dojo: Path):
    (dojo / ".git").symlink_to(tmp_path / "elsewhere")
    refusal = make_repository(dojo, "first")
    assert isinstance(refusal, Refusal)
    assert "this leads to no repository" in str(refusal)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other owners")
def test_a_repository_of_another_person_is_refused_with_gits_own_advice(
    tmp_path: Path, dojo: Path, monkeypatch: pytest.MonkeyPatch
):
    git(tmp_path, "init", "--quiet")
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setattr(git_module, "KEPT_BEGINNINGS", ("GIT_TEST_",))
    for refusal in (repository_of(dojo), make_repository(dojo, "first")):
        assert isinstance(refusal, Refusal)
        assert "git config --global --add safe.directory" in str(refusal)
    assert not (dojo / ".git").exists()
