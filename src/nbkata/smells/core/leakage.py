"""What is learnt from rows that the score is later taken on.

The kinds of leak and their cost follow Yang et al. (2022) and Kapoor and Narayanan (2023): a choice
by test score and resampling before the split cost most, a scaler fitted before it hardly anything.
"""

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator

from astroid import nodes

from nbkata.smells.core.before_split import FITS, is_split, learnt_before_split
from nbkata.smells.core.finding import Spot
from nbkata.smells.core.flow import bindings
from nbkata.smells.core.made import LEARNS, SELECTS, class_of, constructed
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.syntax import dotted, in_function, method, receiver, root
from nbkata.smells.core.view import View, body_of

METRICS = re.compile(
    r"(accuracy|f1|roc_auc|precision|recall|r2|balanced_accuracy|log_loss|mean_\w+_error)(_score)?"
)


def data_leakage(view: View) -> Iterator[Spot]:
    """What is learnt from rows that the score is later taken on."""
    yield from _scored_on_training_rows(view)
    for program in view.once(_programs):
        yield from learnt_before_split(program, view)
        yield from _fitted_on_test(program)


def _programs(view: View) -> list[View]:
    """The text, and the body of each function that fits something or splits rows."""
    teaching = (c for c in view.calls() if method(c) in FITS or is_split(c, view))
    lines = [call.lineno for call in teaching]
    return [view] + [
        body_of(view, function)
        for function in ast.walk(view.parsed)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        and any(function.lineno <= line <= (function.end_lineno or 0) for line in lines)
    ]


def _leak(view: View, node: nodes.Call, what: str, cost: str, fix: str) -> Spot:
    return view.spot(Smell.DATA_LEAKAGE, node, f"{what}: {cost}. {fix}")


def _scored_on_training_rows(view: View) -> Iterator[Spot]:
    """A score on the very rows that the model was fitted on, and on no others in that cell.

    A training score beside a test score is a fair look at overfitting. Two functions may call
    different rows by one name, so a fit counts only in the function that it is in.
    """
    fitted: dict[tuple[object, str], set[str]] = {}
    for call in sorted(view.calls(), key=lambda call: (call.lineno, call.col_offset)):
        on = receiver(call)
        model = on.name if isinstance(on, nodes.Name) else ""
        if method(call) == "fit" and model and call.args and dotted(call.args[0]):
            fitted[in_function(call), model] = {dotted(call.args[0])}
        elif method(call) == "score" and model and call.args:
            rows = dotted(call.args[0])
            same = rows in fitted.get((in_function(call), model), ())
            if same and not _has_other_score(view, call, model):
                yield _on_training(view, call, model)
        elif METRICS.fullmatch(method(call)) and len(call.args) > 1:
            model, rows = _predicted(view, call)
            same = rows in fitted.get((in_function(call), model), ())
            if same and not _has_other_score(view, call, model):
                yield _on_training(view, call, model)


def _on_training(view: View, call: nodes.Call, model: str) -> Spot:
    return _leak(
        view,
        call,
        f"{model} is scored on the rows it was trained on",
        "a model that learnt them by heart gets full marks (this costs most of all)",
        "Score it on rows that it has not seen.",
    )


def _predicted(view: View, call: nodes.Call) -> tuple[str, str]:
    """The model and the rows behind ``accuracy_score(y, model.predict(X))``, or a name of it."""
    for argument in call.args[:2]:
        value = argument
        if isinstance(argument, nodes.Name):
            places = view.writes.get(argument.name, [])
            above = bisect_left(places, call.lineno, key=lambda place: place.lineno)
            value = getattr(places[above - 1].parent, "value", None) if above else None
        if method(value) == "predict" and value.args:
            return root(value), dotted(value.args[0])
    return "", ""


def _has_other_score(view: View, call: nodes.Call, model: str) -> bool:
    """Whether the same model is judged on other rows in the same block, or cross-validated."""
    position = view.position(call)
    mine = dotted(call.args[0])
    for other in view.once(_scores_by_block).get(position, ()):
        if other is call:
            continue
        if root(other) == model and method(other) == "score" and dotted(other.args[0]) != mine:
            return True
        if METRICS.fullmatch(method(other)) and dotted(other.args[0]) != mine:
            return True
    return False


def _scores_by_block(view: View) -> dict[int, list[nodes.Call]]:
    found: dict[int, list[nodes.Call]] = {}
    for call in view.calls():
        if call.args and (method(call) == "score" or METRICS.fullmatch(method(call))):
            found.setdefault(view.position(call), []).append(call)
    return found


def _fitted_on_test(view: View) -> Iterator[Spot]:
    """``scaler.fit_transform(X_test)``: the test rows teach what they are measured by."""
    classes = view.once(constructed)
    if not any(re.search("train", name, re.I) for name in view.reads):
        return
    for call in view.calls():
        if method(call) in {"fit", "fit_transform"} and call.args and not in_function(call):
            rows = root(call.args[0])
            kind = class_of(receiver(call), classes)
            if not re.search(r"(^|_)test($|_)", rows, re.I):
                continue
            learns = kind in LEARNS | SELECTS
            cost = "training and test rows are measured by different rules"
            fix = "Fit it on the training rows, and only transform these."
            if not learns and rows in view.once(_split_names):
                cost, fix = "nothing is left to judge it by", "Fit it on the training rows only."
            elif not learns:
                continue
            yield _leak(view, call, f"{kind or root(call)} is fitted on {rows}", cost, fix)


def _split_names(view: View) -> set[str]:
    """The names that take the parts of a split."""
    return {
        name
        for step in view.steps
        for name, value in bindings(step.node)
        if method(value) == "train_test_split"
    }
