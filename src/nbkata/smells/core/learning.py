"""Mistakes of training and judging models: leaks, choices by test score, raw distances.

The kinds of leak and their cost follow Yang et al. (2022) and Kapoor and Narayanan (2023): a choice
by test score and resampling before the split cost most, a scaler fitted before it hardly anything.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from astroid import nodes

from nbkata.smells.core.annotate import MARK
from nbkata.smells.core.finding import Spot
from nbkata.smells.core.flow import Flow, ancestors, bindings
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.syntax import (
    Node,
    chain,
    dotted,
    in_function,
    keyword,
    method,
    receiver,
    root,
    walk,
)
from nbkata.smells.core.view import View

_SCALERS = frozenset(
    "StandardScaler MinMaxScaler RobustScaler MaxAbsScaler Normalizer PowerTransformer PCA".split()
)
_LEARNS = _SCALERS | frozenset(
    """QuantileTransformer SimpleImputer KNNImputer IterativeImputer Imputer TruncatedSVD
    TfidfVectorizer CountVectorizer VarianceThreshold PolynomialFeatures""".split()
)
_SELECTS = frozenset(
    "SelectKBest SelectPercentile RFE RFECV SelectFromModel TargetEncoder LDA".split()
)
_RESAMPLES = frozenset("SMOTE ADASYN RandomOverSampler SMOTENC BorderlineSMOTE SMOTETomek".split())
_THINS = frozenset("RandomUnderSampler NearMiss TomekLinks ClusterCentroids SMOTEENN".split())
_STATISTICS = frozenset({"mean", "median", "mode", "std", "quantile", "max", "min"})
_METRICS = re.compile(
    r"(accuracy|f1|roc_auc|precision|recall|r2|balanced_accuracy|log_loss|mean_\w+_error)(_score)?"
)
_BY_DISTANCE = frozenset(
    """SVC SVR LinearSVC LinearSVR NuSVC KNeighborsClassifier KNeighborsRegressor KMeans DBSCAN PCA
    MLPClassifier MLPRegressor Perceptron SGDClassifier SGDRegressor KNNImputer TSNE
    NearestNeighbors AgglomerativeClustering""".split()
)
_CHOSEN_ON_TEST = re.compile(
    r"\b(best|better|tuned|tried|chosen)\b.{0,40}\b(on|by) (the )?test\b", re.I
)


def data_leakage(view: View) -> Iterator[Spot]:
    """What is learnt from rows that the score is later taken on."""
    yield from _scored_on_training_rows(view)
    split = next((call for call in view.calls() if method(call) == "train_test_split"), None)
    if split is not None:
        yield from _before_split(view, split)
    yield from _fitted_on_test(view)


def _leak(view: View, node: Node, what: str, cost: str, fix: str) -> Spot:
    return view.spot(Smell.DATA_LEAKAGE, node, f"{what}: {cost}. {fix}")


def _before_split(view: View, split: nodes.Call) -> Iterator[Spot]:
    given = {p.name for arg in split.args for p in walk(arg) if isinstance(p, nodes.Name)}
    related = given | {other for name in given for other in ancestors(view, name)}
    classes = view.once(_constructed)
    for call in view.calls():
        if call.lineno >= split.lineno or not isinstance(call.scope(), nodes.Module):
            continue
        if method(call) in {"fit", "fit_transform", "fit_resample", "fit_sample"} and call.args:
            kind = _class_of(receiver(call), classes)
            if root(call.args[0]) in related and kind in _LEARNS | _SELECTS | _RESAMPLES | _THINS:
                yield _fitted(view, call, kind)
    yield from _filled_from_all(view, split.lineno, related)


def _fitted(view: View, call: nodes.Call, kind: str) -> Spot:
    fix = "Split first, and fit on the training rows only (a Pipeline does)."
    what = f"{kind} is fitted on all rows, before the split"
    if kind in _RESAMPLES:
        what = f"{kind} copies rows before the split"
        cost = "the same people stand on both sides, and the score is far too good"
    elif kind in _THINS:
        what = f"{kind} picks rows before the split"
        cost = "the test rows no longer look like new data, and the score is far too good"
    elif kind in _SELECTS:
        cost = "the test rows help to choose the columns, and the score is too good"
    else:
        cost = "the test rows are no longer unseen (the cost is small, the habit is not)"
    return _leak(view, call, what, cost, fix)


def _filled_from_all(view: View, split_line: int, related: set[str]) -> Iterator[Spot]:
    """A gap filled, or a column made, from a statistic of all rows."""
    flow = view.once(Flow)
    statistics = {
        name
        for step in view.steps
        if step.node.lineno < split_line
        for name, value in bindings(step.node)
        if _is_statistic(value, flow.frames)
    }
    for edit in flow.edits:
        node = edit.step.node
        if node.lineno >= split_line or edit.frame not in related:
            continue
        value = getattr(node, "value", None)
        parts = list(walk(node)) if value is not None else []
        filled = [p for p in parts if method(p) == "fillna" and _uses_statistic(p, statistics)]
        masked = edit.how == "masked" and any(getattr(p, "name", "") in statistics for p in parts)
        masked = masked or (edit.how == "masked" and _is_statistic(value, flow.frames))
        if filled or masked:
            which = f"column {edit.column}" if edit.column else "a column"
            yield _leak(
                view,
                node,
                f"{which} takes a statistic of all rows, before the split",
                "the test rows help to fill the training rows (the cost is small, but real)",
                "Split first, and take the statistic from the training rows.",
            )


def _is_statistic(value: Node | None, frames: frozenset[str]) -> bool:
    if isinstance(value, nodes.Subscript):
        value = value.value
    return method(value) in _STATISTICS and root(value) in frames and "groupby" not in chain(value)


def _uses_statistic(call: Node, names: set[str]) -> bool:
    for argument in (*call.args, *(word.value for word in call.keywords)):
        for part in walk(argument):
            if method(part) in _STATISTICS or getattr(part, "name", None) in names:
                return True
    return False


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
        elif _METRICS.fullmatch(method(call)) and len(call.args) > 1:
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
        if _METRICS.fullmatch(method(other)) and dotted(other.args[0]) != mine:
            return True
    return False


def _scores_by_block(view: View) -> dict[int, list[nodes.Call]]:
    found: dict[int, list[nodes.Call]] = {}
    for call in view.calls():
        if call.args and (method(call) == "score" or _METRICS.fullmatch(method(call))):
            found.setdefault(view.position(call), []).append(call)
    return found


def _fitted_on_test(view: View) -> Iterator[Spot]:
    """``scaler.fit_transform(X_test)``: the test rows teach what they are measured by."""
    classes = view.once(_constructed)
    for call in view.calls():
        if method(call) in {"fit", "fit_transform"} and call.args:
            rows = root(call.args[0])
            kind = _class_of(receiver(call), classes)
            if not re.search(r"(^|_)test($|_)", rows, re.I):
                continue
            learns = kind in _LEARNS | _SELECTS
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


def _constructed(view: View) -> dict[str, list[tuple[int, str]]]:
    """For each name, the classes that it was made of, with the line."""
    found: dict[str, list[tuple[int, str]]] = {}
    for step in view.steps:
        for name, value in bindings(step.node):
            if isinstance(value, nodes.Call) and method(value)[:1].isupper():
                found.setdefault(name, []).append((step.node.lineno, method(value)))
    return found


def _class_of(on: Node | None, classes: dict[str, list[tuple[int, str]]]) -> str:
    """The class of what a method is called on, as it was last made above."""
    if isinstance(on, nodes.Call):
        return method(on)
    made = classes.get(root(on), []) if on is not None else []
    above = bisect_right(made, on.lineno or 0, key=lambda one: one[0]) if on is not None else 0
    return made[above - 1][1] if above else ""


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
        judges = name in {"score", "mean", "sum"} or bool(_METRICS.fullmatch(name))
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
    classes = view.once(_constructed)
    scaled = view.once(_scaled_names)
    reported: set[tuple[int, str]] = set()
    for call in view.calls():
        if method(call) not in {"fit", "fit_transform", "fit_predict"} or not call.args:
            continue
        kind = _class_of(receiver(call), classes) or _looped_over(view, receiver(call))
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
    classes = view.once(_constructed)
    for step in view.steps:
        for name, value in bindings(step.node):
            for part in walk(value):
                if method(part) in {"fit_transform", "transform", "scale", "normalize", "zscore"}:
                    if _class_of(receiver(part), classes) not in {"LabelEncoder", "OneHotEncoder"}:
                        found.add(name)
                if isinstance(part, nodes.BinOp) and part.op == "/" and root(part.left) == name:
                    found.add(name)
        if not isinstance(step.node, nodes.Assign):
            continue
        target = step.node.targets[0]
        if isinstance(target, nodes.Subscript) and isinstance(step.node.value, nodes.Call):
            if method(step.node.value) in {"fit_transform", "transform", "scale"}:
                if _class_of(receiver(step.node.value), classes) in _SCALERS:
                    found.add(root(target))
    return found
