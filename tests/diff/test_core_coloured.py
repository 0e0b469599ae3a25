"""diff/core/coloured.py: where a block is, and its lines in pieces."""

import time

from nbkata.diff.core.coloured import hunks, places
from nbkata.diff.core.difference import Content, FileChange, changes


def changed(name: str, old: str, new: str) -> FileChange:
    (change,) = changes({name: Content(old)}, {name: Content(new)}, lambda before, after: [])
    return change


LINES = "".join(f"    step({number})\n" for number in range(8))
SCRIPT = f"import os\ndef first():\n{LINES}    one()\nclass Second:\n{LINES}    two()\n{LINES}"


def test_a_block_of_a_script_says_the_function_around_it():
    change = changed("a.py", SCRIPT, SCRIPT.replace("one", "1").replace("two", "2"))
    assert list(places(change)) == ["line 8, in first", "line 18, in Second"]


def test_a_block_that_only_the_old_side_has_says_the_function_that_was_around_it():
    change = changed("a.py", SCRIPT, "")
    assert list(places(change)) == ["line 1"]
    assert list(places(changed("a.py", f"{SCRIPT}\f\n    end()\n", SCRIPT))) == [
        "line 27, in Second"
    ]


def test_a_block_of_anything_else_says_its_line_alone():
    change = changed("a.md", SCRIPT, SCRIPT.replace("two", "2"))
    assert list(places(change)) == ["line 18"]


def test_code_is_coloured_and_other_text_is_not():
    for name, kinds in (("a.py", {"", "n"}), ("a.csv", {""})):
        hunk = next(hunks(changed(name, "fare = 1\n", "fare = 2\n")))
        pieces = [piece for run in hunk.runs for line in run.new for piece in line.pieces]
        assert "".join(piece.text for piece in pieces) == "fare = 2"
        assert {piece.kind for piece in pieces} == kinds, name


def test_a_long_table_with_many_changes_takes_no_longer_than_its_lines():
    rows = range(20_000)
    old = "".join(f"{row},abc\n" for row in rows)
    new = "".join(f"{row},abd\n" if row % 20 == 0 else f"{row},abc\n" for row in rows)
    change = changed("a.csv", old, new)
    started = time.process_time()
    assert len(list(hunks(change))) == 1000
    assert time.process_time() - started < 5  # 0.1 s; with work on the whole for each block 45 s
