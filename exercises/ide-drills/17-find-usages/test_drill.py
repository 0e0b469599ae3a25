"""Drill 17: every caller was found, and nobody else."""

CALLERS = {"training_rows", "answer_for", "mean_age"}
MISTAKES = {
    "held_back_rows": "names it in a text only",
    "without_age": "names it in a text only",
    "typed": "calls the method of a form that happens to have the same name",
    "fill_age": "is the function itself, or the method of a form",
}


def test_the_answer_is_the_three_callers(drill):
    answer = {word.strip("`(),:.").rpartition(".")[2] for word in drill.answer()}
    wrong = sorted(answer & set(MISTAKES))
    assert not wrong, (
        f"{wrong[0]} {MISTAKES[wrong[0]]}. A text search finds it too; find usages does not."
    )
    missing = CALLERS - answer
    assert missing != {"mean_age"}, (
        "One is missing: it imports the function under another name. Find usages knows it."
    )
    assert not missing, (
        f"{len(missing)} of 3 callers missing. Put the cursor on fill_age in ages.py and find its usages."
    )
    others = sorted(answer - CALLERS)
    assert not others, f"{others[0]} does not call fill_age. Write the names of the three functions only."
