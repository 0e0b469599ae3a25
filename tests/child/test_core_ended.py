"""What a run's output says of its end."""

import pytest

from nbkata.child.core.ended import last_line

RAISED = (
    "Traceback (most recent call last):\n"
    '  File "train.py", line 3, in <module>\n'
    "    print(found['models'])\n"
    "KeyError: 'models'\n"
)


@pytest.mark.parametrize(
    ("output", "line"),
    [
        ("", ""),
        ("a table\n75.95\n\n", "75.95"),
        (RAISED, "KeyError: 'models'"),
        (RAISED + "3  Perceptron  72.87\n", "KeyError: 'models'"),  # what was printed before it
        (RAISED + "\nDuring handling of the above exception, another …\n\n" + RAISED + "b", "K"),
        ("Traceback (most recent call last):\n  cut", "  cut"),
    ],
)
def test_the_last_line_is_what_was_raised_or_else_printed(output: str, line: str):
    assert last_line(output).startswith(line) and bool(line) == bool(last_line(output))
