"""`nbkata hooks`: what it installs, what it runs, what it says."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from support.builders import ROOT, output_of

from nbkata.common.core.refusal import Refusal
from nbkata.kata.core.hooks import Hook, hooks_in, script
from nbkata.kata.core.kata import Step
from nbkata.kata.core.lights import Light, Verdict
from nbkata.kata.shell import file_lint
from nbkata.kata.shell.check import Observation
from nbkata.kata.shell.hooks import CONFIGURATION, read_hooks
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.settings import settings_for
from nbkata.kata.shell.workspace import create_workspace
from nbkata.workspace.shell.git import make_repository

HOOK = Hook("black", ("python", "-m", "black"), r"\.py$", True)


def test_a_hook_gets_the_files_that_are_its_business():
    assert HOOK.on(["a.py", "b.md"]) == ("python", "-m", "black", "a.py")
    assert HOOK.on(["b.md"]) == ()
    assert Hook("tests", ("pytest",), r"\.py$", False).on(["a.py"]) == ("pytest",)


@pytest.mark.parametrize(
    "document",
    [None, [], {}, {"repos": []}, {"repos": [{"repo": "local", "hooks": [{"id": "x"}]}]},
     {"repos": [{"repo": "local", "hooks": [{"id": "x", "entry": "x", "files": "("}]}]}],
)  # fmt: skip
def test_a_configuration_that_is_none_is_refused(document: object):
    assert str(hooks_in(document, "c.yaml")).startswith("c.yaml: ")


def test_the_script_survives_spaces_in_paths():
    text = script("/opt/a b/python", "my work", ".nbkata")
    assert text.splitlines()[0] == "#!/bin/sh"
    assert text.splitlines()[-1] == (
        "exec '/opt/a b/python' -m nbkata hooks --run --workspace 'my work'"
    )


def test_the_kits_own_configuration_is_of_the_same_kind():
    document = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    names = [hook.name for hook in hooks_in(document, "kit")]  # type: ignore[union-attr]
    assert len(names) == 3


@pytest.fixture(name="dojo")
def fixture_dojo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in a repository of its own, with the current folder in it."""
    if not shutil.which("git"):
        pytest.skip("git is not installed here")
    kit = load_kit()
    assert isinstance(kit, Kit)
    path = tmp_path / "a b é"
    create_workspace(path, kit, settings_for(kit, path))
    monkeypatch.chdir(path)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    make_repository(path, "first")
    return path


@pytest.fixture(name="settings")
def fixture_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of git's settings in a home of its own."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    return home / "gitconfig"


def git(*arguments: str) -> "subprocess.CompletedProcess[str]":
    who = ("-c", "user.name=a", "-c", "user.email=a@b")
    return subprocess.run(
        ["git", *who, *arguments], capture_output=True, encoding="utf-8", check=False
    )


QUICK_HOOKS = """
repos:
  - repo: local
    hooks:
      - id: short
        name: no file is long
        entry: python -c "import sys; sys.exit(any(len(open(p).read()) > 9 and print(p, 'is long') is None for p in sys.argv[1:]))"
        files: ^src/
"""


def test_a_commit_that_a_check_refuses_is_not_made(dojo: Path):
    (dojo / CONFIGURATION).write_text(QUICK_HOOKS, "utf-8")
    code, output, _ = output_of("hooks")
    assert code == 0
    assert output.startswith("Installed: .git")
    assert os.access(dojo / ".git" / "hooks" / "pre-commit", os.X_OK)

    (dojo / "src" / "train.py").write_text("x = 'far too long'\n", "utf-8")
    git("add", "-A")
    done = git("commit", "-m", "long")
    assert done.returncode == 1
    assert "no file is long" in done.stdout + done.stderr
    assert "src/train.py is long" in done.stdout + done.stderr

    (dojo / "src" / "train.py").write_text("x = 1\n", "utf-8")
    git("add", "-A")
    assert git("commit", "-m", "short").returncode == 0


def test_the_workspaces_own_checks_see_a_file_that_is_not_formatted_and_a_red_test(dojo: Path):
    (dojo / "src" / "train.py").write_text("x=1\n", "utf-8")
    (dojo / "tests" / "test_train.py").write_text(
        "from train import x\n\n\ndef test_x():\n    assert x == 2\n", "utf-8"
    )
    code, output, _ = output_of("hooks", "--run", "--all")
    assert code == 1
    assert "✗  black would change nothing" in output and "+x = 1" in output
    assert "✓  pylint finds no error" in output
    assert "✗  your tests pass" in output and "assert 1 == 2" in output


def test_tests_that_are_committed_without_the_code_find_what_they_import(dojo: Path):
    (dojo / "src" / "model.py").write_text("SEED = 22\n", "utf-8")
    git("add", "-A")
    git("commit", "-m", "the model")
    (dojo / "tests" / "test_model.py").write_text(
        "from model import SEED\n\n\ndef test_the_seed():\n    assert SEED == 22\n", "utf-8"
    )
    git("add", "-A")
    output = output_of("hooks", "--run")[1]
    assert "✓  pylint finds no error" in output and "import" not in output


def _green(_kit: Kit, step: Step, _at: Path, run: Callable[[Step], object], *_: object) -> Verdict:
    """Stands in for the lights: the run of the notebook takes seconds."""
    assert run(step)
    return Verdict(step.slug, Light(True, ("as it was",)), Light(True, ("as it was",)), 1.5)


@pytest.fixture(name="green_dojo")
def fixture_green_dojo(dojo: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace whose checks are green, whatever is in it."""
    run = Observation(None, "ran", 1.5)  # type: ignore[arg-type] # nobody looks at it
    monkeypatch.setattr("nbkata.kata.commands._lights.observe", lambda *_: run)
    monkeypatch.setattr("nbkata.kata.shell.check.check_step", _green)
    return dojo


@pytest.fixture(name="committed_test")
def fixture_committed_test(green_dojo: Path) -> Path:
    """A test that git knows."""
    test = green_dojo / "tests" / "test_sum.py"
    test.write_text("def test_sum():\n    assert sum([1, 2]) == 3\n", "utf-8")
    git("add", "-A")
    assert git("commit", "-m", "a test").returncode == 0
    return test


def test_a_commit_that_only_deletes_a_test_is_refused_and_check_says_so(committed_test: Path):
    assert output_of("hooks")[0] == 0
    committed_test.unlink()
    git("add", "-A")
    done = git("commit", "-m", "tidy up")
    assert done.returncode == 1
    assert "tests/test_sum.py:1: test deleted: test_sum is gone" in done.stdout + done.stderr
    _, output, _ = output_of("check")
    assert "Since your last commit the safety net got weaker: tests/test_sum.py:1: test" in output
    weaker = json.loads(output_of("check", "--json")[1])["guard"]
    assert [one["kind"] for one in weaker] == ["deleted"]


def test_of_a_commit_that_check_makes_it_says_that_the_commit_made_the_net_weaker(
    committed_test: Path,
):
    committed_test.unlink()
    _, output, _ = output_of("check", "--commit")
    assert "With this commit the safety net got weaker: tests/test_sum.py:1: test" in output
    assert "nbkata guard --base HEAD~1" in " ".join(output.split())
    assert "test deleted: test_sum is gone" in output_of("guard", "--base", "HEAD~1")[1]


def test_check_commits_no_golden_files_that_nobody_has_approved(green_dojo: Path):
    golden = green_dojo / "tests" / "golden" / "a.csv"
    golden.parent.mkdir(parents=True, exist_ok=True)
    golden.write_text("Age\n1\n", "utf-8")
    git("add", "-A")
    assert git("commit", "-m", "a golden file").returncode == 0
    golden.write_text("Age\n2\n", "utf-8")
    before = git("log", "--oneline").stdout

    for _ in range(2):  # what is known to be green is not checked again
        code, output, errors = output_of("check", "--commit")
        said = " ".join(f"{output} {errors}".split())
        assert code == 2
        assert "approves that, so nothing was committed" in said
        assert "tests/golden/a.csv:2" in said
        assert "the safety net got weaker" not in said, "it is said once"
        assert git("log", "--oneline").stdout == before

    assert output_of("guard", "--approve", "bug 1")[0] == 0
    assert output_of("check", "--commit")[0] == 0
    assert git("log", "--oneline").stdout.count("\n") == before.count("\n") + 1


def test_the_editors_lint_task_runs_what_the_hook_of_the_files_own_project_runs(
    dojo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    ran: list[tuple[list[str], Path]] = []

    def noted(command: list[str], cwd: Path, check: bool) -> "subprocess.CompletedProcess[str]":
        assert not check
        ran.append((command, cwd))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", noted)
    for project, file in ((dojo, dojo / "src" / "train.py"), (ROOT, ROOT / "src" / "x.py")):
        assert file_lint.main(str(file)) == 0
        hooks = read_hooks(project)
        assert not isinstance(hooks, Refusal)
        lint = next(hook for hook in hooks if "pylint" in hook.command)
        assert ran.pop() == ([sys.executable, *lint.command[1:], str(file)], project)
    (dojo / CONFIGURATION).write_text(QUICK_HOOKS, "utf-8")
    assert file_lint.main(str(dojo / "src" / "train.py")) == 2
    assert "no git hook of its project runs pylint" in capsys.readouterr().err


def test_with_nothing_staged_nothing_is_run(dojo: Path):
    assert dojo.is_dir()
    code, output, _ = output_of("hooks", "--run")
    assert code == 0
    assert output.count("✓") == 4


def test_a_hook_of_the_learners_is_never_overwritten(dojo: Path):
    path = dojo / ".git" / "hooks" / "pre-commit"
    path.parent.mkdir(exist_ok=True)
    path.write_text("#!/bin/sh\nexit 0\n", "utf-8")
    code, _, complaint = output_of("hooks")
    assert code == 2
    assert "there is a hook already, and it is not nbkata's. Add this line to it: " in complaint
    assert path.read_text("utf-8") == "#!/bin/sh\nexit 0\n"
    path.unlink()
    assert output_of("hooks")[0] == output_of("hooks")[0] == 0  # ours may be renewed


def test_a_lost_configuration_is_written_anew_and_a_broken_one_refused(dojo: Path):
    path = dojo / CONFIGURATION
    before = path.read_text("utf-8")
    path.unlink()
    assert output_of("hooks")[0] == 0
    assert path.read_text("utf-8") == before
    path.write_text("repos: [", "utf-8")
    code, _, complaint = output_of("hooks")
    assert code == 2
    assert f"{CONFIGURATION}: this is not YAML" in complaint


def test_without_a_repository_it_says_so(dojo: Path):
    shutil.rmtree(dojo / ".git")
    code, _, complaint = output_of("hooks")
    assert code == 2
    assert "this is in no git repository. Make one: git init" in complaint
    code, _, complaint = output_of("hooks", "--run")
    assert code == 2
    assert "hooks --run --all looks at all files." in complaint


def test_no_tests_yet_are_no_red_tests(tmp_path: Path):
    command = [sys.executable, "-m", "nbkata.kata.shell.quick_tests"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("included", [False, True])
def test_with_hooks_of_ones_own_for_all_repositories_nothing_is_installed(
    settings: Path, dojo: Path, included: bool
):
    (dojo / CONFIGURATION).unlink()
    folder = settings.parent / "my hooks"
    folder.mkdir()
    written = settings.parent / "included" if included else settings
    written.write_text(f'[core]\nhooksPath = "{folder.as_posix()}"\n', "utf-8")
    if included:
        settings.write_text("[include]\npath = included\n", "utf-8")
    code, message, complaint = output_of("hooks")
    assert code == 2 and not message
    assert f"git runs {folder / 'pre-commit'} here, and not a hook of this repository" in complaint
    assert "-m nbkata hooks --run --workspace ., or add that line to the hook there." in complaint
    assert not list(folder.iterdir()) and not (dojo / CONFIGURATION).exists()


@pytest.mark.parametrize("link", ["hooks", "hooks/pre-commit"])
def test_a_link_from_a_template_leads_no_hook_out_of_the_repository(
    settings: Path, dojo: Path, link: str
):
    if sys.platform == "win32":
        pytest.skip("links need rights there")
    outside = settings.parent / "outside"
    place = dojo / ".git" / link
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(outside)
    code, _, complaint = output_of("hooks")
    assert code == 2
    assert f"git runs {outside}" in complaint
    assert place.is_symlink() and not outside.exists()


def test_a_linked_working_tree_gets_the_hook_and_others_without_workspace_commit(
    settings: Path, dojo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert settings.parent.is_dir()
    tree, bare = tmp_path / "tree", tmp_path / "bare"
    for path in (tree, bare):
        assert git("worktree", "add", "--quiet", str(path)).returncode == 0
    shutil.copytree(dojo / ".nbkata", tree / ".nbkata")
    (tree / CONFIGURATION).write_text(QUICK_HOOKS, "utf-8")
    monkeypatch.chdir(tree)
    assert (tree / ".git").is_file()
    assert output_of("hooks")[0] == 0
    assert (dojo / ".git" / "hooks" / "pre-commit").is_file()
    for path, code in ((tree, 1), (bare, 0)):
        monkeypatch.chdir(path)
        (path / "src").mkdir(exist_ok=True)
        (path / "src" / "train.py").write_text("x = 'far too long'\n", "utf-8")
        git("add", "-A")
        assert git("commit", "-m", "long").returncode == code


def test_without_the_kit_commits_go_on_and_the_hook_says_so(
    settings: Path, dojo: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "executable", str(settings.parent / "gone" / "python"))
    assert output_of("hooks")[0] == 0
    (dojo / "src" / "train.py").write_text("x=1\n", "utf-8")
    git("add", "-A")
    done = git("commit", "-m", "unformatted")
    assert done.returncode == 0
    assert "nbkata is gone, and nobody looked at this commit. Its hook: .git/hooks" in done.stderr


def test_what_an_outer_hook_says_of_another_repository_leads_nothing_there(
    settings: Path, dojo: Path, monkeypatch: pytest.MonkeyPatch
):
    other = settings.parent / "other"
    other.mkdir()
    subprocess.run(["git", "init", "--quiet", str(other)], check=True)
    (other / "theirs.py").write_text("", "utf-8")
    subprocess.run(["git", "add", "theirs.py"], cwd=other, check=True)
    before = sorted(other.rglob("*"))
    (dojo / CONFIGURATION).write_text(
        "repos:\n- repo: local\n  hooks:\n  - id: x\n    entry: git hash-object -w src/later.py\n"
        "    pass_filenames: false\n",
        "utf-8",
    )
    (dojo / "src" / "train.py").write_text("mine = 1\n", "utf-8")
    git("add", "-A")
    (dojo / "src" / "later.py").write_text("later = 1\n", "utf-8")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    assert output_of("hooks")[0] == 0
    assert (dojo / ".git" / "hooks" / "pre-commit").is_file()
    assert output_of("hooks", "--run")[0] == 0
    assert sorted(other.rglob("*")) == before
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name)
    written = git("hash-object", "src/later.py").stdout.strip()
    assert git("cat-file", "-t", written).stdout == "blob\n"


def test_a_repository_that_git_does_not_open_is_named_with_the_reason(settings: Path, dojo: Path):
    assert dojo.is_dir()
    settings.write_text("[core\n", "utf-8")
    for words in (["hooks"], ["hooks", "--run"]):
        code, _, complaint = output_of(*words)
        assert code == 2
        assert "git does not open the repository here: bad config line 1 in file" in complaint
