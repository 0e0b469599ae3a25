"""What `nbkata watch` shows of a verdict."""

import io

from rich.console import Console

from nbkata.common.core.refusal import Refusal
from nbkata.kata.core.behaviour import LIKELY
from nbkata.kata.core.lights import Light
from nbkata.kata.shell.kit import load_kit
from nbkata.watch.commands._watch_screen import View, page


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
