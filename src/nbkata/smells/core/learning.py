"""Mistakes of choosing and fitting models: choices by test score, raw distances."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from astroid import nodes

from nbkata.smells.core.annotate import MARK
from nbkata.smells.core.finding import Spot
from nbkata.smells.core.flow import ancestors, bindings
from nbkata.smells.core.leakage import METRICS
from nbkata.smells.core.made import SCALERS, class_of, constructed
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.syntax import Node, in_function, keyword, method, receiver, root, walk
from nbkata.smells.core.view import View

_BY_DISTANCE = frozenset(
    """SVC SVR LinearSVC LinearSVR NuSVC KNeighborsClassifier KNeighborsRegressor KMeans DBSCAN PCA
    MLPClassifier MLPRegressor Perceptron SGDClassifier SGDRegressor KNNImputer TSNE
    NearestNeighbors AgglomerativeClustering""".split()
)
_CHOSEN_ON_TEST = re.compile(
    r"\b(best|better|tuned|tried|chosen)\b.{0,40}\b(on|by) (the )?test\b", re.I
)


def chosen_by_test_score(view: View) -> Iterator[Spot]:
    """A model or setting that won on the test rows: the score no longer tells of new data."""
    functions = view.all(nodes.FunctionDef)
    trials = frozenset(one.name for one in functions if _fits_and_scores(one, frozenset()))
    for place in view.all(nodes.For, nodes.ListComp, nodes.DictComp, nodes.Call):
        if in_function(place) is None and _tries_on_test(place, trials):
            yield view.spot(Smell.CHOSEN_BY_TEST_SCORE, place, _CHOSEN)
    for call in view.calls():
        if _stops_by_test(call):
            yield view.spot(Smell.CHOSEN_BY_TEST_SCORE, call, _CHOSEN)
    for block in view.blocks:
        for number, line in enumerate(block.source.split("\n"), start=block.first):
            is_mark = line.lstrip().startswith(MARK)
            if not is_mark and "#" in line and _CHOSEN_ON_TEST.search(line.split("#", 1)[1]):
                yield Spot(Smell.CHOSEN_BY_TEST_SCORE, number, _CHOSEN, number)


_CHOSEN = (
    "the test rows choose here: the best score of many is luck in part, and nothing is left to "
    "judge the winner by (the costliest leak). Choose by cross-validation on the training rows."
)


def _tries_on_test(place: Node, trials: frozenset[str]) -> bool:
    """Several models or settings, and the score of each on the test rows is kept."""
    if isinstance(place, nodes.Call):  # ``radii.apply(accuracy_with)``
        given = (arg.name for arg in place.args if isinstance(arg, nodes.Name))
        return method(place) in _EACH and any(name in trials for name in given)
    keeps = not isinstance(place, nodes.For) or any(
        isinstance(part, nodes.Compare) or method(part) == "append" for part in walk(place)
    )
    return keeps and _fits_and_scores(place, trials)


_EACH = frozenset("apply map applymap minimize minimize_scalar".split())


def _fits_and_scores(place: Node, trials: frozenset[str]) -> bool:
    """Whether a model is fitted there, and the test rows judge it: by itself, or in one of these functions."""
    fits = scores = False
    for part in walk(place):
        if not isinstance(part, nodes.Call):
            continue
        name = method(part)
        tries = isinstance(part.func, nodes.Name) and part.func.name in trials
        fits = fits or tries or name == "fit"
        about_test = any(_is_test(p) for arg in part.args for p in walk(arg))
        judges = name in {"score", "mean", "sum"} or bool(METRICS.fullmatch(name))
        scores = scores or tries or (judges and about_test)
    return fits and scores


def _is_test(node: Node) -> bool:
    return isinstance(node, nodes.Name) and bool(re.search(r"(^|_)test($|_|\d)", node.name, re.I))


def _stops_by_test(call: nodes.Call) -> bool:
    """Early stopping or checkpoints watched on the test rows."""
    if method(call) != "fit":
        return False
    watched = keyword(call, "eval_set") or keyword(call, "validation_data")
    chooses = keyword(call, "callbacks") or keyword(call, "early_stopping_rounds")
    return watched is not None and chooses is not None and any(map(_is_test, walk(watched)))


def not_scaled(view: View) -> Iterator[Spot]:
    """A model that goes by distances or gradients, fitted on raw columns."""
    classes = view.once(constructed)
    scaled = view.once(_scaled_names)
    reported: set[tuple[int, str]] = set()
    for call in view.calls():
        if method(call) not in {"fit", "fit_transform", "fit_predict"} or not call.args:
            continue
        kind = class_of(receiver(call), classes) or _looped_over(view, receiver(call))
        rows = call.args[0].name if isinstance(call.args[0], nodes.Name) else ""
        key = (view.position(call), kind)
        if kind not in _BY_DISTANCE or rows not in view.writes or key in reported:
            continue
        if not isinstance(call.scope(), nodes.Module) or ({rows} | ancestors(view, rows)) & scaled:
            continue
        reported.add(key)
        message = (
            f"{kind} on {rows}, whose columns keep their raw scale: the column with the largest "
            "numbers decides. Put a StandardScaler before it, in one Pipeline."
        )
        yield view.spot(Smell.NOT_SCALED, call, message)


def _looped_over(view: View, on: Node | None) -> str:
    """For the variable of ``for model in models``, the first model there that needs a scale."""
    kinds = view.once(_models_by_variable).get(on.name, []) if isinstance(on, nodes.Name) else []
    return next((kind for kind in kinds if kind in _BY_DISTANCE), "")


def _models_by_variable(view: View) -> dict[str, list[str]]:
    """``for name, model in models.items()``: what the variables of loops were made of."""
    found: dict[str, list[str]] = {}
    for loop in view.all(nodes.For):
        on = receiver(loop.iter) if method(loop.iter) in {"items", "values"} else loop.iter
        if isinstance(on, nodes.Name):
            places = view.writes.get(on.name, [])
            above = bisect_left(places, loop.lineno, key=lambda place: place.lineno)
            on = getattr(places[above - 1].parent, "value", None) if above else None
        kinds = [method(part) for part in _elements(on) if method(part)[:1].isupper()]
        for target in getattr(loop.target, "elts", [loop.target]):
            if kinds and isinstance(target, nodes.AssignName):
                found[target.name] = kinds
    return found


def _elements(literal: Node | None) -> list[Node]:
    """The values in a list, a dict, or a list of pairs."""
    if isinstance(literal, nodes.Dict):
        return [value for _, value in literal.items]
    parts = literal.elts if isinstance(literal, (nodes.List, nodes.Tuple)) else []
    return [inner for part in parts for inner in getattr(part, "elts", [part])]


def _scaled_names(view: View) -> set[str]:
    """Names that hold scaled data, as far as a scaler, a division or a log says."""
    found = set()
    classes = view.once(constructed)
    for step in view.steps:
        for name, value in bindings(step.node):
            for part in walk(value):
                if method(part) in {"fit_transform", "transform", "scale", "normalize", "zscore"}:
                    if class_of(receiver(part), classes) not in {"LabelEncoder", "OneHotEncoder"}:
                        found.add(name)
                if isinstance(part, nodes.BinOp) and part.op == "/" and root(part.left) == name:
                    found.add(name)
        if not isinstance(step.node, nodes.Assign):
            continue
        target = step.node.targets[0]
        if isinstance(target, nodes.Subscript) and isinstance(step.node.value, nodes.Call):
            if method(step.node.value) in {"fit_transform", "transform", "scale"}:
                if class_of(receiver(step.node.value), classes) in SCALERS:
                    found.add(root(target))
    return found
