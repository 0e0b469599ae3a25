"""What the text of a function says: every impure one flagged at its line, every pure one passed."""

from pathlib import Path

import pytest

from nbkata.common.core.refusal import Refusal
from nbkata.purity.core.findings import Finding, Sure, impure
from nbkata.dataflow.core.modules import Module, module_from_source
from nbkata.purity.core.static import ON_IMPORT, FunctionText, read_functions
from nbkata.purity.core.verdict import Verdict, checked_functions

DATA = Path(__file__).parents[1] / "data" / "purity"
NEEDS_A_CALL = {"edits_a_view", "depends_on_hash_order", "edits_lists_in_cells"}
"""Only types, or another process, show these; test_purity.py does."""


def read(source: str, name: str = "features") -> tuple[FunctionText, ...]:
    """What the text of a module says of its functions."""
    module = module_from_source(source, name, f"{name}.py")
    assert isinstance(module, Module)
    return read_functions([module])


def strong(text: FunctionText) -> list[Finding]:
    """What decides without a call."""
    return [finding for finding in text.findings if finding.sure > Sure.POSSIBLE]


def texts_of(name: str) -> list[FunctionText]:
    """The functions of one of the lists."""
    return list(read((DATA / f"{name}.py").read_text(encoding="utf-8"), name))


def marked(text: FunctionText) -> list[int]:
    """The lines of the function that are to be flagged; its decorators' lines count."""
    lines = (DATA / text.path).read_text(encoding="utf-8").splitlines()
    first = text.line - 1 if lines[text.line - 2].startswith("@") else text.line
    return [n for n in range(first, text.end_line + 1) if lines[n - 1].endswith("# <-")]


ALL_IMPURE = [*texts_of("impure"), *texts_of("more_impure")]
IMPURE = [text for text in ALL_IMPURE if marked(text) and text.name not in NEEDS_A_CALL]
PURE = [*texts_of("pure"), *texts_of("more_pure")]


def test_both_lists_are_long_enough():
    assert len(IMPURE) >= 120
    assert len(PURE) >= 110


@pytest.mark.parametrize("text", IMPURE, ids=lambda text: text.name)
def test_an_impure_function_is_flagged_at_the_line_that_makes_it_so(text: FunctionText):
    assert {finding.line for finding in strong(text)} == set(marked(text))


@pytest.mark.parametrize("text", PURE, ids=lambda text: text.name)
def test_a_pure_function_is_passed(text: FunctionText):
    assert strong(text) == []


def messages(source: str) -> list[tuple[int, str]]:
    """Line and text of each."""
    return [(f.line, f.message) for text in read(source) for f in strong(text)]


def test_a_finding_says_what_is_edited_and_how():
    assert messages("def f(df):\n    table = df\n    table['Age'] = 1\n") == [
        (3, "edits its argument df: table['Age'] = 1")
    ]


def test_an_edit_by_a_called_function_is_told_at_the_call_with_the_place_of_the_edit():
    source = "def g(t):\n    t['a'] = 1\n\ndef f(df):\n    g(df)\n"
    assert messages(source)[-1] == (
        5,
        "edits its argument df: passes it to g(), which edits it: t['a'] = 1 (features.py, line 2)",
    )


def test_output_by_a_function_called_two_calls_down_is_told_at_the_first_call():
    source = "def a():\n    print(1)\n\ndef b():\n    a()\n\ndef c():\n    b()\n"
    assert messages(source)[-1] == (8, "calls b(), which prints: print(1) (features.py, line 2)")


def test_a_copy_on_one_path_alone_leaves_a_likely_edit():
    (text,) = read("def f(df, keep):\n    if keep:\n        df = df.copy()\n    df['a'] = 1\n")
    assert [(f.line, f.sure) for f in text.findings] == [(4, Sure.LIKELY)]


def test_a_return_before_the_edit_does_not_end_the_reading_of_the_other_path():
    source = "def f(df):\n    if df.empty:\n        return df\n    df['a'] = 1\n    return df\n"
    assert [line for line, _ in messages(source)] == [4]


def test_what_follows_a_return_is_not_read():
    assert messages("def f(df):\n    return df\n    df['a'] = 1\n") == []


def test_a_function_of_another_module_of_the_project_is_followed():
    helper = module_from_source("def save(x):\n    open('a', 'w').write(x)\n", "io_", "io_.py")
    user = module_from_source(
        "from io_ import save as keep\n\ndef f(x):\n    keep(x)\n", "m", "m.py"
    )
    assert isinstance(helper, Module) and isinstance(user, Module)
    text = read_functions([user, helper])[0]
    assert [f.line for f in text.findings] == [4]
    assert "which writes a file: open('a', 'w') (io_.py, line 2)" in text.findings[0].message


def test_a_global_that_is_read_from_a_file_on_import_is_a_hidden_input():
    source = "import pandas as pd\nDATA = pd.read_csv('a.csv')\nAGES = DATA['Age']\n\n"
    source += "def mean():\n    return AGES.mean()\n"
    on_import, mean = read(source)
    assert (on_import.name, on_import.findings[0].line) == (ON_IMPORT, 2)
    assert mean.findings[0].message == (
        "reads the global AGES, which is read from a file when the module is imported"
    )


def test_a_global_that_another_function_changes_is_a_hidden_input():
    source = "STATE = {}\n\ndef put(x):\n    STATE['a'] = x\n\ndef get():\n    return STATE['a']\n"
    assert messages(source)[-1] == (7, "reads the global STATE, which put() (line 4) changes")


def test_training_on_import_is_told():
    source = "from sklearn.svm import SVC\nmodel = SVC()\nmodel.fit([[1]], [1])\n"
    (text,) = read(source)
    assert (text.name, [f.line for f in text.findings]) == (ON_IMPORT, [3])


def test_what_stands_under_the_main_guard_is_not_done_on_import():
    assert read('if __name__ == "__main__":\n    print(open("a").read())\n') == ()


def test_a_library_under_another_name_is_known_by_its_import():
    source = "from os import environ as e, path\nimport time as t\n\n"
    source += "def f():\n    return e['A']\n\ndef g():\n    return path.exists('a')\n\n"
    source += "def h():\n    clock = t.time\n    return clock()\n"
    assert [line for line, _ in messages(source)] == [5, 8, 12]


def test_a_name_that_shadows_a_builtin_is_no_builtin():
    source = "def open(x):\n    return x\n\ndef f(x):\n    return open(x)\n\ndef g(print):\n    print(1)\n"
    assert messages(source) == []


def test_warnings_that_are_caught_are_contained():
    source = "import warnings\n\ndef f(x):\n    with warnings.catch_warnings():\n"
    source += "        warnings.simplefilter('ignore')\n        return x\n"
    assert messages(source) == []


def test_python_2_is_refused_with_its_line():
    refusal = module_from_source("x = 1\nprint x\n", "old", "old.py")
    assert isinstance(refusal, Refusal)
    assert refusal.where == "old.py, line 2"


LEARNER = """
class Filler:
    def {method}(self, rows):
        {does}
        return self


def {method}(self, rows):
    self.mean_ = rows.mean()
"""


@pytest.mark.parametrize(
    ("method", "does", "verdict"),
    [
        ("fit", "self.mean_ = rows.mean()", Verdict.UNEXERCISED),
        ("fit_transform", "self.mean_ = rows.mean()", Verdict.UNEXERCISED),
        ("transform", "self.mean_ = rows.mean()", Verdict.IMPURE),
        ("partial_fit", "self.mean_ = rows.mean()", Verdict.IMPURE),
        ("fit", "rows['b'] = 1", Verdict.IMPURE),
        ("fit", "print(rows)", Verdict.IMPURE),
    ],
)
def test_a_method_that_learns_may_change_its_own_object_and_nothing_else(
    method: str, does: str, verdict: Verdict
):
    code = LEARNER.format(method=method, does=does)
    judged = {one.name: one for one in checked_functions(read(code), (), "nothing was run")}
    assert judged[f"Filler.{method}"].verdict is verdict
    assert judged[method].verdict is Verdict.IMPURE, "no class: no protocol"


def test_who_fits_what_was_given_changes_it():
    code = LEARNER.format(method="fit", does="self.mean_ = 1") + (
        "\n\ndef train(rows):\n    return Filler().fit(rows)\n"
        "\n\ndef learn(filler: Filler, rows):\n    filler.mean_ = 2\n"
    )
    found = {text.name: impure(text.name, text.findings) for text in read(code)}
    assert not found["train"] and found["learn"]
