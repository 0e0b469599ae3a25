"""Drill 15: the right file was opened."""


def test_the_answer_is_the_second_deck(drill):
    answer = drill.answer()[0]
    assert answer != "veranda", "That is what deck_plan_old.py says. The file is deck_plan.py."
    assert answer != "boat", "The boat deck is the first in the list. Which is the second?"
    assert answer in ("promenade", "promenade-deck"), (
        f"{answer} is not the second deck in deck_plan.py. Open it by typing 'deckpl' and look again."
    )
