"""`nbkata strength` for a branch: only what it changed, as a page and as annotations."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from support.builders import output_of

from nbkata.strength.shell.changed_lines import changed_lines

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed here")
OLD = "def older(x):\n    return x + 1\n\n\ndef newer(x):\n    return x\n"
NEW = OLD.replace("return x\n", "return x * 7\n")
WEAK = "from work import older, newer\n\n\ndef test_it():\n    assert older(1) is not None\n    assert newer(2) > 1\n"


@pytest.fixture(name="project")
def fixture_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A branch that changed the second of two functions, and added a file; not yet committed."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    folder = tmp_path / "a b"
    folder.mkdir()
    (folder / "work.py").write_text(OLD, "utf-8")
    (folder / "test_work.py").write_text(WEAK, "utf-8")
    who = ("-c", "user.name=a", "-c", "user.email=a@b")
    for asked in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-q", "-m", "one")):
        subprocess.run(["git", *who, *asked], cwd=folder, check=True, capture_output=True)
    (folder / "work.py").write_text(NEW, "utf-8")
    (folder / "näher.py").write_text("A = 1\n", "utf-8")
    monkeypatch.chdir(folder)
    return folder


def test_only_the_lines_that_a_branch_changed_are_measured_and_shown(project: Path):
    assert changed_lines(project, "main") == ("work.py:6", "näher.py:1")
    code, output, _ = output_of(
        "strength", "--diff", "main", "--json", "--html", "page.html", "--fail-under", "90"
    )
    answer = json.loads(output)
    assert code == 1 and answer["targets"] == ["work.py"]
    assert {one["line"] for one in answer["survivors"]} == {6}
    page = (project / "page.html").read_text("utf-8")
    assert "<h2>work.py, line 6" in page and "return x * 8" in page and "would have seen it" in page
    code, output, _ = output_of("strength", "--diff", "main", "--github")
    assert output.startswith("::warning file=work.py,line=6,title=nbkata strength%3A ")


def test_a_branch_that_changed_no_code_has_nothing_to_measure(project: Path):
    (project / "work.py").write_text(OLD, "utf-8")
    (project / "näher.py").unlink()
    (project / "test_work.py").write_text(WEAK + "\n", "utf-8")
    output = output_of("strength", "--diff", "main")
    assert output == (0, "No line of code changed since this branch left main.\n", "")
    assert "git knows no revision 'gone' here" in output_of("strength", "--diff", "gone")[2]
