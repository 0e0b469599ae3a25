"""A name that is missing: which line of the step's start set it, or which cell sets it too late."""

import pytest

from nbkata.kata.core.lost_name import way_back
from nbkata.notebook.core.notebook import Notebook, notebook_from_json

LACKS = "NameError: name 'mean_fare' is not defined"
SET = "%matplotlib inline\nmean_fare = df['Fare'].mean()"


def notebook(*sources: str) -> Notebook:
    cells = [{"cell_type": "code", "source": source, "outputs": []} for source in sources]
    return notebook_from_json({"cells": cells, "metadata": {}, "nbformat": 4})


@pytest.mark.parametrize(
    ("now", "start", "says"),
    [
        ((), ("df = 1", SET), "cell 1, line 2 set it: mean_fare = df['Fare'].mean()\nBring that"),
        (("print(mean_fare)", SET), (SET,), "Cell 1, line 2 sets it, too late: move that up"),
        (
            (),
            ("from fares import mean as mean_fare",),
            "mean_fare\nDelete the line that needs it, or",
        ),
        ((), ("df['x'] = mean_fare",), ""),
        (("mean_fare = (", "x ="), (SET,), "cell 0, line 2 set it: mean_fare = df["),
    ],
)
def test_the_line_that_set_the_name_is_named(
    now: tuple[str, ...], start: tuple[str, ...], says: str
):
    found = way_back(LACKS, notebook(*now), notebook(*start))
    assert says in found and bool(says) == bool(found)


def test_no_line_is_named_for_another_error():
    assert not way_back("KeyError: 'mean_fare'", notebook(), notebook(SET))


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("%cd -q ..  # [code smell] ipython-only: no script", "cell 1, line 1: what is behind %cd"),
        ("# [code smell] ipython-only: no script\n%cd -q ..", ""),
        ("%matplotlib inline  # fine", ""),
    ],
)
def test_a_comment_behind_cd_is_named_where_a_file_is_not_found(source: str, says: str):
    now = notebook("x = 1", source, "pd.read_csv('data/a.csv')")
    found = way_back("FileNotFoundError: [Errno 2] No such file", now, now)
    assert says in found and bool(says) == bool(found)
