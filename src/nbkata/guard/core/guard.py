"""What a change did to the safety net: the files before, the files after, and what got weaker.

People and assistants are judged alike, and by what can be read: a test that asks less, a golden
record that nobody approved, an expectation that moved together with the code. A determined cheat is
not stopped.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import partial

from nbkata.guard.core.approvals import is_approved
from nbkata.guard.core.cases import cases_gone
from nbkata.guard.core.assertions import Assertion, Strength
from nbkata.guard.core.code import code_of, does_not_parse, is_name, tests_dead_code
from nbkata.guard.core.finding import Finding, Kind, Place
from nbkata.guard.core.limits import looser, no_longer_asked
from nbkata.guard.core.matching import matched
from nbkata.guard.core.paths import is_code, is_collected, is_configuration, is_golden, is_test
from nbkata.guard.core.suite import CAUGHT, RETURNS, Test, read_tests

Files = Mapping[str, str]
APPROVE = 'If it is right: nbkata guard --approve "why"'
# Settings that take tests out, or let failures pass.
_LEAVES_OUT = re.compile(
    r"--deselect|--ignore|--exitfirst|--maxfail|-k[ =]|-m[ =]|python_files|python_functions|python_classes"
    r"|testpaths|norecursedirs|collect_ignore|-p[ =]no:|xfail_strict *= *false"
)
_HOOKS = ("pytest_collection", "pytest_ignore", "pytest_runtest", "pytest_assert", "pytest_pyfunc",
          "pytest_itemcollected", "pytest_sessionfinish", "pytest_generate")  # fmt: skip
_KNOWING = re.compile(r"PYTEST_CURRENT_TEST|['\"]pytest['\"]|\bimport pytest\b|\bgolden\b")


def findings(before: Files, after: Files) -> tuple[Finding, ...]:
    """What got weaker, in the order of kinds, each with both places."""
    approved = is_approved(before, after)
    found = [] if approved else list(_golden(before, after))
    changed = any(
        code_of(before.get(p)) != code_of(after.get(p)) for p in {*before, *after} if is_code(p)
    )
    wanted = _touched_tests(before, after)
    old, new = read_tests(before, wanted), read_tests(after, wanted)
    pairs = list(matched(old, new))
    known = {(test.path, test.name) for test in [*old, *(now for _, now in pairs if now)]}
    added = [test for test in new if test.is_collected and (test.path, test.name) not in known]
    for test, now in pairs:
        instead = _instead(test, added, before) if now is None and changed else None
        if instead is not None:
            added.remove(instead)
            found += [] if approved else [_replaced(test, instead)]
        elif now is None or not now.is_collected:
            found += _gone(test, now, before, after, added)
        elif now.skipped and not test.skipped:
            found.append(
                _finding(Kind.SKIPPED, f"{test.name} is skipped now ({now.skipped}).", test, now)
            )
        elif test.text != now.text or test.constants != now.constants or test.cases != now.cases:
            weaker = list(_weaker(test, now, old, new))
            if not weaker and changed and not approved:
                weaker = list(_expected(test, now, before))
            found += weaker
    found += cases_gone(pairs)
    return tuple([*found, *_settings(before, after), *_knowing(before, after)])


def _touched_tests(before: Files, after: Files) -> frozenset[str]:
    """The test files that changed; all if a helper or a fixture did, which any of them may use."""
    tests = frozenset(path for path in {*before, *after} if is_test(path))
    changed = frozenset(path for path in tests if before.get(path) != after.get(path))
    return changed if all(map(is_collected, changed)) else tests


def _golden(before: Files, after: Files) -> Iterator[Finding]:
    contents = {text for path, text in after.items() if is_golden(path)}
    for path in sorted(filter(is_golden, before)):
        was, now = before[path], after.get(path)
        if now == was or now is None and was in contents:
            continue
        what = "it is gone" if now is None else "it holds other results"
        place = Place(path, 1 if now is None else _first_difference(was, now))
        message = f"{what}, and no line of tests/approvals.txt approves that. {APPROVE}"
        yield Finding(Kind.GOLDEN, message, place, None if now is None else place)


def _gone(
    test: Test, now: Test | None, before: Files, after: Files, added: Sequence[Test]
) -> Iterator[Finding]:
    place = Place(test.path, test.line)
    if now is not None:
        message = f"{test.name} is {now.name} now, which pytest does not collect."
        yield _finding(Kind.UNCOLLECTED, message, test, now)
    elif test.path in after and does_not_parse(after[test.path]):
        message = "the file cannot be read as Python, so none of its tests runs."
        yield Finding(Kind.UNCOLLECTED, message, place, Place(test.path))
    elif not tests_dead_code(test, before, after):
        here = [one for one in added if one.path == test.path]
        alike = [
            one for one in added if any(is_name(each, before) for each in test.names & one.names)
        ]
        other = next(iter([*here, *alike]), None)
        if other is None:
            message = f"{test.name} is gone, and no test does its work."
        else:
            where = "there" if here else f"in {other.path}"
            message = f"{test.name} is gone; {other.name} is new {where}, and asks something else."
        there = Place(other.path, other.line) if other else None
        yield Finding(Kind.DELETED, message, place, there)


def _instead(test: Test, added: Sequence[Test], before: Files) -> Test | None:
    """A new test in the same file that asks the same code as firmly, though for something else."""
    firmness = max((one.strength for one in test.assertions), default=Strength.EXACT)
    for other in added:
        is_firm = any(one.strength >= firmness for one in other.assertions) and not other.skipped
        if other.path == test.path and is_firm:
            if any(is_name(name, before) for name in test.names & other.names):
                return other
    return None


def _replaced(test: Test, instead: Test) -> Finding:
    message = (
        f"{test.name} is gone; {instead.name} asks the same code for something else, "
        f"and the code changed. {APPROVE}"
    )
    return _finding(Kind.EXPECTED, message, test, instead)


def _weaker(test: Test, now: Test, old: Sequence[Test], new: Sequence[Test]) -> Iterator[Finding]:
    asked = [test for test in new if test.is_collected and not test.skipped]
    total = Counter(one.text for other in asked for one in other.assertions if not one.guards)
    total.subtract(one.text for other in old for one in other.assertions)
    left = list(now.assertions)
    waiting = []
    for one in test.assertions:
        same = next((other for other in left if other.text == one.text), None)
        if same is None:
            waiting.append(one)
            continue
        left.remove(same)
        yield from _compared(test, one, now, same)
    for one in waiting:
        if total[one.text] >= 0 and not one.guards:  # another test asks it now
            continue
        pairs = [other for other in left if other.strength > 0 or len(left) == 1]
        best = max(pairs, key=partial(_pairing, one), default=None)
        if best is None:
            if not _is_a_case(one, now):
                message = f"{test.name} no longer asks: {_asked(one)}"
                yield Finding(
                    Kind.REMOVED, message, Place(test.path, one.line), Place(now.path, now.line)
                )
            continue
        if not best.repeats:
            left.remove(best)
        yield from _compared(test, one, now, best)
    lost = test.constants.keys() - now.constants.keys()
    fewer = now.cases < test.cases and not (test.rows and now.rows)
    if fewer and lost and len(now.assertions) <= len(test.assertions):
        message = f"{test.name} is asked for fewer cases: {', '.join(sorted(lost)[:4])} went."
        yield _finding(Kind.REMOVED, message, test, now)
    elif now.limits and not now.rows and (gone := no_longer_asked(test.limits, now.limits)):
        message = f"{test.name} is asked for fewer cases: {', '.join(sorted(gone)[:4])} went."
        yield _finding(Kind.REMOVED, message, test, now)
    if loose := list(looser(test.limits, now.limits)):
        yield _finding(
            Kind.WEAKER, f"{test.name} allows more now: {'; '.join(loose[:4])}.", test, now
        )
    if names := (now.replaced - test.replaced) & test.names:
        message = f"{test.name} replaces what it tests ({', '.join(sorted(names))}) by a stand-in."
        yield _finding(Kind.WEAKER, message, test, now)
    if _reads_golden(test) and not _reads_golden(now):
        yield _finding(Kind.WEAKER, f"{test.name} no longer reads the golden record.", test, now)


def _compared(test: Test, one: Assertion, now: Test, other: Assertion) -> Iterator[Finding]:
    """Nothing, or the one worst thing that became of an assertion."""
    guards = other.guards - one.guards
    kind = message = None
    if CAUGHT in guards:
        kind, message = Kind.SWALLOWED, "its failure is caught now."
    elif other.strength == Strength.NOTHING < one.strength or " or True" in other.text:
        kind, message = Kind.SWALLOWED, f"nothing can fail it any more: {_short(other.text)}"
    elif RETURNS in guards:
        kind, message = Kind.SKIPPED, "the test may return before it now."
    elif other.strength < one.strength:
        is_near = other.strength == Strength.NEAR == one.strength - 1
        kind = Kind.TOLERANCE if is_near and "raises" not in other.text else Kind.WEAKER
        message = f"it is weaker now: {_short(other.text)}"
    elif other.strength == one.strength and other.looser_than(one):
        kind = Kind.WEAKER if other.strength == Strength.BOUND else Kind.TOLERANCE
        loose = ", ".join(f"{name}={abs(value):g}" for name, value in other.loose.items())
        message = f"it allows more now ({loose}): {_short(other.text)}"
    elif other.strength == one.strength and other.reducers - one.reducers:
        less = ", ".join(sorted(other.reducers - one.reducers))
        kind, message = Kind.WEAKER, f"it compares less now ({less}): {_short(other.text)}"
    elif other.is_mirrored and not one.is_mirrored:
        kind, message = Kind.WEAKER, f"it compares the code with itself now: {_short(other.text)}"
    elif guards:
        kind, message = Kind.WEAKER, f"{', '.join(sorted(guards))} now."
    if kind and message:
        text = f"{_asked(one)}: {message}"
        yield Finding(kind, text, Place(test.path, one.line), Place(now.path, other.line))


def _expected(test: Test, now: Test, before: Files) -> Iterator[Finding]:
    """Other values in the test since the code changed: the test may have been fitted to it."""
    gained = now.constants - test.constants
    lost = {text for text in test.constants if text not in now.constants}
    if not lost and gained and now.cases == test.cases and test.name == now.name:
        lost = set(test.constants - now.constants)
    lost = {text for text in lost if not is_name(text, before)}
    if lost and gained:
        values = ", ".join(sorted(lost)[:4])
        message = (
            f"{test.name} holds other values now ({values} went), and the code changed. {APPROVE}"
        )
        yield _finding(Kind.EXPECTED, message, test, now)


def _settings(before: Files, after: Files) -> Iterator[Finding]:
    for path in sorted(after):
        was = set(before.get(path, "").splitlines())
        is_conftest = path.endswith("conftest.py")
        if not is_conftest and not is_configuration(path):
            continue
        if was == set(after[path].splitlines()) or not before.get(path) and not is_conftest:
            continue
        for number, line in enumerate(after[path].splitlines(), 1):
            hooks = is_conftest and any(f"def {hook}" in line for hook in _HOOKS)
            ignores = "collect_ignore" in line if is_conftest else bool(_LEAVES_OUT.search(line))
            if line not in was and (hooks or ignores):
                message = f"tests may be left out by this line: {line.strip()}"
                there = Place(path) if path in before else None
                yield Finding(Kind.UNCOLLECTED, message, there, Place(path, number))


def _knowing(before: Files, after: Files) -> Iterator[Finding]:
    for path in sorted(filter(is_code, after)):
        was = before.get(path, "")
        if path.endswith(".py") and after[path] != was and not _KNOWING.search(was):
            for number, line in enumerate(after[path].splitlines(), 1):
                if _KNOWING.search(line.partition("#")[0]):
                    message = f"the code looks at what judges it: {line.strip()}"
                    there = Place(path) if path in before else None
                    yield Finding(Kind.KNOWS, message, there, Place(path, number))
                    break


def _is_a_case(one: Assertion, now: Test) -> bool:
    """Whether a loop or parameters ask it."""
    asked = any(other.repeats and other.strength >= one.strength for other in now.assertions)
    return asked and one.constants <= now.constants.keys()


def _pairing(one: Assertion, other: Assertion) -> tuple[float, int]:
    likeness = SequenceMatcher(None, one.text, other.text, autojunk=False).ratio()
    return likeness + (0.2 if one.strength == other.strength else 0), other.strength


def _reads_golden(test: Test) -> bool:
    return any("golden" in text.lower() for text in test.constants)


def _first_difference(was: str, now: str) -> int:
    pairs = zip(was.splitlines(), now.splitlines())
    return next((number for number, (a, b) in enumerate(pairs, 1) if a != b), 1)


def _finding(kind: Kind, message: str, test: Test, now: Test) -> Finding:
    return Finding(kind, message, Place(test.path, test.line), Place(now.path, now.line))


def _asked(one: Assertion) -> str:
    """As it is written: a call that asserts by itself, or what an ``assert`` asks."""
    text = _short(one.text)
    return text if "assert" in text.partition("(")[0] else f"assert {text}"


def _short(text: str) -> str:
    return text if len(text) <= 90 else f"{text[:87]}..."
