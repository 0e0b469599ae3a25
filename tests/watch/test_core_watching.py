"""What a change of files asks for, and how it is noticed."""

import json
import os
from pathlib import Path

from support.builders import notebook_of, write_json

from nbkata.watch.core.watching import Change, Content, change_between, is_watched
from nbkata.watch.shell.watch_files import AT_WORK_S, PAUSE_S, WatchedFiles

OLD, NEW = Content("old"), Content("new")


def test_code_and_data_are_run_again():
    change = change_between({"src/train.py": OLD}, {"src/train.py": NEW, "data/more.csv": NEW})
    assert change == Change(("data/more.csv", "src/train.py"), runs=True)


def test_tests_are_looked_at_without_a_run():
    assert change_between({}, {"tests/test_a.py": NEW}) == Change(("tests/test_a.py",), shape=True)


def test_outputs_and_counts_of_a_notebook_are_looked_at_without_a_run():
    before, now = {"n.ipynb": Content("code", "1")}, {"n.ipynb": Content("code", "2")}
    assert change_between(before, now) == Change(("n.ipynb",), shape=True)


def test_a_drill_asks_for_that_drill_alone():
    change = change_between({}, {"drills/11-rename/titles.py": NEW})
    assert change == Change(("drills/11-rename/titles.py",), drills=("11-rename",))


def test_what_a_run_writes_beside_the_sources_does_not_start_the_next():
    written = {"model.joblib": NEW, "data/made.csv": NEW}
    assert not change_between({}, written, while_running=True)
    saved = {"src/train.py": NEW, "tests/golden/rows.csv": NEW}
    assert change_between({}, {**written, **saved}, while_running=True).names == tuple(
        sorted(saved)
    )


def test_changes_add_up_and_are_told_by_name():
    both = Change(("b.py",), runs=True) + Change(("a.py", "c.py", "d.py"), drills=("11-rename",))
    assert both == Change(("a.py", "b.py", "c.py", "d.py"), runs=True, drills=("11-rename",))
    assert both.summary == "a.py, b.py, c.py and 1 more"


def test_what_editors_leave_beside_a_file_is_not_watched():
    assert is_watched("src/train.py")
    for name in (".train.py.swp", "train.py~", "4913", "#train.py#", "src/__pycache__", "a.md"):
        assert not is_watched(name), name


def test_a_save_is_noticed_once_however_the_editor_writes(tmp_path: Path):
    path = tmp_path / "src" / "train.py"
    path.parent.mkdir()
    path.write_text("one", encoding="utf-8")
    files = WatchedFiles(tmp_path)
    assert not files.change(False)
    path.write_text("two", encoding="utf-8")
    assert files.change(False).names == ("src/train.py",)
    beside = path.with_name("train.py.new~")
    beside.write_text("three", encoding="utf-8")
    os.replace(beside, path)
    assert files.change(False).names == ("src/train.py",)
    path.unlink()
    assert files.change(False).names == ("src/train.py",)
    assert not files.change(False)


def test_it_looks_more_often_for_a_while_after_a_save(tmp_path: Path):
    path = tmp_path / "train.py"
    path.write_text("one", encoding="utf-8")
    files = WatchedFiles(tmp_path)
    path.write_text("two", encoding="utf-8")
    assert files.change(False)
    files.change(False)
    assert files.pause_s < PAUSE_S
    files.saved_at -= AT_WORK_S
    files.change(False)
    assert files.pause_s >= PAUSE_S


def test_a_save_that_changes_nothing_asks_for_nothing(tmp_path: Path):
    path = tmp_path / "train.py"
    path.write_text("one", encoding="utf-8")
    files = WatchedFiles(tmp_path)
    os.utime(path, ns=(1, 1))
    assert not files.change(False)


def test_a_notebook_run_and_saved_changes_in_its_outputs_alone(tmp_path: Path):
    document = notebook_of("x = 1", "x")
    path = write_json(tmp_path / "notebooks" / "titanic.ipynb", document)
    files = WatchedFiles(tmp_path)
    document["cells"][1]["execution_count"] = 2
    write_json(path, document)
    assert files.change(False) == Change(("notebooks/titanic.ipynb",), shape=True)
    document["cells"][1]["source"] = "x + 1"
    path.write_text(json.dumps(document, indent=2), encoding="utf-8")
    assert files.change(False) == Change(("notebooks/titanic.ipynb",), runs=True)
    path.write_text("{", encoding="utf-8")  # broken by a merge
    assert files.change(False).runs


def test_a_folder_that_goes_away_is_a_change_and_no_error(tmp_path: Path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "train.py").write_text("one", encoding="utf-8")
    files = WatchedFiles(tmp_path / "src")
    (tmp_path / "src" / "train.py").unlink()
    (tmp_path / "src").rmdir()
    assert files.change(False).names == ("train.py",)
