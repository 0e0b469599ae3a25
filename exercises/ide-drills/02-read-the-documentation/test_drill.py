"""Drill 02: the answer is in the documentation of pandas."""


def test_the_answer_is_the_parameter(drill):
    answer = drill.answer()
    assert answer[0].strip("=") not in ("drop", "'drop'", '"drop"', "raise"), (
        f"{answer[0]} is a value that you may give. How is the parameter called that takes it?"
    )
    assert answer[0].partition("=")[0] == "duplicates", (
        f"{answer[0]} is not it. Read the documentation of qcut: which parameter speaks of bin "
        "edges that are not unique?"
    )
