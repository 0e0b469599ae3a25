"""The messy notebook: every planted smell is found, and nothing that nobody planted."""

import tomllib

import pytest
from support.builders import ROOT

from nbkata.common.core.refusal import Refusal
from nbkata.notebook.core.notebook import Notebook
from nbkata.notebook.shell.notebook_files import read_notebook
from nbkata.smells.core.annotate import (
    annotated,
    annotations_in,
    compare_annotations,
    unknown_kinds,
)
from nbkata.smells.core.find import smells_in, smells_in_notebook
from nbkata.smells.core.finding import Smells
from nbkata.smells.core.source import source_of_notebook, source_of_script
from nbkata.smells.core.symbols import Smell
from nbkata.smells.shell.sources import files_asked_for, read_source

MESS = ROOT / "notebooks" / "titanic.ipynb"
PLANTED = ROOT / "tests" / "data" / "planted_smells.toml"


@pytest.fixture(scope="module")
def mess() -> Notebook:
    notebook = read_notebook(MESS)
    assert isinstance(notebook, Notebook)
    return notebook


@pytest.fixture(scope="module")
def smells(mess: Notebook) -> Smells:
    return smells_in_notebook(mess, "titanic.ipynb")


@pytest.mark.parametrize("smell", Smell, ids=lambda smell: smell.value)
def test_every_planted_smell_is_found_and_nothing_else(smells: Smells, smell: Smell) -> None:
    planted = tomllib.loads(PLANTED.read_text(encoding="utf-8"))["smell"]
    wanted = {one["cell"] for one in planted if one["symbol"] == smell.value}
    assert {one.cell for one in smells.findings if one.symbol is smell} == wanted


def test_the_whole_mess_can_be_read(smells: Smells) -> None:
    assert not smells.unread


def test_annotated_by_us_every_smell_counts_as_found_by_the_learner(mess: Notebook) -> None:
    source = source_of_notebook(mess, "titanic.ipynb")
    written = annotated(source, smells_in(source).findings)
    cells = {source.blocks[position].index: text for position, text in written.sources.items()}
    document = [
        (cell.source if cell.index not in cells else cells[cell.index]) for cell in mess.cells
    ]
    again = Notebook(
        tuple(
            type(cell)(cell.index, cell.kind, text, cell.execution_count, cell.outputs)
            for cell, text in zip(mess.cells, document, strict=True)
        )
    )
    learners = source_of_notebook(again, "titanic.ipynb")
    result = compare_annotations(learners, smells_in(learners).findings)
    assert (result.missed, result.false_alarms, result.recall) == ((), (), 1.0)


def test_a_kind_that_does_not_exist_is_told_with_the_nearest_and_free_words_are_left_alone() -> (
    None
):
    messages = [
        "# [code smell] dead-cod: nobody reads this",
        "# [code smell] magic numbers: why 12?",
        "# [code smell] Vague_Nme: what is in it?",
        "# [code smell] odd-and-ugly: look",
        "# [code smell] a bug to keep for now",
        "# [code smell] careful: this guesses",
        "# [code smell] why 42: does it matter?",
        "x = 1",
    ]
    unknown = unknown_kinds(annotations_in(source_of_script("\n".join(messages), "x.py")))
    lines = [(one.place.line, one.kind, one.nearest) for one in unknown]
    assert lines == [
        (1, "dead-cod", Smell.DEAD_CODE),
        (3, "Vague_Nme", Smell.VAGUE_NAME),
        (4, "odd-and-ugly", None),
        (6, "careful", None),
    ]


def test_one_comment_may_name_two_kinds_however_they_are_spelt():
    text = "# [code smell] Magic number, dead_code and vague-name: why, and who reads it?\nx = 1"
    (place,) = annotations_in(source_of_script(text, "x.py"))
    assert set(place.symbols) == {Smell.MAGIC_NUMBER, Smell.DEAD_CODE, Smell.VAGUE_NAME}


def test_the_kits_own_code_is_silent() -> None:
    files = files_asked_for([ROOT / "src"]).files
    assert len(files) > 40
    for path in files:
        read = read_source(path, str(path))
        assert not isinstance(read, Refusal), read
        smells = smells_in(read[0])
        assert not smells.findings, [
            f"{one.path}:{one.line} {one.symbol}" for one in smells.findings
        ]
        assert not smells.unread
