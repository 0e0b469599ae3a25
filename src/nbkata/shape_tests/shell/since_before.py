"""What changed since a step began must be held by unit tests: new functions, and what was fixed."""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from math import isfinite
from numbers import Real
from pathlib import Path
from typing import Any

from nbkata.common.shell.walk import files_in, visible
from nbkata.shape_tests.core.columns import GAPS, OTHERS, column_undone
from nbkata.shape_tests.core.pieces import Definition, Undone, undone_pieces
from nbkata.shape_tests.core.successors import changed_methods, formers, gone_with
from nbkata.shape_tests.shell.learner import Learner, listed, tables_in
from nbkata.shape_tests.shell.learner_tests import LearnerTests
from nbkata.shape_tests.shell.made_columns import (
    cut_off_columns,
    leaves_alone,
    own_columns,
    saying_it,
    worked_out,
)
from nbkata.shape_tests.shell.mistakes import Misfilling, Misreading, SameForAll, values_in
from nbkata.shape_tests.shell.shape_checks import WHOLE, not_noticed
from nbkata.shape_tests.shell.watched_calls import Function

# A function, class or constant, by its file and name.
Place = tuple[Path, str]


def new_untested(
    learner: Learner, tests: LearnerTests, before: Mapping[str, Path], old_too: bool = False
) -> str:
    """Where no unit test holds a function that was not there before, and computes a column.

    Of the ``old``, which nobody asked for, only those that no test notices at all.
    """
    old = {name for _, tree in _sources(learner, before) for name in _qualified(tree)}
    said = dict[str, str]()
    for function in learner.run.functions:
        # One that puts others together is held by the characterization test.
        is_new = function.qualified not in old
        is_chain = len(function.inside) > 1
        is_asked = is_new or old_too and not is_chain
        own = (own_columns(learner, function) or cut_off_columns(function)) if is_asked else {}
        work = worked_out(learner, function) if is_new and is_chain else ""
        if own or work:
            wrong: list[Misreading | SameForAll] = []
            if is_new and not is_chain:
                wrong += [*_ignored(function), *_same_for_all(function)]
            message = not_noticed(learner, tests, [function], f"is {function.shown}", wrong)
            if message:
                makes = [name for one, name in own.items() if not saying_it(learner, function, one)]
                does = f"makes {', '.join(makes)}" if makes else work and f"works out {work}"
                itself = f", and {does} itself" if is_chain and does else ""
                is_what = f"is new{itself}" if is_new else "computes a column"
                said.setdefault(function.shown, f"{function.shown} {is_what}. {message}")
    others = [*said][1:]
    more = f" The same goes for {' and '.join(others)}." if others else ""
    return f"{next(iter(said.values()), '')}{more}"


def new_learning_untested(learner: Learner, tests: LearnerTests, before: Mapping[str, Path]) -> str:
    """Where no unit test holds what a function learns from rows that was not there before."""
    old = {name for _, tree in _sources(learner, before) for name in _qualified(tree)}
    wrong = Misfilling("gave back other values", "another", bool, is_number, WHOLE)
    for function in learner.run.functions:
        if function.qualified not in old and learns(function, learner.run.results):
            message = not_noticed(learner, tests, [function], "learns", [wrong], usual=())
            if message:
                return f"{function.shown} is new. {message}"
    return ""


def learns(function: Function, results: Mapping[str, Any]) -> bool:
    """Whether it is given rows and gives back a number or a few that are no score of a model."""
    scores = [float(value) for value in results.values() if is_number(value)]
    for call in function.calls:
        given = [*call.arguments.values()]
        rows = {len(column) for value in given for _, column in tables_in(value)}
        numbers = [value for _, value in values_in(call.result) if is_number(value)]
        if (
            rows
            and rows.isdisjoint(len(column) for _, column in tables_in(call.result))
            and not any(hasattr(value, "predict") for value in given)
            and any(float(value) not in scores for value in numbers)
        ):
            return True
    return False


def is_number(value: Any) -> bool:
    """Whether it is one number, and not yes or no."""
    return isinstance(value, int | float | Real) and not isinstance(value, bool)


def _ignored(function: Function) -> list[Misreading]:
    """Each column of numbers that it is given, taken for 0: of those that matter a test must have others."""
    given = {
        name: listed(column)
        for call in function.calls[:1]
        for value in call.arguments.values()
        for name, column in tables_in(value)
    }
    return [
        Misreading(
            f"ignored {name}, as if it were 0 in each row",
            ("always", 0),
            values.__eq__,
            f"Let two of your rows differ in {name} alone.",
        )
        for name, values in given.items()
        if name and all(isinstance(one, int | float) and isfinite(one) for one in values)
    ]


def _same_for_all(function: Function) -> list[SameForAll]:
    """Each of the two values of a column that it makes, given to all: a test of one row has seen one of them."""
    call = function.calls[0]
    given = [listed(column) for value in call.arguments.values() for _, column in tables_in(value)]
    made = [(name, listed(column)) for name, column in tables_in(call.result)]
    return [
        SameForAll(
            f"gave {value} to each passenger" + (f" as {name}" if name not in ("", "None") else ""),
            value,
            lambda column, values=values: listed(column) == values,  # type: ignore[misc]
            "Let the right answer be another for one of your rows.",
        )
        for name, values in made
        if values not in given and all(isinstance(one, int | bool) for one in values)
        if len({*values}) == 2
        for value in sorted({*values})
    ]


def _qualified(node: ast.AST, around: str = "") -> Iterator[str]:
    """The names of all functions, each with the class or function that it is in."""
    for inner in ast.iter_child_nodes(node):
        name = f"{around}{inner.name}" if isinstance(inner, Definition) else ""
        if isinstance(inner, ast.FunctionDef):
            yield name
            name += ".<locals>"
        yield from _qualified(inner, f"{name}." if name else around)


def fixed_untested(
    learner: Learner, tests: LearnerTests, before: Mapping[str, Path], results: Sequence[str]
) -> str:
    """Where no unit test fails though a function or class is as it was before, and a result with it.

    Or though a piece of its change is undone. The ``results`` are features: a test that asks a model may
    notice it, and says nothing of these.
    """
    of_models = [
        (test.file, test.name)
        for test in tests.as_they_are.tests
        if any(asked["what"] in ("fit", "predict_proba") for asked in test.asked)
    ]
    called = _called_in(tests.place / "tests")
    sources, trees = [*_sources(learner, before)], [*learner.trees.items()]
    now: dict[Place, Definition | ast.Assign] = {**_defined(trees), **_assigned(trees)}
    was: dict[Place, Definition | ast.Assign] = {**_defined(sources), **_assigned(sources)}
    gone = {place: node for place, node in was.items() if place not in now}
    was |= formers(_defined(sources), _defined(trees))
    changed = {name for name in {*was, *now} if _dumps(was.get(name)) != _dumps(now.get(name))}
    methods = changed_methods(sources, trees)
    for (path, name), node in now.items():
        former = was.get((path, name), node)
        if (path, name) not in changed or former is node or name == learner.behaviour.seam:
            continue
        elsewhere = {*methods, *(other for _, other in changed)} - {name}
        whole = Undone(ast.unparse(former), "made it as it was before this step")
        pieces = [whole]
        if isinstance(former, Definition) and isinstance(node, Definition):
            pieces += undone_pieces(former, node)
        moved, held = list[str](), list[str]()  # the columns; those that a test noticed by a piece
        for undone in chain(pieces, _columns_undone(learner, former, node, moved, held)):
            if undone.names & elsewhere & called:  # held by what holds these
                continue
            lines = path.read_text(encoding="utf-8-sig").splitlines()
            first = min(one.lineno for one in (node, *getattr(node, "decorator_list", ())))
            asked = ast.parse(undone.text)
            lines[first - 1 : node.end_lineno] = [
                line
                for one in (*gone_with(asked, path, gone), asked)
                for line in ast.unparse(one).splitlines()
            ]
            text = "\n".join(lines) + "\n"
            given = learner.with_edited(path, text)
            if given is None:
                continue
            differing = _differing(given, learner.run.results, results)
            if not differing:
                if undone is whole:  # nothing is fixed here, so nothing is in its pieces
                    break
                continue
            file = path.relative_to(learner.workspace.resolve()).as_posix()
            run = tests.with_broken(file=file, text=text, without=of_models)
            if not run.failed and not run.trouble:
                what = "what" if undone is whole else "all that"
                return (
                    f"No unit test notices {what} you fixed in {name} ({path.name}, line "
                    f"{node.lineno}): I {undone.what}, which changes {' and '.join(differing[:3])}, and "
                    "all your unit tests passed, those that ask the model apart. Write the test that "
                    "says how it should be."
                )
            if undone is whole:
                moved += differing
            else:
                held += differing
    return ""


def _columns_undone(
    learner: Learner,
    former: ast.AST,
    node: ast.AST,
    moved: Sequence[str],
    held: Collection[str],
) -> Iterator[Undone]:
    """The code with one of its columns as it was, for those of several that no piece has moved.

    And for all that it moves, in the rows in which they are missing, and in the others: of two fixes in a
    column one may be held alone.
    """
    if not isinstance(former, Definition) or not isinstance(node, type(former)):
        return
    for column in moved:
        leaving = {one.name for one in learner.run.functions if leaves_alone(one, column)}
        if moved[1:] and column not in held:
            yield column_undone(former, node, column, leaving)
        noticed = len(held)
        yield column_undone(former, node, column, leaving, GAPS)
        if len(held) > noticed:
            yield column_undone(former, node, column, leaving, OTHERS)


def _called_in(folder: Path) -> set[str]:
    """The names in the functions of tests, those apart that look at the whole."""
    return {
        str(getattr(node, "id", getattr(node, "attr", "")))
        for path in files_in(folder, visible, ".py")
        if path.name != "test_characterization.py"
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8-sig")))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
    }


def _defined(trees: Iterable[tuple[Path, ast.Module]]) -> dict[Place, Definition]:
    """The functions and classes of modules."""
    return {
        (path, node.name): node
        for path, tree in trees
        for node in tree.body
        if isinstance(node, Definition)
    }


def _assigned(trees: Iterable[tuple[Path, ast.Module]]) -> dict[Place, ast.Assign]:
    """The constants of modules."""
    return {
        (path, target.id): node
        for path, tree in trees
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _dumps(node: ast.stmt | None) -> str:
    return ast.dump(node) if node else ""


def _sources(learner: Learner, before: Mapping[str, Path]) -> Iterator[tuple[Path, ast.Module]]:
    """The syntax trees of the Python files of before, each with where it is in the workspace."""
    for name, path in before.items():
        place = (learner.workspace / name).resolve()
        if place.suffix == ".py" and learner.source_folder in place.parents:
            yield place, ast.parse(path.read_text(encoding="utf-8-sig"))


def _differing(
    given: Mapping[str, Any], kept: Mapping[str, Any], results: Sequence[str]
) -> list[str]:
    """The columns that differ; a result's name if it is only in another order, or has no columns."""
    found = dict[str, None]()
    for result in results:
        one, other = given[result], kept[result]
        if hasattr(one, "equals") and not one.equals(other):
            there, columns = getattr(one, "columns", ()), getattr(other, "columns", ())
            names = [c for c in columns if c not in there or not other[c].equals(one[c])]
            found |= dict.fromkeys(map(str, names or [result]))
    return [*found]
