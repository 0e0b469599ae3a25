"""What was seen green is remembered for the same code, tests and data, and for nothing else."""

from pathlib import Path

import pytest

from nbkata.shape_tests.shell.seen_green import SeenGreen


@pytest.mark.parametrize(
    ("changed", "note"),
    [
        ("BUGS.md", "19 of 20 caught"),
        ("src/train.py", ""),
        ("tests/test_a.py", ""),
        ("data/passengers.csv", ""),
    ],
)
def test_a_note_is_of_the_very_files_that_were_green(
    changed: str, note: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("NBKATA_CACHE", str(tmp_path / "cache"))
    workspace = tmp_path / "workspace"
    for name in ("src/train.py", "tests/test_a.py", "data/passengers.csv"):
        (workspace / name).parent.mkdir(parents=True, exist_ok=True)
        (workspace / name).write_text("1\n", encoding="utf-8")
    (workspace / "data" / ".ipynb_checkpoints").mkdir()
    first = SeenGreen(workspace, "04-characterize")
    assert first.note == ""
    first.keep("19 of 20 caught")
    assert SeenGreen(workspace, "04-characterize").note == "19 of 20 caught"
    assert SeenGreen(workspace, "05-dead-code").note == ""
    (workspace / changed).write_text("2\n", encoding="utf-8")
    assert SeenGreen(workspace, "04-characterize").note == note
