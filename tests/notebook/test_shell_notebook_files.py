"""Reading notebooks: what is there, and one sentence for each thing that is no notebook."""

import codecs
import json
import os
from pathlib import Path

import pytest
from support.builders import notebook_of, write_json

from nbkata.common.core.refusal import Refusal
from nbkata.notebook.core.notebook import CellKind, Notebook, OutputKind
from nbkata.notebook.shell.notebook_files import read_notebook, write_notebook_json

OLD = {
    "nbformat": 3,
    "nbformat_minor": 0,
    "metadata": {"name": "old"},
    "worksheets": [
        {
            "metadata": {},
            "cells": [
                {"cell_type": "heading", "level": 1, "metadata": {}, "source": ["Hello"]},
                {
                    "cell_type": "code",
                    "collapsed": False,
                    "language": "python",
                    "metadata": {},
                    "input": ["x = 1\n", "x"],
                    "prompt_number": 3,
                    "outputs": [],
                },
            ],
        }
    ],
}


def read(path: Path) -> Notebook:
    notebook = read_notebook(path)
    assert isinstance(notebook, Notebook), notebook
    return notebook


def test_cells_outputs_and_counts_are_read(tmp_path: Path):
    document = notebook_of("x = 1\n", "print(x)")
    document["cells"][0]["source"] = ["x = 1\n", "y = 2"]
    document["cells"][1]["execution_count"] = 2
    document["cells"][1]["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": ["1", "\n"]},
        {"output_type": "display_data", "data": {"image/png": "aa"}, "metadata": {}},
        {"output_type": "error", "ename": "KeyError", "evalue": "'a'", "traceback": []},
    ]
    cells = read(write_json(tmp_path / "a b é.ipynb", document)).cells
    assert cells[0].source == "x = 1\ny = 2"
    assert (cells[1].kind, cells[1].execution_count) == (CellKind.CODE, 2)
    stream, picture, error = cells[1].outputs
    assert (stream.kind, stream.stream, stream.text) == (OutputKind.STREAM, "stdout", "1\n")
    assert picture.is_image
    assert error.text == "KeyError: 'a'"


def test_nbformat_3_is_upgraded_and_says_so(tmp_path: Path):
    notebook = read(write_json(tmp_path / "old.ipynb", OLD))
    assert notebook.upgraded_from == 3
    assert [cell.source for cell in notebook.cells] == ["# Hello", "x = 1\nx"]
    assert notebook.cells[1].execution_count == 3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty."),
        (b" \n", "the file is empty."),
        (b"# a script\nprint(1)", "line 1: this is not JSON, so not a notebook."),
        (b'{"cells": [', "this is not JSON, so not a notebook."),
        (b'{"a": 1}', "this is JSON, but not a notebook (no nbformat in it)."),
        (b"[1, 2]", "this is JSON, but not a notebook (no nbformat in it)."),
        (b'{"nbformat": 4}', "this is not a notebook: it has no list of cells."),
        (b'{"nbformat": 4, "cells": [3]}', "cell 0 is not a cell"),
        (b'{"nbformat": 5, "cells": []}', "nbformat 5 is newer than this kit reads (4)."),
        (b'{"nbformat": 3, "worksheets": 7}', "nbformat 3 could not be upgraded"),
        ("é".encode("latin-1"), "this is not UTF-8 text (byte 0)."),
    ],
)
def test_what_is_no_notebook_is_refused_with_the_reason(
    tmp_path: Path, content: bytes, message: str
):
    path = tmp_path / "n.ipynb"
    path.write_bytes(content)
    refusal = read_notebook(path)
    assert isinstance(refusal, Refusal)
    assert message in str(refusal)
    assert str(path) in str(refusal)
    assert refusal.next_step


def test_a_byte_order_mark_is_no_part_of_a_notebook(tmp_path: Path):
    path = write_json(tmp_path / "n.ipynb", notebook_of("1"))
    path.write_bytes(codecs.BOM_UTF8 + path.read_bytes())
    assert [cell.source for cell in read(path).cells] == ["1"]


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path):
    assert "there is no such file." in str(read_notebook(tmp_path / "none.ipynb"))
    assert "this is a folder, not a file." in str(read_notebook(tmp_path))


def test_a_notebook_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = write_json(tmp_path / "n.ipynb", notebook_of("old"))
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_notebook_json(path, notebook_of("new"))
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["n.ipynb"]


def test_a_written_notebook_is_read_back(tmp_path: Path):
    path = tmp_path / "new" / "n.ipynb"
    write_notebook_json(path, notebook_of("x = 'é'"))
    assert read(path).cells[0].source == "x = 'é'"
    assert json.loads(path.read_text(encoding="utf-8"))["nbformat"] == 4
    assert path.read_bytes().endswith(b"\n")
