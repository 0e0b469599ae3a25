"""What `nbkata watch` shows of a verdict."""

import io

from rich.console import Console

from nbkata.common.core.refusal import Refusal
from nbkata.kata.core.behaviour import LIKELY
from nbkata.kata.core.lights import Light, Verdict
from nbkata.kata.shell.kit import load_kit
from nbkata.watch.commands._watch_screen import View, new_lines, page, what_next
from nbkata.watch.commands.watch import seen
from nbkata.watch.core.watching import EVERYTHING
from nbkata.watch.shell.watch import Began, Noted, StepChecked


def test_the_likely_cause_is_shown_however_much_moved():
    kit = load_kit()
    assert not isinstance(kit, Refusal)
    moved = tuple(f"X_test, column {name}, differs." for name in "ABCDE")
    light = Light(False, (*moved, f"{LIKELY}mean_fare is gone."))
    shown = io.StringIO()
    view = View(kit.kata.steps[5], kit.kata, behaviour=light)
    Console(file=shown, width=100).print(page(view, with_keys=True))
    for expected in (*moved[:2], "And 3 more: nbkata check", "Likely cause: mean_fare is gone."):
        assert expected in shown.getvalue()
    assert moved[2] not in shown.getvalue()


def test_n_is_not_offered_while_next_would_refuse():
    kit = load_kit()
    assert not isinstance(kit, Refusal)
    green, unformatted = Light(True, ("yes",)), Light(False, ("src/train.py is not formatted.",))
    view = View(kit.kata.steps[7], kit.kata)
    for lost, expected in (
        (
            {"03-convert": unformatted},
            "step 03 is not reached any more: src/train.py is not format",
        ),
        ({}, "step 08: press n"),
    ):
        view = seen(view, StepChecked(Verdict("07-alone", green, green, 1.0, lost), 1.0))
        assert what_next(view, with_keys=True).startswith(expected)


def test_each_look_says_its_own_note_though_the_last_one_said_the_same():
    kit = load_kit()
    assert not isinstance(kit, Refusal)
    first = seen(seen(View(kit.kata.steps[7], kit.kata), Began(EVERYTHING)), Noted("it died."))
    second = seen(seen(first, Began(EVERYTHING)), Noted("it died."))
    assert new_lines(first, second, with_keys=True) == ["it died."]
