"""What the shape tests of several steps ask in the same way, with the same words.

Each function gives the message for the learner, or an empty text where there is nothing to say.
"""

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from nbkata.common.shell.walk import files_in, visible
from nbkata.kata.shell.run_code import run_script
from nbkata.shape_tests.shell.empty_assertions import asserts_nothing
from nbkata.shape_tests.shell.learner import Learner
from nbkata.shape_tests.shell.learner_tests import LearnerTests
from nbkata.shape_tests.shell.made_columns import for_each_value
from nbkata.shape_tests.shell.mistakes import Mistake, at
from nbkata.shape_tests.shell.watched_calls import Function

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


def never_called(learner: Learner) -> list[tuple[Path, ast.FunctionDef]]:
    """The functions of modules that no run came to; those that another of them names come last."""
    ran = {learner.behaviour.seam, "main", *(one.name for one in learner.run.functions)}
    found = [
        (path, node)
        for path, tree in learner.trees.items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name not in ran
    ]
    named = [{getattr(n, "id", "") for n in ast.walk(node)} for _, node in found]
    return sorted(found, key=lambda one: any(one[1].name in names for names in named))


def is_registered(definition: ast.AST) -> bool:
    """Whether a decorator that is called with something notes it elsewhere, by another name perhaps."""
    calls = [one for one in getattr(definition, "decorator_list", ()) if isinstance(one, ast.Call)]
    return any("regist" in ast.unparse(call.func) for call in calls)


def registering(learner: Learner) -> set[str]:
    """The modules of the learner's in which something is registered: to import them is enough."""
    return {path.stem for path, tree in learner.trees.items() if any(map(is_registered, tree.body))}


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
    misreadings: Iterable[Mistake] = (),
    usual: Sequence[tuple[Mapping[str, Any], str, str]] = USUAL,
) -> str:
    """Where no unit test fails though the function that does ``what`` is broken on purpose."""
    failing, misreadings = not_passing(tests), list(misreadings)
    if failing:
        return failing
    missed: dict[tuple[str, str], str] = {}
    nothing = f"No unit test holds the function that {what} yet."
    for function in sorted(functions, key=lambda function: len(function.inside)):
        if function.small_results and not function.calls:
            continue
        # Who asks one that is not held: its tests have passed with that broken, and may hold other jobs.
        if function.inside & missed.keys():
            continue
        found = _missed(learner, tests, function, misreadings, usual)
        if found == "":
            return ""
        if found:
            missed[function.module, function.name] = found
        else:
            nothing = ""
    return next(iter(missed.values()), nothing)


def _missed(
    learner: Learner,
    tests: LearnerTests,
    function: Function,
    misreadings: Sequence[Mistake],
    usual: Sequence[tuple[Mapping[str, Any], str, str]],
) -> str | None:
    """What to say if no unit test fails; nothing at all if there is no way to break the function."""
    each = for_each_value(learner, function)
    special = [
        ([one.breakage(function), *(one.breakage(function, inner) for inner in each)], one)
        for one in misreadings
    ]
    matter = learner.matter([breakages[0] for breakages, _ in special]) if special else []
    tried = [
        ([at(one) | dict(how) for one in (function, *each)], what, advice)
        for how, what, advice in usual
    ]
    tried += [
        (breakages, one.what, one.advice)
        for (breakages, one), matters in zip(special, matter, strict=True)
        # of a function that is called for each row only the first calls are known
        if matters or breakages[0]["places"] and function.small_results
    ]
    if not tried:
        return None
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
            and not _noticed_inside(tests, inside, advice.startswith(WHOLE))
        ):
            missed.append((what, advice))
            if advice.startswith(WHOLE):
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
