"""What other people's notebooks taught the detectors: forms of code that ours does not have.

Each test is a form that a reviewer judged by hand, told again in our own words.
"""

import pytest
from support.smell_builders import code, findings, found, found_in_script, notebook

from nbkata.notebook.core.notebook import Cell, CellKind, Output, OutputKind
from nbkata.smells.core import registry
from nbkata.smells.core.find import smells_in_notebook
from nbkata.smells.core.symbols import Smell

READ = "import pandas as pd\nrides = pd.read_csv(source)"


def test_a_column_written_as_an_attribute_changes_the_frame_of_another_cell():
    assert found(Smell.MUTATED_SHARED_FRAME, READ, "rides.km = rides.km.str.strip()") == [(1, 1)]
    assert found(Smell.MUTATED_SHARED_FRAME, READ, "rides.columns = ['km', 'fare']") == [(1, 1)]


def test_an_attribute_of_something_else_is_no_column():
    assert found(Smell.MUTATED_SHARED_FRAME, READ + "\nplan = Plan()", "plan.km = 3") == []


def test_a_column_computed_from_itself_as_an_attribute_differs_the_second_time():
    assert found(Smell.NOT_IDEMPOTENT, READ, "rides.km = rides.km / 1000") == [(1, 1)]


def test_a_frame_remade_by_a_function_of_pandas_is_changed_and_a_copy_under_a_new_name_is_not():
    dummies = "rides = pd.get_dummies(rides, columns=['zone'])"
    assert found(Smell.MUTATED_SHARED_FRAME, READ, dummies) == [(1, 1)]
    assert found(Smell.MUTATED_SHARED_FRAME, READ, dummies.replace("rides =", "coded =")) == []


@pytest.mark.parametrize(
    "grows",
    ["np.insert(words, 0, '<pad>')", "np.vstack((first, words))", "np.append(words, last)"],
)
def test_an_array_that_grows_by_a_cell_grows_again_when_it_is_run_again(grows: str):
    cells = ("import numpy as np\nwords = np.array(texts)", f"words = {grows}")
    assert found(Smell.NOT_IDEMPOTENT, *cells) == [(1, 1)]
    assert found(Smell.NOT_IDEMPOTENT, cells[0], f"padded = {grows}") == []


def test_stacking_two_other_arrays_gives_the_same_every_time():
    cells = ("import numpy as np\nwords = np.array(texts)", "words = np.vstack((first, last))")
    assert found(Smell.NOT_IDEMPOTENT, *cells) == []


@pytest.mark.parametrize(
    "silence",
    [
        "import warnings\nwarnings.warn = lambda *text, **more: None",
        "import pandas as pd\npd.options.mode.chained_assignment = None",
        "import pandas as pd\npd.set_option('mode.chained_assignment', None)",
    ],
)
def test_warnings_may_be_silenced_without_a_filter(silence: str):
    assert found(Smell.BLANKET_WARNING_FILTER, silence) == [(0, 2)]


def test_other_options_of_pandas_silence_nothing():
    options = "import pandas as pd\npd.set_option('display.max_rows', None)"
    assert found(Smell.BLANKET_WARNING_FILTER, options) == []


def test_torch_draws_at_random_unless_its_one_seed_is_set():
    draw = "from torch.utils.data import random_split\nparts = random_split(rides, [8, 2])"
    assert found(Smell.UNSEEDED_RANDOMNESS, draw) == [(0, 2)]
    assert found(Smell.UNSEEDED_RANDOMNESS, "import torch\ntorch.manual_seed(1)", draw) == []
    generator = draw.replace("[8, 2]", "[8, 2], generator=mine")
    assert found(Smell.UNSEEDED_RANDOMNESS, generator) == []


def test_frames_and_models_told_apart_by_a_letter_or_a_number_are_vague():
    assert found(Smell.VAGUE_NAME, "df_A = read(source)") == [(0, 1)]
    assert found(Smell.VAGUE_NAME, "model2 = Forest()") == [(0, 1)]
    assert found(Smell.VAGUE_NAME, "df_rides = read(source)\nmodel = Forest()") == []


def test_x_is_a_good_name_for_what_a_model_is_fitted_on_and_vague_elsewhere():
    features = READ + "\nx = rides.drop(columns='fare')"
    assert found(Smell.VAGUE_NAME, features, "model.fit(x, rides['fare'])") == []
    assert found(Smell.VAGUE_NAME, features, "look(x)") == [(0, 3)]


def test_a_number_written_into_masked_rows_is_magic_and_a_flag_is_not():
    assert found(Smell.MAGIC_NUMBER, READ, "rides.loc[late, 'load'] = 0.4") == [(1, 1)]
    assert found(Smell.MAGIC_NUMBER, READ, "rides.loc[late, 'load'] = 1") == []


def test_a_bare_number_that_a_function_of_a_notebook_returns_is_magic():
    assert found(Smell.MAGIC_NUMBER, "def age_of(zone):\n    return 37") == [(0, 2)]
    assert found(Smell.MAGIC_NUMBER, "def sign_of(zone):\n    return -1") == []


def test_a_path_in_a_function_of_a_notebook_is_as_hard_coded_as_elsewhere():
    body = "def picture(name):\n    return load('../input/train/' + name)"
    assert found(Smell.HARD_CODED_PATH, body) == [(0, 2)]
    assert (
        found(Smell.HARD_CODED_PATH, "def read(path='../data/rides.csv'):\n    return path") == []
    )


def test_feature_names_are_asked_for_differently_in_todays_scikit_learn():
    asks = "words = counter.get_feature_names()"
    learns = "from sklearn.feature_extraction.text import CountVectorizer"
    assert found(Smell.DEPRECATED_API, learns, asks) == [(1, 1)]
    assert found(Smell.DEPRECATED_API, asks) == []


def test_rows_thinned_before_the_split_leak():
    thin = "from imblearn.under_sampling import RandomUnderSampler\nthin = RandomUnderSampler()"
    resample = "X_even, y_even = thin.fit_resample(X, y)"
    split = "X_train, X_test = train_test_split(X_even, random_state=1)"
    assert found(Smell.DATA_LEAKAGE, thin, resample, split) == [(1, 1)]
    assert found(Smell.DATA_LEAKAGE, thin, split.replace("X_even", "X"), resample) == []


@pytest.mark.parametrize(
    "loop",
    [
        "for model in [Tree(), SVC()]:",
        "for name, model in {'tree': Tree(), 'svm': SVC()}.items():",
        "for name, model in [('tree', Tree()), ('svm', SVC())]:",
    ],
)
def test_a_model_by_distance_among_those_that_a_loop_fits_needs_a_scale(loop: str):
    raw = "X_train = pd.read_csv(source)"
    assert found(Smell.NOT_SCALED, raw, f"{loop}\n    model.fit(X_train, y)") == [(1, 2)]
    piped = loop.replace("SVC()", "make_pipeline(StandardScaler(), SVC())")
    assert found(Smell.NOT_SCALED, raw, f"{piped}\n    model.fit(X_train, y)") == []


def test_models_in_a_list_with_a_name_are_known_in_the_loop_too():
    cells = (
        "X_train = read(source)\nmodels = [Tree(), SVC()]",
        "for m in models: m.fit(X_train, y)",
    )
    assert found(Smell.NOT_SCALED, *cells) == [(1, 1)]


def test_columns_filled_by_a_function_of_the_notebook_expose_nothing():
    own = "def load_of(rides, zone):\n    return rides['fare'].where(rides['zone'] == zone)"
    uses = "\n".join(f"rides['load_{zone}'] = load_of(rides, '{zone}')" for zone in "abc")
    assert found(Smell.EXPOSED_INTERNALS, READ, own, uses) == []
    raw = uses.replace("load_of(rides, ", "rides['fare'].add(")
    assert found(Smell.EXPOSED_INTERNALS, READ, own, raw) == [(2, 1)]


def test_a_frame_sorted_amid_edits_does_not_end_the_run():
    run = (
        "rides['day'] = pd.to_datetime(rides['day'])\n"
        "rides = rides.sort_values('day')\n"
        "rides['km'] = rides['km'].abs()"
    )
    assert found(Smell.EXPOSED_INTERNALS, READ, run) == [(1, 1)]


def test_a_short_cell_that_stands_three_times_is_a_copy_and_one_that_stands_twice_is_not():
    cell = "{0}_model = {1}()\n{0}_score = judge({0}_model, X, y)\nprint('score:', {0}_score)"
    cells = [cell.format(*names) for names in (("a", "Tree"), ("b", "Forest"), ("c", "Boost"))]
    assert found(Smell.DUPLICATE_CODE, *cells) == [(0, 1), (1, 1), (2, 1)]
    assert found(Smell.DUPLICATE_CODE, *cells[:2]) == []


def printed(text: str) -> Output:
    """What a cell printed."""
    return Output(OutputKind.STREAM, text, "", ("text/plain",))


def test_a_printed_frame_shows_people_though_its_columns_stand_close():
    frame = "  first_name last_name  km\n0       Ines     Moser   3\n1        Ali     Demir   5\n"
    assert found(Smell.PERSONAL_DATA_SHOWN, code("print(rides)", printed(frame))) == [(0, 1)]


def test_counts_of_columns_that_are_named_after_people_show_nobody():
    counts = "first_name    5004\nvisit_date    5004\ndtype: int64\n"
    assert found(Smell.PERSONAL_DATA_SHOWN, code("print(rides.count())", printed(counts))) == []


def test_a_function_that_drops_a_column_cannot_clean_its_own_result():
    own = "def cleaned(rides):\n    return rides.drop(columns=['id'])"
    assert found(Smell.NOT_IDEMPOTENT, READ, own, "rides = cleaned(rides)") == [(2, 1)]
    assert found(Smell.NOT_IDEMPOTENT, READ, own, "clean_rides = cleaned(rides)") == []
    lenient = own.replace("['id']", "['id'], errors='ignore'")
    assert found(Smell.NOT_IDEMPOTENT, READ, lenient, "rides = cleaned(rides)") == []


def test_a_score_counts_as_leakage_only_in_the_function_that_fits_on_its_rows():
    both = "def fit_and_score(model, rows, answers):\n    model.fit(rows, answers)\n"
    both += "    return model.score(rows, answers)"
    assert found(Smell.DATA_LEAKAGE, both) == [(0, 3)]
    fit = "def fit(model, rows, answers):\n    return model.fit(rows, answers)"
    score = "def accuracy(model, rows, answers):\n    return model.score(rows, answers)"
    assert found(Smell.DATA_LEAKAGE, fit, score) == []


ODD_FORMS = """
del rides['km']
del rides.km, rides['a'], model
rides.loc[rides['km'] > 3, 'km'] += 1
rides.at[1, 'a'] += 1
rides @= weights
rides['km']: int = 3
rides.km: int
a = rides['b'] = 3
rides['a'], *rides['b'] = 1, 2
rides[:, None] = rides[...] = 3
rides[f'{x}'] += 1
for rides['km'] in rows: pass
with open(name) as rides['km']: pass
model.fit(), model.fit(X=rides), pd.read_csv(), open(*names)
rides[rides['km'] > 3]['km'] += 1
read().x[0].y = 3
rides.columns += ['a']
(lambda *a, b=(c := 1), **k: rides['km'])(3)
"""


def test_no_form_of_a_statement_makes_a_detector_stumble():
    known = READ + "\nmodel = SVC()\nmodel.fit(rides, fares)\nrides.loc[rides['km'] > 3, 'km'] = 1"
    for form in ODD_FORMS.strip().splitlines():
        assert isinstance(findings(known, form), tuple), form


@pytest.mark.parametrize(
    "line",
    [
        "km = rides.resample('M').sum()",
        "days = pd.date_range('2026-01-01', periods=3, freq='6H')",
        "import matplotlib.pyplot as plt; plt.style.use('seaborn-whitegrid')",
        "day = rides['day'].dt.weekday_name",
        "rides = pd.DataFrame.from_csv(source)",
        "by = rides.groupby({'a': 1}, axis='columns').sum()",
        "import seaborn as sns; sns.factorplot(x='km', data=rides)",
        "from sklearn.datasets.samples_generator import make_blobs",
        "from pandas.tools.plotting import scatter_matrix",
        "import numpy as np; top = np.Infinity",
    ],
)
def test_what_libraries_lost_is_told(line: str):
    assert [cell for cell, _ in found(Smell.DEPRECATED_API, READ, line)] == [1]


@pytest.mark.parametrize(
    "line",
    [
        "km = rides.resample('ME').sum()",
        "months = pd.period_range('2026-01', periods=3, freq='M')",
        "km = rides.resample('W').sum()",
        "import matplotlib.pyplot as plt; plt.style.use('seaborn-v0_8-whitegrid')",
        "by = rides.groupby('a').sum()",
        "use('S')",
    ],
)
def test_what_libraries_still_have_is_left_alone(line: str):
    assert found(Smell.DEPRECATED_API, READ, line) == []


@pytest.mark.parametrize(
    "line",
    [
        "X = rides.iloc[:, 12]",
        "X = rides.iloc[:, [0, 3]]",
        "X = rides.iloc[:, 2:4]",
        "rides = rides.drop(rides.columns[[0, 2]], axis=1)",
        "import numpy as np; X = rides.iloc[:, np.r_[0, 5:9]]",
        "model.predict([[41096.1, 5.0, 58.7]])",
        "edges = [0, 12, 65]; rides['band'] = pd.cut(rides['age'], edges)",
        "edges = [0, 12, 65]; rides['band'] = pd.cut(rides['age'], bins=edges)",
    ],
)
def test_a_column_by_its_number_and_edges_of_bins_are_magic(line: str):
    assert [cell for cell, _ in found(Smell.MAGIC_NUMBER, READ, line)] == [1]


@pytest.mark.parametrize(
    "line",
    [
        "X, y = rides.iloc[:, :-1], rides.iloc[:, -1]",
        "X, y = rides.iloc[:, 1:], rides.iloc[:, 0]",
        "top = rides.iloc[:20]",
        "AGE_EDGES = [0, 12, 65]; rides['band'] = pd.cut(rides['age'], AGE_EDGES)",
        "y = model.predict(rows)",
        "rest = np.char.partition(names, ',')[:, 2]",
    ],
)
def test_the_first_and_the_last_column_and_named_edges_are_not(line: str):
    assert found(Smell.MAGIC_NUMBER, READ, line) == []


def test_a_detector_that_stumbles_loses_its_own_answer_only(monkeypatch: pytest.MonkeyPatch):
    def stumbles(view):
        raise AttributeError(f"no such thing in {view.source.path}")

    monkeypatch.setitem(registry.DETECTORS, Smell.DEAD_CODE, stumbles)
    smells = smells_in_notebook(notebook("import random", ""), "rides.ipynb")
    rest = {Smell.UNUSED_IMPORT, Smell.UNTITLED_NOTEBOOK, Smell.EMPTY_CELL}
    assert {one.symbol for one in smells.findings} == rest
    assert [str(one) for one in smells.unread] == [
        "rides.ipynb: dead-code could not be looked for (AttributeError: no such thing in "
        "rides.ipynb): a fault of nbkata. All other smells were."
    ]


TOP = "def top(rides):\n    return rides.nlargest(3, 'km')"


@pytest.mark.parametrize(
    ("last", "shows"),
    [
        ("rides.groupby('zone').apply(len)", True),
        ("top(rides)", True),
        ("pd.cut(rides['km'], 4)", True),
        ("model.fit(rides)", False),
        ("pd.set_option('display.width', 90)", False),
        ("logging.basicConfig()", False),
    ],
)
def test_saved_without_outputs_a_last_value_counts_as_shown(last: str, shows: bool):
    cells = [code(text, count=number) for number, text in enumerate((READ, TOP, last), 1)]
    assert found(Smell.DISPLAY_NOISE, *cells) == ([(2, 1)] if shows else [])


def test_the_last_line_of_a_cell_counts_in_a_percent_script_and_not_in_a_module():
    lines = [READ, "# %%", "rides.groupby('zone').sum()", "# %%", "rides.dropna()"]
    assert found_in_script(Smell.DISPLAY_NOISE, "\n".join(["# %%", *lines])) == [5, 7]
    module = "\n".join(line for line in lines if line != "# %%")
    assert found_in_script(Smell.DISPLAY_NOISE, module) == []


def test_a_name_made_afresh_of_something_else_is_overloaded():
    first = "zones = rides['zone'].unique()"
    assert found(Smell.OVERLOADED_NAME, READ, first, "zones = names_of(city)") == [(2, 1)]
    assert found(Smell.OVERLOADED_NAME, READ, first, first) == []
    assert found(Smell.OVERLOADED_NAME, READ, first, "zones = sorted(zones)") == []
    same_cell = "path = 'rides.csv'\nread(path)\npath = 'zones.csv'\nread(path)"
    assert found(Smell.OVERLOADED_NAME, same_cell) == [(0, 3)]


def test_two_names_of_one_line_are_one_finding():
    split = "train, test = train_test_split({}, random_state=1)"
    told = [
        one.message
        for one in findings(READ, split.format("rides"), split.format("cars"))
        if one.symbol is Smell.OVERLOADED_NAME
    ]
    assert len(told) == 1 and told[0].startswith("train, test mean one thing above")


def test_axes_may_be_made_again_for_each_figure():
    draw = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots({})"
    assert found(Smell.OVERLOADED_NAME, draw.format(1), draw.format(2)) == []


@pytest.mark.parametrize("line", ["# !pip install xgboost", "# %load helpers.py", "# import numpy"])
def test_a_shell_line_or_an_import_in_a_comment_is_code(line: str):
    assert found(Smell.COMMENTED_OUT_CODE, f"{line}\nkm = 3") == [(0, 1)]


@pytest.mark.parametrize("line", ["#!/bin/sh", "# import model", "# 5% more", "# %"])
def test_a_heading_in_a_comment_is_no_code(line: str):
    assert found(Smell.COMMENTED_OUT_CODE, f"km = 3\n{line}\nkm") == []


def test_a_word_above_code_in_a_comment_is_not_what_is_named():
    assert found(Smell.COMMENTED_OUT_CODE, "# age\n# km = 3\n# km += 1\nkm = 4") == [(0, 2)]


def test_the_name_of_a_magic_uses_no_package():
    cell = "import matplotlib\nimport matplotlib.pyplot as plt\n%matplotlib inline\nplt.plot(km)"
    assert found(Smell.UNUSED_IMPORT, cell) == [(0, 1)]
    assert found(Smell.UNUSED_IMPORT, "import km\n%time km.read()") == []


def test_rows_put_aside_and_never_used_are_dead_code():
    split = "train, test = train_test_split(rides, random_state=1)"
    assert found(Smell.DEAD_CODE, READ, split, "model.fit(train)") == [(1, 1)]
    assert found(Smell.DEAD_CODE, READ, split, "model.fit(train).score(test)") == []
    four = "a, b, c, d = train_test_split(rides, fares)\nmodel.fit(a, c).score(b, d)"
    assert found(Smell.DEAD_CODE, READ, four) == []


def test_a_name_overwritten_unread_in_its_own_cell_is_dead_code():
    twice = "km = rides['km']\nkm = rides.km\nuse(km)"
    assert found(Smell.DEAD_CODE, READ, twice) == [(1, 1)]
    assert found(Smell.DEAD_CODE, READ, twice.replace("\nkm", "\nuse(km)\nkm")) == []


@pytest.mark.parametrize(
    ("lines", "lines_found"),
    [
        ("    return df.drop(['b', 'a'], axis=1)", 1),
        ("    return df.drop(columns=['b'] + ['a'])", 1),
        ("    gone = ['b', 'a']\n    return df.drop(columns=gone)", 1),
        ("    for gone in ['b', 'a']:\n        del df[gone]\n    return df", 1),
        ("    df.loc[df['b'] > 1, 'a'] = 2\n    return df.drop(columns='a')", 1),
        ("    df.loc[df['a'] > 1, 'b'] = df['a'] * 2\n    return df.drop(columns='a')", 0),
        ("    gone = ['a']\n    use(df[gone])\n    return df.drop(columns=gone)", 0),
        ("    gone = ['a']\n    gone = gone + gone\n    return df.drop(columns=gone)", 0),
        ("    use(df.query('a > 1'))\n    return df.drop(columns='a')", 0),
        ("    return df, df.pop('a')", 0),
        ("    return df\n\n\ndef narrow(df):\n    return df.drop(columns='a')", 0),
    ],
)
def test_a_column_made_in_a_function_and_dropped_there_unread_is_dead_code(
    lines: str, lines_found: int
):
    made = "def clean(path):\n    df = pd.read_csv(path)\n    df['a'] = df['b'] + 1\n"
    assert found(Smell.DEAD_CODE, made + lines + "\n\n\nuse(clean(path), narrow)") == (
        [(0, 3)] * lines_found
    )


def test_a_model_fitted_again_on_the_test_rows_leaks():
    split = "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)"
    fit = "model = Forest()\nmodel.fit(X_train, y_train)\nmodel.fit({})"
    assert found(Smell.DATA_LEAKAGE, split, fit.format("X_test, y_test")) == [(1, 3)]
    assert found(Smell.DATA_LEAKAGE, split, fit.format("X_train, y_train")) == []


def test_a_cell_saved_with_an_error_is_told():
    error = Output(OutputKind.ERROR, "KeyError: 'km'", "", ())
    assert found(Smell.HIDDEN_STATE, "rides = {}", code("rides['km']", error)) == [(1, 1)]


@pytest.mark.parametrize(
    "call",
    [
        "pd.read_csv('cars.csv')",
        "rides.to_csv('out.csv')",
        "open('style.css')",
        "joblib.load('m.pkl')",
    ],
)
def test_a_bare_file_name_is_told_with_when_it_is_fine(call: str):
    told = [one for one in findings(READ, f"x1 = {call}") if one.symbol is Smell.HARD_CODED_PATH]
    assert len(told) == 1 and "fine while both travel together" in told[0].message


@pytest.mark.parametrize(
    "line", ["CARS = 'cars.csv'", "x1 = pd.read_csv(CARS)", "note('see cars.csv')"]
)
def test_a_file_name_under_a_name_of_its_own_is_left_alone(line: str):
    assert found(Smell.HARD_CODED_PATH, READ, line) == []


@pytest.mark.parametrize(
    "change",
    [
        "rides = rides['km']",
        "rides = rides.drop(rides.columns[[0, 2]], axis=1)",
        "rides[skewed] = np.log1p(rides[skewed])",
    ],
)
def test_a_cell_that_gives_something_else_the_second_time(change: str):
    assert found(Smell.NOT_IDEMPOTENT, READ + "\nimport numpy as np", change) == [(1, 1)]


def test_columns_written_from_others_may_be_written_again():
    logs = "rides[logs] = np.log1p(rides[skewed])"
    assert found(Smell.NOT_IDEMPOTENT, READ + "\nimport numpy as np", logs) == []


@pytest.mark.parametrize(
    "line",
    [
        "later = rides.shift(900)",
        "rides['km'].rolling(30).mean().plot()",
        "seen = model.predict(start=1251, end=1310)",
        "seen = rides.iloc[1250:1310]",
        "X = wine.data[:, [0, 2]]",
    ],
)
def test_a_length_of_time_and_a_range_of_rows_need_a_name(line: str):
    assert [cell for cell, _ in found(Smell.MAGIC_NUMBER, READ, line)] == [1]


@pytest.mark.parametrize(
    "line", ["next = rides.shift(1)", "top = rides.iloc[:20]", "rides.plot(9)"]
)
def test_the_next_row_and_the_first_rows_do_not(line: str):
    assert found(Smell.MAGIC_NUMBER, READ, line) == []


def test_one_comparison_for_each_value_is_a_list_written_out():
    asked = " | ".join(f"(rides['zone'] == '{zone}')" for zone in "abcd")
    assert found(Smell.DUPLICATE_CODE, READ, f"near = rides[{asked}]") == [(1, 1)]
    assert found(Smell.DUPLICATE_CODE, READ, f"near = rides[{asked[: asked.rindex('|')]}]") == []


@pytest.mark.parametrize(
    "line",
    [
        "sns.boxplot('zone', 'km', data=rides)",
        "sns.distplot(rides['km'])",
        "sns.pairplot(rides, size=3)",
        "sns.kdeplot(rides['km'], shade=True)",
        "rides.asfreq('2H30T')",
        "rides.groupby('zone').mean().ix['a']",
    ],
)
def test_what_seaborn_and_pandas_changed_is_told(line: str):
    assert found(Smell.DEPRECATED_API, READ, f"import seaborn as sns\n{line}") == [(1, 2)]


@pytest.mark.parametrize(
    "line",
    [
        "sns.boxplot(rides, x='zone', y='km')",
        "sns.heatmap(rides, 0, 1)",
        "sns.histplot(rides['km'])",
    ],
)
def test_what_seaborn_takes_today_is_left_alone(line: str):
    assert found(Smell.DEPRECATED_API, READ, f"import seaborn as sns\n{line}") == []


def test_a_list_that_grows_loses_nothing():
    grow = "seen = rides['km']\nseen = [km for km in seen]\nseen.append(3)\nuse(seen)"
    assert found(Smell.RESULT_DISCARDED, READ, grow) == []


def test_what_a_lesson_shows_is_called_no_debt_and_what_an_analysis_shows_is():
    text = Cell(0, CellKind.MARKDOWN, "Here we look at the rides of one day, one by one. " * 3)
    lesson = [cell for number in range(8) for cell in (text, f"rides_{number}.head()")]
    [note] = smells_in_notebook(notebook(*lesson), "rides.ipynb").notes
    assert "(a lesson, a tutorial)" in note and "display-noise and plot-noise are no debt" in note
    analysis = [*lesson[:8], *lesson[9::2], *["km = 3\n" * 9] * 4]
    assert smells_in_notebook(notebook(*analysis), "rides.ipynb").notes == ()


def test_a_function_that_writes_into_what_it_is_given_changes_the_frame_of_another_cell():
    writes = "def shorten(table):\n    table['km'] = table['km'] / 1000\n    return len(table)"
    assert found(Smell.MUTATED_SHARED_FRAME, READ, writes, "many = shorten(rides)") == [(2, 1)]
    assert found(Smell.MUTATED_SHARED_FRAME, READ, writes, "shorten(rides)") == [(2, 1)]
    copies = writes.replace("    table[", "    table = table.copy()\n    table[")
    assert found(Smell.MUTATED_SHARED_FRAME, READ, copies, "many = shorten(rides)") == []


@pytest.mark.parametrize(
    "kind", ["def fare({}):\n    return {}", "class Ride:\n    def pay({}): {}"]
)
def test_what_a_later_cell_defines_in_another_way_has_two_meanings(kind: str):
    first, again = kind.format("km", "km"), kind.format("km", "km + 1")
    assert found(Smell.OVERLOADED_NAME, first, kind.format("miles", "miles")) == [(1, 1)]
    assert found(Smell.OVERLOADED_NAME, first, first) == []
    assert found(Smell.OVERLOADED_NAME, f"{first}\n{again}") == []  # one cell: both run


TRIAL = """def accuracy_with(depth):
    tree = DecisionTreeClassifier(max_depth=depth, random_state=1)
    tree.fit(X_train, y_train)
    return accuracy_score(y_test, tree.predict(X_test))"""


@pytest.mark.parametrize(
    "tries",
    [
        "scores = depths.apply(accuracy_with)",
        "scores = list(map(accuracy_with, depths))",
        "scores = [accuracy_with(depth) for depth in depths]",
        "scores = {depth: accuracy_with(depth) for depth in depths}",
        "for depth in depths:\n    scores.append(accuracy_with(depth))",
    ],
)
def test_settings_tried_by_a_function_that_scores_on_the_test_rows_are_chosen_by_them(tries: str):
    assert found(Smell.CHOSEN_BY_TEST_SCORE, TRIAL, tries) == [(1, 1)]
    folds = TRIAL.replace("y_test, tree.predict(X_test)", "y_fold, tree.predict(X_fold)")
    assert found(Smell.CHOSEN_BY_TEST_SCORE, folds, tries) == []
    assert found(Smell.CHOSEN_BY_TEST_SCORE, TRIAL, "score = accuracy_with(5)") == []


def test_a_mark_that_says_what_was_chosen_on_the_test_rows_is_no_finding_itself():
    said = "depth 8 is best on test"
    assert found(Smell.CHOSEN_BY_TEST_SCORE, f"# {said}\ndepth = 8") == [(0, 1)]
    assert (
        found(Smell.CHOSEN_BY_TEST_SCORE, f"# [code smell] magic-number: {said}\ndepth = 8") == []
    )


def test_a_value_that_was_read_and_is_computed_once_more_for_nobody_is_dead():
    cells = (READ, "total = rides['km'].sum()\nprint(total)", "total = rides['fare'].sum()")
    assert found(Smell.DEAD_CODE, *cells) == [(2, 1)]
    assert found(Smell.DEAD_CODE, *cells, "total") == []
    shows = "def show():\n    print(total)\nshow()"
    assert found(Smell.DEAD_CODE, READ, shows, *cells[1:]) == []


@pytest.mark.parametrize(
    "joins",
    [
        "rides = rides.merge(zones, how='left', on='zone')",
        "rides = pd.merge(rides, zones, left_on='zone', right_on='id')",
        "rides = rides.join(zones)",
        "names = {c: c + '_km' for c in rides.columns}\nrides = rides.rename(columns=names)",
    ],
)
def test_what_is_joined_or_renamed_by_its_own_names_differs_the_second_time(joins: str):
    zones = "zones = pd.read_csv(other)"
    assert len(found(Smell.NOT_IDEMPOTENT, READ, zones, joins)) == 1
    assert found(Smell.NOT_IDEMPOTENT, zones, f"{READ}\n{joins}") == []  # read anew each time
    assert found(Smell.NOT_IDEMPOTENT, READ, "rides = rides.rename(columns={'a': 'b'})") == []
    assert found(Smell.NOT_IDEMPOTENT, READ, "line = ', '.join(words)") == []


@pytest.mark.parametrize("puts", ["fares.append(3)", "fares['km'] = 3", "fares.update(km=3)"])
def test_what_is_filled_and_never_read_is_dead(puts: str):
    assert found(Smell.DEAD_CODE, "fares = {}", puts) == [(0, 1)]
    assert found(Smell.DEAD_CODE, "fares = {}", puts, "print(fares)") == []
    assert found(Smell.DEAD_CODE, "fares = tariff.fares", puts) == []  # somebody else has it, too


def test_a_table_beside_one_of_the_same_name_needs_a_name_and_a_year_is_one():
    assert found(Smell.VAGUE_NAME, READ, "rides2 = rides.dropna()") == [(1, 1)]
    assert found(Smell.VAGUE_NAME, READ, "rides_2019 = rides.dropna()") == []
    assert found(Smell.VAGUE_NAME, READ, "zone2 = rides.dropna()") == []


def test_short_cells_of_two_statements_that_appear_three_times_are_copies():
    short = "{0} = {0}.groupby(['zone', 'year'])['{0}'].sum()\n{0} = {0}.pivot(index='year')"
    cells = [short.format(name) for name in ("nox", "so2", "co2")]
    assert found(Smell.DUPLICATE_CODE, *cells) == [(0, 1), (1, 1), (2, 1)]
    assert found(Smell.DUPLICATE_CODE, *cells[:2]) == []
    assert found(Smell.DUPLICATE_CODE, "a = 1\na", "b = 2\nb", "c = 3\nc") == []


def test_a_function_of_random_draws_under_its_own_name_as_well():
    draws = "from random import randint as rolled\npips = [rolled(1, 6) for _ in range(9)]"
    assert found(Smell.UNSEEDED_RANDOMNESS, draws) == [(0, 2)]


def test_a_folder_beside_the_notebook_is_a_path_too():
    assert found(Smell.HARD_CODED_PATH, "show_rows('./rides/2024/raw')") == [(0, 1)]
    assert found(Smell.HARD_CODED_PATH, "show_rows('.')", "parts = text.split('./')") == []


@pytest.mark.parametrize("name", ["data", "result", "work", "like2", "s2"])
def test_a_name_that_fits_anything_is_vague_whatever_it_holds(name: str):
    before = (READ, "like = rides.sum()\nprint(like)")
    assert found(Smell.VAGUE_NAME, *before, f"{name} = rides.groupby('zone').sum()") == [(2, 1)]


@pytest.mark.parametrize(
    "cells",
    [
        ("left1 = read(a)\nleft2 = read(b)",),  # a pair, seen together
        ("conv1 = Conv()", "conv2 = Conv()"),
        ("cubes = powers(x)", "cubes3 = powers(x, 3)"),
        ("x1 = 2.5", "x2 = 3.5"),
        ("rides_2019 = 3", "rides_2020 = 4"),
    ],
)
def test_a_number_in_a_name_may_say_something(cells: tuple[str, ...]):
    assert found(Smell.VAGUE_NAME, *cells) == []


def test_names_told_apart_by_a_number_alone_are_vague():
    assert found(Smell.VAGUE_NAME, "draw1 = rand()\ndraw2 = rand()\ndraw3 = rand()") == [
        (0, 1),
        (0, 2),
        (0, 3),
    ]


def test_rows_are_gone_through_by_agg_and_itertuples_as_well():
    by_row = "rides['code'] = rides.agg(lambda r: f'{r.a},{r.b}', axis='columns')"
    assert found(Smell.ROW_ITERATION, READ, by_row) == [(1, 1)]
    assert found(Smell.ROW_ITERATION, READ, "for ride in rides.itertuples():\n    go(ride)")
    assert found(Smell.ROW_ITERATION, READ, "rides['s'] = rides.agg('sum', axis=1)") == []


def test_numpy_by_another_library_draws_as_well():
    draws = "import autograd.numpy as np\nkm = np.random.rand(9)"
    assert found(Smell.UNSEEDED_RANDOMNESS, draws) == [(0, 2)]
    assert found(Smell.UNSEEDED_RANDOMNESS, draws.replace("random.rand(9)", "zeros(9)")) == []


@pytest.mark.parametrize("line", ["!head ../data/rides.csv", "%cd /content/drive", "!ls ./rides"])
def test_a_shell_line_has_paths_too(line: str):
    assert found(Smell.HARD_CODED_PATH, line) == [(0, 1)]


@pytest.mark.parametrize("line", ["!pip install -e ../rides", "!ls", "%matplotlib inline"])
def test_a_shell_line_without_a_path_of_data_has_none(line: str):
    assert found(Smell.HARD_CODED_PATH, line) == []


@pytest.mark.parametrize(
    "changes",
    ["fares['km'] += 1", "last = stops.pop()", "stops.reverse()", "line = line.to_crs(epsg=4326)"],
)
def test_what_an_earlier_cell_made_changes_again_when_the_cell_runs_again(changes: str):
    cells = ("fares = {'km': 2}\nstops = [1, 2]\nline = read(source)", changes)
    assert found(Smell.NOT_IDEMPOTENT, *cells) == [(1, 1)]
    assert found(Smell.NOT_IDEMPOTENT, "\n".join(cells)) == []


def test_a_day_converted_anew_is_the_same_day():
    converted = "day = pd.to_datetime(day)\nweek = day.dt.to_period('W')"
    assert found(Smell.NOT_IDEMPOTENT, READ, "day = rides['day']", converted) == []


def test_a_loop_that_counts_in_its_own_row_changes_nothing_of_another_cell():
    assert found(Smell.NOT_IDEMPOTENT, "row = {}", "for row in rows:\n    row['km'] += 1") == []


@pytest.mark.parametrize(
    "shadow",
    [
        "for id in ids:\n    print(id)",
        "def sum(a):\n    return a",
        "def f(input):\n    print(input)",
    ],
)
def test_a_loop_a_function_and_its_parameters_may_take_a_name_of_pythons(shadow: str):
    assert found(Smell.OVERLOADED_NAME, shadow) == [(0, 1)]
    other = shadow.replace("id", "stop").replace("sum", "total").replace("input", "fare")
    assert found(Smell.OVERLOADED_NAME, other) == []


def test_a_name_that_is_a_value_and_later_a_function_means_two_things():
    assert (1, 1) in found(Smell.OVERLOADED_NAME, "f = 0.5", "def f(x):\n    return x")


def test_a_cell_below_one_with_a_higher_count_ran_in_another_order_as_well():
    cells = [code(f"print({n})", printed("x"), count=n) for n in (1, 9, 2, 3)]
    assert found(Smell.HIDDEN_STATE, *cells) == [(1, 1), (2, 1)]


def test_a_look_in_the_middle_of_a_cell_shows_nothing():
    cell = "rides.head()\nrides['km'] = 3"
    assert found(Smell.RESULT_DISCARDED, READ, cell) == [(1, 1)]
    assert found(Smell.RESULT_DISCARDED, READ, cell.partition("\n")[0]) == []
    every = "from IPython.core.interactiveshell import InteractiveShell\nInteractiveShell.ast_node_interactivity = 'all'"
    assert found(Smell.RESULT_DISCARDED, every, READ, cell) == []


@pytest.mark.parametrize(
    "line",
    [
        "fitted = Forest(weight='all' if fares.mean() < 0.27 else None)",
        "print(trees[105])",
        "rides.drop([131, 17])",
        "print(rides.index[22713])",
    ],
)
def test_numbers_inside_an_option_or_far_down_a_list_are_magic(line: str):
    assert found(Smell.MAGIC_NUMBER, READ, line) == [(1, 1)]


@pytest.mark.parametrize("line", ["fitted = Forest(depth=27)", "print(trees[3])", "rides.drop(3)"])
def test_an_option_says_what_its_number_means(line: str):
    assert found(Smell.MAGIC_NUMBER, READ, line) == []


def test_an_import_may_take_a_name_of_pythons():
    assert found(Smell.OVERLOADED_NAME, "from spark.functions import max, col") == [(0, 1)]
    assert found(Smell.OVERLOADED_NAME, "from spark.functions import max as most") == []


def test_a_function_writes_into_what_it_hands_on_to_one_that_writes():
    writes = "def marked(df):\n    df['far'] = 1\n    return df\n"
    hands_on = f"{writes}def scored(df):\n    df = marked(df)\n    df = marked(df)\n    return df"
    assert found(Smell.MUTATED_SHARED_FRAME, READ, hands_on, "rides = scored(rides)") == [(2, 1)]
    copies = hands_on.replace("df = marked(df)", "df = marked(df.copy())")
    assert found(Smell.MUTATED_SHARED_FRAME, READ, copies, "rides = scored(rides)") == []


@pytest.mark.parametrize(
    "line",
    [
        "rides = pd.read_csv('/rides.csv')",
        "rides = pd.read_csv('old_data/rides' + day)",
        "rides = pd.read_csv(f'data/{day}.csv')",
        "data_in = root + 'rides/clean/'",
    ],
)
def test_a_path_may_be_put_together(line: str):
    assert found(Smell.HARD_CODED_PATH, line) == [(0, 1)]


@pytest.mark.parametrize("line", ["rate = 'km/' + unit", "print(f'{folder}/rides.csv')"])
def test_a_slash_is_no_path(line: str):
    assert found(Smell.HARD_CODED_PATH, line) == []


def test_rows_dropped_by_their_place_are_others_the_second_time():
    assert found(Smell.NOT_IDEMPOTENT, READ, "rides = rides.drop(rides.index[22713])") == [(1, 1)]
    by_value = "rides = rides.drop(rides[rides['km'] > 3].index)"
    assert found(Smell.NOT_IDEMPOTENT, READ, by_value) == []


def test_rows_that_are_counted_while_they_are_written_are_gone_through():
    loop = "for i, fare in enumerate(rides['fare']):\n    rides.loc[i, 'fare'] = clean(fare)"
    assert found(Smell.ROW_ITERATION, READ, loop) == [(1, 1)]
    by_zone = "for zone in rides['zone'].unique():\n    rides.loc[rides['zone'] == zone, 'a'] = 1"
    assert found(Smell.ROW_ITERATION, READ, by_zone) == []


def test_a_models_own_summary_prints_by_itself_except_in_statsmodels():
    cell = "model.summary()\nprint(model)"
    assert found(Smell.RESULT_DISCARDED, cell) == []
    assert found(Smell.RESULT_DISCARDED, "import statsmodels.api as sm", cell) == [(1, 1)]


def test_a_line_of_code_counts_however_few_statements_there_are():
    table = "fares = {\n" + "".join(f"    'zone {n}': {n},\n" for n in range(37)) + "}"
    assert found(Smell.NO_FUNCTIONS, f"import pandas as pd\n{table}\nprint(fares)") == [(0, 1)]
    assert found(Smell.NO_FUNCTIONS, f"import pandas as pd\n{table}") == []
    assert found_in_script(Smell.NO_FUNCTIONS, f"{table}\nprint(fares)") == []


def test_texts_are_no_objects_any_more():
    assert found(Smell.DEPRECATED_API, READ, "print(rides.dtypes[rides.dtypes == 'object'])")
    assert found(Smell.DEPRECATED_API, READ, "print(rides['km'].dtype != object)")
    assert found(Smell.DEPRECATED_API, READ, "print(rides['km'].dtype == 'int64')") == []


def test_an_import_of_which_a_comment_says_that_it_is_for_its_effect_is_not_unused():
    plain, said = "import aboard", "import aboard  # noqa: F401  registers passengers.aboard"
    pylints = "import aboard  # pylint: disable=unused-import # it registers an accessor"
    used = "rides = read().aboard.titled()"
    assert found(Smell.UNUSED_IMPORT, plain, used) == [(0, 1)]
    assert found(Smell.UNUSED_IMPORT, said, used) == found(Smell.UNUSED_IMPORT, pylints, used) == []
    other = "import aboard  # noqa: E501"
    assert found(Smell.UNUSED_IMPORT, other, used) == [(0, 1)]
