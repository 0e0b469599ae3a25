"""Drill 16: the way led to the right word."""


def test_the_answer_is_the_word_at_the_end(drill):
    answer = drill.answer()[0].strip("\"'")
    assert answer != "senior", (
        "senior is the group's word, on the report's way. From train.py the way goes by age_band."
    )
    assert answer not in ("bands.oldest", "oldest"), "One more: go to the definition of OLDEST itself."
    assert answer == "elder", (
        f"{answer} is not it. Start in train.py, on prepared, and go to the definition at every layer."
    )
