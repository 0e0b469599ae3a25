"""What libraries no longer have: names, options and their values, and how many go without a name."""

import pytest
from support.smell_builders import findings, found

from nbkata.smells.core.changelog import ENTRIES
from nbkata.smells.core.settings import LATEST
from nbkata.smells.core.symbols import Smell

READ = "import pandas as pd\nrides = pd.read_csv(source)"


def test_an_option_of_scikit_learn_that_says_the_default_is_to_be_left_out():
    imported = "from sklearn.linear_model import LinearRegression"
    told = findings(imported, "m = LinearRegression(n_jobs=None, normalize=False)")
    (pasted,) = [one.message for one in told if one.symbol is Smell.DEPRECATED_API]
    assert pasted.endswith("this line fails. Write nothing: that was its default.")
    told = findings(imported, "m = LinearRegression(normalize=True)")
    (meant,) = [one.message for one in told if one.symbol is Smell.DEPRECATED_API]
    assert meant.endswith("Write a StandardScaler before it.")


@pytest.mark.parametrize(
    ("imports", "line"),
    [
        ("import pandas as pd\nrides = pd.read_csv(source)", "rides = rides.drop('km', 1)"),
        ("import pandas as pd", "both = pd.concat([rides, zones], 1)"),
        ("import pandas as pd", "rides = pd.read_csv(source, ';')"),
        ("import xgboost as xgb", "model.fit(X, y, early_stopping_rounds=5)"),
        ("import lightgbm as lgb", "model = lgb.train(options, rides, verbose_eval=5)"),
        ("import tensorflow as tf", "session = tf.Session()"),
        ("from keras.models import Sequential", "guess = model.predict_classes(X)"),
        ("from keras.optimizers import Adam", "model.compile(optimizer=Adam(lr=0.1))"),
        ("", "from statsmodels.tsa.arima_model import ARIMA"),
        ("import gensim", "words = gensim.models.Word2Vec(texts, size=50)"),
        ("import numpy as np", "a = np.mat(rides)"),
        ("from scipy import signal", "w = signal.hann(5)"),
        ("import matplotlib.pyplot as plt", "ax = plt.figure().gca(projection='3d')"),
        ("", "model = GradientBoostingRegressor(loss='lad')"),
        ("", "model = RandomForestClassifier(max_features='auto')"),
        ("", "scores = cross_val_score(model, X, y, scoring='mean_squared_error')"),
    ],
)
def test_what_is_gone_is_reported_with_what_to_write(imports: str, line: str):
    cells = [cell for cell in (imports, line) if cell]
    assert found(Smell.DEPRECATED_API, *cells) == [(len(cells) - 1, 1)]


@pytest.mark.parametrize(
    ("imports", "line"),
    [
        ("import pandas as pd\nrides = pd.read_csv(source)", "rides = rides.drop('km', axis=1)"),
        ("import pandas as pd", "both = pd.concat([rides, zones], axis=1)"),
        ("import torch\nimport keras", "optimizer = torch.optim.Adam(weights, lr=0.1)"),
        ("import xgboost as xgb", "model = xgb.train(options, rides, verbose_eval=5)"),
        ("import catboost", "model.fit(X, y, early_stopping_rounds=5)"),
        ("import glmnet", "model = glmnet.ElasticNet(scoring='mean_squared_error')"),
        ("", "rides.predict_classes(X)"),
        ("", "model = RandomForestClassifier(max_features='sqrt')"),
    ],
)
def test_what_is_still_there_or_somebody_elses_is_not(imports: str, line: str):
    assert found(Smell.DEPRECATED_API, *filter(None, (imports, line))) == []


def test_every_entry_is_of_a_library_whose_latest_version_is_known():
    late = {name for name, old in ENTRIES.items() if old.since > LATEST[old.library]}
    assert not late
