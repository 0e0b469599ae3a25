"""What is learnt from all rows before they are split: the test rows are no longer unseen.

A program is what runs from top to bottom: the whole text, or the body of one function.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from astroid import nodes

from nbkata.dataflow.core.columns import How
from nbkata.smells.core.finding import Spot
from nbkata.smells.core.flow import Edit, Flow, ancestors, bindings
from nbkata.smells.core.made import (
    LEARNS,
    RESAMPLES,
    SELECTS,
    THINS,
    class_of,
    constructed,
    learner_in,
)
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.syntax import Node, chain, keyword, method, receiver, root, walk
from nbkata.smells.core.view import View

_STATISTICS = frozenset({"mean", "median", "mode", "std", "quantile", "max", "min"})
FITS = frozenset({"fit", "fit_transform", "fit_resample", "fit_sample"})
_PARTS = re.compile(r"(?:^|_)(train|test)(?:$|_|\d)", re.I)
_MEASURES = re.compile(r"acc|score|loss|err|rmse|mse|mae|auc|f1|r2|pred", re.I)


def learnt_before_split(program: View, whole: View) -> Iterator[Spot]:
    """What a program learns from the rows that it splits further down."""
    calls = [call for call in program.calls() if isinstance(call.scope(), nodes.Module)]
    splits = (call for call in calls if is_split(call, whole))
    first = min(splits, key=lambda call: call.lineno, default=None)
    if first is None:
        return
    split = _Split(first, program)
    for call in calls:
        if method(call) in FITS and call.args and split.comes_after(call):
            kind = class_of(receiver(call), program.once(constructed))
            if kind not in LEARNS | SELECTS | RESAMPLES | THINS:
                kind = learner_in(program, whole, receiver(call))
                kind = kind if split.takes_result_of(call, calls) else ""
            if kind and root(call.args[0]) in split.related:
                yield _fitted(program, call, kind)
    yield from _taken_from_all(program, split)


def _splitting_functions(view: View) -> frozenset[str]:
    """The functions of one's own that split the rows they are given."""
    splits = (call for call in view.calls() if method(call) == "train_test_split")
    around = (one for split in splits for one in split.node_ancestors())
    return frozenset(one.name for one in around if isinstance(one, nodes.FunctionDef))


def is_split(call: nodes.Call, whole: View) -> bool:
    """``train_test_split(X)``, or a call whose results are named as the parts of a split."""
    helpers = whole.once(_splitting_functions)
    given = _names_in(call)
    if method(call) == "train_test_split":
        return True
    if isinstance(call.func, nodes.Name) and call.func.name in helpers:
        return bool(given)
    targets = getattr(call.parent, "targets", [None])
    names = [part.name for part in getattr(targets[0], "elts", []) if hasattr(part, "name")]
    parts = {part.lower() for name in names for part in _PARTS.findall(name)}
    is_whole = given and not any(map(_PARTS.search, given))
    return bool(parts == {"train", "test"} and is_whole and not any(map(_MEASURES.search, names)))


def _names_in(call: nodes.Call) -> set[str]:
    words = [word.value for word in call.keywords if method(call) != "train_test_split"]
    given = [*call.args, *words]
    return {part.name for value in given for part in walk(value) if isinstance(part, nodes.Name)}


@dataclass(frozen=True, slots=True)
class _Split:
    """A call that splits rows, in its program."""

    call: nodes.Call
    program: View

    @property
    def related(self) -> set[str]:
        """The names that it is given, and what they are computed from."""
        given = _names_in(self.call)
        return given | {other for name in given for other in ancestors(self.program, name)}

    def comes_after(self, node: Node) -> bool:
        """Whether the node is above, or in what the split is given."""
        return node is not self.call and (
            node.lineno < self.call.lineno or self.call in node.node_ancestors()
        )

    def takes_result_of(self, fit: nodes.Call, calls: list[nodes.Call]) -> bool:
        """Whether what the fitted transformer gives is split: as such, or under a name."""
        results = [fit]
        if method(fit) == "fit":
            names = {root(fit)} | {name for name, _ in bindings(fit.statement())}
            results = [
                call for call in calls if method(call) == "transform" and root(call) in names
            ]
        return any(self._takes(result) for result in results)

    def _takes(self, result: nodes.Call) -> bool:
        targets = getattr(result.statement(), "targets", [])
        named = {root(part) for target in targets for part in getattr(target, "elts", [target])}
        return self.comes_after(result) and (
            bool(named & self.related) or self.call in result.node_ancestors()
        )


def _fitted(view: View, call: nodes.Call, kind: str) -> Spot:
    fix = "Split first, and fit on the training rows only (a Pipeline does)."
    what = f"{kind} is fitted on all rows, before the split"
    if kind in RESAMPLES:
        what = f"{kind} copies rows before the split"
        cost = "the same people stand on both sides, and the score is far too good"
    elif kind in THINS:
        what = f"{kind} picks rows before the split"
        cost = "the test rows no longer look like new data, and the score is far too good"
    elif kind in SELECTS:
        cost = "the test rows help to choose the columns, and the score is too good"
    else:
        cost = "the test rows are no longer unseen (the cost is small, the habit is not)"
    return view.spot(Smell.DATA_LEAKAGE, call, f"{what}: {cost}. {fix}")


def _taken_from_all(view: View, split: _Split) -> Iterator[Spot]:
    """A gap filled, or a column made, from a statistic of all rows."""
    flow = view.once(Flow)
    related = split.related
    above = [step for step in view.steps if split.comes_after(step.node)]
    statistics = {
        name
        for step in above
        for name, value in bindings(step.node)
        if _is_statistic(value, flow.frames)
    }
    edits = {edit.step.node: edit for edit in flow.edits if edit.frame in related}
    for step in above:
        edit = edits.get(step.node)
        made = [value for name, value in bindings(step.node) if name in related]
        if edit is None and not made:
            continue
        if _fills(step.node, statistics) or _makes_column(step.node, edit, statistics, flow.frames):
            which = f"column {edit.column}" if edit and edit.column else "a column"
            message = (
                f"{which} takes a statistic of all rows, before the split: the test rows help to "
                "fill the training rows (the cost is small, but real). "
                "Split first, and take the statistic from the training rows."
            )
            yield view.spot(Smell.DATA_LEAKAGE, step.node, message)


def _fills(node: Node, statistics: set[str]) -> bool:
    """``df['Age'].fillna(mean)``, or with the mean as such."""
    return any(method(p) == "fillna" and _uses_statistic(p, statistics) for p in walk(node))


def _uses_statistic(call: Node, names: set[str]) -> bool:
    for argument in (*call.args, *(word.value for word in call.keywords)):
        for part in walk(argument):
            if method(part) in _STATISTICS or getattr(part, "name", None) in names:
                return True
    return False


def _makes_column(
    node: Node, edit: Edit | None, statistics: set[str], frames: frozenset[str]
) -> bool:
    """``df['Dear'] = df['Fare'] > mean``, with a mask, or with ``assign``."""
    made = [node] if edit is not None and edit.how in {How.STORE, How.MASKED} else []
    assigns = [part for part in walk(node) if method(part) == "assign"]
    made += [word.value for call in assigns for word in call.keywords]
    return any(
        getattr(part, "name", None) in statistics or _is_statistic(part, frames)
        for value in made
        for part in walk(value, into_functions=False)
    )


def _is_statistic(value: Node | None, frames: frozenset[str]) -> bool:
    """Of a column, not of each row, each group or each window."""
    if isinstance(value, nodes.Subscript):
        value = value.value
    if not isinstance(value, nodes.Call) or method(value) not in _STATISTICS:
        return False
    axes = [keyword(value, "axis"), *value.args]
    by_row = any(isinstance(axis, nodes.Const) and axis.value in {1, "columns"} for axis in axes)
    return root(value) in frames and not by_row and not chain(value) & _PARTED


_PARTED = frozenset("groupby rolling expanding ewm resample".split())
