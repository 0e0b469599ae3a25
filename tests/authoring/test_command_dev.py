"""authoring/core/proof.py: what counts as proven, and what is said where something is not."""

import json
from pathlib import Path

import pytest
from conftest import Nbkata
from kata.test_core_kata import GOOD, read

from nbkata.authoring.core.proof import (
    Looked,
    WrongState,
    guide_problems,
    lights_proof,
    looked_from_json,
    missing_listings,
    steps_to_look_at,
)
from nbkata.authoring.shell.wrong_states import make_wrong, wrong_states
from nbkata.kata.core.lights import CRASHED, Light
from nbkata.kata.shell.kit import Kit, load_kit

CRASH = Light(False, ("Cell 3 prints 42 things.", f"{CRASHED} TypeError: unhashable"))
GREEN, RED = Light(True, ("fine",)), Light(False, ("Cell 3 prints 42 things.", "And more."))


def looked(behaviour: Light, **shapes: Light) -> Looked:
    return Looked(behaviour, {slug.replace("_", "0", 1): light for slug, light in shapes.items()})


def test_at_a_checkpoint_it_and_those_before_must_be_green_and_the_next_one_red():
    kata = read(GOOD)
    run, tidy = kata.steps
    assert steps_to_look_at(kata, None) == (run,)
    assert steps_to_look_at(kata, run) == (run, tidy)
    assert steps_to_look_at(kata, tidy) == (run, tidy)


def test_a_goal_that_ends_is_not_looked_at_later():
    kata = read(GOOD)
    run, tidy = kata.steps
    ended = run._replace(until=run.slug)
    shorter = kata._replace(steps=(ended, tidy))
    assert steps_to_look_at(shorter, tidy) == (tidy,)


def both(first: Light, second: Light, behaviour: Light = GREEN) -> Looked:
    return Looked(behaviour, {"00-run": first, "01-tidy": second})


@pytest.mark.parametrize(
    ("before", "at_own", "messages"),
    [
        (both(GREEN, RED), both(GREEN, GREEN), []),
        (both(GREEN, GREEN), both(GREEN, GREEN), ["01-tidy: its shape is green before the step"]),
        (both(GREEN, RED), both(GREEN, RED), ["01-tidy: its shape is red at 01-tidy. It said: C"]),
        (both(GREEN, RED), both(GREEN, GREEN, RED), ["01-tidy: behaviour is red at its own check"]),
        (both(GREEN, CRASH), both(GREEN, GREEN), [f"01-tidy, before it is done: {CRASHED} T"]),
    ],
)
def test_a_step_is_proven_by_red_before_green_after_and_equal_behaviour(
    before: Looked, at_own: Looked, messages: list[str]
):
    kata = read(GOOD)
    *_, problems = lights_proof(kata, kata.steps[1], before, {"01-tidy": at_own})
    assert len(problems) == len(messages)
    assert all(problem.startswith(start) for problem, start in zip(problems, messages, strict=True))


@pytest.mark.parametrize(
    ("wanted", "complains"),
    [
        ("Cell 3 prints 42 things.", False),
        ("Cell 3 prints [...] things.", False),
        ("Cell 3 prints", True),
        ("Cell 3 prints 43 things.", True),
    ],
)
def test_a_mistake_must_give_its_message_to_the_letter(wanted: str, complains: bool):
    state = WrongState("01-tidy", "print left in", (), shape=wanted)
    assert bool(state.complaint(both(GREEN, RED))) is complains


def test_of_a_mistake_that_is_one_alone_nothing_more_may_be_said():
    alone = WrongState("01-tidy", "y", (), shape="Not yet.", alone=True)
    said = Light(False, ("Not yet.", "And that."))
    assert not alone.complaint(both(GREEN, Light(False, ("Not yet.",))))
    assert "says more than one thing" in alone.complaint(both(GREEN, said))


def test_a_mistake_that_stays_green_is_a_complaint_and_so_is_a_right_way_that_is_red():
    assert WrongState("01-tidy", "x", (), shape="fine").complaint(both(GREEN, GREEN))
    right = WrongState("01-tidy", "other names", (), green=True)
    assert "'other names' should be green. It said: Cell 3" in right.complaint(both(GREEN, RED))
    assert not right.complaint(both(GREEN, GREEN))


def test_a_mistake_that_gives_its_message_and_makes_a_check_crash_is_a_complaint():
    state = WrongState("01-tidy", "left", (), shape="Cell 3 prints 42 things.")
    assert CRASHED in state.complaint(both(GREEN, CRASH))


def test_a_look_survives_the_cache():
    look = both(GREEN, RED)
    assert looked_from_json(json.loads(json.dumps(look.as_json()))) == look


def test_a_listing_that_is_not_in_the_checkpoint_is_named():
    guide = "Do so:\n\n```python\n    x = 1\n    y = 2\n```\n\n```console\nnbkata check\n```\n"
    assert missing_listings(guide, "def f():\n  x = 1\n") == ["y = 2"]


def test_a_guide_without_its_sections_and_hints_without_tiers_are_named():
    output = guide_problems("07-x", "# 07\n\n## Goal\n", "# Hints\n\n## Nudge\n\nThink.\n")
    assert "07-x: the guide has no section 'Why it matters'." in output
    assert "07-x: the guide has 3 lines, not 60 to 160." in output
    assert "07-x: the hints are not Nudge, Plan, Nearly the answer, each with a text." in output


def test_a_mistake_of_which_nothing_must_be_said_is_refused(tmp_path: Path):
    kit = load_kit()
    assert isinstance(kit, Kit)
    kit = kit._replace(root=tmp_path)
    (kit.exercises / "07-x").mkdir(parents=True)
    entry = '[[wrong]]\nname = "quiet"\n[[wrong.edit]]\nfile = "a.py"\ntext = ""\n'
    (kit.exercises / "07-x" / "wrong.toml").write_text(entry, encoding="utf-8")
    with pytest.raises(ValueError, match="'quiet' says no sentence that must be read"):
        wrong_states(kit, "07-x")


def test_every_step_has_mistakes_of_both_kinds_and_an_edit_must_fit(tmp_path: Path):
    kit = load_kit()
    assert isinstance(kit, Kit)
    for step in kit.kata.steps:
        states = wrong_states(kit, step.slug)
        assert len([state for state in states if not state.green]) >= 4
        assert any(state.behaviour for state in states), step.slug
    (tmp_path / "a.py").write_text("x = 1\n", encoding="utf-8")
    edit = {"file": "a.py", "old": "y = 1", "new": "y = 2"}
    with pytest.raises(ValueError, match="01-tidy, 'swap': a.py does not hold"):
        make_wrong(tmp_path, WrongState("01-tidy", "swap", (edit,)))


def test_dev_check_of_an_unknown_step_is_refused_with_the_list(nbkata: Nbkata):
    done = nbkata("dev", "check", "77")
    assert done.returncode == 2
    assert "there is no step '77'. The steps are: 00-run," in " ".join(done.stderr.split())
