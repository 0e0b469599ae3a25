"""What the runs of a kata import: a warm process has it ready before they begin."""

WARMED = (
    # What the kit's own modules import, that run in forks.
    "nbkata.shape_tests.shell.pytest_plugin", "nbkata.kata.shell.kit",
    "nbkata.shape_tests.shell.learner_driver", "nbkata.shape_tests.shell.learner_tests",
    "nbkata.record.shell.probe", "nbkata.child.shell.remembered_models",
    "nbkata.shape_tests.shell.shape_checks", "nbkata.strength.shell.strength",
    # What a learner of the kata imports, by and by, and what their tests' pytest does.
    "pandas", "pandas.testing", "sklearn.ensemble", "sklearn.linear_model", "sklearn.metrics",
    "sklearn.model_selection", "sklearn.naive_bayes", "sklearn.neighbors", "sklearn.pipeline",
    "sklearn.preprocessing", "sklearn.svm", "sklearn.tree",
    # What scikit-learn imports when the first model is fitted to a frame; not all versions do.
    "narwhals.stable.v2", "narwhals._interchange.dataframe", "narwhals._pandas_like.dataframe",
    "narwhals._pandas_like.namespace", "narwhals._namespace", "narwhals.stable.v2._namespace",
    "pandas.io.formats.string", "tomllib",
)  # fmt: skip
