"""Calls that the installed pandas, numpy or scikit-learn warns about, or no longer has."""

import re
from collections.abc import Iterator
from dataclasses import replace

from astroid import nodes

from nbkata.smells.core.changelog import ENTRIES, POSITIONAL, POSITIONAL_OF_PANDAS, VALUES, Old
from nbkata.smells.core.finding import Spot
from nbkata.smells.core.flow import Flow
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.syntax import Node, keyword, method, receiver, root, text_of, walk
from nbkata.smells.core.view import View

_OPTIONS = {name: old for name, old in ENTRIES.items() if name[-1] == ")"}
_METHODS = {name: old for name, old in ENTRIES.items() if name[0] == "."}
_NAMES = {name: old for name, old in ENTRIES.items() if name not in _OPTIONS | _METHODS}
_PACKAGES = {name.partition(".")[0] for name in _NAMES}


def deprecated_api(view: View) -> Iterator[Spot]:
    """Names, methods and options that are old in the installed versions."""
    installed = view.settings.installed
    reported: set[tuple[int, str]] = set()
    for node, name, old in _all_old(view):
        if old.since <= installed.get(old.library, (0, 0)) and (node.lineno, name) not in reported:
            reported.add((node.lineno, name))
            since = ".".join(map(str, old.since))
            state = (
                f"is gone since {old.library} {since}"
                if old.gone
                else (f"is deprecated since {old.library} {since}")
            )
            fate = "this line fails" if old.gone else "one of the next versions stops here"
            message = f"{name} {state}: {fate}. Write {old.instead}."
            yield view.spot(Smell.DEPRECATED_API, node, message)


def _all_old(view: View) -> Iterator[tuple[Node, str, Old]]:
    for find in (
        _names,
        _methods,
        _options,
        _values,
        _text_columns,
        _texts,
        _by_position,
        _early_stopping,
    ):
        yield from find(view)


def _names(view: View) -> Iterator[tuple[Node, str, Old]]:
    for node in view.all(nodes.ImportFrom):
        for name, _ in node.names:
            for full in (f"{node.modname}.{name}", node.modname):
                found = _known(full)
                if found:
                    yield node, full, _NAMES[found]
                    break
    for node in view.all(nodes.Import):
        for name, _ in node.names:
            if _known(name):
                yield node, name, _NAMES[_known(name)]
    for node in view.all(nodes.Attribute):
        full = view.qualified(node)
        if full in _NAMES and full.split(".")[0] in _PACKAGES:
            yield node, full, _NAMES[full]


def _known(full: str) -> str:
    """The longest entry that is this name or a package around it."""
    parts = full.split(".")
    names = (".".join(parts[:end]) for end in range(len(parts), 1, -1))
    return next((name for name in names if name in _NAMES), "")


def _methods(view: View) -> Iterator[tuple[Node, str, Old]]:
    frames = view.once(Flow).frames
    learns = any(full.startswith("sklearn") for full in view.aliases.values())
    deep = any(full.startswith(("tensorflow", "keras")) for full in view.aliases.values())
    for node in view.all(nodes.Attribute):
        old = _METHODS.get(f".{node.attrname}")
        if old is None:
            continue
        if old.library == "tensorflow":
            if deep and isinstance(node.parent, nodes.Call):
                yield node, f".{node.attrname}()", old
            continue
        if old.library == "scikit-learn":
            if learns and isinstance(node.parent, nodes.Call):
                yield node, f".{node.attrname}()", old
            continue
        on_ix = node.attrname == "ix" and isinstance(node.parent, nodes.Subscript)
        if not (root(node) in frames or on_ix):
            continue
        if node.attrname in {"append", "sort"} and not _is_frames_own(view, node):
            continue
        if node.attrname in _PROPERTIES or isinstance(node.parent, nodes.Call):
            yield node, f".{node.attrname}", old


_PROPERTIES = frozenset("ix weekday_name weekofyear is_monotonic ftypes".split())


def _is_frames_own(view: View, node: nodes.Attribute) -> bool:
    """``df.append(other)`` keeps its result, ``rows.append(1)`` does not."""
    if not isinstance(node.expr, nodes.Name) or not isinstance(node.parent, nodes.Call):
        return False
    makers = [getattr(place.parent, "value", None) for place in view.writes.get(node.expr.name, ())]
    lists = any(isinstance(value, (nodes.List, nodes.ListComp)) for value in makers)
    return not lists and not isinstance(node.parent.parent, nodes.Expr)


_FREQUENCIES = {
    "H": "h", "T": "min", "S": "s", "L": "ms", "U": "us", "N": "ns", "M": "ME", "Q": "QE", "Y": "YE",
    "A": "YE", "AS": "YS", "BM": "BME", "BQ": "BQE", "BA": "BYE", "BAS": "BYS", "SM": "SME",
}  # fmt: skip
_ALIAS = re.compile(r"((?:\d+[A-Z])*\d*)([A-Z]+)(-[A-Z]{3})?$")
_AXES = frozenset(
    """scatterplot lineplot boxplot boxenplot violinplot stripplot swarmplot barplot countplot
    pointplot lmplot regplot residplot jointplot relplot catplot factorplot displot histplot
    kdeplot""".split()
)


def _texts(view: View) -> Iterator[tuple[Node, str, Old]]:
    """Names in texts: of styles, and of frequencies."""
    for call in view.calls():
        name, first = method(call), call.args[0] if call.args else None
        text = text_of(first) if first is not None else None
        if name in ("use", "context") and text and re.match(r"seaborn(-(?!v0_8)|$)", text):
            instead = text.replace("seaborn", "seaborn-v0_8", 1)
            yield call, f"the style {text}", Old("matplotlib", (3, 8), instead)
        word = keyword(call, "freq")
        text = (
            text_of(word) if word is not None and not name.startswith(("period", "to_p")) else text
        )
        if word is None and name not in ("resample", "asfreq"):
            continue
        found = _ALIAS.match(text or "")
        if found and found[2] in _FREQUENCIES:
            instead = f"{found[1]}{_FREQUENCIES[found[2]]}{found[3] or ''}"
            yield call, f"the frequency {text}", Old("pandas", (3, 0), instead)


def _by_position(view: View) -> Iterator[tuple[Node, str, Old]]:
    """``sns.boxplot(x, y)``: all but the data go by name."""
    for call in view.calls():
        package, _, name = view.qualified(call.func).partition(".")
        if package == "seaborn" and name in _AXES and call.args:
            if len(call.args) > 1 or text_of(call.args[0]):
                yield call, f"{name} with axes by position", Old("seaborn", (0, 12), "x=…, y=…")
    frames = view.once(Flow).frames
    for call in view.calls():
        name, on = method(call), receiver(call)
        most = None
        if view.qualified(call.func) == f"pandas.{name}":
            most = POSITIONAL_OF_PANDAS.get(name)
        elif isinstance(on, nodes.Name) and on.name in frames:
            most = POSITIONAL.get(name)
        if most is not None and len(call.args) > most and not call.starargs:
            what = f"{name} with options by position"
            yield call, what, Old("pandas", (2, 0), "each by its name")


def _text_columns(view: View) -> Iterator[tuple[Node, str, Old]]:
    """``df.dtypes == "object"``: texts have a type of their own."""
    for node in view.all(nodes.Compare) if view.has_cells else ():
        sides = [
            node.left,
            *(operand for operator, operand in node.ops if operator in ("==", "!=")),
        ]
        asks = any(getattr(side, "attrname", "") in ("dtype", "dtypes") for side in sides)
        texts = {text_of(side) or getattr(side, "name", "") for side in sides[1:]}
        if asks and texts & {"object", "O"}:
            old = Old("pandas", (3, 0), "pd.api.types.is_string_dtype", gone=False)
            yield node, 'dtype == "object" for texts', old


def _values(view: View) -> Iterator[tuple[Node, str, Old]]:
    """``criterion="mse"``: an option's value has another name."""
    for call in view.calls():
        for word in call.keywords:
            for classes, value, since, instead in VALUES.get(str(word.arg), ()):
                if text_of(word.value) == value and re.search(classes, method(call)):
                    yield call, f'{word.arg}="{value}"', Old("scikit-learn", since, instead)


def _early_stopping(view: View) -> Iterator[tuple[Node, str, Old]]:
    """``fit(early_stopping_rounds=…)`` of models that take it when they are made."""
    libraries = view.once(_libraries)
    for call in view.calls() if "catboost" not in libraries else ():
        name = method(call)
        if keyword(call, "early_stopping_rounds") is None or name not in ("fit", "train"):
            continue
        if "lightgbm" in libraries:
            old = Old("lightgbm", (4, 0), "callbacks=[lgb.early_stopping(n)]")
        elif "xgboost" in libraries and name == "fit":
            old = Old("xgboost", (2, 1), "early_stopping_rounds where the model is made")
        else:
            continue
        yield call, f"{name}(early_stopping_rounds=…)", old


def _libraries(view: View) -> set[str]:
    """What is imported; of two libraries that name things alike, neither."""
    found = {full.partition(".")[0] for full in view.aliases.values()}
    found |= {"tensorflow"} if "keras" in found else set()
    for one, other in (("tensorflow", "torch"), ("lightgbm", "xgboost")):
        found -= {one, other} if {one, other} <= found else set()
    return found


# Their options are common words: only with an import of theirs.
_IN_USE = frozenset({"tensorflow", "lightgbm", "gensim"})


def _is_default(value: Node) -> bool:
    """Whether a pasted option says what scikit-learn took anyway: ``normalize=False``."""
    return isinstance(value, nodes.Const) and value.value in (False, None, "deprecated", "warn")


def _options(view: View) -> Iterator[tuple[Node, str, Old]]:
    libraries = view.once(_libraries)
    for call in view.calls():
        name = method(call)
        for word in call.keywords:
            old = _OPTIONS.get(f"{name}({word.arg})")
            if old is not None and old.library in _IN_USE and old.library not in libraries:
                continue
            if old is not None and (name != "fillna" or receiver(call) is not None):
                if old.library == "scikit-learn" and _is_default(word.value):
                    old = replace(old, instead="nothing: that was its default")
                yield call, f"{name}({word.arg}=…)", old
        include = keyword(call, "include") or keyword(call, "exclude")
        if name in {"describe", "select_dtypes"} and include is not None:
            texts = [text_of(part) or getattr(part, "name", "") for part in walk(include)]
            if any(re.fullmatch(r"object|O", text) for text in texts):
                old = Old("pandas", (3, 0), 'include=["str"]', gone=False)
                yield call, f'{name}(include=["object"]) for texts', old
