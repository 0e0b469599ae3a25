"""record/core/compare.py: what is said of a value that differs."""

import pytest

from nbkata.record.core.compare import moves
from nbkata.record.core.record import Fingerprint, Kind


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("float", "float64", "is now a float64, it was a float (float(...) makes it one)"),
        ("int", "int64", "is now an int64, it was an int (int(...) makes it one)"),
        ("Series", "ndarray", "is now a ndarray, it was a Series"),
    ],
)
def test_a_value_of_another_type_is_told_how_it_becomes_a_plain_one(was: str, now: str, says: str):
    before, after = (Fingerprint(Kind.SCALAR, kind, "1") for kind in (was, now))
    found = moves("accuracy", 0, before, after, {})
    assert [says in str(one) for one in found] == [True]
