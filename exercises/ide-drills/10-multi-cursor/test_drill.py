"""Drill 10: the marks of the cells are gone, and nothing else is."""

import ast
import re

MARK = re.compile(r"\s*#\s*In\s?\[")


def test_no_mark_of_a_cell_is_left(drill):
    lines = drill.text("train.py").splitlines()
    left = [number for number, line in enumerate(lines, start=1) if MARK.match(line)]
    assert not left, (
        f"train.py, line {left[0]}: a mark is left ({len(left)} in all). Undo in the editor, and add "
        "the next occurrence until every one is selected."
    )
    rest = [number for number, line in enumerate(lines, start=1) if line.strip().endswith("]:")]
    assert not rest, (
        f"train.py, line {rest[0]}: the end of a mark is left. With all cursors set, select to the end "
        "of the line before you delete."
    )


def test_everything_else_is_there(drill):
    assert "# In 1912 a pound had twenty shillings" in drill.text("train.py"), (
        "The comment on the shillings went too. Select '# In[' with the bracket: it is in the marks only."
    )
    original = ast.dump(ast.parse(drill.original("train.py")))
    assert ast.dump(drill.tree("train.py")) == original, (
        "The program has changed. nbkata drill reset, and select a little less."
    )
