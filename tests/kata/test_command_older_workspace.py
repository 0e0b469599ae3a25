"""A workspace that an older version made still opens: its journal, its snapshots and its undo.

``tests/data/workspace-of-0.1.zip`` was made by the last version before the rooms: start, catch-up 06,
check, a line of the learner's own in src/train.py, catch-up 07. Its data are the kit's, so not in it.
"""

import zipfile
from pathlib import Path

import pytest
from conftest import Nbkata

from nbkata.kata.shell.kit import Kit, load_kit

OLD = Path(__file__).parents[1] / "data" / "workspace-of-0.1.zip"


@pytest.fixture(name="nbkata")
def fixture_nbkata(nbkata_inside: Nbkata) -> Nbkata:
    """In this process: none of these tests asks how one begins and ends."""
    return nbkata_inside


@pytest.fixture(name="old")
def fixture_old(tmp_path: Path) -> Path:
    """The workspace as it was kept."""
    kit = load_kit()
    assert isinstance(kit, Kit)
    with zipfile.ZipFile(OLD) as kept:
        kept.extractall(tmp_path / "workspace")
    for name, source in kit.start_files.items():
        if name.startswith("data/"):
            (tmp_path / "workspace" / "data").mkdir(exist_ok=True)
            (tmp_path / "workspace" / name).write_bytes(source.read_bytes())
    return tmp_path / "workspace"


def test_an_older_workspace_is_at_its_step_and_gives_back_what_catch_up_replaced(
    nbkata: Nbkata, old: Path
):
    status = nbkata("status", cwd=old)
    assert status.returncode == 0 and status.stdout.startswith("07  Extract who is alone")
    listed = nbkata("undo", "--list", cwd=old)
    assert listed.returncode == 0 and "catch-up 06" in listed.stdout
    assert not (old / "src" / "train.py").read_text("utf-8").endswith("# mine\n")
    undone = nbkata("undo", cwd=old)
    assert undone.returncode == 0, undone.stderr
    assert (old / "src" / "train.py").read_text("utf-8").endswith("# mine\n")
    assert nbkata("status", cwd=old).stdout.startswith("06  Extract the titles")
    assert nbkata("undo", "1", cwd=old).returncode == 0
    assert (old / "notebooks" / "titanic.ipynb").is_file()
    assert not (old / "src" / "train.py").exists()


def test_an_older_workspace_is_caught_up_and_undone_by_this_version(nbkata: Nbkata, old: Path):
    before = (old / "src" / "train.py").read_bytes()
    caught = nbkata("catch-up", "08", cwd=old)
    assert caught.returncode == 0 and (old / "src" / "train.py").read_bytes() != before
    assert nbkata("undo", cwd=old).returncode == 0
    assert (old / "src" / "train.py").read_bytes() == before
    assert nbkata("status", cwd=old).stdout.startswith("07  Extract who is alone")
