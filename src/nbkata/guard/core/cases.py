"""The cases of parametrized tests: which of them went, though tests that moved there hide it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from nbkata.guard.core.finding import Finding, Kind, Place
from nbkata.guard.core.suite import Test

# What a case asks with, and the test that it is from.
Case = tuple[frozenset[str], Test]


def cases_gone(pairs: Sequence[tuple[Test, Test | None]]) -> Iterator[Finding]:
    """The cases of before that no row of today's parameters holds.

    A row that holds none of them has another case's values, changed: it takes the place of one.
    """
    moved: dict[tuple[str, str], tuple[Test, list[Test]]] = {}
    for test, now in pairs:
        if now is not None and now.rows and now.is_collected and not now.skipped:
            moved.setdefault((now.path, now.name), (now, []))[1].append(test)
    for now, tests in moved.values():
        waiting, free = _without_a_row(tests, now)
        for constants, test in waiting[free:]:
            values = ", ".join(sorted(constants - _outside_rows(now) or constants)[:4])
            message = f"{test.name} had a case that {now.name} does not ask: {values}."
            there = Place(now.path, now.line)
            yield Finding(Kind.REMOVED, message, Place(test.path, test.line), there)


def _without_a_row(tests: Sequence[Test], now: Test) -> tuple[list[Case], int]:
    """The cases that no row holds, and how many rows hold none."""
    held = {row: row | _outside_rows(now) for row in now.rows}
    free, waiting = list(now.rows), list[Case]()
    for test in tests:
        for constants in _cases(test):
            row = next((row for row in free if constants <= held[row]), None)
            if row is not None:
                free.remove(row)
            elif test.rows or not any(constants <= one for one in held.values()):
                waiting.append((constants, test))
    return waiting, len(free)


def _cases(test: Test) -> Sequence[frozenset[str]]:
    """The rows of a parametrized test; of another what each assertion asks, or all of a single one."""
    if test.rows:
        return test.rows
    if len(test.assertions) > 1:
        return [one.constants for one in test.assertions if one.constants]
    return [frozenset(test.constants)]


def _outside_rows(test: Test) -> frozenset[str]:
    """The constants of a test that are not in its rows alone."""
    inside = Counter(text for row in test.rows for text in row)
    return frozenset(test.constants - inside)
