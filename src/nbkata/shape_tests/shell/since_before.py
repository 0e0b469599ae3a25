"""What changed since a step began must be held by unit tests: new functions, and what was fixed."""

import ast
import copy
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nbkata.shape_tests.shell.learner import Learner
from nbkata.shape_tests.shell.learner_tests import LearnerTests
from nbkata.shape_tests.shell.shape_checks import not_noticed, own_columns


def new_untested(learner: Learner, tests: LearnerTests, before: Mapping[str, Path]) -> str:
    """Where no unit test holds a function that was not there before, and computes a column."""
    old = {name for _, tree in _sources(learner, before) for name in _qualified(tree)}
    for function in learner.run.functions:
        # One that puts others together is held by the characterization test.
        own = own_columns(learner, function) if function.qualified not in old else {}
        if own:
            message = not_noticed(learner, tests, [function], f"is {function.shown}")
            if message:
                is_chain = len(function.inside) > 1
                itself = f", and makes {', '.join(own.values())} itself" if is_chain else ""
                return f"{function.shown} is new{itself}. {message}"
    return ""


_DEFINED = ast.FunctionDef | ast.ClassDef


def _qualified(node: ast.AST, around: str = "") -> Iterator[str]:
    """The names of all functions, each with the class or function that it is in."""
    for inner in ast.iter_child_nodes(node):
        name = f"{around}{inner.name}" if isinstance(inner, _DEFINED) else ""
        if isinstance(inner, ast.FunctionDef):
            yield name
            name += ".<locals>"
        yield from _qualified(inner, f"{name}." if name else around)


def fixed_untested(
    learner: Learner, tests: LearnerTests, before: Mapping[str, Path], results: Sequence[str]
) -> str:
    """Where no unit test fails though a function or class is as it was before, and a result with it.

    The ``results`` are features: one that asks a model may notice it, and says nothing of these.
    """
    of_models = [
        (test.file, test.name)
        for test in tests.as_they_are.tests
        if any(asked["what"] in ("fit", "predict_proba") for asked in test.asked)
    ]
    for path, old in _sources(learner, before):
        text = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
        was = {node.name: node for node in old.body if isinstance(node, _DEFINED)}
        for node in ast.parse(text).body:
            if not isinstance(node, _DEFINED) or node.name == learner.behaviour.seam:
                continue
            former, name = was.get(node.name, node), node.name
            if ast.dump(former) == ast.dump(node):
                continue
            for old_one in (former, _in_former_order(node, former)):
                lines = text.splitlines()
                first = min(one.lineno for one in (node, *node.decorator_list))
                lines[first - 1 : node.end_lineno] = ast.unparse(old_one).splitlines()
                restored = "\n".join(lines) + "\n"
                given = learner.with_edited(path, restored, tests.model)
                if given is not None:  # it works with what is around it by now
                    break
            if given is None or all(
                _equal(given[one], learner.run.results[one]) for one in results
            ):
                continue
            file = path.resolve().relative_to(learner.workspace.resolve()).as_posix()
            run = tests.with_broken(file=file, text=restored, without=of_models)
            if not run.failed and not run.trouble:
                return (
                    f"No unit test notices what you fixed in {name} ({path.name}, line "
                    f"{node.lineno}): I made it as it was before this step, and all your unit tests "
                    "passed, those that ask the model apart. Write the test that says how it should be."
                )
    return ""


def _in_former_order(node: ast.stmt, former: ast.AST) -> ast.stmt:
    """As it is, but with the steps of its pipelines and chains in the order of before."""
    new = copy.deepcopy(node)
    named = [[name for name, _ in _steps(one)] for one in (former, new)]
    order = [name for name in named[0] if all(names.count(name) == 1 for names in named)]
    for kind, fields in _STEPS.items():
        steps = [one for one in _steps(new) if one[0] in order and isinstance(one[1], kind)]
        sorted_steps = sorted(steps, key=lambda one: order.index(one[0]))
        said = [{name: getattr(step, name) for name in fields} for _, step in sorted_steps]
        for (_, step), values in zip(steps, said, strict=True):
            vars(step).update(values)
    return new


_STEPS = {ast.Tuple: ("elts",), ast.Call: ("args", "keywords")}


def _steps(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Name and node of each: of ``("gaps", GapFiller())`` in a list, and of ``pipe(fill_gaps)``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple) and node.elts and isinstance(node.elts[0], ast.Constant):
            yield str(node.elts[0].value), node
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "pipe" and node.args:
            yield ast.unparse(node.args[0]), node


def _sources(learner: Learner, before: Mapping[str, Path]) -> Iterator[tuple[Path, ast.Module]]:
    """The syntax trees of the Python files of before, each with where it is in the workspace."""
    for name, path in before.items():
        place = learner.workspace / name
        if place.suffix == ".py" and learner.source_folder in place.resolve().parents:
            yield place, ast.parse(path.read_text(encoding="utf-8-sig"))


def _equal(one: Any, other: Any) -> bool:
    return bool(one.equals(other)) if hasattr(one, "equals") else True
