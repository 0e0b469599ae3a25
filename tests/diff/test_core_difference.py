"""diff/core/difference.py: what differs between two sets of files, and how it is written down."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from nbkata.diff.core.difference import (
    Content,
    FileChange,
    Kind,
    Pairs,
    changes,
    line_blocks,
    sums,
    unified,
    with_conversion,
)
from nbkata.diff.shell.difference_page import difference_page
from nbkata.notebook.core.notebook import Cell, CellKind

OLD, NEW = "fare = 7.25\nage = 22\n", "fare = 7.25\nage = 23\nclass_ = 3\n"


def in_order(old: Sequence[Cell], new: Sequence[Cell]) -> Pairs:
    """Cells side by side, as long as both sides have some."""
    count = max(len(old), len(new))
    return [(i if i < len(old) else None, i if i < len(new) else None) for i in range(count)]


def compared(old: dict[str, Content], new: dict[str, Content]) -> tuple[FileChange, ...]:
    return changes(old, new, in_order)


def notebook(*sources: str) -> Content:
    return Content(cells=tuple(Cell(i, CellKind.CODE, text) for i, text in enumerate(sources)))


def test_equal_files_are_not_told():
    assert not compared({"a.py": Content(OLD)}, {"a.py": Content(OLD)})


def test_lines_are_counted_on_each_side():
    (change,) = compared({"a.py": Content(OLD)}, {"a.py": Content(NEW)})
    assert (change.kind, change.added, change.removed) == (Kind.CHANGED, 2, 1)
    assert sums([change]) == "1 file, 2 lines added, 1 removed"


def test_files_of_one_side_are_new_or_gone():
    found = compared({"old.py": Content(OLD)}, {"new.py": Content(NEW)})
    assert [(c.name, c.kind) for c in found] == [("new.py", Kind.NEW), ("old.py", Kind.GONE)]


def test_new_data_is_counted_and_not_shown():
    (change,) = compared({}, {"rows.csv": Content("1\n" * 1048)})
    assert (change.note, change.blocks) == ("1,048 lines of data", ())


def test_binary_files_are_the_same_where_their_bytes_are():
    one, other = Content(unshown="binary, 9 bytes", digest="a"), Content(unshown="b", digest="b")
    assert not compared({"m.pkl": one}, {"m.pkl": one})
    (change,) = compared({"m.pkl": one}, {"m.pkl": other})
    assert unified(change, "a", "b") == (
        "Files differ and are not shown: m.pkl (binary, 9 bytes, b)\n"
    )


def test_a_missing_line_end_alone_is_a_difference_that_is_told():
    (block,) = line_blocks("age = 22", "age = 22\n")
    assert block.rows[0].new == "(a line end)"


def test_cells_of_notebooks_are_told_by_their_numbers():
    (change,) = compared({"n.ipynb": notebook("x = 1", "x")}, {"n.ipynb": notebook("x = 2")})
    assert [block.title for block in change.blocks] == ["cell 0, changed", "cell 1, gone"]
    assert unified(change, "a", "b") == (
        "Notebook n.ipynb: changed\n  cell 0, changed\n  - x = 1\n  + x = 2\n"
        "  cell 1, gone\n  - x\n"
    )


def test_a_notebook_that_became_a_script_is_compared_by_its_code():
    found = compared(
        {"notebooks/n.ipynb": notebook("import re", "%matplotlib inline")},
        {"src/train.py": Content("import re\n")},
    )
    (change,) = with_conversion(found)
    assert (change.name, change.note) == ("notebooks/n.ipynb -> src/train.py", "its code")
    assert (change.added, change.removed) == (0, 2)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"src/a.py": OLD}, {"src/a.py": NEW}),
        ({"src/a.py": OLD}, {"src/a.py": OLD, "src/b.py": "new = 1"}),
        ({"src/a.py": OLD, "b.md": "gone"}, {"src/a.py": OLD.rstrip("\n")}),
    ],
)
def test_git_can_apply_what_is_written_down(
    old: dict[str, str], new: dict[str, str], tmp_path: Path
):
    for name, text in old.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8", newline="\n")
    found = compared(
        {name: Content(text) for name, text in old.items()},
        {name: Content(text) for name, text in new.items()},
    )
    patch = "".join(unified(change, "05-dead-code", "workspace") for change in found)
    apply = ["git", "apply", "-p1", "-"]
    subprocess.run(apply, input=patch, cwd=tmp_path, check=True, encoding="utf-8")
    after = {p.relative_to(tmp_path).as_posix(): p for p in tmp_path.rglob("*") if p.is_file()}
    assert {name: path.read_text("utf-8") for name, path in after.items()} == new


def test_the_page_escapes_what_it_shows_and_fetches_nothing():
    found = compared({"a.py": Content("x = '<b>'\n")}, {"a.py": Content("x = '<i>'\n")})
    page = difference_page(found, "06-titles", "workspace")
    assert '<span class="s">&lt;</span><del class="s">b</del>' in page
    assert '<span class="s">&lt;</span><ins class="s">i</ins>' in page
    assert "://" not in page and "<script" not in page
    assert "There is no difference." in difference_page((), "a", "b")
