"""What is on a slide: chosen from guide and diff, and short enough for the last row."""

from nbkata.diff.core.coloured import hunks
from nbkata.diff.core.difference import Content, Pairs, changes
from nbkata.facilitate.core.slides import MOST_ROWS, best_hunk, why_of

GUIDE = """# 06 Title

## Why it matters

The first
paragraph.

- a list

The second.

{long}

## The moves

Not this.
"""


def test_why_is_the_first_paragraphs_of_its_section_without_lists():
    assert why_of(GUIDE.format(long="x" * 400)) == ("The first paragraph.", "The second.")
    assert why_of("# A guide without it") == ()


def best(old: str, new: str) -> tuple[str, list[str], list[str]]:
    (change,) = changes({"a.py": Content(old)}, {"a.py": Content(new)}, no_pairs)
    hunk = best_hunk(list(hunks(change)))
    assert hunk is not None
    sides = [
        ["".join(piece.text for piece in line.pieces) for run in hunk.runs for line in lines(run)]
        for lines in (lambda run: run.old, lambda run: run.new)
    ]
    return hunk.title, sides[0], sides[1]


no_pairs: Pairs = lambda old, new: []  # noqa: E731


def test_code_that_was_replaced_is_shown_before_code_that_was_added():
    between = "\n".join(f"x{n} = {n}" for n in range(30))
    added = "\n".join(f"y{n} = {n}" for n in range(12))
    title, old, new = best(f"a = 1\n{between}\n", f"a = 2\n{between}\n{added}\n")
    assert title == "line 1" and "a = 1" in old and "a = 2" in new


def test_of_the_lines_before_a_change_only_the_last_is_shown():
    before = "".join(f"x{n} = {n}\n" for n in range(9))
    _, old, new = best(f"{before}a = 1\n", f"{before}a = 2\n")
    assert (old, new) == (["x8 = 8", "a = 1"], ["x8 = 8", "a = 2"])


def test_no_more_rows_than_can_be_read():
    _, old, _ = best("".join(f"x{n} = {n}\n" for n in range(50)), "y = 1\n")
    assert len(old) == MOST_ROWS
