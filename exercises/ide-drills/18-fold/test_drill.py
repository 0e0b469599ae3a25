"""Drill 18: the folded page was read like the front page of a newspaper."""

HEADLINES = ["read_passengers", "fill_gaps", "add_features", "train", "save"]
INNER = {"number", "mean_age", "middle_fare", "title", "is_alone", "rate"}


def test_the_answer_is_the_headlines_in_order(drill):
    answer = [word.strip("`(),:.") for word in drill.answer()]
    inner = [word for word in answer if word in INNER]
    assert not inner, (
        f"{inner[0]} is inside another function: with everything folded it is hidden."
    )
    missing = [name for name in HEADLINES if name not in answer]
    assert not missing, (
        f"{len(answer) - len(set(answer) - set(HEADLINES))} of 5 headlines. Fold everything, "
        "then write down each function that you still see."
    )
    assert answer == HEADLINES, "All five are there, in another order. Write them as the page shows them."
