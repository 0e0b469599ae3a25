"""The cards of a debt huddle: what cannot wait first, then zone by zone."""

from nbkata.facilitate.core.huddle import AGENDA, Card, in_order, own_cards
from nbkata.smells.core.wall import Zone


def test_the_huddle_takes_twenty_minutes():
    assert sum(minutes for minutes, _ in AGENDA) == 20


def test_a_line_is_a_card_in_the_zone_of_its_value_and_minutes():
    cards = own_cards("# ours\n\n3 20 Nobody knows the input\n 1.5 240  Rewrite it all \n")
    assert [(card.title, card.zone, card.is_own) for card in cards if isinstance(card, Card)] == [
        ("Nobody knows the input", Zone.LOW_HANGING, True),
        ("Rewrite it all", Zone.NO_GO, True),
    ]


def test_a_line_that_is_no_card_is_named():
    assert own_cards("3 20 Fine\nvery bad 20 minutes\n") == "line 2 is no card: very bad 20 minutes"


def test_what_cannot_wait_is_first_then_the_most_value_for_its_time():
    cards = [
        Card("no-go", Zone.NO_GO, 1, 60),
        Card("dear", Zone.LOW_HANGING, 4, 30),
        Card("cheap", Zone.LOW_HANGING, 4, 5),
        Card("leak", Zone.NO_GO, 1, 90, comes_first=True),
    ]
    assert [card.title for card in in_order(cards)] == ["leak", "cheap", "dear", "no-go"]
