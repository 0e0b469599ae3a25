"""Which test of today is which of before: by name, or by what it asks if it was moved or renamed."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from nbkata.guard.core.suite import Test

# From which share of equal words on a renamed test is taken for the same.
_ALIKE = 0.6


def matched(before: Sequence[Test], after: Sequence[Test]) -> Iterator[tuple[Test, Test | None]]:
    """Each collected test of before, with the one of today that does its work, collected or not."""
    by_place = {(test.path, test.name): test for test in after}
    names: dict[str, list[Test]] = {}
    for test in after:
        names.setdefault(test.short_name, []).append(test)
    known = {(test.path, test.name) for test in before}
    kept = [test for test in before if test.is_collected]
    for test in kept:
        same = by_place.get((test.path, test.name))
        moved = [one for one in names.get(test.short_name, ()) if (one.path, one.name) not in known]
        yield test, same or (moved[0] if moved else _renamed(test, after, known))


def _renamed(test: Test, after: Sequence[Test], known: set[tuple[str, str]]) -> Test | None:
    new = [one for one in after if (one.path, one.name) not in known]
    holding = [one for one in after if one.is_collected and _holds(one, test)]
    new_holding = [one for one in new if one in holding]
    if new_holding:
        return max(new_holding, key=lambda one: _likeness(one, test))
    likeliest = max(new, key=lambda one: _likeness(one, test), default=None)
    if likeliest is not None and _likeness(likeliest, test) >= _ALIKE:
        return likeliest
    with_cases = [one for one in holding if any(part.repeats for part in one.assertions)]
    with_cases += [one for one in after if one.is_collected and _asks_in_a_row(one, test)]
    return next(iter(with_cases), None)


def _holds(one: Test, test: Test) -> bool:
    """Whether it has all constants of the test, and calls the same."""
    return bool(test.constants) and test.constants.keys() <= one.constants.keys() and (
        len(test.names & one.names) >= 1 and len(one.assertions) > 0
    )  # fmt: skip


def _asks_in_a_row(one: Test, test: Test) -> bool:
    """Whether a row of its parameters has what an assertion of the test compares."""
    compared = [part.constants for part in test.assertions if len(part.constants) > 1]
    asked = any(constants <= row for constants in compared for row in one.rows)
    return asked and bool(test.names & one.names)


def _likeness(one: Test, test: Test) -> float:
    return SequenceMatcher(None, one.text.split(), test.text.split(), autojunk=False).ratio()
