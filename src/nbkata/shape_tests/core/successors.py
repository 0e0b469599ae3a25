"""What was in the place of a function before: perhaps under another name, with other parameters."""

import ast
import copy
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

from nbkata.shape_tests.core.pieces import Definition

# Of the words in a function and its successor together, how many are in both, at least.
ALIKE = 0.5
# How many names for one value are followed to what it is made of.
DEEPEST = 5
# Of a place, the file; the other part is the name of what is defined there.
File = TypeVar("File")


def formers(
    was: Mapping[tuple[File, str], Definition], now: Mapping[tuple[File, str], Definition]
) -> dict[tuple[File, str], Definition]:
    """By place, what each function or class was before, as if it were called as it is now.

    One that is gone was in the place of the new one whose words are the most like its own.
    """
    found = {place: was[place] for place in now if place in was}
    gone = {place: node for place, node in was.items() if place not in now}
    pairs = [
        (_likeness(former, node), before, place)
        for before, former in gone.items()
        for place, node in now.items()
        if place not in was
    ]
    for likeness, before, place in sorted(pairs, reverse=True):
        if likeness >= ALIKE and before in gone and place not in found:
            found[place] = gone.pop(before)
    others = [*was.values()]
    called = {place: called_as(now[place], former, others) for place, former in found.items()}
    renamed: dict[str, ast.expr] = {
        former.name: ast.Name(place[1])
        for place, former in found.items()
        if former.name != place[1]
    }
    given_less = _GivenLess(was, now)
    return {
        place: given_less.visit(_Instead(renamed).visit(former)) for place, former in called.items()
    }


class _GivenLess(ast.NodeTransformer):
    """Calls functions that have lost parameters without what these were given."""

    def __init__(
        self,
        was: Mapping[tuple[File, str], Definition],
        now: Mapping[tuple[File, str], Definition],
    ) -> None:
        self.before, parameters = (
            {
                name: _parameters(node)
                for (_, name), node in places.items()
                if isinstance(node, ast.FunctionDef)
            }
            for places in (was, now)
        )
        self.lost: dict[str, set[str]] = {}
        for name, names in self.before.items():
            if [one for one in names if one in parameters.get(name, names)] == parameters.get(name):
                self.lost[name] = {*names} - {*parameters[name]}

    def visit_Call(self, node: ast.Call) -> ast.Call:  # pylint: disable=invalid-name # ast's
        """``compare(fares, mean)`` becomes ``compare(fares)``; ``rows.pipe(compare, mean)`` too."""
        made = ast.Call(
            self.visit(node.func), [*map(self.visit, node.args)], [*map(self.visit, node.keywords)]
        )
        is_piped = getattr(made.func, "attr", "") == "pipe" and bool(made.args)
        function = made.args[0] if is_piped else made.func
        name = getattr(function, "id", "")
        lost = self.lost.get(name, set())
        if not lost:
            return made
        names = self.before[name][1 if is_piped else 0 :]
        given = zip(names, made.args[1 if is_piped else 0 :])
        kept = [value for one, value in given if one not in lost]
        keywords = [one for one in made.keywords if one.arg not in lost]
        return ast.Call(made.func, [function, *kept] if is_piped else kept, keywords)


def gone_with(
    node: ast.AST, path: File, gone: Mapping[tuple[File, str], Definition | ast.Assign]
) -> list[Definition | ast.Assign]:
    """What is gone from a file that code names as it comes back to it: to come back before it, in order."""
    found: list[Definition | ast.Assign] = []
    for name in sorted({one.id for one in ast.walk(node) if isinstance(one, ast.Name)}):
        former = gone.get((path, name))
        if former is not None and former is not node:
            others = {place: one for place, one in gone.items() if one is not former}
            inner = gone_with(former, path, others)
            found += [one for one in (*inner, former) if one not in found]
    return found


def _likeness(one: Definition, other: Definition) -> float:
    if type(one) is not type(other):
        return 0.0
    if one.name == other.name:  # it was moved
        return 1.0
    words, theirs = (
        re.findall(r"\w+", "\n".join(map(ast.unparse, node.body))) for node in (one, other)
    )
    return SequenceMatcher(None, words, theirs, autojunk=False).quick_ratio()  # in whatever order


def called_as(now: Definition, former: Definition, others: Sequence[Definition]) -> Definition:
    """The former function with the name and the parameters of the one now.

    A parameter that it has lost has another name now, or it is made of what one of the ``others`` gave.
    """
    made = copy.deepcopy(former)
    made.name = now.name
    if not isinstance(made, ast.FunctionDef) or not isinstance(now, ast.FunctionDef):
        return made
    before, names = _parameters(made), _parameters(now)
    lost = {*before} - {*names}
    if not lost or not names:
        return made
    instead: Mapping[str, ast.expr] = _given(former.name, before, names, others)
    if len(before) == len(names):
        instead = {old: ast.Name(new) for old, new in zip(before, names, strict=True)}
    _Instead({name: node for name, node in instead.items() if name in lost}).visit(made)
    made.args = copy.deepcopy(now.args)
    return made


def _parameters(function: ast.FunctionDef) -> list[str]:
    given = function.args
    return [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]


def _given(
    name: str, before: Sequence[str], names: Sequence[str], others: Sequence[Definition]
) -> dict[str, ast.expr]:
    """By parameter of before, what it was given where it was called first, in the names of now."""
    for caller in others:
        for call in ast.walk(caller):
            if isinstance(call, ast.Call) and isinstance(caller, ast.FunctionDef):
                given = _arguments(call, name)
                if given is not None:
                    values = dict(zip(before, given))
                    values |= {str(one.arg): one.value for one in call.keywords}
                    return _in_names_of(caller, values, names)
    return {}


def _arguments(call: ast.Call, name: str) -> list[ast.expr] | None:
    """What a call gives a function by place: ``name(rows, mean)``, ``rows.pipe(name, mean)``."""
    if getattr(call.func, "id", "") == name:
        return call.args
    is_piped = bool(call.args) and getattr(call.args[0], "id", "") == name
    if is_piped and isinstance(call.func, ast.Attribute):
        return [call.func.value, *call.args[1:]]
    return None


def _in_names_of(
    caller: ast.FunctionDef, values: Mapping[str, ast.expr], names: Sequence[str]
) -> dict[str, ast.expr]:
    """The values without names of the caller's: what these are made of, or what is given by a name of now."""
    made: dict[str, ast.expr] = {
        target.id: node.value
        for node in ast.walk(caller)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    own = {name: ast.Name(name) for name in names}
    known = {
        **made,
        **{name: ast.Name(names[0]) for name in _parameters(caller)},
        **{getattr(value, "id", ""): own[name] for name, value in values.items() if name in own},
        **own,
    }
    found = {name: copy.deepcopy(value) for name, value in values.items()}
    for _ in range(DEEPEST):
        found = {name: _Instead(known).visit(value) for name, value in found.items()}
    return found


class _Instead(ast.NodeTransformer):
    """Puts something in the place of names."""

    def __init__(self, instead: Mapping[str, ast.expr]) -> None:
        self.instead = instead

    def visit_Name(self, node: ast.Name) -> ast.expr:  # pylint: disable=invalid-name # ast's
        """What is in its place; a name that is bound takes no more than another name."""
        other = copy.deepcopy(self.instead.get(node.id, node))
        if isinstance(other, ast.Name):
            return ast.Name(other.id, node.ctx)
        return other if isinstance(node.ctx, ast.Load) else node


def changed_methods(
    before: Iterable[tuple[File, ast.Module]], now: Iterable[tuple[File, ast.Module]]
) -> set[str]:
    """The names of the methods that are new, or not as they were, in modules by their files."""
    was, is_now = (
        {
            (path, node.name, method.name): ast.dump(method)
            for path, tree in trees
            for node in tree.body
            if isinstance(node, ast.ClassDef)
            for method in node.body
            if isinstance(method, ast.FunctionDef)
        }
        for trees in (before, now)
    )
    return {place[-1] for place, text in is_now.items() if was.get(place) != text}
