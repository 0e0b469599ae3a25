"""`nbkata guard`: in a repository, in its index, in a branch; and approving."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from support.builders import output_of
from support.guard_cases import PROJECT

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed here")


@pytest.fixture(name="project")
def fixture_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small project in a repository of its own, below a folder of it, with the current folder there."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    folder = tmp_path / "team" / "flats é"
    for name, text in PROJECT.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    monkeypatch.chdir(folder)
    git("init", "-q", "-b", "main", "..")
    commit()
    return folder


def git(*arguments: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "core.autocrlf=false")
    subprocess.run(["git", *who, *arguments], check=True, capture_output=True)


def commit() -> None:
    git("add", "-A")
    git("commit", "-q", "-m", "one")


def test_it_looks_at_what_is_not_committed_or_staged_or_in_a_branch(project: Path):
    assert output_of("guard") == (0, "The safety net is as strong as at the last commit.\n", "")
    git("switch", "-q", "-c", "theirs")
    (project / "tests" / "test_characterization.py").unlink()
    assert output_of("guard")[0] == 1
    assert output_of("guard", "--staged")[0] == 0
    git("add", "-A")
    code, output, _ = output_of("guard", "--staged")
    assert code == 1
    assert output.startswith("tests/test_characterization.py:24: test deleted: test_the_flats_are")
    commit()
    assert output_of("guard")[0] == 0
    is_as_strong = "The safety net is as strong as where this branch left theirs.\n"
    assert output_of("guard", "--base", "theirs")[1] == is_as_strong
    code, output, _ = output_of("guard", "--base", "main", "--format", "json")
    assert code == 1
    assert {one["kind"] for one in json.loads(output)["findings"]} == {"deleted"}
    code, output, _ = output_of("guard", "--base", "main", "--format", "github")
    assert output.startswith(
        "::error file=tests/test_characterization.py,line=24,title=nbkata guard"
    )
    assert output_of("guard", "--base", "nowhere")[0] == 2


def test_a_new_file_that_git_does_not_know_yet_counts(project: Path):
    unit = project / "tests" / "test_prices.py"
    moved = project / "tests" / "unit" / "test_prices.py"
    moved.parent.mkdir()
    unit.rename(moved)
    assert output_of("guard")[0] == 0
    moved.write_text(moved.read_text("utf-8").replace("assert band(51) == 1", "pass"), "utf-8")
    assert "assert band(51) == 1" in output_of("guard")[1]


def test_results_that_moved_on_purpose_are_approved_by_an_act_of_its_own(project: Path):
    metrics = project / "tests" / "golden" / "metrics.json"
    metrics.write_text('{"mean": 6.0}\n', "utf-8")
    code, output, _ = output_of("guard")
    assert code == 1 and 'nbkata guard --approve "why"' in output
    assert output_of("guard", "--approve", "gaps take the mean")[0] == 0
    assert "  gaps take the mean\n" in (project / "tests" / "approvals.txt").read_text("utf-8")
    assert output_of("guard")[0] == 0
    metrics.write_text('{"mean": 7.0}\n', "utf-8")
    assert output_of("guard")[0] == 1


def test_what_is_approved_already_is_not_approved_once_more(project: Path):
    approvals, unit = project / "tests" / "approvals.txt", project / "tests" / "test_prices.py"
    assert output_of("guard", "--approve", "as it was met")[1].startswith("Approved, in ")
    kept = approvals.read_bytes()
    code, output, _ = output_of("guard", "--approve", "why")
    assert (code, approvals.read_bytes()) == (0, kept)
    assert output.startswith("Nothing to approve: no golden file has changed since it was approved")
    commit()
    (project / "src" / "prices.py").write_text(
        (project / "src" / "prices.py").read_text("utf-8") + "\nMOST = 3\n", "utf-8"
    )
    unit.write_text(unit.read_text("utf-8").replace("band(51) == 1", "band(51) == 2"), "utf-8")
    assert "net and code changed together" in output_of("guard")[1]
    assert output_of("guard", "--approve", "the bands changed")[1].startswith("Approved, in ")
    assert output_of("guard")[0] == 0


def test_where_no_golden_file_is_nothing_is_approved(project: Path):
    for path in [one for one in (project / "tests" / "golden").rglob("*") if one.is_file()]:
        path.unlink()
    commit()
    code, output, _ = output_of("guard", "--approve", "why")
    assert code == 0 and output.startswith("Nothing to approve")
    assert not (project / "tests" / "approvals.txt").exists()


def test_in_the_kits_own_folder_it_means_the_workspace_below_as_the_other_commands_do(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
):
    kit = tmp_path_factory.mktemp("kit")
    (project / ".nbkata").mkdir()
    project.rename(kit / "workspace")
    monkeypatch.chdir(kit / "workspace")
    git("init", "-q", "-b", "main")
    commit()
    monkeypatch.chdir(kit)
    golden = kit / "workspace" / "tests" / "golden" / "metrics.json"
    golden.write_text('{"mean": 6.0}\n', "utf-8")
    code, output, complaint = output_of("guard")
    assert code == 1 and "golden record changed" in output
    assert complaint.strip() == "In workspace/:"
    code, output, complaint = output_of("guard", "--base", "main")
    assert (code, complaint.strip()) == (0, "In workspace/:"), output + complaint
    assert output_of("guard", "--approve", "why")[0] == 0
    assert (kit / "workspace" / "tests" / "approvals.txt").is_file()
    assert not (kit / "tests").exists()
    assert output_of("guard", "--folder", ".")[0] == 2


def test_without_a_repository_or_a_golden_record_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert "this is in no git repository. Make one: git init" in output_of("guard")[2]
    assert (
        "there are no tests and no golden record here" in output_of("guard", "--approve", "why")[2]
    )
    assert list(tmp_path.iterdir()) == []
