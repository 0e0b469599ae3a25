"""What other people's notebooks taught the detectors: forms of code that ours does not have.

Each test is a form that a reviewer judged by hand, told again in our own words.
"""

import pytest
from support.smell_builders import code, findings, found

from nbkata.notebook.core.notebook import Output, OutputKind
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
    ],
)
def test_the_first_and_the_last_column_and_named_edges_are_not(line: str):
    assert found(Smell.MAGIC_NUMBER, READ, line) == []
