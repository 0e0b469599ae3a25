"""record/core/compare.py: what is said of a value that differs."""

import pytest

from nbkata.record.core.compare import moves
from nbkata.record.core.record import Column, Fingerprint, Kind, Rows


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


@pytest.mark.parametrize(
    ("now", "how", "shown"),
    [
        (("0.0", "nan", "1.0"), "; 1 value differs", [("at place 1", "2", "nan")]),
        (("0.0", "nan", "7.0"), "; 2 values differ", [("at place 1", "2", "nan"), ("at place 2", "1", "7.0")]),
        (("0.0", "2.0", "1.0"), "", []),
        (("False", "2", "True"), "; 2 values differ", [("at place 0", "0", "False"), ("at place 2", "1", "True")]),
    ],
)  # fmt: skip
def test_of_a_column_with_another_dtype_only_the_values_that_moved_are_counted_and_shown(
    now: tuple[str, ...], how: str, shown: list[tuple[str, str, str]]
):
    before, after = (
        Fingerprint(Kind.FRAME, "DataFrame", digest, columns=(Column("Age", dtype, digest),))
        for dtype, digest in (("int64", "a"), ("float64", "b"))
    )
    values = {"a": Rows(("0", "2", "1"), 1, 3), "b": Rows(now, 1, 3)}
    (moved,) = moves("X", 0, before, after, values)
    assert moved.how == f"has the dtype float64, it was int64{how}"
    assert [(one.row, one.before, one.now) for one in moved.examples] == shown
