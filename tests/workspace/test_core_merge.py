"""workspace/core/merge.py: two edits in one text, or one of them whole."""

from hypothesis import given
from hypothesis import strategies as st

from nbkata.workspace.core.merge import merged_lines, with_own_definitions

BASE = ["lamp", "table", "chair", "rug"]
TEXTS = st.lists(st.sampled_from("abc"), max_size=8)


def test_edits_in_two_places_come_together():
    mine = ["red lamp", "table", "chair", "rug"]
    theirs = ["lamp", "table", "chair", "blue rug", "vase"]
    assert merged_lines(BASE, mine, theirs) == ["red lamp", "table", "chair", "blue rug", "vase"]


def test_two_edits_of_one_line_are_a_conflict():
    assert merged_lines(BASE, ["red lamp", *BASE[1:]], ["blue lamp", *BASE[1:]]) is None


def test_the_same_edit_on_both_sides_is_none():
    assert merged_lines(BASE, BASE[1:], BASE[1:]) == BASE[1:]


@given(TEXTS, TEXTS)
def test_where_one_side_changed_nothing_the_other_is_taken(base: list[str], other: list[str]):
    assert merged_lines(base, base, other) == other
    assert merged_lines(base, other, base) == other
    assert merged_lines(base, other, other) == other


@given(TEXTS, TEXTS, TEXTS)
def test_it_does_not_matter_who_is_who(base: list[str], mine: list[str], theirs: list[str]):
    either = [merged_lines(base, *sides) for sides in ((mine, theirs), (theirs, mine))]
    assert either[0] == either[1]


def test_own_functions_come_along_with_what_they_need():
    mine = """import math

import numpy as np

SIZES = {"lamp": 1}


def area(name):
    return math.pi * SIZES[name] ** 2


# Mine, and I like it.
@staticmethod
def doubled(name):
    return 2 * area(name)


def train():
    return "mine"
"""
    theirs = """import numpy as np


def train():
    return "theirs"


if __name__ == "__main__":
    train()
"""
    text, own = with_own_definitions("", mine, theirs)
    assert own == ("area", "doubled")
    assert text == (
        'import numpy as np\nimport math\n\n\ndef train():\n    return "theirs"\n\n\n'
        'SIZES = {"lamp": 1}\n\n\ndef area(name):\n    return math.pi * SIZES[name] ** 2\n\n\n'
        "# Mine, and I like it.\n@staticmethod\ndef doubled(name):\n    return 2 * area(name)\n\n\n"
        'if __name__ == "__main__":\n    train()\n'
    )


def test_a_function_that_the_kit_took_out_does_not_come_back():
    old = "def report():\n    return 1\n"
    assert with_own_definitions(old, old + "\nx = 1\n", "y = 2\n") == ("y = 2\n", ())


def test_a_file_that_is_not_python_brings_nothing_along():
    assert with_own_definitions("", "def broken(:\n", "x = 1\n") == ("x = 1\n", ())
