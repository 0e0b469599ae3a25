"""Comments of a facilitator, and which workspaces are looked at together."""

from nbkata.cohort.core.review import HEAD, comments_in, groups_of

FILES = {"src/till.py": "import csv\nx = 1\n"}


def test_a_line_that_begins_with_a_place_belongs_to_it_and_the_head_is_no_comment():
    text = (
        HEAD.format(name="ann", folder="out") + "Well **done**.\nsrc/till.py:2 Why 1?\na.py:2 Hm.\n"
    )
    found = comments_in(text, FILES)
    assert found.general == "Well **done**.\na.py:2 Hm."
    assert [(c.path, c.line, c.code, c.text) for c in found.lines] == [
        ("src/till.py", 2, "x = 1", "Why 1?")
    ]
    assert not comments_in(HEAD.format(name="ann", folder="out"), FILES)


def test_a_line_that_is_not_there_is_shown_without_code():
    found = comments_in("src/till.py:9: Gone\nsrc/till.py:0 Before", FILES).lines
    assert [(one.line, one.code) for one in found] == [(0, ""), (9, "")]


def test_the_largest_group_is_reviewed_first_and_nobody_is_left_out():
    groups = groups_of(["a", "b", "c", "d", "e", "f"], [["b", "d"], ["a", "c", "e"]])
    assert groups == [("a", "c", "e"), ("b", "d"), ("f",)]
