"""Adopting: what a notebook's text says about it."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from support.builders import notebook_of

from nbkata.adopt.core.asserts import asserts_as_tests
from nbkata.adopt.core.blocked import Obstacle, in_order
from nbkata.adopt.core.first_look import module_name
from nbkata.adopt.core.needs import fetches, imports, install_command, reaches, worth_warming
from nbkata.adopt.core.obstacles import (
    as_written,
    changed_library,
    missing_data,
    missing_package,
    out_of_order,
    stopped_by,
)
from nbkata.adopt.core.path_plan import Copy, path_plan, with_paths
from nbkata.adopt.core.paths import Use, led_folders, path_uses
from nbkata.adopt.core.script import (
    headings,
    percent_script,
    rows_as_written,
    seam_obstacle,
    seam_script,
)
from nbkata.adopt.core.seeds import seeded
from nbkata.adopt.core.translate import translated, translated_cells
from nbkata.adopt.shell import environment
from nbkata.adopt.shell.data_files import find_files
from nbkata.adopt.shell.environment import missing_packages, own_modules
from nbkata.characterize.shell.characterize import formatted
from nbkata.child.shell.interpreter import Interpreter
from nbkata.notebook.core.notebook import Cell, CellKind, Notebook, notebook_from_json
from nbkata.notebook.core.run import Stopped, StopReason
from nbkata.smells.core.finding import Finding
from nbkata.smells.core.symbols import Smell


def cells(*sources):
    """Translated."""
    return translated_cells(notebook_from_json(notebook_of(*sources)))


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (
            "%matplotlib inline",
            "# %matplotlib inline  (set apart: plots are drawn without a window)",
        ),
        ("if x:\n    !ls", "if x:\n    pass  # !ls  (set apart: a command of the shell)"),
        ("%time y = f(3)", "y = f(3)  # %time y = f(3)"),
        ("%run other.py", "exec(open('other.py', encoding='utf-8').read())  # %run other.py"),
        ("y = %time f(3)", "y = f(3)  # y = %time f(3)"),
        ("here = %pwd", "here = __import__('os').getcwd()  # here = %pwd"),
        ("home = %env HOME", "home = __import__('os').environ['HOME']  # home = %env HOME"),
        ("x = 1", "x = 1"),
        ("s = '''\n%d\n'''", "s = '''\n%d\n'''"),
    ],
)
def test_a_line_of_ipython_is_translated_or_set_apart(source, code):
    assert translated(source, 0).code == code


def test_a_timed_cell_keeps_its_code_and_its_line_numbers():
    cell = translated("%%time\nx = 1\ny = 2", 4)
    assert cell.code.split("\n")[1:] == ["x = 1", "y = 2"]


def test_what_pip_installs_is_set_apart_with_the_reason():
    cell = translated("!pip install xgboost \\\n    lightgbm\nimport xgboost", 0)
    assert cell.code.split("\n")[0].startswith("# !pip install xgboost lightgbm  (set apart: ")
    assert cell.code.split("\n")[2] == "import xgboost"


def test_a_mounted_drive_is_set_apart_and_an_upload_reads_the_data_folder():
    cell = translated(
        "from google.colab import drive, files\ndrive.mount('/content/drive')\nup = files.upload()",
        0,
    )
    first, second, third = cell.code.split("\n")
    assert first.startswith("pass  #") and second.startswith("pass  #")
    assert third.startswith("up = {path.name: path.read_bytes()")


def test_a_cell_of_python_2_is_kept_as_a_comment():
    cell = translated("print 'old'", 0)
    assert "Python 2" in cell.problem and cell.code.endswith("# print 'old'")


def uses(*sources):
    """Text, root and use of each path."""
    return [(use.text, use.root, use.use.value) for use in path_uses(cells(*sources))]


def test_a_member_of_an_archive_is_no_file_that_could_be_missing():
    assert uses("z = ZipFile(io.BytesIO(page.content))\nz.open('sea/ice.dat').read()") == []
    assert uses("import gzip\ngzip.open('ice.csv.gz')") == [("ice.csv.gz", "ice.csv.gz", "read")]


def test_what_a_library_brings_with_it_is_no_file_that_could_be_missing():
    code = "china = load_sample_image('china.jpg')\nrows = cbook.get_sample_data('goog.npz')"
    assert uses(code, "china = imread('china.jpg')") == [("china.jpg", "china.jpg", "read")]


def test_paths_are_followed_through_names_joins_and_f_strings():
    assert uses(
        "DIR = '../input/'\nNAME = 'c.csv'",
        "pd.read_csv(DIR + 'a.csv')\npd.read_csv(f'{DIR}b.csv')",
        "pd.read_csv(os.path.join(DIR, NAME))\nopen(Path(DIR) / 'd.json')",
    )[2:] == [
        ("../input/a.csv", "../input/", "read"),
        ("../input/b.csv", "../input/", "read"),
        ("../input/c.csv", "../input/", "read"),
        ("../input/d.json", "../input/", "read"),
    ]


def test_what_is_written_is_told_from_what_is_read_and_a_url_is_no_path():
    code = "df.to_csv('out.csv')\nopen('log.txt', 'w')\npd.read_csv('https://host/x.csv')"
    assert uses(code) == [("out.csv", "out.csv", "write"), ("log.txt", "log.txt", "write")]


def test_a_file_found_elsewhere_is_copied_and_its_path_leads_into_the_data_folder():
    ours = cells("df = pd.read_csv('../input/titanic/train.csv')")
    found = path_uses(ours)
    plan = path_plan(found, {"../input/titanic/train.csv": "/home/me/train.csv"}, frozenset())
    assert plan.copies == (Copy("/home/me/train.csv", "data/train.csv"),)
    code = with_paths(ours[0].code, found, 0, plan.literals)
    assert code == 'df = pd.read_csv("data/train.csv")'


def test_a_folder_in_a_name_leads_into_the_data_folder_and_its_files_keep_their_names():
    ours = cells("D = '../input/'\nT = 'train.csv'", "df = pd.read_csv(D + T)\nd = df['train.csv']")
    found = path_uses(ours)
    plan = path_plan(found, {"../input/train.csv": "/x/train.csv"}, frozenset())
    code = [with_paths(cell.code, found, cell.cell, plan.literals) for cell in ours]
    assert code[0] == "D = \"data/\"\nT = 'train.csv'"


def test_a_missing_file_is_told_once_and_one_that_the_notebook_writes_is_not_missing():
    code = "pd.read_csv('a.csv')\npd.read_csv('a.csv')\ndf.to_csv('b.csv')\npd.read_csv('b.csv')"
    plan = path_plan(path_uses(cells(code)), {}, frozenset())
    assert [use.text for use in plan.missing] == ["a.csv"]


def test_a_folder_that_is_read_from_and_written_to_leads_into_the_data_folder():
    code = "R = 'D:/My Data'\ndf = pd.read_csv(f'{R}/raw/a.csv')\ndf.to_csv(f'{R}/clean/b.csv')"
    uses = path_uses(cells(code))
    for found in ({}, {"D:/My Data/raw/a.csv": "/home/me/a.csv"}):
        plan = path_plan(uses, found, frozenset())
        assert plan.literals == {"D:/My Data": "data"} and plan.folders == ("data/clean",)
    assert [copy.target for copy in plan.copies] == ["data/raw/a.csv"]


def test_a_missing_file_is_named_as_the_notebook_names_it():
    named = missing_data(path_uses(cells("pd.read_csv('D:/My Data/raw/a.csv')"))[0])
    met = stopped("FileNotFoundError: [Errno 2] No such file or directory: 'data/raw/a.csv'")
    other = stopped("FileNotFoundError: [Errno 2] No such file or directory: 'data/raw/b.csv'")
    assert as_written(met, [named]) is named and as_written(other, [named]) is other


def test_what_is_written_outside_of_the_workspace_goes_into_its_output_folder():
    found = path_uses(cells("df.to_csv('/kaggle/working/sub.csv')\nplt.savefig('plot.png')"))
    plan = path_plan(found, {}, frozenset())
    assert plan.literals == {"/kaggle/working/sub.csv": "output/sub.csv"}
    assert [use.use for use in found] == [Use.WRITE, Use.WRITE]


def test_an_import_that_the_code_can_do_without_is_guarded():
    answer = imports(
        cells("import pandas", "try:\n    import xgboost\nexcept ImportError:\n    pass")
    )
    assert [(item.module, item.cell, item.guarded) for item in answer] == [
        ("pandas", 0, False),
        ("xgboost", 1, True),
    ]


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("requests.get('https://host/x')", "network"),
        ("pd.read_csv('https://host/x.csv')", "network"),
        ("sns.load_dataset('tips')", "network"),
        ("n = int(input('how many?'))", "input"),
        ("key = os.environ['API_KEY']", "secret"),
        ("key = userdata.get('OPENAI_API_KEY')", "secret"),
        ("model = model.to(torch.device('cuda'))", "gpu"),
    ],
)
def test_a_call_that_reaches_for_what_may_not_be_there_is_known(code, what):
    assert [reach.what for reach in reaches(cells(code))] == [what]


def stopped(detail, cell=3, line=2):
    """What is told of a run that raised."""
    return stopped_by(Stopped(StopReason.RAISED, cell, detail, line), reaches(cells("x = 1")))


@pytest.mark.parametrize(
    ("detail", "kind", "words"),
    [
        ("ModuleNotFoundError: No module named 'xgboost'", Obstacle.PACKAGE, "package xgboost"),
        ("ImportError: Missing optional dependency 'openpyxl'.", Obstacle.PACKAGE, "openpyxl"),
        (
            "FileNotFoundError: [Errno 2] No such file or directory: 'data/x.csv'",
            Obstacle.DATA,
            "data file data/x.csv is not there",
        ),
        ("URLError: <urlopen error [Errno -3] name resolution>", Obstacle.NETWORK, "network"),
        ("StdinNotImplementedError: raw_input was called", Obstacle.INPUT, "input()"),
        ("MemoryError: ", Obstacle.MEMORY, "not enough memory"),
        ("RuntimeError: No CUDA GPUs are available", Obstacle.GPU, "graphics card"),
        ("ImportError: cannot import name 'jaccard' from 'sklearn'", Obstacle.OUTDATED, "jaccard"),
        (
            "TypeError: read_csv() got an unexpected keyword argument 'delim_whitespace'",
            Obstacle.OUTDATED,
            "delim_whitespace",
        ),
        (
            "AttributeError: 'DataFrame' object has no attribute 'append'",
            Obstacle.OUTDATED,
            "append",
        ),
        ("ImportError: PyEphem must be installed", Obstacle.PACKAGE, "the package PyEphem is not"),
        ("ImportError: it is not installed", Obstacle.OUTDATED, "it is not installed"),
        ("AttributeError: 'NoneType' object has no attribute 'fit'", Obstacle.RAISES, "fit"),
        ("KeyError: 'Age'", Obstacle.RAISES, "KeyError: 'Age'"),
        (
            "AssertionError: file doesn't exist: /tmp/nbkata-eqq7ai14/w/workspace/data/x.xlsx",
            Obstacle.DATA,
            "the data file data/x.xlsx is not there",
        ),
        (
            "FileNotFoundError: Required data file missing: /data/raw/sample_data.csv",
            Obstacle.DATA,
            "the data file /data/raw/sample_data.csv is not there",
        ),
        (
            "FileNotFoundError: [Errno 2] No such file or directory: '/tmp/nbkata-p7x4/w/workspace/a/b.csv'",
            Obstacle.DATA,
            "the data file a/b.csv is not there",
        ),
        ("ValueError: 'x.csv' is not in list", Obstacle.RAISES, "is not in list"),
        (
            "AttributeError: 'DatetimeProperties' object has no attribute 'weekday_name'",
            Obstacle.OUTDATED,
            "weekday_name",
        ),
        (
            "OSError: 'seaborn-white' is not a valid package style, path of style file",
            Obstacle.OUTDATED,
            "seaborn-white",
        ),
        ("ValueError: " + "much " * 60 + "use 'ME' instead", Obstacle.RAISES, "use 'ME' instead"),
    ],
)
def test_a_run_that_stops_is_told_by_its_reason_and_place(detail, kind, words):
    blocked = stopped(detail)
    assert blocked.kind is kind and words in str(blocked)
    assert str(blocked).startswith("cell 3, line 2: ") and blocked.command


def raised_by(code):
    """The notebook's end where this line raises, by the installed libraries themselves."""
    names = {"pd": pd, "np": np, "df": pd.DataFrame({"a": [1, 2], "b": ["x", "y"], "g": [1, 1]})}
    with pytest.raises(Exception) as raised:
        exec(code, names)  # pylint: disable=exec-used
    detail = f"{type(raised.value).__name__}: {raised.value}"
    return stopped_by(Stopped(StopReason.RAISED, 3, detail, 2), text=code)


DATES = "pd.to_datetime(pd.Series(['01/02/2000', '13/02/2000']))"


@pytest.mark.parametrize(
    ("code", "since", "instead"),
    [
        ("df.fillna(df.mean())", "pandas 2.0", "numeric_only=True"),
        ("df.astype({'b': object}).mean()", "pandas 2.0", "numeric_only=True"),
        ("df[['a', 'b']].median()", "pandas 2.0", "numeric_only=True"),
        ("df.groupby('g').mean()", "pandas 2.0", "numeric_only=True"),
        ("df.astype({'b': object}).groupby('g').mean()", "pandas 2.0", "numeric_only=True"),
        ("df.rolling(2).mean()", "pandas 2.0", "numeric_only=True"),
        ("df.corr()", "pandas 2.0", "numeric_only=True"),
        ("df.quantile(0.25)", "pandas 2.0", "numeric_only=True"),
        ("df.loc[0, 'a'] = 1.5", "pandas 3.0", "astype(float)"),
        ("df['a'].values[0] = 9", "pandas 3.0", "to_numpy(copy=True)"),
        (DATES, "pandas 2.0", "format='mixed'"),
        ("df.groupby('g')['a', 'b'].sum()", "pandas 2.0", "[['a', 'b']]"),
        ("d = pd.get_dummies(df['b']).to_numpy(); d - d", "pandas 2.0", "dtype=int"),
        ("np.array([[1, 2], [3]])", "NumPy 1.24", "dtype=object"),
        ("import math; math.exp(np.array([1.0, 2.0]))", "NumPy 1.25", "NumPy's own function"),
        ("np.array([1], dtype='uint8') + 300", "NumPy 2.0", "astype(int)"),
    ],
)
def test_what_a_library_does_in_another_way_now_is_said_with_its_version(code, since, instead):
    blocked = raised_by(code)
    assert blocked.kind is Obstacle.OUTDATED and since in blocked.what
    assert instead in blocked.command and ".." not in blocked.what and "\n" not in blocked.what


@pytest.mark.parametrize(
    ("code", "since"),
    [
        (
            "RandomForestClassifier(max_features='auto').fit([[1], [2]], [0, 1])",
            "Got 'auto' instead",
        ),
        (
            "StandardScaler().fit(df[['a']].assign(**{'c': 1}).rename(columns={'c': 0}))",
            "are numbers",
        ),
        ("StandardScaler().fit(df[['a', 'g']]).transform(df[['g', 'a']])", "should match"),
        ("StandardScaler().fit(df[['a', 'a']])", "'a' 2 times. Since scikit-learn 1.9"),
    ],
)
def test_what_scikit_learn_checks_now_is_said_with_its_version(code, since):
    imports = "from sklearn.ensemble import RandomForestClassifier\nfrom sklearn.preprocessing import StandardScaler\n"
    blocked = raised_by(imports + code)
    assert blocked.kind is Obstacle.OUTDATED and since in blocked.what
    assert "Since scikit-learn 1." in blocked.what and ".." not in blocked.what


@pytest.mark.parametrize(
    "code",
    [
        "df['b'].mean()",
        "df['b'].quantile(0.5)",
        "np.array([[1, 2], [3]], dtype=float)",
        "float('x')",
        "from datetime import datetime; datetime.strptime('01/02', '%Y')",
        "'a' - 'b'",
    ],
)
def test_what_was_always_wrong_is_not_put_down_to_a_new_version(code):
    blocked = raised_by(code)
    assert blocked.kind is Obstacle.RAISES and "ntil" not in blocked.what


def test_a_cell_that_prints_without_end_is_told_as_that():
    blocked = stopped_by(Stopped(StopReason.TOO_MUCH_OUTPUT, 3, "100 MB"))
    assert blocked.kind is Obstacle.OUTPUT
    assert str(blocked).startswith("cell 3: the cell printed more than 100 MB.")


def test_a_call_that_a_library_lost_is_told_with_what_to_write():
    message = ".append is gone since pandas 2.0: this line fails. Write pd.concat."
    finding = Finding("n.ipynb", 3, 2, 1, Smell.DEPRECATED_API, message)
    blocked = stopped("AttributeError: 'DataFrame' object has no attribute 'append'")
    told = changed_library(blocked, [finding])
    assert str(told) == "cell 3, line 2: .append is gone since pandas 2.0."
    assert (told.kind, told.command) == (Obstacle.OUTDATED, "Write pd.concat.")
    assert changed_library(blocked, [replace(finding, line=5)]) == blocked
    late = stopped("URLError: <urlopen error>")
    assert changed_library(late, [finding]) == late


def test_one_import_that_is_gone_is_asked_for_once():
    widgets = missing_package("IPython.html.widgets", True, 9, 1)
    html, other = (missing_package("IPython.html", True, 9, line) for line in (1, 2))
    assert in_order([widgets, html, other]) == (widgets, other)


def test_a_module_that_left_its_package_is_not_called_missing():
    blocked = missing_package("sklearn.cross_validation", True, 1, 2)
    assert blocked.kind is Obstacle.OUTDATED and "any more" in blocked.what


def test_what_is_fetched_is_told_with_its_cell():
    assert fetches(cells("x = 1", "t = sns.load_dataset('tips')")) == (
        "sns.load_dataset('tips') (cell 1)",
    )


def test_what_to_install_is_named_as_the_index_calls_it():
    assert install_command("cv2.xfeatures").startswith("python -m pip install opencv-python")


def test_only_a_package_that_is_known_by_its_name_is_offered_to_be_installed():
    assert "pip install xgboost" in missing_package("xgboost", False, 1, 2).command
    assert "pip install" not in missing_package("thinkstats", False, 1, 2).command


def test_modules_of_the_project_and_what_they_import_are_the_authors_own(tmp_path: Path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "lib" / "deep").mkdir(parents=True)
    (tmp_path / "lib" / "my_stats.py").write_text("import my_plots\nimport json\n")
    (tmp_path / "lib" / "deep" / "my_stats.py").write_text("")
    (tmp_path / "lib" / "my_plots.py").write_text("")
    (tmp_path / "lib" / "json.py").write_text("")
    (tmp_path / "my_tools").mkdir()
    (tmp_path / "my_tools" / "__init__.py").write_text("")
    home = tmp_path / "notebooks"
    home.mkdir()
    wanted = imports(cells("import my_stats, json", "from my_tools import tool", "import nowhere"))
    found = own_modules(wanted, home, ())
    assert found == {
        "my_stats": tmp_path / "lib" / "my_stats.py",
        "my_plots": tmp_path / "lib" / "my_plots.py",
        "my_tools": tmp_path / "my_tools",
    }


@pytest.mark.parametrize(
    ("code", "module"),
    [
        ("import sys\nsys.path.append('..')\nfrom mine.cleaning import clean", "mine"),
        ("from mine.cleaning import clean", "mine"),  # Jupyter was started in the folder above
        ("import sys\nsys.path.insert(0, '../mine')\nimport cleaning", "cleaning.py"),
        ("SRC = '../mine'\nsys.path.append(os.path.abspath(SRC))\nimport cleaning", "cleaning.py"),
        ("%cd ../mine\nimport cleaning", "cleaning.py"),
        ("os.chdir('..')\nimport mine.cleaning", "mine"),
    ],
)
def test_a_module_along_the_path_is_the_authors_own_without_git_and_init(tmp_path, code, module):
    (tmp_path / "mine" / "deep").mkdir(parents=True)
    (tmp_path / "mine" / "cleaning.py").write_text("import helping")
    (tmp_path / "mine" / "helping.py").write_text("")
    home = tmp_path / "notebooks"
    home.mkdir()
    ours = cells(code)
    found = own_modules(imports(ours), home, (), led_folders(ours))
    assert found["mine" if module == "mine" else "cleaning"].name == module
    assert module == "mine" or found["helping"] == tmp_path / "mine" / "helping.py"


def test_a_folder_above_that_has_a_known_packages_name_is_not_taken_for_it(tmp_path):
    home = tmp_path / "notebooks"
    home.mkdir()
    (tmp_path / "xgboost").mkdir()
    (tmp_path / "xgboost" / "try_it.py").write_text("")
    (tmp_path / "plots").mkdir()  # no code in it
    assert not own_modules(imports(cells("import xgboost, plots")), home, ())


def test_a_name_that_only_a_later_cell_makes_is_explained_by_the_order():
    ours = cells("x = 1", "for i in x:\n    print(data)", "if x:\n    data = x", "data = 2")
    detail = "NameError: name 'data' is not defined. Did you mean: 'date'?"
    blocked = out_of_order(Stopped(StopReason.RAISED, 1, detail, 2), ours)
    assert str(blocked) == (
        "cell 1, line 2: data is not made yet: cell 2 makes it, so the cells were run in another order."
    )
    assert blocked.command == "Move what needs data below cell 2, then adopt again."
    assert out_of_order(Stopped(StopReason.RAISED, 3, detail, 2), ours) is None
    assert out_of_order(Stopped(StopReason.RAISED, 1, "KeyError: 'data'", 2), ours) is None


def test_a_part_that_the_authors_own_package_lacks_is_never_called_a_package_to_install():
    detail = "ModuleNotFoundError: No module named 'src.models.train'"
    blocked = stopped_by(Stopped(StopReason.RAISED, 1, detail, 3), own=frozenset({"src"}))
    assert str(blocked) == (
        "cell 1, line 3: src is the notebook's own, and src.models.train is not in it."
    )
    assert blocked.command == "Add that file to src, then adopt again."
    other = "ModuleNotFoundError: No module named 'srcset'"
    assert "not installed" in str(stopped_by(Stopped(StopReason.RAISED, 1, other, 3)))


@pytest.mark.parametrize(
    "moves",
    ["os.chdir('Raw')", "%cd Raw", "folder = 'Raw'\nos.chdir(folder)", "os.chdir('./Raw/')"],
)
def test_data_is_found_in_the_folder_that_the_notebook_goes_to(tmp_path, moves):
    (tmp_path / "Raw").mkdir()
    (tmp_path / "Raw" / "fires.csv").write_text("a\n1\n")
    ours = cells(f"import os\n{moves}", "df = pd.read_csv('fires.csv')")
    uses = path_uses(ours)
    plan = path_plan(uses, *find_files(uses, tmp_path, (), led_folders(ours)))
    assert not plan.missing and [copy.target for copy in plan.copies] == ["data/fires.csv"]
    code = with_paths(ours[0].code, uses, 0, plan.literals)
    assert not re.search(
        r"^os\.chdir", code, re.MULTILINE
    )  # what it reads leads from the workspace


def test_a_loop_that_changes_the_folder_for_each_of_many_stays():
    assert "\n    os.chdir(one)" in translated("for one in folders:\n    os.chdir(one)", 0).code


@pytest.mark.parametrize(
    ("source", "proposed"),
    [
        ("a, b = train_test_split(X, y)", "a, b = train_test_split(X, y, random_state=42)"),
        ("rng = np.random.default_rng()", "rng = np.random.default_rng(42)"),
        ("clf = RandomForestClassifier()", "clf = RandomForestClassifier(random_state=42)"),
        ("x = np.random.rand(3)", "np.random.seed(42)  # once, in the first cell"),
    ],
)
def test_a_seed_is_proposed_where_it_belongs(source, proposed):
    assert seeded(source) == proposed


def test_the_percent_script_leads_back_to_the_cells():
    notebook = notebook_from_json(notebook_of("a = 1", "b = 2\nc = 3"))
    script = percent_script(notebook, translated_cells(notebook), "x.ipynb")
    line = script.text.split("\n").index("c = 3") + 1
    assert (script.cell_at(line), script.line_in_cell(line)) == (1, 2)


def run_seam(text, **names):
    """What the generated function returns."""
    namespace = {"__name__": "seam", **names}
    exec(compile(text, "seam", "exec"), namespace)  # pylint: disable=exec-used # generated code
    return namespace["run"]()


def test_the_seam_gives_back_the_results_and_leaves_long_texts_as_they_are():
    ours = cells(
        "text = '''\n  two\nlines'''\nfrom math import *",
        "def f(x):\n    return x + n",
        "n = 2\ny = f(pi)",
    )
    text = seam_script(ours, ["text", "y"], "x.ipynb", False)
    assert run_seam(text) == {"text": "\n  two\nlines", "y": 2 + 3.141592653589793}


@pytest.mark.parametrize(
    "code",
    [
        "def f():\n    global n\n    n = 1",
        "exec('a = 1')",
        "print(sum([1]))\nsum = 3",
        "if __name__ == '__main__':\n    a = 1",
    ],
)
def test_cells_that_would_do_something_else_inside_a_function_are_not_wrapped(code):
    assert seam_obstacle(cells(code))


@pytest.mark.parametrize(
    ("stem", "module"),
    [
        ("My Notebook (1)", "my_notebook_1"),
        ("01-intro", "nb_01_intro"),
        ("é", "notebook"),
        ("pandas", "nb_pandas"),
        ("proctor_test", "proctor_test_nb"),
        ("Test Run", "nb_test_run"),
    ],
)
def test_the_script_gets_a_name_that_can_be_imported(stem, module):
    assert module_name(stem) == module


def test_the_headings_above_a_cell_are_its_section_in_the_seam():
    kinds = (CellKind.MARKDOWN, CellKind.MARKDOWN, CellKind.CODE, CellKind.CODE)
    texts = ("# Sales\nof a year", "## Read them ##\n\nno heading", "n = 2", "m = n")
    document = Notebook(tuple(map(Cell, range(4), kinds, texts)))
    assert headings(document) == {2: ("Sales", "Read them")}
    text = seam_script(translated_cells(document), ["m"], "x.ipynb", False, headings(document))
    assert "    # Sales\n    # Read them\n    # cell 2\n    n = 2\n\n    # cell 3\n" in text
    assert run_seam(text) == {"m": 2}


@pytest.mark.parametrize(
    ("code", "file"),
    [
        ('Path.cwd().parents[1] / "data" / "a.csv"', "../../data/a.csv"),
        ("pathlib.Path(os.getcwd()).parent.parent / 'data' / 'a.csv'", "../../data/a.csv"),
        ("Path().resolve().parent / 'a.csv'", "../a.csv"),
        ("Path.cwd() / 'a.csv'", "a.csv"),
    ],
)
def test_a_path_that_climbs_from_the_working_folder_is_known_by_reading(code, file):
    uses = path_uses(cells(f"FILE = {code}", "df = pd.read_csv(FILE)"))
    assert {use.text for use in uses} == {file}
    plain = "here = Path.cwd()\nname = Path.cwd().name"
    assert translated(plain, 0).code == plain


@pytest.mark.parametrize("magic", ["timeit -o", "timeit -q -o -n 10 -r 3"])
def test_what_timeit_measures_has_the_names_that_ipython_gives_it(magic):
    told = translated(f"took = %{magic} sum([1, 2])", 0)
    names: dict[str, Any] = {}
    exec(told.code, names)  # pylint: disable=exec-used # the translation of this test
    took = names["took"]
    assert 0 < took.best <= took.average < 10 and len(took.all_runs) == took.repeat
    assert [note.why for note in told.notes] == [
        "translated: Python measures it, once; the times differ between runs"
    ]


def test_a_long_array_stays_as_it_was_written_in_the_seam():
    rows = "\n".join(f"        [{n}, {n + 1}, {n + 2}],  # of day {n}" for n in range(3))
    long = f"    x = np.array([{', '.join(map(str, range(40)))}])"
    code = f"def run():\n    y=1\n{long}\n    if y:\n    {long}\n    z = [\n{rows}\n    ]\n    return x, z\n"
    told = rows_as_written(code, formatted(code))
    assert told.count("\n") == code.count("\n") and "    y = 1\n" in told
    assert f"\n{long}\n" in told and f"\n    {long}\n" in told and rows in told


def test_what_a_captured_cell_prints_goes_to_its_name():
    ours = cells("%%capture out\nprint('two')\nlong = '''a\nb'''", "said = out.stdout")
    assert ours[0].code.split("\n")[1] == "    print('two')"  # lines keep their numbers
    assert run_seam(seam_script(ours, ["said", "long"], "x.ipynb", False)) == {
        "said": "two\n",
        "long": "a\nb",
    }
    assert translated("%%capture\nx = 1", 0).code.split("\n")[1] == "x = 1"


def test_figures_are_closed_between_cells_where_a_cell_asks_for_the_open_one():
    draw = "import matplotlib.pyplot as plt\nplt.plot([1, 2])"
    document = notebook_from_json(notebook_of(draw, "n = len(plt.get_fignums())"))
    script = percent_script(document, translated_cells(document), "x.ipynb").text
    assert script.count("plt.close(") == 1
    namespace = {}
    exec(compile(script, "script", "exec"), namespace)  # pylint: disable=exec-used # generated
    assert namespace["n"] == 0
    for other in ("plt.figure()\nplt.plot([3])", "ax = plt.subplots()[1]\nax.plot([3])", "x = 1"):
        document = notebook_from_json(notebook_of(draw, other))
        assert "close" not in percent_script(document, translated_cells(document), "x.ipynb").text


@pytest.mark.parametrize(
    "second", ["plt.plot([day], [1])", "plt.style.use('ggplot')\npd.Series([1], [day]).plot()"]
)
def test_a_cell_that_draws_without_a_figure_of_its_own_gets_a_new_one_in_the_script(second):
    """Dates on an axis of texts raise: in Jupyter each cell draws on a new figure."""
    first = "import datetime\nimport matplotlib.pyplot as plt\nimport pandas as pd\n"
    first += "day = datetime.datetime(2020, 1, 1)\nplt.plot(['a', 'b'], [1, 2])"
    document = notebook_from_json(notebook_of(first, second))
    script = percent_script(document, translated_cells(document), "x.ipynb").text
    script += "plt.close('all')  # the last cell's\n"
    exec(compile(script, "script", "exec"), {})  # pylint: disable=exec-used # generated


def test_asserts_about_functions_become_tests_and_those_about_what_may_change_do_not():
    ours = cells(
        "def double(x):\n    return 2 * x\nn = 3",
        "assert double(2) == 4\nassert n == 3\nassert double(n) == 6",
        "assert (\n    double(0)\n    == 0\n), 'zero'",
    )
    text, count = asserts_as_tests("sums", ours)
    assert count == 2
    head, _, tests = text.partition("from sums import double\n")
    assert head.startswith('"""') and "n == 3" not in tests and "double(n)" not in tests
    namespace = {"double": lambda x: 2 * x}
    exec(compile(tests, "tests", "exec"), namespace)  # pylint: disable=exec-used # generated
    namespace["test_cell_1"]()
    namespace["test_cell_2"]()
    namespace["double"] = lambda x: x + 1
    with pytest.raises(AssertionError):
        namespace["test_cell_1"]()
    with pytest.raises(AssertionError, match="zero"):
        namespace["test_cell_2"]()
    assert asserts_as_tests("sums", ours[:1]) == ("", 0)


def test_what_a_projects_python_can_import_is_asked_once_for_all_modules(tmp_path, monkeypatch):
    asked = []

    def ask(_, modules, **__):
        asked.append(modules)
        return ["os", "os.path"]

    project = Interpreter(str(tmp_path), (3, 11, 0), "", {}, frozenset())
    monkeypatch.setattr(environment, "project_python", lambda: project)
    monkeypatch.setattr(environment, "ask", ask)
    wanted = imports(cells("import os.path\nimport never\nfrom os import sep"))
    assert not own_modules(wanted, tmp_path, ())
    missing = missing_packages(wanted, frozenset())
    assert "never" in str(missing[0]) and len(missing) == len(asked) == 1


def test_only_libraries_that_start_no_thread_are_imported_ahead():
    wanted = imports(
        cells("import pandas as pd, tensorflow\nfrom sklearn.svm import SVC\nimport mine")
    )
    assert worth_warming(wanted) == ("pandas", "sklearn.svm")
