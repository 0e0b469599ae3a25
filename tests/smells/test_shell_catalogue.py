"""Every smell is documented, and its documentation is true: bad has it, good has not."""

import pytest

from nbkata.smells.core.documentation import SmellDoc, example_notebook
from nbkata.smells.core.find import smells_in_notebook
from nbkata.smells.core.registry import DETECTORS
from nbkata.smells.core.symbols import Smell
from nbkata.smells.shell.catalogue import read_catalogue

DOCS = read_catalogue()


def symbols_in(example: str) -> set[Smell]:
    smells = smells_in_notebook(example_notebook(example), "example.ipynb")
    assert not smells.unread
    return {finding.symbol for finding in smells.findings}


def test_every_smell_has_one_detector():
    assert set(DETECTORS) == set(Smell)


def test_no_two_smells_share_an_id():
    assert len({smell.message_id for smell in Smell}) == len(DOCS) == len(Smell)


@pytest.mark.parametrize("doc", DOCS.values(), ids=lambda doc: doc.smell.value)
def test_the_bad_example_has_the_smell(doc: SmellDoc):
    assert doc.smell in symbols_in(doc.bad * doc.times)


@pytest.mark.parametrize("doc", DOCS.values(), ids=lambda doc: doc.smell.value)
def test_the_good_example_has_not(doc: SmellDoc):
    assert doc.smell not in symbols_in(doc.good)


@pytest.mark.parametrize("doc", DOCS.values(), ids=lambda doc: doc.smell.value)
def test_every_text_is_a_sentence(doc: SmellDoc):
    for text in (doc.what, doc.why, doc.fix):
        assert text[0].isupper() or text.startswith("pandas")
        assert text.endswith(".")
        assert len(text) < 110
