"""`nbkata extract`: data flow with columns, candidates, their code and tests, the picture."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from conftest import Nbkata
from support.builders import completed_inside, notebook_of, pytest_there, write_json

from nbkata.extract.core.analysis import Flow, flow_of
from nbkata.extract.core.candidate import Candidate
from nbkata.extract.core.codegen import Example, first_test, function_source
from nbkata.extract.core.lines import code_of_notebook, code_of_script
from nbkata.extract.shell.flow_page import flow_page
from nbkata.notebook.core.notebook import notebook_from_json

TITANIC = Path(__file__).parents[2] / "notebooks" / "titanic.ipynb"


@pytest.fixture(name="nbkata")
def fixture_nbkata(nbkata_inside: Nbkata) -> Nbkata:
    """In this process: none of these tests asks how one begins and ends."""
    return nbkata_inside


def flow(*sources: str) -> Flow:
    """The data flow of a notebook of these cells."""
    found = flow_of(code_of_notebook(notebook_from_json(notebook_of(*sources))), "a.ipynb")
    assert isinstance(found, Flow)
    return found


def named(found: Flow) -> dict[str, Candidate]:
    """Its candidates by name."""
    return {item.name: item for item in found.candidates}


READ = "import pandas as pd\ndf = pd.read_csv('a.csv')"
MODEL = (
    "X = df.drop('Survived', axis=1)\nmodel = Model()\nmodel.fit(X, df['Survived'])\nmodel.score(X)"
)


def test_statements_about_one_column_in_neighbouring_cells_are_one_candidate():
    found = flow(
        READ,
        "titles = []\nfor i, row in df.iterrows():\n    titles.append(row['Name'][:2])\n"
        "df['Title'] = titles\ndf.head()",
        "df['Title'] = df['Title'].replace('Mlle', 'Miss')",
        MODEL,
    )
    item = named(found)["add_title"]
    assert item.cells == (1, 2)
    assert (item.inputs, item.outputs) == (("df",), ("df",))
    assert (item.columns_read, item.columns_written) == (("Name",), ("Title",))
    assert [(e.place.cell, e.place.line, e.what) for e in item.side_effects] == [
        (1, 5, "displays: df.head()")
    ]


def test_a_column_that_is_dropped_before_anything_needs_it_is_dead():
    found = flow(
        READ,
        "df['Deck'] = df['Cabin'].str[0]\ndf.groupby('Deck').size()",
        "df['Age'] = df['Age'].fillna(0)",
        "df = df.drop(['Deck', 'Cabin'], axis=1)",
        MODEL,
    )
    assert found.liveness.dead_columns == (("df", "Deck"),)
    assert "add_deck" not in named(found)
    assert "fill_age" in named(found)


def test_a_column_that_only_a_plot_looks_at_is_no_candidate():
    found = flow(READ, "tmp = df['Age'] / 2\nprint(tmp)", MODEL)
    assert all("tmp" not in item.outputs for item in found.candidates)


def test_a_name_from_an_earlier_cell_is_an_input():
    found = flow(
        READ,
        "mean_fare = df['Fare'].dropna().mean()",
        "x = 1",
        "y = 2",
        "z = 3",
        "w = 4",
        "df['Expensive'] = 0\ndf.loc[df['Fare'] > mean_fare, 'Expensive'] = 1",
        MODEL,
    )
    assert named(found)["add_expensive"].inputs == ("df", "mean_fare")
    assert named(found)["compute_mean_fare"].outputs == ("mean_fare",)


def test_numbers_become_parameters_with_names_and_no_table_is_a_default():
    found = flow(
        READ,
        "df['Age'] = df['Age'].fillna(29.5)",
        "df['Sex'] = df['Sex'].map({'male': 0, 'female': 1})",
        MODEL,
    )
    assert named(found)["fill_age"].signature == "fill_age(df, age_when_missing=29.5)"
    code = function_source(named(found)["encode_sex"], found.code)
    assert code == (
        "def encode_sex(df):\n"
        "    df = df.copy()\n"
        "    df['Sex'] = df['Sex'].map({'male': 0, 'female': 1})\n"
        "    return df\n"
    )


def test_blocks_of_the_same_shape_are_one_function_with_the_model_as_a_parameter():
    def trained(name: str) -> str:
        return (
            f"clf = {name}(random_state=1)\nclf.fit(X, Y)\nacc_{name.lower()} = clf.score(X, Y)\n"
            f"print(acc_{name.lower()})"
        )

    found = flow(
        READ,
        "X = df.drop('Survived', axis=1)\nY = df['Survived']",
        trained("SVC"),
        trained("Tree"),
        trained("Forest"),
        "print(acc_svc, acc_tree, acc_forest)",
    )
    item = named(found)["train_and_score"]
    assert (item.cells, item.repeats) == ((2, 3, 4), 3)
    assert function_source(item, found.code).startswith("def train_and_score(clf, X, Y")
    assert "clf = clone(clf)" in function_source(item, found.code)
    assert "    clf, acc_svc = train_and_score(clf, X, Y)\n" in first_test(item, None, "features")


def test_the_same_work_on_another_frame_is_the_same_function():
    share = "{0}['Share'] = {0}['deaths'] / {0}['births']\nprint({0})"
    found = flow(
        "import pandas as pd\nyearly = pd.read_csv('a')\nmonthly = pd.read_csv('b')\n"
        "weekly = pd.read_csv('c')",
        share.format("yearly"),
        share.format("monthly"),
        share.format("monthly").replace(" / ", " + "),
    )
    item, other = found.candidates
    assert (item.signature, item.cells, item.repeats) == ("add_share(yearly)", (1, 2), 2)
    assert other.cells == (3,) and other.repeats == 1


def test_the_same_split_with_another_seed_is_the_same_function():
    split = (
        "X = df[['n']]\ny = df['m'] / 2\n"
        "a, b, c, d = train_test_split(X, y, random_state={0})\nacc = a.sum()"
    )
    imported = "from sklearn.model_selection import train_test_split"
    found = flow(imported, READ, split.format(22), split.format(456))
    (item,) = found.candidates
    assert (item.signature, item.repeats) == ("split_features_and_target(df, seed=22)", 2)


@pytest.mark.parametrize(
    ("cells", "signature", "calls"),
    [
        pytest.param(
            [
                "clinic_1 = df[df['clinic'] == 'clinic 1']\nprint(clinic_1)",
                "clinic_2 = df[df['clinic'] == 'clinic 2']\nprint(clinic_2)",
            ],
            "compute_clinic(df, clinic='clinic 1')",
            ("clinic='clinic 2'",),
            id="the part with another value",
        ),
        pytest.param(
            [
                "full = df.copy()\nfull['ph'] = full['ph'].ffill()\nprint(full)",
                "full = df.copy()\nfull['temp'] = full['temp'].ffill()\nprint(full)",
                "full = df.copy()\nfull['zinc'] = full['zinc'].ffill()\nprint(full)",
            ],
            "fill_column(full, column='ph')",
            ("column='temp'", "column='zinc'"),
            id="another column",
        ),
        pytest.param(
            [
                "df['a_norm'] = (df['a'] - df['a'].min()) / df['a'].max()\nprint(df)",
                "df['b_norm'] = (df['b'] - df['b'].min()) / df['b'].max()\nprint(df)",
            ],
            "add_norm(df, new_column='a_norm', column='a')",
            ("new_column='b_norm', column='b'",),
            id="another column, made from another",
        ),
        pytest.param(
            [f"df['lag{n}'] = df['n'].shift({n})\nprint(df)" for n in (1, 2)],
            "add_lag(df, new_column='lag1', value=1)",
            ("new_column='lag2', value=2",),
            id="a number that is in the column's name",
        ),
        pytest.param(
            [
                "X = df['sugar'].values\ny = df['alcohol'].values\nX = X.reshape(-1, 1)\n"
                "a, b, c, d = train_test_split(X, y, random_state=1)\nprint(a, b, c, d)",
                "X = df['acid'].values\ny = df['ph'].values\nX = X.reshape(-1, 1)\n"
                "a, b, c, d = train_test_split(X, y, random_state=1)\nprint(a, b, c, d)",
            ],
            "split_features_and_target(df, column='sugar', column_2='alcohol')",
            ("column='acid', column_2='ph'",),
            id="other features and another target",
        ),
    ],
)
def test_blocks_that_differ_in_a_value_are_one_function_which_is_given_it(cells, signature, calls):
    imported = "from sklearn.model_selection import train_test_split"
    found = flow(imported, READ, *cells)
    (item,) = found.candidates
    assert (item.signature, item.calls, item.repeats) == (signature, calls, len(cells))
    source = function_source(item, found.code)
    names = [call.partition("=")[0] for call in calls[0].split(", ")]
    assert all(f"{name}]" in source or f"{name})" in source for name in names)


def test_what_each_turn_of_a_loop_makes_anew_goes_neither_in_nor_out():
    found = flow(
        "from sklearn.model_selection import train_test_split",
        READ,
        "part = df.head()\nprint(part)",
        "parts = {}\nfor place in ['x', 'y']:\n    part = df[df[place] == 1].copy()\n"
        "    part.drop(columns=['n'], inplace=True)\n    parts[place] = part\nprint(parts)",
        "lists = {}\nfor place in ['x', 'y']:\n    X = parts[place].drop(columns='m')\n"
        "    X_train, X_test = train_test_split(X, random_state=1)\n    lists[place] = [X_train, X_test]",
        "for place in lists:\n    X_train = lists[place][0]\n    print(model.fit(X_train).score(X_train))",
    )
    assert {"compute_parts(df)", "split_rows(parts)"} == {
        item.signature.partition(", seed")[0].rstrip(")") + ")" for item in found.candidates
    }
    assert [item.returns for item in found.candidates] == [("lists",), ("parts",)]


MODELS = (
    "from sklearn.ensemble import RandomForestRegressor\nfrom sklearn.linear_model import Ridge\n"
    "from sklearn.model_selection import GridSearchCV\nfrom sklearn.pipeline import Pipeline\n"
    "from sklearn.preprocessing import StandardScaler\nfrom sklearn.svm import SVC"
)


def test_a_constant_that_is_needed_later_stays_outside():
    found = flow(
        f"{MODELS}\n{READ}\ny = pd.read_csv('b.csv')",
        "grid = {'n': [1, 2]}\nsearch = GridSearchCV(SVC(), grid)\nsearch.fit(df, y)",
        "print(grid, search.best_params_)",
    )
    (item,) = found.candidates
    assert (item.takes, item.returns) == (("grid", "df", "y"), ("search",))
    found = flow(
        READ,
        "parts = {}\nplaces = ['x', 'y']\nfor place in places:\n    parts[place] = df[df[place] == 1]",
        "print(parts, places)",
    )
    assert [(one.takes, one.returns) for one in found.candidates] == [
        (("places", "df"), ("parts",))
    ]


def test_trainings_of_several_models_are_named_after_them():
    found = flow(
        f"{MODELS}\n{READ}\ny = pd.read_csv('b.csv')",
        "ridge = Pipeline([('s', StandardScaler()), ('m', Ridge())])\nridge.fit(df, y)\nprint(ridge)",
        "forest = RandomForestRegressor(random_state=1)\nforest.fit(df, y)\n"
        "best = forest.estimators_[0]\nprint(best, forest)",
        "one = SVC()\none.fit(df, y)\nanother = one.coef_\nthird = one.n_iter_\nprint(another, third, one)",
    )
    assert {item.name for item in found.candidates} == {
        "train_ridge",
        "train_random_forest",
        "train_svc",
    }


def test_functions_of_one_name_are_told_apart_by_the_words_of_what_they_give():
    fitted = (
        "{0} = GridSearchCV({0}_pipe, {{'m__{0}': [1, 2]}})\n"
        "classifier_{0} = {0}.fit(df, df['y'])\nprint(classifier_{0})"
    )
    scored = "pred_{0} = classifier_{0}.predict(df)\nacc_{0} = accuracy_score(y, pred_{0})\nprint(acc_{0})"
    found = flow(
        f"from tools import knn_pipe, svm_pipe, y, GridSearchCV, accuracy_score\n{READ}",
        fitted.format("knn"),
        scored.format("knn"),
        fitted.format("svm"),
        scored.format("svm"),
    )
    item = named(found)["predict_and_score"]
    assert (item.repeats, item.cells) == (2, (2, 4)), "the same work on another model"
    assert {"train_knn", "train_svm"} <= named(found).keys()


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        (["train = df.head()", "m = tsa.ARIMA(train)\nm = m.fit()\nprint(m)"], "train_arima"),
        (["df = pd.get_dummies(df.drop(columns=['a']))\nprint(df)"], "drop_and_encode_df"),
        (
            ["print(df['hand'])", "df.loc[3, 'hand'] = 'R'\ndf.loc[8, 'hand'] = 'R'\nprint(df)"],
            "set_hand",
        ),
        (
            [
                "print(df['b'])",
                "df.loc[df['a'] > 3, 'b'] = 1\ndf.loc[df['a'] < 1, 'b'] = 0\nprint(df)",
            ],
            "bin_b",
        ),
        (["e = LabelEncoder()\ndf['q'] = e.fit_transform(df['q'])\nprint(df)"], "encode_q"),
        (
            ["df = df.dropna()\na, b = train_test_split(df, random_state=3)\nprint(a, b)"],
            "split_rows",
        ),
    ],
)
def test_a_function_is_named_after_what_it_does_to_what(cells: list[str], name: str):
    imported = "import tsa\nfrom sklearn.preprocessing import LabelEncoder\n"
    imported += "from sklearn.model_selection import train_test_split\n"
    assert name in named(flow(imported + READ, *cells))


def test_what_is_done_to_a_table_again_after_it_was_read_again_is_no_second_line_of_one_function():
    number = "df['share'] = pd.to_numeric(df['share'].str.replace('%', ''))\nprint(df)"
    (item,) = flow(READ, number, READ, number).candidates
    assert (item.repeats, len(item.facts)) == (2, 1)


def test_a_chart_is_shown_and_not_computed():
    chart = "import altair as alt\nchart = alt.Chart(df).mark_point().encode(x='a')\nchart"
    assert not flow(READ, chart).candidates


def test_a_model_that_is_read_from_a_file_stays_outside():
    cell = "ann = keras.models.load_model('a.h5')\nmodels = {'A': svm, 'B': ann, 'n': len(df)}"
    found = flow(f"import keras\nfrom tools import svm\n{READ}", cell, "print(models)")
    assert [item.inputs for item in found.candidates] == [("ann", "df")]


def test_a_column_that_is_read_as_an_attribute_is_not_new():
    found = flow(READ, "df['Total'] = pd.to_numeric(df.Total, errors='coerce')", MODEL)
    assert named(found)["convert_total"].columns_read == ("Total",)


def test_a_table_that_a_loop_fills_is_named_after_that_not_after_its_helper():
    cells = ["X = pd.read_csv('b.csv')\nprint(X)", "numbers = X.select_dtypes('number').columns\n"
             "for column in numbers:\n    X[column] = X[column].fillna(X[column].mean())",
             "print(X, numbers)"]  # fmt: skip
    assert "fill_x" in named(flow(READ, *cells))


def test_rows_of_one_value_of_a_column_are_filtered_by_it():
    rows = "t{0} = df[df['clinic'] == '{0}']\nprint(t{0})"
    (item,) = flow(READ, rows.format("a"), rows.format("b")).candidates
    assert item.signature == "filter_by_clinic(df, clinic='a')"


def test_blocks_that_differ_in_more_are_not_one():
    found = flow(
        READ,
        "df['a'] = df['b'] * 2 + df['c']\nprint(df)",
        "df['d'] = df['e'] * 3 + df['f']\nprint(df)",
    )
    assert [item.repeats for item in found.candidates] == [1, 1]


def test_a_loop_over_two_frames_changes_both():
    found = flow(
        "import pandas as pd\ntrain = pd.read_csv('a')\ntest = pd.read_csv('b')",
        "both = [train, test]\nfor data in both:\n    data['Alone'] = data['Parch'] == 0",
        "model = Model()\nmodel.fit(train)\nmodel.predict(test)",
    )
    written = {column for fact in found.facts for column in fact.columns_written}
    assert written == {("train", "Alone"), ("test", "Alone")}


def test_a_loop_over_names_of_columns_writes_each_of_them():
    found = flow(
        READ,
        "for c in ['age', 'fare']:\n    df[c] = pd.to_numeric(df[c])",
        "both = ['age', 'fare']\ndf[both] = df[both].fillna(0)",
        MODEL,
    )
    item = named(found)["prepare_age_and_fare"]
    assert (item.cells, item.columns_written) == ((1, 2), ("age", "fare"))


def test_a_frame_that_is_read_in_a_branch_is_a_frame():
    found = flow(
        "import os, pandas as pd\ndf = None\nif os.path.exists('a.csv'):\n    df = pd.read_csv('a.csv')",
        "df['Deck'] = df['Cabin'].str[0]",
        MODEL,
    )
    assert "add_deck" in named(found)


def test_a_saved_picture_is_a_look_and_not_a_result():
    found = flow(
        READ,
        "tmp = df.copy()\ntmp['Deck'] = tmp['Cabin'].str[0]\ntmp.plot()\nplt.savefig('deck.png')",
        "df['Age'] = df['Age'].fillna(0)",
        MODEL,
    )
    assert found.liveness.dead_columns == (("tmp", "Deck"),)
    assert "add_deck" not in named(found)


def test_the_test_of_a_candidate_has_the_rows_of_the_example():
    item = named(flow(READ, "df['Title'] = df['Name'].str[:2]", MODEL))["add_title"]
    example = Example({"Name": ["Mr A", "Ms B"]}, {"Title": ["Mr", "Ms"]}, {})
    text = first_test(item, example, "features")
    assert "'Name': ['Mr A', 'Ms B']," in text
    assert text.endswith("    assert result['Title'].tolist() == ['Mr', 'Ms']\n")
    compile(text, "test", "exec")
    assert first_test(item, None, "features").endswith("assert result['Title'].tolist() == ...\n")


def test_what_is_drawn_is_handed_back_and_an_axis_that_is_dressed_up_is_no_function():
    found = flow(
        "import pandas as pd\nrides = pd.read_csv('a.csv')",
        "halves = [rides.loc[:9], rides.loc[10:]]\nsns.relplot(data=halves)",
        "arrays = [one.to_numpy() for one in halves]\nsns.relplot(data=arrays)",
        "named = {one.name: one for one in rides}\nsns.relplot(data=named)",
        "f = plt.figure()\nfor ax in f.axes:\n    ax.set(xticks=[])",
    )
    assert {name: item.outputs for name, item in named(found).items()} == {
        "compute_arrays": ("halves", "arrays"),
        "compute_named": ("named",),
    }


def test_magics_and_shell_commands_do_not_stop_the_reading():
    found = flow("%matplotlib inline\n!ls\ncd data\nx = 1", "%%bash\nls", "print(x)")
    assert [place.cell for place in found.code.unread] == [1]
    assert [fact.cell for fact in found.facts] == [0, 2]


def test_the_blocks_of_a_script_stand_for_cells():
    code = code_of_script(
        "import pandas as pd\n\ndf = pd.read_csv('a')\n\ndf['A'] = 1\ndf['A'] += 1\n"
    )
    assert code is not None
    assert [place.cell for place in code.places] == [0, 0, 1, 1, 2, 2]
    code = code_of_script("# %%\nx = 1\n\ny = 2\n# %%\nz = x\n")
    assert code is not None
    assert [place.cell for place in code.places] == [0, 0, 0, 0, 1, 1]


def test_the_page_is_self_contained_and_escapes_what_the_cells_say():
    found = flow(READ, "df['<b>'] = df['A'] > 1", MODEL)
    text = flow_page(found, {}, "a<b>.ipynb")
    assert "<b>.ipynb" not in text
    assert "://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "<script" not in text


@pytest.fixture(name="titanic", scope="module")
def fixture_titanic(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The answer for the kit's own notebook, which it leaves as it was."""
    folder = tmp_path_factory.mktemp("titanic")
    before = TITANIC.read_bytes()
    done = completed_inside("extract", str(TITANIC), "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert TITANIC.read_bytes() == before
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_of_the_titanic_notebook_the_seven_trainings_and_the_title_come_first(
    titanic: dict[str, Any],
):
    first, second = titanic["candidates"][:2]
    assert (first["name"], first["repeats"]) == ("train_and_score", 7)
    assert (second["name"], second["cells"]) == ("add_title", [56, 57])
    assert {column for _, column in titanic["dead"]["columns"]} == {
        "HasCabin",
        "Cabin",
        "Deck",
        "NameLen",
        "TicketPrefix",
        "WomanOrChild",
    }


@pytest.mark.usefixtures("warm")
def test_the_functions_proposed_for_the_titanic_notebook_pass_the_tests_proposed_for_them(
    titanic: dict[str, Any], tmp_path: Path
):
    columns = [c for c in titanic["candidates"] if c["columns_written"] or c["columns_dropped"]]
    ready = [c for c in columns if c["inputs"][0] == "df" and "..." not in c["test"]]
    assert len(ready) >= 14
    source = "\n\n".join(c["function"] for c in ready)
    (tmp_path / "features.py").write_text(f"import pandas as pd\n\n\n{source}", encoding="utf-8")
    for number, candidate in enumerate(ready):
        (tmp_path / f"test_{number}.py").write_text(candidate["test"], encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = .\n", encoding="utf-8")
    done = pytest_there(tmp_path, "-W", "ignore")
    assert f"{len(ready)} passed" in done.stdout, done.stdout


def test_the_command_lists_candidates_and_writes_the_page(nbkata: Nbkata, tmp_path: Path):
    (tmp_path / "a.csv").write_text("Name,Survived\nMr A,1\nMs B,0\n", encoding="utf-8")
    write_json(
        tmp_path / "my notebook.ipynb",
        notebook_of(READ, "df['Title'] = df['Name'].str[:2]", "print(df)\ndf.to_csv('b.csv')"),
    )
    done = nbkata("extract", "my notebook.ipynb")
    assert done.returncode == 0, done.stderr
    assert "1. add_title(df)  cell 1" in done.stdout
    assert "columns Name → Title" in done.stdout
    assert "its test has rows from this run" in done.stdout
    assert 'nbkata extract "my notebook.ipynb" --show add_title' in done.stdout
    assert f"Wrote {tmp_path / 'my notebook-flow.html'}" in done.stdout
    assert "<svg" in (tmp_path / "my notebook-flow.html").read_text(encoding="utf-8")
    shown = nbkata("extract", "my notebook.ipynb", "--show", "add_title").stdout
    assert shown.startswith("def add_title(df):\n    df = df.copy()\n")
    assert "'Name': ['Mr A', 'Ms B']," in shown


def test_a_notebook_that_cannot_run_still_gives_candidates_and_says_why_no_rows(
    nbkata: Nbkata, tmp_path: Path
):
    write_json(tmp_path / "a.ipynb", notebook_of(READ, "df['T'] = df['Name']", "df.to_csv('b')"))
    done = nbkata("extract", "a.ipynb")
    assert done.returncode == 0
    assert "add_t(df)" in done.stdout
    assert "a.ipynb, cell 0" in done.stderr
    assert "FileNotFoundError" in done.stderr


def test_a_failed_run_is_told_with_the_line_that_is_in_the_notebook(nbkata: Nbkata, tmp_path: Path):
    blocks = (
        "df['b'] = df['a'] * 2\ndf['c'] = df['b'] + 1\n1 / 0",
        "df['d'] = df['c'] * 3\nfrom sklearn.svm import SVC\nSVC().fit(df[['c', 'd']], df['a'])",
    )
    for first, line, cell in (("1 / 0\n", 1, 0), ("", 3, 1)):
        start = first + "import pandas as pd\ndf = pd.DataFrame({'a': [1, 2, 1, 2]})"
        write_json(tmp_path / "a.ipynb", notebook_of(start, *blocks))
        output = " ".join(nbkata("extract", "a.ipynb").stderr.split())
        assert f"a.ipynb, cell {cell}, line {line}: ZeroDivisionError: division by zero." in output


def test_python_2_and_other_languages_and_missing_files_are_refused(nbkata: Nbkata, tmp_path: Path):
    write_json(tmp_path / "old.ipynb", notebook_of("print 'a'"))
    other = notebook_of("1 + 1")
    other["metadata"] = {"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}}
    write_json(tmp_path / "r.ipynb", other)
    write_json(tmp_path / "empty.ipynb", notebook_of())
    (tmp_path / "bad.py").write_text("def (", encoding="utf-8")
    for name, message in {
        "old.ipynb": "old.ipynb, cell 0: no cell holds Python 3.",
        "r.ipynb": "this notebook is in R, and nbkata runs Python.",
        "empty.ipynb": "it has no code cells.",
        "bad.py": "this is not Python 3.",
        "none.ipynb": "there is no such file.",
        "none.py": "there is no such file.",
    }.items():
        done = nbkata("extract", name)
        assert (done.returncode, done.stdout) == (2, ""), name
        assert message in " ".join(done.stderr.split()), name
        assert not list(tmp_path.glob("*.html"))


def test_an_unknown_candidate_is_refused_with_those_that_there_are(nbkata: Nbkata, tmp_path: Path):
    write_json(tmp_path / "a.ipynb", notebook_of(READ, "df['T'] = df['Name']", "df.to_csv('b')"))
    done = nbkata("extract", "a.ipynb", "--no-run", "--show", "nothing")
    assert done.returncode == 2
    assert "add_t" in done.stderr


def test_where_results_are_only_shown_what_is_shown_counts():
    found = flow(
        "import matplotlib.pyplot as plt\nimport pandas as pd\ndta = pd.DataFrame()",
        "cycle, trend = filtered(dta.gdp)\nparts = dta[['gdp']].copy()\nparts['cycle'] = cycle",
        "fig = plt.figure()\nax = fig.add_subplot(111)\nparts.plot(ax=ax)\nlegend = ax.legend()",
    )
    (item,) = found.candidates
    assert (item.name, item.outputs) == ("add_cycle", ("parts",))


def test_a_fit_that_is_only_printed_is_worth_a_function():
    found = flow(
        "import statsmodels.api as sm\nX, y = load()",
        "res = sm.OLS(y, X).fit()\nprint(res.summary())",
    )
    assert named(found)["train"].outputs == ("res",)


def test_the_test_of_a_repeated_training_calls_it_as_it_is_defined():
    block = "clf = {1}()\nclf.fit(X, y)\nacc_{0} = clf.score(X, y)\nprint(acc_{0})"
    found = flow(READ, "X, y = df, df['a']", block.format("svc", "SVC"), block.format("knn", "KNN"))
    item = named(found)["train_and_score"]
    assert "def train_and_score(clf, X, y):" in function_source(item, found.code)
    text = first_test(item, None)
    assert "from model import train_and_score" in text
    assert "clf, acc_svc = train_and_score(clf, X, y)" in text


def test_a_finished_shell_has_nothing_to_extract_and_its_page_says_why():
    found = flow("def main():\n    print(1)", "if __name__ == '__main__':\n    main()")
    text = flow_page(found, {}, "train.py")
    assert "what it computes is in functions already" in text
    assert "Before: the tangle" not in text


MAKES_ITS_FRAME = """f = pd.DataFrame({"a": [1.0, 2.0]})
f["b"] = f["a"] * 3
f["b"] = f["b"].fillna(7)
print(f["b"].sum())"""


def test_a_frame_that_is_made_in_the_block_s_own_cell_goes_into_the_function(
    nbkata: Nbkata, tmp_path: Path
):
    write_json(tmp_path / "n.ipynb", notebook_of("import pandas as pd", MAKES_ITS_FRAME))
    done = nbkata("extract", "n.ipynb")
    assert "NameError" not in done.stdout + done.stderr
    assert "its test has rows from this run" in done.stdout
    shown = nbkata("extract", "n.ipynb", "--show", "add_b").stdout
    assert 'f["b"] = f["a"] * 3' in shown and "pd.DataFrame({" not in shown.partition("import")[0]


def sources(*cells: str) -> list[str]:
    """The functions proposed for a notebook that reads a table, then does this."""
    found = flow(READ, *cells)
    return [function_source(item, found.code) for item in found.candidates]


@pytest.mark.parametrize(
    "code",
    ["n = list(df)", "age = df['Age']", "m = df.groupby('Sex').mean", "df['type'] = 'train'"],
)
def test_a_function_of_one_line_that_only_renames_is_not_proposed(code: str):
    assert not sources(code, "print(n, age, m, df)")


def test_arguments_come_in_the_order_of_use_and_results_in_the_order_of_making():
    split = "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)"
    imported = "from sklearn.model_selection import train_test_split"
    shown = "print(X_train, X_test, y_train, y_test)"
    (function,) = sources(imported, f"X = df[['b']]\ny = df['a']\n{split}", shown)
    assert "return X_train, X_test, y_train, y_test" in function
    (function,) = sources(
        "z = pd.read_csv('z')\na = pd.read_csv('b')", "n = z * a + df['x']\nm = n / z", "print(m)"
    )
    assert "(z, a, df)" in function


def test_no_argument_is_overwritten_before_it_is_read():
    cell = "data = pd.DataFrame(rows)\ndata['b'] = data['a'] * 3"
    (function,) = sources("rows = load()", cell, "print(data)")
    assert "def add_b(data):" in function and "pd.DataFrame" not in function


def test_a_name_that_begins_anew_begins_another_function():
    found = sources(
        "c = df[df.n == 1]\nc = c[c.year > 3].dropna()\nc.head()",
        "c = df[df.n == 2]\nc = c[c.year > 5].fillna(0)\nc.head()",
    )
    assert [text.count("c = df[") for text in found] == [1, 1]


def test_what_a_function_changes_in_place_it_copies_first():
    (function,) = sources("df.index = df.index * 2\nm = df.mean() / 2", "print(m)")
    assert "    df = df.copy()\n" in function


@pytest.mark.parametrize("line", ["print(k)", "scores.append(np.random.rand())"])
def test_a_function_that_would_not_be_pure_is_not_proposed(line: str):
    loop = f"scores = []\nfor k in df['a']:\n    {line}\n    scores.append(k * 2)"
    assert not sources(f"import numpy as np\n{loop}", "print(scores)")
    assert sources(f"import numpy as np\n{loop.replace(line, 'pass')}", "print(scores)")


def test_a_name_in_a_query_is_an_argument():
    good = "good = df.query('a > @low').dropna()"
    (function,) = sources("low = pd.read_csv('low.csv')", good, "print(good)")
    assert "(df, low)" in function


@pytest.mark.parametrize(
    ("made", "name"),
    [
        ("PCA(2)", "reduce_features"),
        ("StandardScaler()", "scale_features"),
        ("OneHotEncoder()", "encode_features"),
        ("SimpleImputer()", "fill_features"),
        ("CountVectorizer()", "vectorize_texts"),
    ],
)
def test_a_preparation_is_called_by_what_it_does(made: str, name: str):
    made_of = f"tool = {made}\nout = tool.fit_transform(df)"
    (function,) = sources("from tools import *", made_of, "print(out)")
    assert function.startswith(f"def {name}(df):")


def _extracted(*cells: str) -> dict[str, object]:
    """What the one function of these cells does, with the names above it."""
    read = flow(*cells)
    (found,) = [item for item in read.candidates if item.outputs == ("x",)]
    names: dict[str, object] = {}
    exec(cells[0], names)  # pylint: disable=exec-used
    exec(function_source(found, read.code), names)  # pylint: disable=exec-used
    call = f"{found.name}({', '.join(found.takes)})"
    exec(f"def function(x, more): return {call}", names)  # pylint: disable=exec-used
    return names


@pytest.mark.parametrize(
    ("made", "added"),
    [
        ("x = list(range(9))", "x += tuple(more)"),
        ("x = [1, 2, 3]", "x += np.array(more)"),
        ("x = read(1)", "x += (one * 2 for one in more)"),
        ("x = read(1)", "x += [\n    one\n    for one in more\n]"),
        ("x = np.array(read(1))", "x += (\n    len(more)\n    * 2\n)"),
        ("x = np.array(read(1), dtype='float64')", "for one in more:\n    x *= one - 1; x += 3"),
        ("x = 'é'.lower()", "x += 'ö' + more[0] * x"),
    ],
)
def test_a_function_adds_to_what_it_was_given_as_the_notebook_did_and_leaves_it_alone(made, added):
    head = "import numpy as np\n\ndef read(n):\n    return [n, n + 1, n + 2]"
    cells = [head, f"more = read(4)\n{made}", "y = 1", f"{added}\nx = x * 2", "print(x, y)"]
    names = _extracted(*cells)
    exec("\n".join(cells[1:3]), names)  # pylint: disable=exec-used
    given = deepcopy(names["x"])
    exec("result = function(x, more)", names)  # pylint: disable=exec-used
    assert repr(names["x"]) == repr(given)
    exec(cells[3], names)  # pylint: disable=exec-used
    assert repr(names["result"]) == repr(names["x"])


def test_what_a_cell_computes_from_one_helper_is_one_function():
    found = sources(
        "import numpy as np",
        READ,
        "water = df['water']\ndensity = df['density']",
        "slope = np.diff(density)\nat = np.argmin(np.abs(slope))\n"
        "max_density = density[at]\noptimal_water = water[at]\n"
        "print(max_density, optimal_water)",
        "plt.plot(water, density)\nplt.axvline(optimal_water)\nplt.axhline(max_density)",
    )
    head = "def compute_max_density_and_optimal_water(density, water):"
    (text,) = [text for text in found if text.startswith(head)]
    assert text.endswith("    return max_density, optimal_water\n")


def test_columns_that_one_cell_makes_line_by_line_are_one_function():
    found = flow(
        READ,
        "df['line'] = df['n'].interpolate(method='linear')\n"
        "df['curve'] = df['n'].interpolate(method='pchip')\nprint(df)",
        "df['age'] = df['age'].fillna(0)\ndf['long'] = df['name'].str.len()\nprint(df)",
    )
    assert [item.signature for item in found.candidates] == [
        "add_line_and_curve(df)",
        "fill_age(df)",
        "add_long(df)",
    ]


def test_two_columns_with_long_names_are_called_by_what_the_names_share():
    found = flow(
        READ,
        "df[['arrival_delay_of_train_min', 'leaving_delay_of_train_min']] = df[\n"
        "    ['arrival_delay_of_train_min', 'leaving_delay_of_train_min']\n].astype(int)\nprint(df)",
    )
    assert [item.name for item in found.candidates] == ["convert_delay_of_train_min"]


def test_a_table_that_later_cells_need_is_made_by_a_function_of_its_own():
    found = sources(
        "import numpy as np\nfrom sklearn.model_selection import train_test_split",
        READ,
        "whole = df[(np.abs(df) < 3).all(axis=1)]",
        "X = whole['sugar'].values.reshape(-1, 1)\ny = whole['alcohol'].values\n"
        "a, b, c, d = train_test_split(X, y, random_state=1)\nprint(a, b, c, d)",
        "other = whole['ph'].mean() - whole['ph'].median()\nprint(other)",
    )
    assert any(text.startswith("def split_features_and_target(whole, seed=1)") or
               text.startswith("def split_features_and_target(whole)") for text in found)  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "parts"),
    [
        pytest.param(
            ["n = 0\nhats = []\nwhile n < m:\n    hat = n * m\n    hats.append(hat)\n    n += 1"],
            ["def compute_hats(m):"],
            id="what a loop binds before it reads it is no argument",
        ),
        pytest.param(
            ["for _ in range(m):\n    after = x - hat\n    hat = after\nhats = after / 2"],
            ["def compute_hats(m, x, hat):"],
            id="what a loop reads before it binds it is one",
        ),
        pytest.param(
            ["tab = confusion_matrix(x, hat)\nprint(tab)\nhats = accuracy_score(x, hat)"],
            ["return tab, hats"],
            id="what is shown in between is given back",
        ),
        pytest.param(
            ["X = df[['n']]\ny = df['n'] / 2\na, b, hats, hat = train_test_split(X, y, random_state=3)"],
            ["return a, b, hats, hat\n"],
            id="a split gives back all its parts",
        ),
        pytest.param(
            ["scale = StandardScaler()\ndf[['n']] = scale.fit_transform(df[['n']])\nhats = df"],
            ["    df = df.copy()\n"],
            id="a frame is copied and not cloned",
        ),
        pytest.param(
            ["lda = SVC(C=x)\nlda.fit(df, hat)\nhats = lda.predict(df)"],
            ["def train_and_predict("],
            id="who scores nothing is not called so",
        ),
        pytest.param(
            ["code = LabelEncoder()\ny_of_it = code.fit_transform(y_of_it)\nhats = y_of_it"],
            ["def encode_target(y_of_it):"],
            id="a target is no feature",
        ),
        pytest.param(
            ["hat = hat / max(hat) * 100",
             "k = sorted(m, key=len)[:3] + m\nprint(k)",
             "a, b, hats, other = train_test_split(x, hat, random_state=3)"],
            ["def prepare_hat(hat):"],
            id="what is no split is not called so",
        ),
        pytest.param(
            ["df['a'] = ward(df['n'], 2)\nplt.scatter(df['n'], df['a'])",
             "more = df['n'] * 2\ndf['a'] = single(more, 2)\nhats = df"],
            ["add_a(df)", "prepare_a(df)"],
            id="a column that a later cell writes anew is another function",
        ),
        pytest.param(
            ["df = df.rename(columns={'m': 'k'}).dropna()\nhats = stats(df['n'] / 2, x)"],
            ["def rename_and_filter_df(df):", "compute_hats(df, x)"],
            id="a step for all is no helper of one",
        ),
        pytest.param(
            ["df = df[['m', 'n']]\ndf = df[df['m'] > 3]\ndf = pd.merge(df, x)\nhats = df"],
            ["def prepare_df(df, x):"],
            id="more than two things have no name",
        ),
    ],
)  # fmt: skip
def test_a_function_takes_and_gives_what_it_needs_and_is_called_by_what_it_does(cells, parts):
    made = "m, x, hat, y_of_it = open('a').readlines()"
    imported = "from sklearn.preprocessing import *\nfrom helpers import *"
    found = sources(imported, made, *cells, "hats.plot()", "print(hats, hat, df, x, df)")
    for part in parts:
        assert any(part in text for text in found), found
