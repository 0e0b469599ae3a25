"""review/core/patch.py: a unified diff, applied without `patch`."""

import pytest

from nbkata.review.core.patch import changed_lines, patched

OLD = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n"
PATCH = """--- a/src/train.py
+++ b/src/train.py
@@ -1,3 +1,3 @@
 one
-two
+2
 three
@@ -7,3 +7,4 @@ seven
 seven
 eight
 nine
+ten
--- /dev/null
+++ b/src/new.py
@@ -0,0 +1 @@
+x = 1
"""


def test_each_hunk_is_applied_at_its_place_and_a_new_file_is_made():
    assert patched({"src/train.py": OLD, "src/other.py": "y\n"}, PATCH) == {
        "src/train.py": OLD.replace("two", "2") + "ten\n",
        "src/new.py": "x = 1\n",
    }
    assert changed_lines(PATCH) == 4


@pytest.mark.parametrize(
    ("old", "line"), [(OLD.replace("two", "Two"), 2), (OLD.replace("nine\n", ""), 9), ("", 1)]
)
def test_a_line_that_is_not_as_the_diff_expects_it_is_named(old: str, line: int):
    with pytest.raises(ValueError, match=f"does not fit src/train.py, line {line}$"):
        patched({"src/train.py": old}, PATCH)
