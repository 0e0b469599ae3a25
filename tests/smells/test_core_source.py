"""Cells and scripts become one Python text in which every line keeps its place."""

import ast
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.smell_builders import found, found_in_script, notebook

from nbkata.smells.core.find import smells_in, smells_in_script
from nbkata.smells.core.magics import as_python
from nbkata.smells.core.source import (
    SourceKind,
    source_of_joined_cells,
    source_of_notebook,
    source_of_script,
)
from nbkata.smells.core.symbols import Smell


@pytest.mark.parametrize(
    ("source", "python"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("if x:\n    %matplotlib inline", "if x:\n    pass"),
        ("%time y = f(x)", "y = f(x)"),
        ("%%time\ny = f(x)", "\ny = f(x)"),
        ("%%bash\nls | wc", "\n"),
        ("%%my_query\nSELECT a FROM b", "\n"),
        ("files = !ls *.csv\nuse(files)", "files = None\nuse(files)"),
        ("!pip install \\\n  pandas\nx = 1", "pass\n\nx = 1"),
        ("df?\n?df\ndf.head??", "pass\npass\npass"),
        ("cd ..", "pass"),
        ("ls -la", "pass"),
        ("x = (a\n  % b)\n%time f()", "x = (a\n  % b)\nf()"),
        (
            "text = '''\n%not a magic\n!nor this\n'''\n%pwd",
            "text = '''\n%not a magic\n!nor this\n'''\npass",
        ),
        ("await load()", "await load()"),
    ],
)
def test_what_only_ipython_reads_becomes_python_in_its_place(source: str, python: str) -> None:
    assert as_python(source).text == python


@given(st.text(alphabet="%!?ax1 =()[]'\"#\\\n:", max_size=60))
def test_any_cell_keeps_its_number_of_lines_and_becomes_python(source: str) -> None:
    result = as_python(source)
    assert result.text.count("\n") == source.count("\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of an escape that Python does not know
        ast.parse(result.text)


def test_lines_are_found_again_in_every_cell() -> None:
    source = source_of_notebook(
        notebook("x = 1\n", "", "%%html\n<b>", "y = 2\nprint(y)"), "a.ipynb"
    )
    finding = next(f for f in smells_in(source).findings if f.symbol is Smell.PRINT_NOISE)
    assert (finding.cell, finding.line, finding.source) == (3, 2, "print(y)")


def test_a_percent_script_has_cells_and_a_plain_one_has_not() -> None:
    percent = "# ---\n# jupyter: x\n# ---\n\n# %% [markdown]\n# # Fares\n\n# %%\nx = 1\n\n# %% two\nprint(x)\n"
    source = source_of_script(percent, "a.py")
    assert source.kind is SourceKind.PERCENT
    assert [block.index for block in source.blocks] == [1, 2]
    (finding,) = [f for f in smells_in(source).findings if f.symbol is Smell.PRINT_NOISE]
    assert (finding.cell, finding.line) == (None, 12)
    assert source_of_script("x = 1\n", "a.py").kind is SourceKind.MODULE


def test_cells_that_an_editor_joined_are_found_again_unless_edited_since() -> None:
    saved = notebook("%matplotlib inline\nx = 1", "", "!ls\nprint(x)")
    joined = source_of_joined_cells(saved, "pass\nx = 1\npass\nprint(x)\n", "a.ipynb")
    assert joined is not None
    assert [(block.index, block.first) for block in joined.blocks] == [(0, 1), (2, 3)]
    assert source_of_joined_cells(saved, "pass\nx = 2\npass\nprint(x)\n", "a.ipynb") is None


def test_what_is_nested_too_deeply_is_told_and_not_raised() -> None:
    smells = smells_in_script("x = " + "(" * 5000 + ")" * 5000, "a.py")
    assert len(smells.unread) == 1 and not smells.findings


CLEAN = {
    "a training score beside a test score": (
        "from sklearn.linear_model import Ridge\nmodel = Ridge()\nmodel.fit(X_train, y_train)\n"
        "scores = model.score(X_train, y_train), model.score(X_test, y_test)\nuse(scores)",
        Smell.DATA_LEAKAGE,
    ),
    "a scaler fitted after the split": (
        "from sklearn.preprocessing import StandardScaler\n"
        "X_train, X_test = train_test_split(X, random_state=1)\nscaler = StandardScaler()\n"
        "X_train = scaler.fit_transform(X_train)\nX_test = scaler.transform(X_test)",
        Smell.DATA_LEAKAGE,
    ),
    "a guess judged in a print": (
        "guess = model.predict(X)\nprint(accuracy_score(y, guess))",
        Smell.DEAD_CODE,
    ),
    "a configuration changed by keys": (
        "config = load()\nconfig['a']['b'] = 1\nrows[0][1] = 2",
        Smell.CHAINED_ASSIGNMENT,
    ),
    "lists that grow": ("rows = []\nrows.append(1)\nuse(rows)", Smell.DEPRECATED_API),
    "files renamed": (
        "import os\nos.replace('a', 'b')\nos.rename('c', 'd')",
        Smell.RESULT_DISCARDED,
    ),
    "a sentence in a comment": (
        "# fit (train) and then look\n# U = unknown\n# see model.fit()\n# 0 = died, 1 = survived\nx = 1",
        Smell.COMMENTED_OUT_CODE,
    ),
    "counts": ("for i in range(10):\n    use(i * 2, i / 100)", Smell.MAGIC_NUMBER),
    "a url": ("url = 'https://example.org/data/a.csv'\nuse(url)", Smell.HARD_CODED_PATH),
    "a placeholder": ("API_KEY = 'your-key-here'\ntoken = '<token>'", Smell.SECRET_IN_CODE),
    "an error that is told on": (
        "try:\n    f()\nexcept Exception as error:\n    raise SystemExit(error) from error",
        Smell.BLANKET_EXCEPT,
    ),
    "warnings off for a moment": (
        "import warnings\nwith warnings.catch_warnings():\n    warnings.simplefilter('ignore')\n    f()",
        Smell.BLANKET_WARNING_FILTER,
    ),
    "a lambda that is called later": ("f = lambda: later\nlater = 1\nf()", Smell.HIDDEN_STATE),
    "names from a wildcard": ("from numpy import *\ny = sin(1)", Smell.HIDDEN_STATE),
    "a seeded draw": (
        "import numpy as np\nrng = np.random.default_rng(1)\nrng.normal()",
        Smell.UNSEEDED_RANDOMNESS,
    ),
    "a keyed merge": (
        "import pandas as pd\nboth = pd.merge(a, b, on='id', how='left')",
        Smell.MERGE_UNKEYED,
    ),
}


@pytest.mark.parametrize("name", CLEAN)
def test_clean_code_raises_no_false_alarm(name: str) -> None:
    source, smell = CLEAN[name]
    assert found(smell, source) == []


def test_a_cell_that_makes_its_frame_afresh_may_change_it() -> None:
    cell = "df = pd.read_csv(source)\ndf = df.drop('a', axis=1)\ndf['b'] = df['b'] / 2"
    cells = ("import pandas as pd", cell)
    assert found(Smell.NOT_IDEMPOTENT, *cells) == found(Smell.MUTATED_SHARED_FRAME, *cells) == []


def test_a_cell_that_changes_anothers_frame_is_told_once() -> None:
    cells = (
        "import pandas as pd\ndf = pd.read_csv(source)",
        "df['a'] = df['a'].map({1: 2}).astype(int)\ndf.drop('b', axis=1, inplace=True)",
    )
    assert (
        found(Smell.NOT_IDEMPOTENT, *cells) == found(Smell.MUTATED_SHARED_FRAME, *cells) == [(1, 1)]
    )


def test_a_name_from_a_later_cell_and_one_from_nowhere_are_hidden_state() -> None:
    assert found(Smell.HIDDEN_STATE, "y = x", "x = 1", "z = gone") == [(0, 1), (2, 1)]


def test_a_module_may_export_what_it_does_not_read() -> None:
    assert found_in_script(Smell.DEAD_CODE, "LIMIT = 3\nnames = ['a']\n") == []
    assert found_in_script(Smell.UNUSED_IMPORT, "import os\nimport re\n__all__ = ['re']\n") == [1]


def test_in_a_module_only_numbers_about_data_are_magic() -> None:
    about_data = "def young(people):\n    return people[people['Age'] < 14]\n"
    about_sizes = "def limit(one):\n    return 7 + 5 * len(one['rows']) if len(one) > 12 else 3\n"
    assert found_in_script(Smell.MAGIC_NUMBER, about_data + about_sizes) == [2]
