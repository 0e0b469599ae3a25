"""Calls that the installed pandas, numpy or scikit-learn warns about, or no longer has."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from astroid import nodes

from nbkata.smells.core.finding import Spot
from nbkata.smells.core.flow import Flow
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.syntax import Node, keyword, method, receiver, root, text_of, walk
from nbkata.smells.core.view import View


@dataclass(frozen=True, slots=True)
class Old:
    """One name or option, since when, and what to write."""

    library: str
    since: tuple[int, int]
    instead: str
    gone: bool = True


# From the changelogs: library and version, what is gone (or only warns) since then, and what to write;
# nothing there if Python's own has the same name. A method is one of frames (`append` is a list's, too)
# or, if it is scikit-learn's, of anything where that is in use.
_CHANGELOG = r"""
pandas 0.20: .sort = .sort_values()
pandas 0.20: pivot_table(rows) = index
pandas 0.20: pivot_table(cols) = columns
pandas 0.25: read_excel(sheetname) = sheet_name
pandas 0.25: resample(how) = .resample(…).agg(…)
pandas 1.0: Panel = a frame with a MultiIndex
pandas 1.0: rolling_mean = .rolling(n).mean()
pandas 1.0: scatter_matrix = pd.plotting.scatter_matrix
pandas 1.0: DataFrame.from_csv Series.from_csv = pd.read_csv
pandas 1.0: DataFrame.from_items = pd.DataFrame.from_dict
pandas 1.0: rolling_std rolling_sum rolling_median rolling_apply rolling_max rolling_min = .rolling(n)
pandas 1.0: ewma = .ewm(…).mean()
pandas 1.0: expanding_mean = .expanding().mean()
pandas 1.0: TimeGrouper = pd.Grouper
pandas 1.0: tools datetools lib core.datetools = pd.plotting, pd.crosstab or pd.offsets
pandas 1.0: io.data io.wb = the package pandas-datareader
pandas 1.0: .ix = .loc or .iloc
pandas 1.0: .as_matrix = .to_numpy()
pandas 1.0: .get_value .set_value = .at
pandas 1.0: .get_dtype_counts = .dtypes.value_counts()
pandas 1.0: .convert_objects = .infer_objects()
pandas 1.0: .weekday_name = .day_name()
pandas 1.0: .clip_upper = .clip(upper=…)
pandas 1.0: .clip_lower = .clip(lower=…)
pandas 1.0: .reindex_axis = .reindex
pandas 1.0: .sortlevel = .sort_index
pandas 1.0: concat(join_axes) = .reindex(…)
pandas 1.0: sort_index(by) = .sort_values(…)
pandas 2.0: datetime = datetime.datetime
pandas 2.0: np = import numpy as np
pandas 2.0: Int64Index Float64Index UInt64Index = pd.Index
pandas 2.0: io.json.json_normalize = pd.json_normalize
pandas 2.0: util.testing = pandas.testing
pandas 2.0: .iteritems = .items()
pandas 2.0: .append = pd.concat
pandas 2.0: .mad = (s - s.mean()).abs().mean()
pandas 2.0: .lookup = .to_numpy() with positions
pandas 2.0: .tshift = .shift(freq=…)
pandas 2.0: read_csv(error_bad_lines) read_csv(warn_bad_lines) = on_bad_lines
pandas 2.0: read_csv(squeeze) = .squeeze("columns")
pandas 2.0: read_csv(prefix) = names
pandas 2.0: to_csv(line_terminator) = lineterminator
pandas 2.0: resample(loffset) = an offset added to the index
pandas 2.0: date_range(closed) = inclusive
pandas 2.0: describe(datetime_is_numeric) = nothing: it is so
pandas 2.0: info(null_counts) = show_counts
pandas 2.0: sum(level) mean(level) max(level) min(level) std(level) = .groupby(level=…)
pandas 2.1 warns: .applymap = .map()
pandas 3.0: value_counts = Series.value_counts
pandas 3.0: .swapaxes = .transpose()
pandas 3.0: .pad = .ffill()
pandas 3.0: .backfill = .bfill()
pandas 3.0: read_csv(delim_whitespace) = sep="\\s+"
pandas 3.0: read_csv(date_parser) = date_format
pandas 3.0: groupby(axis) = .T.groupby(…)
pandas 3.0: fillna(method) = .ffill() or .bfill()
numpy 1.18: rank = np.ndim
numpy 1.23: asscalar = .item()
numpy 1.24: float int bool object str complex long
numpy 2.0: NaN NAN = np.nan
numpy 2.0: Inf Infinity infty PINF = np.inf
numpy 2.0: float_ = np.float64
numpy 2.0: product = np.prod
numpy 2.0: cumproduct = np.cumprod
numpy 2.0: alltrue = np.all
numpy 2.0: msort = np.sort
numpy 2.0: unicode_ = np.str_
numpy 2.0: string_ = np.bytes_
numpy 2.0: sometrue = np.any
numpy 2.0: asfarray = np.asarray(…, dtype=float)
numpy 2.0: round_ = np.round
numpy 2.0: find_common_type = np.result_type
numpy 2.0 warns: row_stack = np.vstack
numpy 2.4: in1d = np.isin
numpy 2.4: trapz = np.trapezoid
scipy 1.9: stats.itemfreq = np.unique(…, return_counts=True)
scipy 1.12: stats.binom_test = scipy.stats.binomtest
scipy 1.14: integrate.trapz integrate.simps integrate.cumtrapz = trapezoid, simpson, cumulative_trapezoid
scikit-learn 0.19: lda qda = sklearn.discriminant_analysis
scikit-learn 0.20: cross_validation grid_search learning_curve = sklearn.model_selection
scikit-learn 0.20: mixture.GMM = GaussianMixture
scikit-learn 0.20: decomposition.RandomizedPCA = PCA(svd_solver="randomized")
scikit-learn 0.20: KFold(n_folds) = n_splits
scikit-learn 0.21: linear_model.RandomizedLasso linear_model.RandomizedLogisticRegression = another selector
scikit-learn 0.21: SGDClassifier(n_iter) = max_iter
scikit-learn 0.22: preprocessing.Imputer = sklearn.impute.SimpleImputer
scikit-learn 0.22: datasets.fetch_mldata = sklearn.datasets.fetch_openml
scikit-learn 0.22: OneHotEncoder(categorical_features) = ColumnTransformer
scikit-learn 0.23: externals = import joblib
scikit-learn 0.23: metrics.jaccard_similarity_score = jaccard_score
scikit-learn 0.23: metrics.calinski_harabaz_score = calinski_harabasz_score
scikit-learn 0.24: utils.testing = nothing: it was private
scikit-learn 0.24: ensemble.forest = sklearn.ensemble
scikit-learn 0.24: datasets.samples_generator = sklearn.datasets
scikit-learn 0.24: ensemble.partial_dependence = sklearn.inspection
scikit-learn 0.24: svm.classes tree.tree linear_model.logistic preprocessing.data preprocessing.label = the package
scikit-learn 0.24: GridSearchCV(iid) = nothing
scikit-learn 1.0: KMeans(n_jobs) = nothing: it uses all cores
scikit-learn 1.2: datasets.load_boston = another data set
scikit-learn 1.2: metrics.plot_confusion_matrix = ConfusionMatrixDisplay.from_estimator
scikit-learn 1.2: metrics.plot_roc_curve = RocCurveDisplay
scikit-learn 1.2: metrics.plot_precision_recall_curve = PrecisionRecallDisplay.from_estimator
scikit-learn 1.2: .get_feature_names = .get_feature_names_out()
scikit-learn 1.2: LinearRegression(normalize) = a StandardScaler before it
scikit-learn 1.4: OneHotEncoder(sparse) = sparse_output
scikit-learn 1.4: AdaBoostClassifier(base_estimator) BaggingClassifier(base_estimator) = estimator
scikit-learn 1.6: mean_squared_error(squared) = root_mean_squared_error
scikit-learn 1.7: TSNE(n_iter) = max_iter
scikit-learn 1.8: AdaBoostClassifier(algorithm) = nothing: it has one
scikit-learn 1.8: LogisticRegression(multi_class) = nothing, or a wrapper
scikit-learn 1.8 warns: LogisticRegression(penalty) = C and l1_ratio
scikit-learn 1.9 warns: SVC(probability) NuSVC(probability) = CalibratedClassifierCV
matplotlib 2.2: finance = the package mplfinance
matplotlib 2.2: subplot(axisbg) = facecolor
matplotlib 3.1: mlab.normpdf = scipy.stats.norm.pdf
matplotlib 3.1: hist(normed) = density
matplotlib 3.9: cm.get_cmap = matplotlib.colormaps[…]
seaborn 0.10: tsplot timeseries = sns.lineplot
seaborn 0.11: pairplot(size) FacetGrid(size) PairGrid(size) lmplot(size) factorplot(size) jointplot(size) = height
seaborn 0.11 warns: distplot = sns.histplot or sns.displot
seaborn 0.11 warns: kdeplot(shade) = fill
seaborn 0.13: factorplot = sns.catplot
"""


def _entries() -> Iterator[tuple[str, Old]]:
    for line in _CHANGELOG.strip().split("\n"):
        what, _, instead = line.partition(" = ")
        head, _, names = what.partition(": ")
        library, version, *warns = head.split()
        major, minor = version.split(".")
        for name in names.split():
            old = Old(library, (int(major), int(minor)), instead or name, not warns)
            package = {"scikit-learn": "sklearn"}.get(library, library)
            yield (name if name[0] == "." or name[-1] == ")" else f"{package}.{name}"), old


_ENTRIES = dict(_entries())
_OPTIONS = {name: old for name, old in _ENTRIES.items() if name[-1] == ")"}
_METHODS = {name: old for name, old in _ENTRIES.items() if name[0] == "."}
_NAMES = {name: old for name, old in _ENTRIES.items() if name not in _OPTIONS | _METHODS}
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
    for find in (_names, _methods, _options, _texts, _by_position):
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
    for node in view.all(nodes.Attribute):
        old = _METHODS.get(f".{node.attrname}")
        if old is None:
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
        if node.attrname in ("ix", "weekday_name") or isinstance(node.parent, nodes.Call):
            yield node, f".{node.attrname}", old


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


def _options(view: View) -> Iterator[tuple[Node, str, Old]]:
    for call in view.calls():
        name = method(call)
        for word in call.keywords:
            old = _OPTIONS.get(f"{name}({word.arg})")
            if old is not None and (name != "fillna" or receiver(call) is not None):
                yield call, f"{name}({word.arg}=…)", old
        include = keyword(call, "include") or keyword(call, "exclude")
        if name in {"describe", "select_dtypes"} and include is not None:
            texts = [text_of(part) or getattr(part, "name", "") for part in walk(include)]
            if any(re.fullmatch(r"object|O", text) for text in texts):
                old = Old("pandas", (3, 0), 'include=["str"]', gone=False)
                yield call, f'{name}(include=["object"]) for texts', old
