"""Titles are found in names."""

from titles import title_of


def test_a_title_stands_between_comma_and_full_stop():
    assert title_of("Doe, Master. John") == "Master"
