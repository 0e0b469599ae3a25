"""What the shape tests of several steps ask in the same way, with the same words.

Each function gives the message for the learner, or an empty text where there is nothing to say.
"""

import ast
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from numbers import Real
from pathlib import Path
from typing import Any

from nbkata.common.shell.walk import files_in, visible
from nbkata.kata.shell.run_code import run_script
from nbkata.shape_tests.shell.empty_assertions import asserts_nothing
from nbkata.shape_tests.shell.learner import Learner, columns_in, listed, tables_in
from nbkata.shape_tests.shell.learner_tests import LearnerTests
from nbkata.shape_tests.shell.outside_tables import is_frame
from nbkata.shape_tests.shell.watched_calls import Call, Function

# What slow tests need that only ask the learner's tests: the shape test of this name, green.
TESTS_PASS = "test_the_tests_pass_as_they_are"


def the_first(messages: Sequence[str], most: int = 3) -> str:
    """So many messages, a line each, and how many more there are."""
    left = len(messages) - most
    return "\n".join([*messages[:most], *([f"And {left} more."] if left > 0 else [])])


@cache  # many ask; nothing is run and no file is read again
def not_passing(tests: LearnerTests) -> str:
    """Where the learner's tests do not pass as they are."""
    run = tests.as_they_are
    if run.trouble:
        return f"Your tests could not run: {run.trouble}."
    if not run.tests:
        return f"There is no test yet: pytest finds none in tests/{_uncollected(tests.place)}."
    not_passed = [test for test in run.tests if not test.passed]
    if not_passed:
        first = not_passed[0]
        why = f": {said}" if (said := _reason_of(first.message)) else ""
        does = "fails" if first.outcome == "failed" else "says nothing"
        more = f" And {len(not_passed) - 1} more." if len(not_passed) > 1 else ""
        return f"Your test {first.file}, {first.name}, {does}{why}.{more}"
    return asserts_nothing(tests.place / "tests")


def _reason_of(message: str) -> str:
    """The first line, and what it announces with a colon; of two tables that differ, also what is on each side, if that is short."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    sides = [
        line.partition(":")[2].strip() for line in lines if re.match(r"\[(left|right)\]:", line)
    ]
    if len(sides) != 2 or max(map(len, sides)) > SIDE:
        ends = next((n for n, line in enumerate(lines) if line[-1] != ":"), len(lines))
        return " ".join(lines[: ends + 1]).rstrip(".:")
    what = re.match(r'Attribute "(\w+)"', lines[1])
    return f"{lines[0]}: {f'{what[1]} ' if what else ''}{sides[0]} and {sides[1]}"


# Characters of one side of a comparison that a message shows.
SIDE = 60


def not_running(learner: Learner) -> str:
    """Why the program stops, or shows nothing, if its user runs it with nothing behind its name."""
    file = learner.behaviour.file
    ended = run_script(learner.workspace, file, (), PROGRAM_LIMIT_S)
    if ended.code == 0 and ended.last_line:
        return ""
    if ended.code == 0:
        return (
            f'python {file} prints nothing. Look at its end: below if __name__ == "__main__":, written '
            "exactly so, it calls train(path) and prints what is to be seen."
        )
    return (
        f"python {file} does not work: {ended.last_line[:160].rstrip('.')}. Run it, and look at what is below "
        'if __name__ == "__main__": it prints the accuracy, one of the six that train() gives back.'
    )


PROGRAM_LIMIT_S = 120


def _uncollected(workspace: Path) -> str:
    """A file with tests that is in another folder, or has a name that pytest does not look for."""
    for path in files_in(workspace, visible, ".py"):
        name = path.relative_to(workspace).as_posix()
        if re.search(r"^\s*def test_", path.read_text(encoding="utf-8", errors="replace"), re.M):
            is_inside = name.startswith("tests/")
            return f", but {name} has some: " + (
                "let its name begin with test_" if is_inside else "move it to tests/"
            )
    return ""


@dataclass(frozen=True)
class Misreading:
    """A function takes some of what it is given for something else, and a unit test must notice."""

    what: str  # as ``I made it so that it`` goes on: ``took Parch for 0 in every row``
    reads: tuple[Any, ...]  # as `breakages` knows it: ``("always", 0)``
    # Whether a column, or one value in a list, is what it misreads.
    wanted: Callable[[Sequence[Any]], bool]
    advice: str

    def breakage(self, function: Function, each: Function | None = None) -> dict[str, Any]:
        """What breaks a function so, or the one that it calls for ``each`` value."""
        misread = [
            (place, column)
            for call in function.calls
            for place, column in _given(call)
            if self.wanted(column)
        ]
        places = [*dict.fromkeys(place for place, _ in misread)]
        if each:
            read = {value for _, column in misread for value in _values(column)}
            given = [(place, _values(one)) for call in each.calls for place, one in _given(call)]
            others = {place for place, values in given if not read.issuperset(values)}
            places = [*dict.fromkeys(place for place, _ in given if place not in others)]
        return _at(each or function) | {"how": "misreads", "reads": self.reads, "places": places}


def _at(function: Function) -> dict[str, Any]:
    return {"module": function.module, "function": function.qualified}


@dataclass(frozen=True)
class Misfilling:
    """A column's gaps are filled with another value, or it is learnt to fill them, and a unit test must notice."""

    what: str
    instead: str  # as `breakages` knows it
    is_column: Callable[[Sequence[Any]], bool]  # with its gaps
    is_filled: Callable[[Any], bool]  # that column, or what fills it
    advice: str

    def breakage(self, function: Function, each: Function | None = None) -> dict[str, Any]:
        """What breaks a function so; with no ``places`` if it does not fill or learn that."""
        given, places = dict[tuple[Any, ...], None](), dict[tuple[Any, ...], None]()
        for call in () if each else function.calls:
            own = [place for place, column in _given(call) if self.is_column(column)]
            given.update(dict.fromkeys(own))
            if own:
                found = values_in(call.result)
                places.update({path: None for path, value in found if self.is_filled(value)})
        filled = {"how": "misfills", "instead": self.instead, "given": [*given]}
        return _at(each or function) | filled | {"places": [*places]}


def values_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """What is held in a value, a few levels deep, each with its place; columns whole."""
    if is_frame(value) or type(value).__name__ == "ndarray":
        yield from ((path + place, column) for place, _, column in columns_in(value))
        return
    yield path, value
    if hasattr(value, "iloc") or len(path) > 2:
        return
    if isinstance(value, list | tuple):
        items: Iterable[tuple[Any, Any]] = enumerate(value)
    else:
        held = value if isinstance(value, dict) else getattr(value, "__dict__", {})
        items = held.items()
    for name, item in items:
        yield from values_in(item, (*path, name))


@cache
def _given(call: Call) -> Sequence[tuple[tuple[Any, ...], Sequence[Any]]]:
    """The columns and single values that a call was given, each with its place."""
    given: list[tuple[tuple[Any, ...], Sequence[Any]]] = []
    for name, value in call.arguments.items():
        if isinstance(value, str | int | float):
            given.append(((name,), [value]))
        given += (((name, *path), listed(column)) for path, _, column in columns_in(value))
    return given


@cache
def _made(call: Call) -> Sequence[tuple[str, Sequence[Any]]]:
    """The columns that a call gave back, each with its name."""
    return [(name, listed(column)) for name, column in tables_in(call.result)]


WHOLE = "Let a test compare the whole result with what you expect."
# What a unit test of any function notices.
USUAL = (
    ({"how": "gives its argument"}, "gave back what it was given, unchanged", WHOLE),
    ({"how": "mixes up rows"}, "gave the right values in the wrong rows", WHOLE),
)


def not_noticed(
    learner: Learner,
    tests: LearnerTests,
    functions: Sequence[Function],
    what: str,
    misreadings: Iterable[Misreading | Misfilling] = (),
    usual: Sequence[tuple[Mapping[str, Any], str, str]] = USUAL,
) -> str:
    """Where no unit test fails though the function that does ``what`` is broken on purpose."""
    failing, misreadings = not_passing(tests), list(misreadings)
    if failing:
        return failing
    missed: dict[tuple[str, str], str] = {}
    for function in sorted(functions, key=lambda function: len(function.inside)):
        if function.small_results and not function.calls:
            continue
        # Who asks one that is not held: its tests have passed with that broken, and may hold other jobs.
        if function.inside & missed.keys():
            continue
        found = _missed(learner, tests, function, misreadings, usual)
        if not found:
            return ""
        missed[function.module, function.name] = found
    return next(iter(missed.values()), f"No unit test holds the function that {what} yet.")


def _missed(
    learner: Learner,
    tests: LearnerTests,
    function: Function,
    misreadings: Sequence[Misreading | Misfilling],
    usual: Sequence[tuple[Mapping[str, Any], str, str]],
) -> str:
    each = _for_each_value(learner, function)
    special = [
        ([one.breakage(function), *(one.breakage(function, inner) for inner in each)], one)
        for one in misreadings
    ]
    matter = learner.matter([breakages[0] for breakages, _ in special]) if special else []
    tried = [
        ([_at(one) | dict(how) for one in (function, *each)], what, advice)
        for how, what, advice in usual
    ]
    tried += [
        (breakages, one.what, one.advice)
        for (breakages, one), matters in zip(special, matter, strict=True)
        # of a function that is called for each row only the first calls are known
        if matters or breakages[0]["places"] and function.small_results
    ]
    noticed = tests.noticed([breakages[0] for breakages, _, _ in tried])
    missed: list[tuple[str, str]] = []
    for ((breakage, *inside), what, advice), known in zip(tried, noticed, strict=True):
        run = None if known else tests.with_broken(**breakage)
        if run and not run.tests and not run.trouble:
            return (
                f"{function} has no unit test yet: there are only the tests of train(). Write one "
                "in tests/test_features.py that calls it on a few made-up rows."
            )
        if (
            run
            and not run.failed
            and not run.trouble
            and not _noticed_inside(tests, inside, advice is WHOLE)
        ):
            missed.append((what, advice))
            if advice is WHOLE:
                break
    if not missed:
        return ""
    others = "".join(f" Nor when it {what}. {advice}" for what, advice in missed[1:])
    return (
        f"No unit test notices when {function.shown} is broken: I made it so that it "
        f"{missed[0][0]}, and all your unit tests passed. {missed[0][1]}{others}"
    )


def _noticed_inside(
    tests: LearnerTests, breakages: Iterable[Mapping[str, Any]], every: bool
) -> bool:
    runs = [tests.with_broken(**one) for one in breakages if one.get("places", True)]
    noticed = [bool(run.failed or run.trouble) for run in runs]
    return all(noticed) and bool(noticed) if every else any(noticed)


_GAPS = {"nan", "None", "<NA>"}


def _for_each_value(learner: Learner, function: Function) -> list[Function]:
    """The functions on single values that a function calls, if these say all that it says itself.

    And if it gives them columns as they are: what it works out first is its own.
    """
    own = {} if adds_up(learner, function) else own_columns(learner, function)
    saying = [saying_it(learner, function, column) for column in own]
    each = [one for found in saying for one in found] if all(saying) else []
    return [one for number, one in enumerate(each) if one not in each[:number]]


def adds_up(learner: Learner, function: Function) -> bool:
    """Whether it works something out of columns by an operator, as ``rows["Fare"] / rows["SibSp"]``."""
    return any(
        isinstance(node, ast.BinOp) and _is_column(node.left)
        for one in ast.walk(learner.trees.get(function.path, ast.Module([], [])))
        if isinstance(one, ast.FunctionDef) and one.name == function.name
        if one.lineno == function.line
        for node in ast.walk(one)
    )


def _is_column(node: ast.expr) -> bool:
    return isinstance(node, ast.Subscript) and isinstance(getattr(node.slice, "value", None), str)


def saying_it(learner: Learner, function: Function, column: tuple[str, ...]) -> list[Function]:
    """The functions on single values that a function calls, and that say this column of its own.

    Row by row, or once for each of its values.
    """
    values = [value for value in column if value not in _GAPS]
    found = []
    for one in _inside(learner, function):
        said = [value for value in _values(one.small_results) if value not in _GAPS]
        is_once_each = len(one.small_results) < len(column) and set(values) <= set(said)
        if is_once_each or _joined(values) in _joined(said) or Counter(values) == Counter(said):
            found.append(one)
    return found


def _joined(values: Sequence[str]) -> str:
    return "\0".join(["", *values, ""])


def _inside(learner: Learner, function: Function) -> list[Function]:
    return [one for one in learner.run.functions if (one.module, one.name) in function.inside]


def own_columns(learner: Learner, function: Function) -> Mapping[tuple[str, ...], str]:
    """Those that it computes and no function in it does, each with its name."""
    inside = _inside(learner, function)
    parts = [*inside, *learner.run.composed] if inside else []
    theirs = {column for one in parts for call in one.calls for column in _new_columns(call)}
    own = [item for call in function.calls for item in _new_columns(call).items()]
    return {column: name for column, name in own if column not in theirs}


def cut_off_columns(function: Function) -> Mapping[tuple[str, ...], str]:
    """Those of which it makes whole numbers, if it does nothing else: others do that on the way.

    What makes all columns of a table whole numbers, at the end of a chain, gives them a type.
    """
    if function.inside or any(map(_new_columns, function.calls)):
        return {}
    calls = [call for call in function.calls if not _is_all_whole(call)]
    return dict(item for call in calls for item in _new_columns(call, _exact).items())


def leaves_alone(function: Function, column: str) -> bool:
    """Whether it gives back a column of this name, always as it was given."""
    given_back = {name for call in function.calls for name, _ in tables_in(call.result)}
    new = {name for call in function.calls for name in _new_columns(call).values()}
    return column in given_back - new


def _is_all_whole(call: Call) -> bool:
    columns = [column for _, column in _made(call)]
    is_whole = (_is_finite(one) and int(one) == one for column in columns for one in column)
    return len(columns) > 1 and all(is_whole)


def _values(column: Iterable[Any]) -> tuple[str, ...]:
    """As texts, so that gaps are the same, and numbers that become whole: astype(int) is no job."""
    return tuple(str(int(float(one)) if _is_finite(one) else one) for one in listed(column))


def _exact(column: Iterable[Any]) -> tuple[str, ...]:
    """As texts, so that 1 and 1.0 are the same, but not 1.7 and 1."""
    return tuple(str(float(one) if _is_finite(one) else one) for one in column)


def _is_finite(value: Any) -> bool:
    """Whether it is a number, and no gap; an abstract class is asked last, since that takes long."""
    if isinstance(value, str):
        return False
    return isinstance(value, int | float | Real) and math.isfinite(value)


@cache
def _new_columns(
    call: Call, as_texts: Callable[[Iterable[Any]], tuple[str, ...]] = _values
) -> Mapping[tuple[str, ...], str]:
    """The columns that it gave back, as long as those it was given, with values of their own."""
    if any(hasattr(value, "predict") for value in call.arguments.values()):
        return {}
    given = {
        tuple(sorted(as_texts(c)))  # in whatever order: putting rows in another order is no job
        for value in call.arguments.values()
        for _, c in tables_in(value)
    }
    lengths = {len(column) for column in given}
    made = {as_texts(column): name for name, column in _made(call)}
    return {
        column: name
        for column, name in made.items()
        if len(column) in lengths and tuple(sorted(column)) not in given
    }


def adds_column(call: Call, wanted: Sequence[object]) -> bool:
    """Whether the call gave back a column with these values that was in none of its arguments."""
    column = list(wanted)
    if any(given == column for _, given in _given(call)):
        return False
    return any(made == column for _, made in _made(call))


def functions_that_make(learner: Learner, *wanted: Sequence[object]) -> list[Function]:
    """The functions that add a column with such values, or give these back one by one."""
    return [
        function
        for function in learner.run.functions
        if any(adds_column(call, values) for call in function.calls for values in wanted)
        or any(_said(function, list(values)) for values in wanted)
    ]


def _said(function: Function, values: list[object]) -> bool:
    """Whether it gave these back one by one, perhaps between those of other columns."""
    said, size = function.small_results, len(values)
    starts = range(0, len(said) - size + 1, size or 1)
    return any(said[at : at + size] == values for at in starts)
