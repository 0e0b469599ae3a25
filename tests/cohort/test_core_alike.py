"""Near-equal solutions have one digest; others have not."""

from nbkata.cohort.core.alike import shape_of

ONE = 'def f(rows):\n    """Add."""\n    total = sum(rows)\n    return total + 1\n'


def test_names_comments_and_docstrings_make_no_difference_and_numbers_do():
    other = "def add(xs: list) -> int:  # all\n    result = sum(xs)\n\n    return result + 1\n"
    assert shape_of({"a.py": ONE}) == shape_of({"a.py": other}) != ""
    assert shape_of({"a.py": ONE}) != shape_of({"a.py": ONE.replace("+ 1", "+ 2")})
    assert shape_of({"a.py": ONE}) != shape_of({"a.py": ONE.replace("sum(rows)", "rows.sum()")})


def test_code_that_does_not_parse_is_like_nothing():
    assert shape_of({"a.py": "def ("}) == shape_of({}) == ""
    assert shape_of({"a.py": "-" * 100_000 + "1"}) == ""
