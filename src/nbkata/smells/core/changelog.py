"""What libraries no longer have, or warn about: from their changelogs."""

from collections.abc import Iterator
from dataclasses import dataclass


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
pandas 1.0: .ftypes = .dtypes
pandas 1.0: .get_ftype_counts = .dtypes.value_counts()
pandas 1.0: .get_values = .to_numpy()
pandas 1.0: .to_msgpack = .to_parquet
pandas 1.0: read_msgpack = pd.read_parquet
pandas 1.0: .ptp = np.ptp
pandas 1.0: rolling_corr rolling_cov rolling_var rolling_skew rolling_kurt rolling_quantile = .rolling(n)
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
pandas 2.0: .slice_shift = .shift
pandas 2.0: .weekofyear = .isocalendar().week
pandas 2.0: .is_monotonic = .is_monotonic_increasing
pandas 2.0: read_csv(mangle_dupe_cols) = nothing: it is so
pandas 2.0: groupby(squeeze) = .squeeze("columns")
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
pandas 3.1 warns: drop(inplace) rename(inplace) rename_axis(inplace) set_index(inplace) = df = … without inplace
pandas 3.1 warns: reset_index(inplace) dropna(inplace) drop_duplicates(inplace) = df = … without inplace
pandas 3.1 warns: sort_values(inplace) sort_index(inplace) query(inplace) eval(inplace) = df = … without inplace
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
numpy 2.0: mat = np.asmatrix
numpy 2.0: complex_ = np.complex128
numpy 2.0: cast = np.asarray(…, dtype=…)
numpy 2.0: NINF = -np.inf
numpy 2.0: recfromcsv recfromtxt = np.genfromtxt
numpy 2.0: safe_eval = ast.literal_eval
numpy 2.0: issubsctype issubclass_ = np.issubdtype
numpy 2.0: source lookfor who disp = the help of your editor
numpy 2.0: find_common_type = np.result_type
numpy 2.0 warns: row_stack = np.vstack
numpy 2.4: in1d = np.isin
numpy 2.4: trapz = np.trapezoid
scipy 1.9: stats.itemfreq = np.unique(…, return_counts=True)
scipy 1.12: stats.binom_test = scipy.stats.binomtest
scipy 1.12: misc.face misc.ascent misc.electrocardiogram = scipy.datasets
scipy 1.12: misc.derivative = numpy.gradient, or a library for derivatives
scipy 1.2: misc.imread misc.imresize misc.imsave = imageio or Pillow
scipy 1.3: misc.factorial misc.comb misc.logsumexp = scipy.special
scipy 1.13: signal.hann signal.hamming signal.blackman signal.gaussian signal.bartlett = scipy.signal.windows
scipy 1.15: signal.cwt signal.ricker signal.morlet signal.daub = PyWavelets
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
scikit-learn 0.24: utils.safe_indexing = .iloc
scikit-learn 0.24: metrics.scorer = sklearn.metrics
scikit-learn 0.24: manifold.t_sne = sklearn.manifold
scikit-learn 0.24: IsolationForest(behaviour) = nothing
scikit-learn 0.23: utils.linear_assignment_ = scipy.optimize.linear_sum_assignment
scikit-learn 0.20: gaussian_process.GaussianProcess = GaussianProcessRegressor
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
scikit-learn 1.2: Ridge(normalize) Lasso(normalize) ElasticNet(normalize) RidgeCV(normalize) LassoCV(normalize) = a StandardScaler before it
scikit-learn 1.2: ensemble.partial_dependence.plot_partial_dependence inspection.plot_partial_dependence = PartialDependenceDisplay.from_estimator
scikit-learn 1.4: AgglomerativeClustering(affinity) = metric
scikit-learn 1.4: BaggingRegressor(base_estimator) AdaBoostRegressor(base_estimator) = estimator
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
matplotlib 3.9: pyplot.register_cmap cm.register_cmap = matplotlib.colormaps.register
matplotlib 3.0: pyplot.hold pyplot.ishold = nothing: plots add up
matplotlib 3.1: mlab.bivariate_normal mlab.griddata mlab.PCA mlab.rec2csv = scipy or scikit-learn
matplotlib 3.6: gca(projection) = plt.subplot(projection=…)
matplotlib 3.8: stem(use_line_collection) = nothing
matplotlib 3.9 warns: boxplot(labels) = tick_labels
matplotlib 3.11: pyplot.plot_date = plt.plot
seaborn 0.10: tsplot timeseries = sns.lineplot
seaborn 0.11: pairplot(size) FacetGrid(size) PairGrid(size) lmplot(size) factorplot(size) jointplot(size) = height
seaborn 0.11 warns: distplot = sns.histplot or sns.displot
seaborn 0.11 warns: kdeplot(shade) = fill
seaborn 0.13: factorplot = sns.catplot
seaborn 0.13 warns: violinplot(scale) = density_norm
seaborn 0.13 warns: violinplot(bw) = bw_method
seaborn 0.13 warns: barplot(errwidth) barplot(errcolor) = err_kws
statsmodels 0.13: tsa.arima_model = statsmodels.tsa.arima.model.ARIMA
statsmodels 0.13: seasonal_decompose(freq) = period
tensorflow 2.0: Session InteractiveSession placeholder global_variables_initializer = tf.compat.v1, or Keras
tensorflow 2.0: contrib reset_default_graph get_variable variable_scope app flags = tf.compat.v1, or Keras
tensorflow 2.6: .predict_classes = .predict(…).argmax(axis=-1)
tensorflow 2.16: .fit_generator = .fit
tensorflow 2.16: .evaluate_generator = .evaluate
tensorflow 2.16: .predict_generator = .predict
tensorflow 2.16: Adam(lr) SGD(lr) RMSprop(lr) Adagrad(lr) Adamax(lr) = learning_rate
keras 3.0: utils.np_utils = keras.utils.to_categorical
keras 3.0: wrappers.scikit_learn = the package scikeras
lightgbm 4.0: train(verbose_eval) = callbacks=[lgb.log_evaluation(n)]
lightgbm 4.0: train(evals_result) = callbacks=[lgb.record_evaluation(results)]
gensim 4.0: Word2Vec(size) FastText(size) Doc2Vec(size) = vector_size
gensim 4.0: Word2Vec(iter) FastText(iter) Doc2Vec(iter) = epochs
plotly 4.0: plotly = the package chart_studio, or plotly.io
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


ENTRIES = dict(_entries())
_SCORES = r"SearchCV|cross_val|RFECV|_curve"
# Values of an option, in classes whose names match: since when, and what to write.
VALUES = {
    "loss": (
        (r"GradientBoosting", "ls", (1, 2), "squared_error"),
        (r"GradientBoosting", "lad", (1, 2), "absolute_error"),
        (r"GradientBoosting", "deviance", (1, 3), "log_loss"),
        (r"SGDClassifier", "log", (1, 3), "log_loss"),
        (r"SGDRegressor", "squared_loss", (1, 2), "squared_error"),
    ),
    "criterion": (
        (r"Tree|Forest", "mse", (1, 2), "squared_error"),
        (r"Tree|Forest", "mae", (1, 2), "absolute_error"),
    ),
    "max_features": ((r"Tree|Forest", "auto", (1, 3), "sqrt"),),
    "penalty": ((r"LogisticRegression", "none", (1, 4), "None"),),
    "scoring": (
        (_SCORES, "mean_squared_error", (0, 20), "neg_mean_squared_error"),
        (_SCORES, "mean_absolute_error", (0, 20), "neg_mean_absolute_error"),
        (_SCORES, "log_loss", (0, 20), "neg_log_loss"),
    ),
}
# Arguments without a name that pandas 2 still takes: more are an error.
POSITIONAL = {
    "drop": 1, "dropna": 0, "any": 0, "all": 0, "sort_values": 1, "sort_index": 0, "set_index": 1,
    "drop_duplicates": 1, "pivot": 0,
}  # fmt: skip
POSITIONAL_OF_PANDAS = {"concat": 1, "read_csv": 1}
