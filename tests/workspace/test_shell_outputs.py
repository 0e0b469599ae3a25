"""workspace/shell/outputs.py: an option that names a file never costs a learner theirs."""

from pathlib import Path

import pytest

from nbkata.diff.shell.difference_page import difference_page
from nbkata.kata.core.junit import junit_of
from nbkata.kata.core.lights import Light, Verdict
from nbkata.keys.shell.key_pages import write_cheat_sheet, write_trainer
from nbkata.keys.shell.keymaps import read_keymaps
from nbkata.record.core.record import Record, record_to_text
from nbkata.smells.shell.debt_wall import as_html, as_svg
from nbkata.workspace.core.workspace import MARKER
from nbkata.workspace.shell.outputs import Kind, refused_output, write_output, write_page
from nbkata.workspace.shell.snapshots import kept_content, snapshots

OURS = {
    Kind.PAGE: difference_page((), "06", "07"),
    Kind.PICTURE: as_svg((), "Debt"),
    Kind.REPORT: junit_of(Verdict("00-run", Light(True, ()), Light(True, ()), 1.0)),
    Kind.RECORD: record_to_text(Record("a.ipynb", ())),
}
THEIRS = {
    "train.py": "def train():\n    return 1\n",
    "page.html": "<!DOCTYPE html>\n<html><head><title>My report</title></head></html>\n",
    "data.json": '{"rows": [1, 2]}\n',
    "tests.xml": '<testsuites><testsuite name="pytest"></testsuite></testsuites>\n',
    "logo.svg": '<svg xmlns="http://www.w3.org/2000/svg"></svg>\n',
    "book.pdf": "%PDF-1.4\n",
}


@pytest.mark.parametrize("name", THEIRS)
@pytest.mark.parametrize("kind", Kind)
def test_a_file_that_the_kit_did_not_write_is_refused_and_left(
    tmp_path: Path, name: str, kind: Kind
):
    path = tmp_path / name
    path.write_text(THEIRS[name], encoding="utf-8")
    refusal = write_output(path, b"ours", kind)
    assert "this exists and was not written by this command; it is left alone." in str(refusal)
    assert "Name another file, or move this one away." in str(refusal)
    assert path.read_text(encoding="utf-8") == THEIRS[name]


@pytest.mark.parametrize("kind", OURS)
def test_a_file_of_its_own_kind_is_replaced(tmp_path: Path, kind: Kind):
    path = tmp_path / "out"
    for text in (OURS[kind], OURS[kind] + "\n"):
        assert write_output(path, text.encode("utf-8"), kind) is None
        assert path.read_text(encoding="utf-8") == text
    for other in set(OURS) - {kind}:
        assert refused_output(path, other) is not None


def test_every_page_is_one_that_may_be_replaced_and_that_fetches_nothing(tmp_path: Path):
    keymaps = read_keymaps()
    start = keymaps.places[0]
    for _ in range(2):
        assert write_cheat_sheet(tmp_path / "keys.html", keymaps, start) == tmp_path / "keys.html"
        assert write_trainer(tmp_path / "trainer.html", keymaps, start) == tmp_path / "trainer.html"
        assert write_page(tmp_path / "wall.html", as_html((), "Debt")) == tmp_path / "wall.html"
        assert write_page(tmp_path / "page.html", OURS[Kind.PAGE]) == tmp_path / "page.html"
    for path in tmp_path.iterdir():
        head = path.read_text(encoding="utf-8").partition("</head>")[0]
        assert 'http-equiv="Content-Security-Policy" content="default-src \'none\';' in head, path
        assert ("script-src" in head) == (path.name == "trainer.html")


def test_in_a_workspace_the_record_that_was_replaced_is_kept(tmp_path: Path):
    (tmp_path / MARKER).mkdir()
    path = tmp_path / "a.json"
    for text in (OURS[Kind.RECORD], OURS[Kind.RECORD] + "\n"):
        assert write_output(path, text.encode("utf-8"), Kind.RECORD) is None
    assert [one.title for one in snapshots(tmp_path)] == ["write a.json"] * 2
    assert kept_content(tmp_path, 2, "a.json").decode() == OURS[Kind.RECORD]


@pytest.mark.parametrize("kind", [kind for kind in OURS if kind is not Kind.RECORD])
def test_what_its_command_makes_again_is_not_what_undo_takes_back(tmp_path: Path, kind: Kind):
    (tmp_path / MARKER).mkdir()
    for text in (OURS[kind], OURS[kind] + "\n"):
        assert write_output(tmp_path / "out", text.encode("utf-8"), kind) is None
    assert not snapshots(tmp_path)


def test_a_folder_and_a_place_that_is_not_there_are_refused_as_such(tmp_path: Path):
    assert "this exists and was not written" in str(write_output(tmp_path, b"", Kind.REPORT))
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    refusal = write_output(tmp_path / "file" / "report.xml", b"", Kind.REPORT)
    assert "it cannot be written" in str(refusal)
