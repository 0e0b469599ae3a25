import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from train import add_derived_title


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Berg, Mr. Ole", "Mr"),
        ("Berg, Mrs. Ole (Ida Dahl)", "Mrs"),
        ("Roux, Mme. Anne", "Mrs"),
        ("Roux, Mlle. Lea", "Miss"),
        ("Hall, Ms. Kate", "Miss"),
        ("Hall, Master. Tim", "Master"),
        ("Hall, Dr. Ann", "Other"),
        ("Roth, the Countess. of (Eva)", "Other"),
    ],
)
def test_the_title_is_read_from_the_name_and_rare_ones_are_grouped(name, title):
    passengers = pd.DataFrame({"Name": [name], "Age": [30.0]})

    with_title = add_derived_title(passengers)

    expected = pd.DataFrame({"Name": [name], "Age": [30.0], "Title": [title]})
    assert_frame_equal(with_title, expected)


def test_deriving_the_title_leaves_its_argument_alone():
    passengers = pd.DataFrame({"Name": ["Berg, Mr. Ole"]})

    add_derived_title(passengers)

    assert_frame_equal(passengers, pd.DataFrame({"Name": ["Berg, Mr. Ole"]}))
