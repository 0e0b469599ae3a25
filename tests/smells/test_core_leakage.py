"""What is learnt from rows before they are split: in a notebook, and in one function just so."""

from textwrap import indent

import pytest
from support.smell_builders import found, found_in_script

from nbkata.smells.core.symbols import Smell

HEAD = "import pandas as pd\nfrom sklearn.preprocessing import StandardScaler\n"
READ = "df = pd.read_csv(source)\n"
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(df, df['y'])\n"

LEAKS = [
    "scaler = StandardScaler()\ndf = scaler.fit_transform(df)\n" + SPLIT,
    "df = StandardScaler().fit_transform(df[['a', 'b']])\n" + SPLIT,
    "df = make_pipeline(StandardScaler()).fit_transform(df)\n" + SPLIT,
    "scale = Pipeline([('scale', StandardScaler())])\ndf['a'] = scale.fit_transform(df[['a']])\n" + SPLIT,
    "numbers = StandardScaler()\nboth = ColumnTransformer([('n', numbers, ['a'])])\ndf = both.fit_transform(df)\n" + SPLIT,
    "scale = make_pipeline(StandardScaler()).fit(df)\ndf = scale.transform(df)\n" + SPLIT,
    SPLIT.replace("df,", "StandardScaler().fit_transform(df),"),
    SPLIT.replace("df,", "\n  StandardScaler().fit_transform(df),"),
    "df = df.fillna(df.mean())\n" + SPLIT,
    "df['a'] = df['a'].fillna(df['a'].median())\n" + SPLIT,
    "filled = df.fillna(df.mean())\n" + SPLIT.replace("df,", "filled,"),
    "df = df.assign(a=df['a'].fillna(df['a'].mean()))\n" + SPLIT,
    "mean = df['a'].mean()\ndf['high'] = 0\ndf.loc[df['a'] > mean, 'high'] = 1\n" + SPLIT,
    "mean = df['a'].mean()\ndf['high'] = (df['a'] > mean).astype(int)\n" + SPLIT,
    "df['high'] = df['a'] - df['a'].mean()\n" + SPLIT,
    "mean = df['a'].mean()\ndf = df.assign(high=df['a'] > mean)\n" + SPLIT,
]  # fmt: skip
SOUND = [
    SPLIT + "scaler = StandardScaler()\nX_train = scaler.fit_transform(X_train)\n",
    SPLIT + "X_train = X_train.fillna(X_train.mean())\nX_test = X_test.fillna(X_train.mean())\n",
    SPLIT + "mean = X_train['a'].mean()\nX_train['high'] = X_train['a'] > mean\n",
    "df = StandardScaler().fit_transform(df)\nprint(df)\n",
    "other = StandardScaler().fit_transform(other)\n" + SPLIT,
    "df = make_pipeline(OneHotEncoder()).fit_transform(df)\n" + SPLIT,
    "model = make_pipeline(StandardScaler(), SVC())\nmodel.fit(df, df['y'])\n" + SPLIT,
    "shown = make_pipeline(PCA()).fit_transform(df)\nplt.plot(shown)\n" + SPLIT,
    "df['mean'] = df[['a', 'b']].mean(axis=1)\n" + SPLIT,
    "df['week'] = df['a'].rolling(7).mean()\n" + SPLIT,
    "def f(self, df):\n  self.typical = {'a': df['a'].mean()}\n  self.rows = train_test_split(self.scaled(df), size=self.size)\n",
    "config['mean'] = df['a'].mean()\n" + SPLIT.replace(")", ", test_size=config['size'])"),
    "X_test = StandardScaler().fit_transform(test)\n",
    "df['age'] = 2020 - df['year']\ndf = df.fillna(0)\n" + SPLIT,
]  # fmt: skip


def _in_function(body: str) -> str:
    return f"{HEAD}\n\ndef train(df):\n{indent(body, '    ')}"


@pytest.mark.parametrize("body", LEAKS)
def test_what_is_learnt_before_the_split_leaks_in_a_notebook_and_in_a_function(body: str):
    assert len(found(Smell.DATA_LEAKAGE, HEAD + READ, body)) == 1
    assert len(found_in_script(Smell.DATA_LEAKAGE, _in_function(READ + body))) == 1
    assert len(found_in_script(Smell.DATA_LEAKAGE, _in_function(body))) == 1


@pytest.mark.parametrize("body", SOUND)
def test_what_is_learnt_from_the_training_rows_does_not(body: str):
    assert found(Smell.DATA_LEAKAGE, HEAD + READ, body) == []
    assert found_in_script(Smell.DATA_LEAKAGE, _in_function(body)) == []


MADE_ELSEWHERE = "from titanic import Features, make_features, split\n"
MADE_HERE = (
    "def make_features():\n    return make_pipeline(StandardScaler())\n\n\n"
    "class Features:\n    def fit(self, rows):\n        self.mean_ = rows.mean()\n\n\n"
    "def split(rows, labels):\n    return train_test_split(rows, labels)\n\n\n"
)
OWN = "def train(path):\n    rows = pd.read_csv(path)\n"


@pytest.mark.parametrize("made", [MADE_ELSEWHERE, MADE_HERE])
@pytest.mark.parametrize("maker", ["make_features()", "Features()"])
@pytest.mark.parametrize(
    "body",
    [
        "features = {}\nX = features.fit_transform(rows)\na, b, c, d = train_test_split(X, rows['y'])",
        "X = {}.fit_transform(rows)\nX_train, X_test, y_train, y_test = split(X, rows['y'])",
        "features = {}\nX_train, X_test, y_train, y_test = split(\n  features.fit_transform(rows), rows['y'])",
        "features = {}.fit(rows)\nX_train, X_test = split(features.transform(rows), rows['y'])",
    ],
)  # fmt: skip
def test_a_transformer_of_ones_own_learns_too(made: str, maker: str, body: str):
    script = HEAD + made + OWN + indent(body.format(maker), "    ")
    assert len(found_in_script(Smell.DATA_LEAKAGE, script)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "train_rows, test_rows = split(rows, 1)\nX = make_features().fit_transform(train_rows)",
        "X = make_features().fit_transform(rows)\nreturn X",
        "X = make_features(rows)\nX_train, X_test = split(X, 1)",
        "X_train = make_features().fit_transform(X_train)\nX_train, X_test = swap(X_train, X_test)",
        "X = make_features().fit_transform(rows)\ntrain_score, test_score = judge(X)",
    ],
)  # fmt: skip
def test_a_transformer_of_ones_own_that_learns_from_training_rows_is_sound(body: str):
    for made in (MADE_ELSEWHERE, MADE_HERE):
        script = HEAD + made + OWN + indent(body, "    ")
        assert found_in_script(Smell.DATA_LEAKAGE, script) == []


def test_ones_own_transformer_that_learns_nothing_does_not_leak():
    made = "def make_codes():\n    return make_pipeline(OneHotEncoder())\n\n\n"
    made += "class Codes:\n    def fit(self, rows):\n        return self\n\n\n"
    for maker in ("make_codes", "Codes"):
        body = f"    X = {maker}().fit_transform(rows)\n    a, b = train_test_split(X)\n"
        assert found_in_script(Smell.DATA_LEAKAGE, HEAD + made + OWN + body) == []


def test_a_transformers_own_fit_is_no_leak():
    own = (
        "class Filled:\n    def fit(self, rows, labels=None):\n        self.mean_ = rows.mean()\n"
        "        self.scaler_ = StandardScaler().fit(rows)\n        return self\n\n"
        "    def transform(self, rows):\n        return rows.fillna(self.mean_)\n"
    )
    assert found_in_script(Smell.DATA_LEAKAGE, HEAD + own) == []


def test_a_scaler_fitted_again_on_the_test_rows_leaks_in_a_function_too():
    body = SPLIT + "scaler = StandardScaler().fit(X_train)\nX_test = scaler.fit_transform(X_test)\n"
    assert len(found_in_script(Smell.DATA_LEAKAGE, _in_function(body))) == 1


def test_a_notebook_that_calls_the_function_that_splits_leaks_before_the_call():
    own = "def train(rows):\n    X_train, X_test = train_test_split(rows)\n    return X_train"
    fill = "df = df.fillna(df.mean())"
    assert found(Smell.DATA_LEAKAGE, HEAD + READ, own, fill, "train(df)") == [(2, 1)]
    assert found(Smell.DATA_LEAKAGE, HEAD + READ, own, "train(df)", fill) == []


def test_a_fit_in_a_helper_that_does_not_split_is_no_leak():
    own = "def scaled(X_train):\n    return StandardScaler().fit_transform(X_train)\n\n\n"
    body = "def train(df):\n" + indent(SPLIT + "return scaled(X_train)\n", "    ")
    assert found_in_script(Smell.DATA_LEAKAGE, HEAD + own + body) == []


def test_a_transformer_made_outside_of_the_function_learns_in_it():
    body = "X = scaler.fit_transform(rows)\n" + SPLIT.replace("df,", "X,")
    scaler = "scaler = StandardScaler()\n"
    own = scaler + OWN + indent(body, "    ")
    assert len(found_in_script(Smell.DATA_LEAKAGE, HEAD + own)) == 1
    given = own.replace("train(path)", "train(path, scaler)")
    assert found_in_script(Smell.DATA_LEAKAGE, HEAD + given) == []


def test_a_model_that_splits_rows_inside_of_its_fit_makes_no_split_of_each_fit():
    own = "class Model:\n    def fit(self, rows):\n        return train_test_split(rows)\n\n\n"
    body = "df = df.fillna(df.mean())\nother.fit(df)\n"
    assert (
        found_in_script(Smell.DATA_LEAKAGE, HEAD + own + "def train(df):\n" + indent(body, "    "))
        == []
    )
