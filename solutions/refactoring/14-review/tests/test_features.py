import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from features import (
    add_derived_title,
    add_is_alone,
    add_is_expensive,
    band,
    band_ages,
    cap_fares,
    derive_features,
    encode,
    fill_gaps,
    share_fares,
)


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


def test_alone_is_who_has_neither_siblings_or_spouse_nor_parents_or_children_aboard():
    passengers = pd.DataFrame({"SibSp": [0, 1, 0, 2], "Parch": [0, 0, 1, 2]})

    with_alone = add_is_alone(passengers)

    expected = pd.DataFrame({"SibSp": [0, 1, 0, 2], "Parch": [0, 0, 1, 2], "IsAlone": [1, 0, 0, 0]})
    assert_frame_equal(with_alone, expected)


def test_gaps_take_the_commonest_port_the_median_fare_and_the_mean_age_of_the_title():
    passengers = pd.DataFrame(
        {
            "Embarked": ["S", "S", "Q", None],
            "Fare": [8.0, None, 10.0, 30.0],
            "Age": [30.0, 50.0, 4.0, None],
            "Title": ["Mr", "Mr", "Master", "Mr"],
        }
    )

    filled = fill_gaps(passengers)

    expected = pd.DataFrame(
        {
            "Embarked": ["S", "S", "Q", "S"],
            "Fare": [8.0, 10.0, 10.0, 30.0],
            "Age": [30.0, 50.0, 4.0, 40.0],
            "Title": ["Mr", "Mr", "Master", "Mr"],
        }
    )
    assert_frame_equal(filled, expected)


def test_filling_gaps_leaves_its_argument_alone():
    columns = {"Embarked": ["S", None], "Fare": [8.0, None], "Age": [30.0, None]}
    passengers = pd.DataFrame({**columns, "Title": ["Mr", "Mr"]})
    before = passengers.copy()

    fill_gaps(passengers)

    assert_frame_equal(passengers, before)


def test_a_band_ends_with_its_edge_and_the_last_one_is_open():
    fares = pd.Series([0, 7.5, 7.6, 9, 9.1, 512])

    assert band(fares, [7.5, 9]).tolist() == [0, 0, 1, 1, 2, 2]


def test_who_is_older_than_the_last_edge_is_in_a_band_of_their_own():
    passengers = pd.DataFrame({"Age": [12, 12.5, 64, 70.5]})

    assert_frame_equal(band_ages(passengers), pd.DataFrame({"Age": [0, 1, 3, 4]}))


def test_each_column_is_encoded_by_its_own_table():
    passengers = pd.DataFrame({"Sex": ["female", "male"], "Deck": ["B", "A"], "Age": [1, 2]})

    encoded = encode(passengers, {"Sex": {"male": 0, "female": 1}, "Deck": {"A": 0, "B": 1}})

    assert_frame_equal(encoded, pd.DataFrame({"Sex": [1, 0], "Deck": [1, 0], "Age": [1, 2]}))


def test_a_familys_ticket_is_shared_by_all_of_it():
    passengers = pd.DataFrame({"Fare": [30.0, 30.0], "SibSp": [0, 1], "Parch": [0, 1]})

    assert share_fares(passengers)["Fare"].tolist() == [30.0, 10.0]


def test_expensive_is_a_fare_above_the_mean_of_the_fares_per_person():
    passengers = pd.DataFrame({"Fare": [9.0, 10.0, 11.0]})

    assert add_is_expensive(passengers)["Expensive"].tolist() == [0, 0, 1]


def test_a_ticket_counts_for_300_at_most():
    passengers = pd.DataFrame({"Fare": [299.0, 300.0, 512.0]})

    assert cap_fares(passengers)["Fare"].tolist() == [299.0, 300.0, 300.0]


def test_a_gap_in_age_takes_the_band_of_the_mean_in_years():
    columns = {"Survived": 0, "Pclass": 3, "Sex": "male", "SibSp": 0, "Parch": 0, "Fare": 8.0}
    ages = pd.DataFrame({"Age": [10.0, 63.0, None], "Name": "Berg, Mr. Ole", "Embarked": "S"})

    features = derive_features(ages.assign(**columns))

    assert features["Age"].tolist() == [0, 3, 2]  # the mean of 10 and 63 years is in band 2
