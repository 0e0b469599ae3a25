"""Files that are no notebook or no text: each is refused in a sentence with advice that works."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.builders import notebook_of, output_of, write_json

from nbkata.adopt.core.translate import translated
from nbkata.adopt.shell.origin import read_origin
from nbkata.common.core.refusal import Refusal
from nbkata.notebook.core.notebook import Notebook
from nbkata.notebook.core.run import Stopped
from nbkata.notebook.core.texts import notebook_text, script_text
from nbkata.notebook.shell.notebook_files import read_notebook
from nbkata.notebook.shell.run_notebook import run_notebook


@pytest.fixture(name="folder")
def fixture_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def changed(**cell: Any) -> dict[str, Any]:
    """A notebook whose second cell has these parts."""
    document = notebook_of("x = 1", "y = 2")
    document["cells"][1] |= cell
    return document


HALVES = {
    "source": (changed(source="x = '\ud83d'"), "cell 1: there is half of a character (\\ud83d) in"),
    "metadata": (changed(metadata={"a": ["\udc00"]}), "in the cell's metadata"),
    "key": (changed(metadata={"\ud800": 1}), "in the cell's metadata"),
    "output": (
        changed(outputs=[{"output_type": "stream", "name": "stdout", "text": "\ud800"}]),
        "Clear the outputs of the cell",
    ),
    "kernel": ({**changed(), "metadata": {"kernelspec": {"name": "\ud800"}}}, "the notebook's"),
}


@pytest.mark.parametrize(("document", "message"), HALVES.values(), ids=HALVES)
def test_half_of_a_character_is_told_with_its_place(
    folder: Path, document: dict[str, Any], message: str
):
    refused = read_notebook(write_json(folder / "n.ipynb", document))
    assert isinstance(refused, Refusal) and message in str(refused)
    for words in (["record", "n.ipynb"], ["smells", "n.ipynb"], ["extract", "n.ipynb"]):
        code, out, err = output_of(*words)
        assert code == 2 and "half of a character" in out + err, words


def test_a_whole_character_of_two_halves_is_text(folder: Path):
    notebook = read_notebook(write_json(folder / "n.ipynb", changed(source="'\U0001f600'")))
    assert isinstance(notebook, Notebook) and notebook.cells[1].source == "'\U0001f600'"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' names are always text")
@pytest.mark.parametrize("suffix", [".ipynb", ".py"])
def test_a_files_name_that_is_no_text_is_told_as_it_is(folder: Path, suffix: str):
    path = os.fsdecode(b"n\xff") + suffix
    write_json(Path(path), notebook_of("x = 1"))
    for command in ("record", "characterize", "extract", "smells", "adopt"):
        code, out, err = output_of(command, path)
        assert code == 2 and "n\\udcff" + suffix in out + err, (command, out, err)
        assert "mistake of its own" not in err, command
    assert [other.name for other in folder.iterdir()] == [path]


ODD_BUT_READ = {
    "a list as metadata": {**changed(), "metadata": []},
    "no metadata": {**changed(), "metadata": None},
    "a list as a kernel": {**changed(), "metadata": {"kernelspec": [1]}},
    "a list as a cell's metadata": changed(metadata=[]),
    "outputs that are none": changed(outputs={"a": 1}),
    "an output that is none": changed(outputs=[1, {"output_type": [1]}, {"output_type": "stream"}]),
    "NaN as a count": changed(execution_count=float("nan")),
}


@pytest.mark.parametrize("document", ODD_BUT_READ.values(), ids=ODD_BUT_READ)
def test_odd_parts_that_compute_nothing_keep_no_one_from_reading_it(
    folder: Path, document: dict[str, Any]
):
    write_json(folder / "n.ipynb", document)
    notebook = read_notebook(folder / "n.ipynb")
    assert isinstance(notebook, Notebook) and notebook.cells[1].source == "y = 2"
    assert output_of("smells", "n.ipynb")[0] == 1
    assert output_of("extract", "n.ipynb", "--no-run")[0] == 0


REFUSED = {
    "no source": (json.dumps(changed(source=None)), "cell 1 is not a cell: its source is not text"),
    "numbers as source": (json.dumps(changed(source=[1])), "its source is not text"),
    "a huge integer": ('{"nbformat": 4, "a": ' + "9" * 5000 + "}", "Exceeds the limit"),
    "deep": ("[" * 100_000, "nested too deeply"),
    "a boolean as nbformat": ('{"nbformat": true, "cells": []}', "no nbformat in it"),
    "NaN as nbformat": ('{"nbformat": NaN, "cells": []}', "no nbformat in it"),
    "a web page": ("<!DOCTYPE html>\n<html></html>", "Download the file itself"),
    "Git LFS": ("version https://git-lfs.github.com/spec/v1\n", "git lfs pull --include n.ipynb"),
}


@pytest.mark.parametrize(("content", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_notebook_is_refused(folder: Path, content: str, message: str):
    (folder / "n.ipynb").write_text(content, encoding="utf-8")
    code, _, err = output_of("record", "n.ipynb")
    assert code == 2 and message in err
    assert [path.name for path in folder.iterdir()] == ["n.ipynb"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes in folders")
@pytest.mark.parametrize("name", ["n.ipynb", "n.py"])
def test_a_pipe_is_not_waited_for(folder: Path, name: str):
    os.mkfifo(folder / name)
    for words in (["smells", name, "--no-cache"], ["extract", name], ["adopt", name]):
        code, out, err = output_of(*words)
        assert code == 2 and "this is a pipe or a device, not a file." in out + err, words


DEEP = "x = " + "+".join(["1"] * 20_000)


def test_a_cell_that_no_kernel_can_compile_ends_the_run_at_once(folder: Path):
    stopped = run_notebook(notebook_of("y = 1", DEEP), folder, timeout_s=60)
    assert isinstance(stopped, Stopped)
    assert str(stopped.refusal("n.ipynb")).startswith("n.ipynb, cell 1: RecursionError")


@pytest.mark.parametrize("terms", [900, 3000, 20_000])
def test_code_that_is_nested_too_deeply_is_a_sentence(folder: Path, terms: int):
    source = "x = " + "+".join(["1"] * terms)
    write_json(folder / "n.ipynb", notebook_of("y = 1", source))
    (folder / "m.py").write_text(source + "\n", encoding="utf-8")
    for words in (
        ["smells", "n.ipynb"],
        ["extract", "n.ipynb", "--no-run"],
        ["smells", "m.py"],
        ["extract", "m.py"],
        ["purity", "m.py", "--static"],
    ):
        code, out, err = output_of(*words)
        assert code in (0, 1, 2) and "mistake of its own" not in out + err, words
        if words[0] == "extract" or words[0] == "purity" and code == 2 and terms == 900:
            place = "cell 1" if "n.ipynb" in words else "m.py, line 1"
            assert place in out + err and "nested too deeply" in out + err, (words, out + err)


CONFLICT = "a = 1\n<<<<<<< HEAD\nb = 1\n=======\nb = 2\n>>>>>>> theirs\n"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("n.py", ["record"]),
        ("n.py", ["extract"]),
        ("n.py", ["smells"]),
        ("n.py", ["purity", "--static"]),
        ("n.py", ["characterize"]),
        ("n.ipynb", ["record"]),
        ("n.ipynb", ["smells"]),
        ("n.ipynb", ["adopt"]),
    ],
)
def test_conflict_marks_are_told_with_their_line_and_how_to_resolve_them(
    folder: Path, name: str, words: list[str]
):
    (folder / name).write_text(CONFLICT, encoding="utf-8")
    code, out, err = output_of(words[0], name, *words[1:])
    assert code == 2 and "line 2: a merge left its conflict marks here" in out + err
    assert "git checkout --ours" in out + err and "keeps your side" in out + err


def test_conflict_marks_in_a_text_are_no_conflict(folder: Path):
    (folder / "n.py").write_text(f'MARKS = """\n{CONFLICT}"""\n', encoding="utf-8")
    assert output_of("record", "n.py", "--runs", "1")[0] == 0


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("name", ["n b.ipynb", "n b.py"])
def test_the_advice_for_another_encoding_works(folder: Path, encoding: str, name: str):
    text = json.dumps(notebook_of("x = 'é'"), ensure_ascii=False)
    text = text if name.endswith(".ipynb") else "x = 'é'\n"
    path = folder / name
    path.write_bytes(text.encode(encoding))
    read = notebook_text if name.endswith(".ipynb") else script_text
    refused = read(path.read_bytes(), name)
    assert isinstance(refused, Refusal)
    command = refused.next_step[refused.next_step.index('"') + 1 : -1]
    subprocess.run([sys.executable, "-c", command], check=True, cwd=folder)
    assert read(path.read_bytes(), name) == text


@pytest.mark.parametrize(
    "content", [bytes(range(256)), b"\x1f\x8b\x08\x00", b"{\xe9", b"\xff\xfea"]
)
def test_no_conversion_is_advised_that_cannot_work(content: bytes):
    refused = notebook_text(content, "n.ipynb")
    assert isinstance(refused, Refusal) and "python -c" not in str(refused)


def test_a_script_is_read_in_the_encoding_that_it_declares(folder: Path):
    content = "# -*- coding: latin-1 -*-\nx = 'é'\n".encode("latin-1")
    (folder / "n.py").write_bytes(content)
    for words in (["smells"], ["extract"], ["purity", "--static"], ["record", "--runs", "1"]):
        code, _, err = output_of(words[0], "n.py", *words[1:])
        assert code in (0, 1), (words, err)
    home = read_origin(folder / "n.py")
    assert not isinstance(home, Refusal) and home.notebook.cells[0].source.endswith("x = 'é'")


def test_an_integer_of_more_digits_than_python_writes_is_no_mistake_of_the_kit(folder: Path):
    source = f"x = 0x{'f' * 5000}\ny = x % 7"
    write_json(folder / "n.ipynb", notebook_of(source))
    for words in (["smells", "n.ipynb"], ["extract", "n.ipynb", "--no-run"]):
        assert "mistake of its own" not in output_of(*words)[2], words
    assert translated(source, 0).code == source
