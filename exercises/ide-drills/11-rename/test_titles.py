"""Titles are found in names."""

from titles import proc


def test_a_title_stands_between_comma_and_full_stop():
    assert proc("Doe, Master. John") == "Master"
