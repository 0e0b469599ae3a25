"""What the shape tests of several steps ask of frames that functions are given: they stay as they are."""

from collections.abc import Sequence

from nbkata.shape_tests.shell.learner import Learner, tables_in
from nbkata.shape_tests.shell.learner_tests import LearnerTests
from nbkata.shape_tests.shell.outside_tables import is_frame
from nbkata.shape_tests.shell.shape_checks import not_noticed
from nbkata.shape_tests.shell.watched_calls import Call, Function


def arguments_changed(learner: Learner, functions: Sequence[Function] | None = None) -> str:
    """Where a function changed a frame that it was given, or that it takes hold of otherwise."""
    asked = learner.run.functions if functions is None else functions
    for function in sorted(
        asked, key=lambda one: len(one.inside)
    ):  # who does it, before who calls that
        for call in function.calls:
            for name in call.changed:
                is_given = name.partition(".")[0].partition("[")[0] in call.arguments
                is_column = type(call.arguments.get(name)).__name__ == "Series"
                one = "column" if is_column else "frame"
                what = f"the {one} that it was given" if is_given else f"a {one} from outside of it"
                new = one if is_column else f"{one} (assign makes one)"
                return (
                    f"{function} changes {name}, {what}. Whoever calls "
                    f"it does not expect that: give back a new {new}."
                )
    return ""


def change_not_noticed(
    learner: Learner, tests: LearnerTests, functions: Sequence[Function], does: str
) -> str:
    """Where no unit test fails though a function changes what it was given, or its object was made of.

    One that does change it is for ``arguments_changed`` to say.
    """
    public = {
        (one.module, one.qualified): one
        for function in functions
        for one in _public(learner, function)
    }
    kept = [one for one in public.values() if not any(call.changed for call in one.calls)]
    asked = [function for function in kept if any(map(_is_given_tables, function.calls))]
    what, compared = "what it was given", "its argument"
    if not asked:
        asked = [function for function in kept if any(map(_holds_tables, function.calls))]
        what, compared = "the frame that its object was made of", "that frame"
    if not asked:
        return ""
    how, instead = "changes its argument", f"changed {what} as well"
    advice = f"One more test: call it, and compare {compared} with a copy from before."
    message = not_noticed(learner, tests, asked, does, usual=[({"how": how}, instead, advice)])
    in_place = [function for function in asked if any(map(_gives_columns_of_frame, function.calls))]
    if message or not in_place:
        return message
    how, instead = f"{how} in place", f"put what it gives back into {what} as well"
    advice = (
        "Let a test see that: call it with a new frame, which no other test uses, and in which it has "
        f"something to change; compare {compared} with a copy from before."
    )
    return not_noticed(learner, tests, in_place, does, usual=[({"how": how}, instead, advice)])


def _public(learner: Learner, function: Function) -> list[Function]:
    """The function; in the place of a private one those that call it: nobody else gives it a frame."""
    if not function.name.startswith("_") or function.name.endswith("__"):
        return [function]
    calling = [
        one
        for one in learner.run.functions
        if (function.module, function.name) in one.inside and not one.name.startswith("_")
    ]
    return [one for one in calling if any(map(_is_given_tables, one.calls))] or [function]


def _is_given_tables(call: Call) -> bool:
    given = [value for name, value in call.arguments.items() if name != "self"]
    return any(any(True for _ in tables_in(value)) for value in given)


def _gives_columns_of_frame(call: Call) -> bool:
    """Whether columns with names come out, and a frame with as many rows goes in, or is held."""
    frames = [
        one
        for value in call.arguments.values()
        for one in (value, *getattr(value, "__dict__", {}).values())
        if is_frame(one)
    ]
    made = [len(column) for name, column in tables_in(call.result) if name not in ("", "None")]
    return any(len(frame) in made for frame in frames)


def _holds_tables(call: Call) -> bool:
    return any(True for _ in tables_in(call.arguments.get("self")))
