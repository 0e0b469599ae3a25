"""Which constants of a module can be given another value after it was imported."""

import pytest

from nbkata.strength.core.module_constants import constants_read_late, differs_in, value_of

SOURCE = """TITLES = {"Mr": 0}
EDGES: list[int] = [12, 20]


def coded(title):
    return TITLES[title]


class Ages:
    def bands(self, ages):
        def band(age):
            return sum(age > edge for edge in EDGES)

        return [band(age) for age in ages]
"""
ON_IMPORT = (1, 2, 5, 9, 10)


def names(source: str, *others: str, ran_early: tuple[int, ...] = ON_IMPORT) -> set[str]:
    return {one.name for one in constants_read_late(source, "features", others, ran_early)}


def test_what_only_functions_read_can_be_bound_anew():
    titles, edges = constants_read_late(SOURCE, "features", [], ON_IMPORT)
    assert (titles.name, titles.statement, titles.readers) == ("TITLES", (1, 1), ((6, 6),))
    assert (edges.name, edges.statement, edges.readers) == ("EDGES", (2, 2), ((11, 14),))


@pytest.mark.parametrize(
    "more",
    [
        "FIRST = TITLES['Mr']",
        "def f(x=TITLES):\n    return x",
        "class A:\n    titles = TITLES",
        "@TITLES.get('Mr')\ndef f(): pass",
        "TITLES = {}",
        "TITLES |= {}",
        "for TITLES in []: pass",
        "import titles as TITLES",
        "def TITLES(): pass",
        "def f():\n    global TITLES\n    TITLES = {}",
        "KNOWN = vars()",
        "KNOWN = [lambda: TITLES]",
    ],
)
def test_what_is_read_on_import_or_bound_elsewhere_cannot(more: str):
    assert "TITLES" in names(SOURCE)
    assert "TITLES" not in names(f"{SOURCE}\n\n{more}\n")


@pytest.mark.parametrize(
    "other",
    [
        "from features import TITLES",
        "from features import *",
        "from . import *",
        "def test():\n    from core.features import TITLES as titles",
        "import features\nFIRST = features.TITLES",
        "import pytest, features\n@pytest.mark.parametrize('t', features.TITLES)\ndef test(t): pass",
        "import features\nFIRST = getattr(features, 'TITLES')",
        "import pytest\nPATH = 'features.TITLES'",
    ],
)
def test_what_another_file_takes_or_reads_on_import_cannot(other: str):
    assert "TITLES" not in names(SOURCE, other)


def test_what_others_read_while_they_run_can():
    test = "import features\nfrom sklearn.metrics import *\ndef test():\n    features.TITLES"
    assert names(SOURCE, test, "def broken(:") == {"TITLES", "EDGES"}


def test_what_ran_while_tests_were_collected_may_have_been_kept():
    assert names(SOURCE, ran_early=(*ON_IMPORT, 6)) == {"EDGES"}


def test_what_must_be_called_for_is_computed_once_on_import():
    source = "import random\nDRAWN = random.random()\nTABLE = {x: 1 for x in 'ab'}\n"
    assert names(source + "def f():\n    return DRAWN, TABLE\n", ran_early=()) == {"TABLE"}


def test_a_change_of_the_value_alone_is_told_from_others():
    assert differs_in("TITLES", SOURCE, SOURCE.replace('"Mr": 0', '"Mr": 1'))
    assert not differs_in("EDGES", SOURCE, SOURCE.replace('"Mr": 0', '"Mr": 1'))
    assert not differs_in("TITLES", SOURCE, SOURCE)
    assert not differs_in("TITLES", SOURCE, SOURCE.replace('TITLES = {"Mr": 0}\n', ""))
    both = SOURCE.replace('"Mr": 0', '"Mr": 1').replace("age > edge", "age >= edge")
    assert not differs_in("TITLES", SOURCE, both)


def test_its_value_is_computed_in_its_module():
    code = value_of("EDGES", "FIRST = 12\nEDGES = [FIRST, 20]\n")
    assert code is not None and eval(code, {"FIRST": 13}) == [13, 20]  # pylint: disable=eval-used
    assert value_of("TITLES", "EDGES = []\n") is None
