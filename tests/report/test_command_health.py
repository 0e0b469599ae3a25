"""`nbkata report --health`: measured where it can be, asked where only people know."""

import hashlib
import json
import subprocess
from pathlib import Path

import pytest
from conftest import Nbkata
from support.builders import notebook_of, write_json

from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import create_workspace
from nbkata.report.shell.health import reproducibility


@pytest.fixture(name="nbkata")
def fixture_nbkata(nbkata_inside: Nbkata) -> Nbkata:
    """In this process: none of these tests asks how one begins and ends."""
    return nbkata_inside


@pytest.fixture(name="workspace")
def fixture_workspace(tmp_path: Path) -> Path:
    kit = load_kit()
    assert isinstance(kit, Kit)
    create_workspace(tmp_path / "a b", kit)
    return tmp_path / "a b"


def test_the_messy_notebook_is_not_healthy_and_people_are_asked(nbkata: Nbkata, workspace: Path):
    (workspace / "health.toml").write_text("knowledge = 3\n", encoding="utf-8")
    done = nbkata("report", "--health", cwd=workspace)
    assert done.returncode == 0, done.stderr
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    for expected in (
        "Safety net at risk there is nothing to measure; healthy: tests",
        "Shared knowledge at risk one could, or nobody; healthy: three people",
        "Delivery not judged only people can",
        "✗ Pinned versions no lock file, no requirements.txt with ==",
        "✓ Data with checksums each file's sha256 is written down",
        "delivery = 1",
    ):
        assert expected in lines, done.stdout


def test_a_wrong_answer_is_refused_before_anything_is_measured(nbkata: Nbkata, workspace: Path):
    for text, complaint in (
        ("knowledge = 9\n", "health.toml: knowledge must be 1, 2 or 3, not 9. Correct the line."),
        ("knowledge\n", "a b/health.toml: it cannot be read (Expected '='"),
    ):
        (workspace / "health.toml").write_text(text, encoding="utf-8")
        done = nbkata("report", "--health", "--workspace", "a b", cwd=workspace.parent)
        assert done.returncode == 2 and complaint in done.stderr, done.stderr


def test_an_adopted_notebook_is_rated_by_its_own_net(nbkata: Nbkata, tmp_path: Path):
    notebook = notebook_of("a = [2, 3, 5]", "total = sum(a) * 2\ntotal")
    write_json(tmp_path / "mine.ipynb", notebook)
    assert nbkata("adopt", "mine.ipynb").returncode == 0
    done = nbkata("report", "--health", "--json", "--workspace", "mine-adopted")
    assert done.returncode == 0, done.stderr
    rows = {row["row"]: row for row in json.loads(done.stdout)["health"]}
    assert rows["Safety net"]["level"] == "healthy", rows
    assert rows["Delivery"]["level"] == "not judged"


def made(folder: Path, **files: str) -> Path:
    """A project in git, tests included, whose checklist is fulfilled."""
    data = "age\n1\n"
    texts = {
        "data/people.csv": data,
        "src/model.py": "import numpy as np\n\nX = np.random.default_rng(1).normal()\n",
        "tests/test_it.py": "def test_it():\n    assert open('data/people.csv').read()\n",
        "requirements.txt": "numpy==2.4.0\npandas[excel] == 3.0\n",
        "README.md": f"`python src/model.py`\n\npeople.csv {hashlib.sha256(data.encode()).hexdigest()}\n",
        **files,
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    for command in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


def test_a_reproducible_project_passes_all_five(tmp_path: Path):
    checks = reproducibility(made(tmp_path))
    assert [check.title for check in checks if check.ok] == [
        "Fixed seeds",
        "Pinned versions",
        "Data with checksums",
        "Runs from a fresh clone",
        "Documented steps",
    ], json.dumps([check.evidence for check in checks])


@pytest.mark.parametrize(
    ("files", "title", "evidence"),
    [
        (
            {"src/model.py": "import numpy as np\n\nX = np.random.normal()\n"},
            "Fixed seeds",
            "model.py, line 3 draws without a seed",
        ),
        (
            {"requirements.txt": "numpy\npandas==3\n"},
            "Pinned versions",
            "requirements.txt pins 1 of 2",
        ),
        ({"data/people.csv": "age\n2\n"}, "Data with checksums", "people.csv has none"),
        (
            {".gitignore": "data/\n"},
            "Runs from a fresh clone",
            "fails: test_it.py, test_it",
        ),
        ({"README.md": "A model.\n"}, "Documented steps", "README.md names no command"),
    ],
)
def test_what_is_missing_is_named(files: dict[str, str], title: str, evidence: str, tmp_path: Path):
    (check,) = [one for one in reproducibility(made(tmp_path, **files)) if one.title == title]
    assert not check.ok and check.evidence.startswith(evidence), check.evidence
