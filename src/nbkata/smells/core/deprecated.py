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


_PANDAS_NAMES = {
    "pandas.Panel": Old("pandas", (1, 0), "a frame with a MultiIndex"),
    "pandas.datetime": Old("pandas", (2, 0), "datetime.datetime"),
    "pandas.np": Old("pandas", (2, 0), "import numpy as np"),
    "pandas.rolling_mean": Old("pandas", (1, 0), ".rolling(n).mean()"),
    "pandas.scatter_matrix": Old("pandas", (1, 0), "pd.plotting.scatter_matrix"),
    "pandas.Int64Index": Old("pandas", (2, 0), "pd.Index"),
    "pandas.value_counts": Old("pandas", (3, 0), "Series.value_counts"),
    "pandas.io.json.json_normalize": Old("pandas", (2, 0), "pd.json_normalize"),
}
_NUMPY_NAMES = {
    **{
        f"numpy.{name}": Old("numpy", (1, 24), name)
        for name in ("float", "int", "bool", "object", "str", "complex", "long")
    },
    **{f"numpy.{name}": Old("numpy", (2, 0), "np.nan") for name in ("NaN", "NAN")},
    "numpy.Inf": Old("numpy", (2, 0), "np.inf"),
    "numpy.float_": Old("numpy", (2, 0), "np.float64"),
    "numpy.product": Old("numpy", (2, 0), "np.prod"),
    "numpy.cumproduct": Old("numpy", (2, 0), "np.cumprod"),
    "numpy.alltrue": Old("numpy", (2, 0), "np.all"),
    "numpy.in1d": Old("numpy", (2, 4), "np.isin"),
    "numpy.row_stack": Old("numpy", (2, 0), "np.vstack", gone=False),
    "numpy.trapz": Old("numpy", (2, 4), "np.trapezoid"),
    "numpy.msort": Old("numpy", (2, 0), "np.sort"),
}
_SKLEARN_NAMES = {
    "sklearn.cross_validation": Old("scikit-learn", (0, 20), "sklearn.model_selection"),
    "sklearn.grid_search": Old("scikit-learn", (0, 20), "sklearn.model_selection"),
    "sklearn.learning_curve": Old("scikit-learn", (0, 20), "sklearn.model_selection"),
    "sklearn.externals": Old("scikit-learn", (0, 23), "import joblib"),
    "sklearn.preprocessing.Imputer": Old("scikit-learn", (0, 22), "sklearn.impute.SimpleImputer"),
    "sklearn.datasets.load_boston": Old("scikit-learn", (1, 2), "another data set"),
    "sklearn.metrics.plot_confusion_matrix": Old(
        "scikit-learn", (1, 2), "ConfusionMatrixDisplay.from_estimator"
    ),
    "sklearn.metrics.plot_roc_curve": Old("scikit-learn", (1, 2), "RocCurveDisplay"),
    "sklearn.metrics.jaccard_similarity_score": Old("scikit-learn", (0, 23), "jaccard_score"),
    "sklearn.utils.testing": Old("scikit-learn", (0, 24), "nothing: it was private"),
    "sklearn.mixture.GMM": Old("scikit-learn", (0, 20), "GaussianMixture"),
    "sklearn.linear_model.RandomizedLasso": Old("scikit-learn", (0, 21), "another selector"),
    "sklearn.ensemble.forest": Old("scikit-learn", (0, 24), "sklearn.ensemble"),
}
_GONE = """
pandas 1.0: DataFrame.from_csv Series.from_csv = pd.read_csv
pandas 1.0: DataFrame.from_items = pd.DataFrame.from_dict
pandas 1.0: rolling_std rolling_sum rolling_median rolling_apply rolling_max rolling_min = .rolling(n)
pandas 1.0: ewma = .ewm(…).mean()
pandas 1.0: expanding_mean = .expanding().mean()
pandas 1.0: TimeGrouper = pd.Grouper
pandas 1.0: tools datetools lib core.datetools = pd.plotting, pd.crosstab or pd.offsets
pandas 1.0: io.data io.wb = the package pandas-datareader
pandas 2.0: util.testing = pandas.testing
pandas 2.0: Float64Index UInt64Index = pd.Index
numpy 1.23: asscalar = .item()
numpy 1.18: rank = np.ndim
numpy 2.0: unicode_ = np.str_
numpy 2.0: string_ = np.bytes_
numpy 2.0: Infinity infty PINF = np.inf
numpy 2.0: sometrue = np.any
numpy 2.0: asfarray = np.asarray(…, dtype=float)
numpy 2.0: round_ = np.round
numpy 2.0: find_common_type = np.result_type
scipy 1.12: stats.binom_test = scipy.stats.binomtest
scipy 1.14: integrate.trapz integrate.simps integrate.cumtrapz = trapezoid, simpson, cumulative_trapezoid
scipy 1.9: stats.itemfreq = np.unique(…, return_counts=True)
scikit-learn 0.24: datasets.samples_generator = sklearn.datasets
scikit-learn 0.22: datasets.fetch_mldata = sklearn.datasets.fetch_openml
scikit-learn 0.19: lda qda = sklearn.discriminant_analysis
scikit-learn 0.20: decomposition.RandomizedPCA = PCA(svd_solver="randomized")
scikit-learn 0.21: linear_model.RandomizedLogisticRegression = another selector
scikit-learn 0.23: metrics.calinski_harabaz_score = calinski_harabasz_score
scikit-learn 1.2: metrics.plot_precision_recall_curve = PrecisionRecallDisplay.from_estimator
scikit-learn 0.24: ensemble.partial_dependence = sklearn.inspection
scikit-learn 0.24: svm.classes tree.tree linear_model.logistic preprocessing.data preprocessing.label = the package
seaborn 0.13: factorplot = sns.catplot
seaborn 0.10: tsplot timeseries = sns.lineplot
matplotlib 2.2: finance = the package mplfinance
matplotlib 3.1: mlab.normpdf = scipy.stats.norm.pdf
matplotlib 3.9: cm.get_cmap = matplotlib.colormaps[…]
"""
"""From the changelogs: library and version, what is gone, and what to write."""


def _gone() -> Iterator[tuple[str, Old]]:
    for line in _GONE.strip().split("\n"):
        what, _, instead = line.partition(" = ")
        head, _, names = what.partition(": ")
        library, version = head.split()
        major, minor = version.split(".")
        for name in names.split():
            package = {"scikit-learn": "sklearn"}.get(library, library)
            yield f"{package}.{name}", Old(library, (int(major), int(minor)), instead)


NAMES: dict[str, Old] = {**_PANDAS_NAMES, **_NUMPY_NAMES, **_SKLEARN_NAMES, **dict(_gone())}
NAMES["seaborn.distplot"] = Old("seaborn", (0, 11), "sns.histplot or sns.displot", gone=False)
_PACKAGES = {name.partition(".")[0] for name in NAMES}

# On frames only: ``append`` is a list's, ``sort`` too.
METHODS: dict[str, Old] = {
    "ix": Old("pandas", (1, 0), ".loc or .iloc"),
    "iteritems": Old("pandas", (2, 0), ".items()"),
    "as_matrix": Old("pandas", (1, 0), ".to_numpy()"),
    "append": Old("pandas", (2, 0), "pd.concat"),
    "applymap": Old("pandas", (2, 1), ".map()", gone=False),
    "get_value": Old("pandas", (1, 0), ".at"),
    "set_value": Old("pandas", (1, 0), ".at"),
    "sort": Old("pandas", (0, 20), ".sort_values()"),
    "mad": Old("pandas", (2, 0), "(s - s.mean()).abs().mean()"),
    "lookup": Old("pandas", (2, 0), ".to_numpy() with positions"),
    "swapaxes": Old("pandas", (3, 0), ".transpose()"),
    "get_dtype_counts": Old("pandas", (1, 0), ".dtypes.value_counts()"),
    "convert_objects": Old("pandas", (1, 0), ".infer_objects()"),
    "tshift": Old("pandas", (2, 0), ".shift(freq=…)"),
    "weekday_name": Old("pandas", (1, 0), ".day_name()"),
    "clip_upper": Old("pandas", (1, 0), ".clip(upper=…)"),
    "clip_lower": Old("pandas", (1, 0), ".clip(lower=…)"),
    "reindex_axis": Old("pandas", (1, 0), ".reindex"),
    "sortlevel": Old("pandas", (1, 0), ".sort_index"),
    "pad": Old("pandas", (3, 0), ".ffill()"),
    "backfill": Old("pandas", (3, 0), ".bfill()"),
}

# On whatever has them, where scikit-learn is in use.
MODEL_METHODS: dict[str, Old] = {
    "get_feature_names": Old("scikit-learn", (1, 2), ".get_feature_names_out()"),
}

OPTIONS: dict[tuple[str, str], Old] = {
    ("read_csv", "error_bad_lines"): Old("pandas", (2, 0), "on_bad_lines"),
    ("read_csv", "warn_bad_lines"): Old("pandas", (2, 0), "on_bad_lines"),
    ("read_csv", "squeeze"): Old("pandas", (2, 0), '.squeeze("columns")'),
    ("read_csv", "delim_whitespace"): Old("pandas", (3, 0), r'sep="\\s+"'),
    ("read_csv", "date_parser"): Old("pandas", (3, 0), "date_format"),
    ("read_csv", "prefix"): Old("pandas", (2, 0), "names"),
    ("to_csv", "line_terminator"): Old("pandas", (2, 0), "lineterminator"),
    ("read_excel", "sheetname"): Old("pandas", (0, 25), "sheet_name"),
    ("groupby", "axis"): Old("pandas", (3, 0), ".T.groupby(…)"),
    ("resample", "how"): Old("pandas", (0, 25), ".resample(…).agg(…)"),
    ("resample", "loffset"): Old("pandas", (2, 0), "an offset added to the index"),
    ("concat", "join_axes"): Old("pandas", (1, 0), ".reindex(…)"),
    ("pivot_table", "rows"): Old("pandas", (0, 20), "index"),
    ("pivot_table", "cols"): Old("pandas", (0, 20), "columns"),
    ("date_range", "closed"): Old("pandas", (2, 0), "inclusive"),
    ("describe", "datetime_is_numeric"): Old("pandas", (2, 0), "nothing: it is so"),
    ("info", "null_counts"): Old("pandas", (2, 0), "show_counts"),
    ("sort_index", "by"): Old("pandas", (1, 0), ".sort_values(…)"),
    **{
        (name, "level"): Old("pandas", (2, 0), ".groupby(level=…)")
        for name in ("sum", "mean", "max", "min", "std")
    },
    ("hist", "normed"): Old("matplotlib", (3, 1), "density"),
    ("subplot", "axisbg"): Old("matplotlib", (2, 2), "facecolor"),
    ("KFold", "n_folds"): Old("scikit-learn", (0, 20), "n_splits"),
    ("fillna", "method"): Old("pandas", (3, 0), ".ffill() or .bfill()"),
    ("OneHotEncoder", "sparse"): Old("scikit-learn", (1, 4), "sparse_output"),
    ("OneHotEncoder", "categorical_features"): Old("scikit-learn", (0, 22), "ColumnTransformer"),
    ("AdaBoostClassifier", "base_estimator"): Old("scikit-learn", (1, 4), "estimator"),
    ("BaggingClassifier", "base_estimator"): Old("scikit-learn", (1, 4), "estimator"),
    ("AdaBoostClassifier", "algorithm"): Old("scikit-learn", (1, 8), "nothing: it has one"),
    ("mean_squared_error", "squared"): Old("scikit-learn", (1, 6), "root_mean_squared_error"),
    ("LogisticRegression", "multi_class"): Old("scikit-learn", (1, 8), "nothing, or a wrapper"),
    ("LogisticRegression", "penalty"): Old("scikit-learn", (1, 8), "C and l1_ratio", gone=False),
    ("SVC", "probability"): Old("scikit-learn", (1, 9), "CalibratedClassifierCV", gone=False),
    ("NuSVC", "probability"): Old("scikit-learn", (1, 9), "CalibratedClassifierCV", gone=False),
    ("KMeans", "n_jobs"): Old("scikit-learn", (1, 0), "nothing: it uses all cores"),
    ("LinearRegression", "normalize"): Old("scikit-learn", (1, 2), "a StandardScaler before it"),
    ("SGDClassifier", "n_iter"): Old("scikit-learn", (0, 21), "max_iter"),
    ("TSNE", "n_iter"): Old("scikit-learn", (1, 7), "max_iter"),
    **{
        (name, "size"): Old("seaborn", (0, 11), "height")
        for name in ("pairplot", "FacetGrid", "PairGrid", "lmplot", "factorplot", "jointplot")
    },
    ("kdeplot", "shade"): Old("seaborn", (0, 11), "fill", gone=False),
    ("GridSearchCV", "iid"): Old("scikit-learn", (0, 24), "nothing"),
}


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
                    yield node, full, NAMES[found]
                    break
    for node in view.all(nodes.Import):
        for name, _ in node.names:
            if _known(name):
                yield node, name, NAMES[_known(name)]
    for node in view.all(nodes.Attribute):
        full = view.qualified(node)
        if full in NAMES and full.split(".")[0] in _PACKAGES:
            yield node, full, NAMES[full]


def _known(full: str) -> str:
    """The longest entry that is this name or a package around it."""
    parts = full.split(".")
    names = (".".join(parts[:end]) for end in range(len(parts), 1, -1))
    return next((name for name in names if name in NAMES), "")


def _methods(view: View) -> Iterator[tuple[Node, str, Old]]:
    frames = view.once(Flow).frames
    learns = any(full.startswith("sklearn") for full in view.aliases.values())
    for node in view.all(nodes.Attribute):
        if learns and node.attrname in MODEL_METHODS and isinstance(node.parent, nodes.Call):
            yield node, f".{node.attrname}()", MODEL_METHODS[node.attrname]
        old = METHODS.get(node.attrname)
        on_ix = node.attrname == "ix" and isinstance(node.parent, nodes.Subscript)
        if old is None or not (root(node) in frames or on_ix):
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
            old = OPTIONS.get((name, word.arg or ""))
            if old is not None and (name != "fillna" or receiver(call) is not None):
                yield call, f"{name}({word.arg}=…)", old
        include = keyword(call, "include") or keyword(call, "exclude")
        if name in {"describe", "select_dtypes"} and include is not None:
            texts = [text_of(part) or getattr(part, "name", "") for part in walk(include)]
            if any(re.fullmatch(r"object|O", text) for text in texts):
                old = Old("pandas", (3, 0), 'include=["str"]', gone=False)
                yield call, f'{name}(include=["object"]) for texts', old
