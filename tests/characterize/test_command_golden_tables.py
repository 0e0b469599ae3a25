"""A golden table is proven when it is approved: unchanged code is green, one other value is red.

The functions that are tried are those of a generated test file; they know nothing of nbkata.
"""

import importlib.util
import json
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.builders import ROOT, completed_inside, pytest_there, write_json, written_long_ago

from nbkata.characterize.core.characterize import Plan, Source
from nbkata.characterize.core.characterize import test_file as file_of
from nbkata.characterize.shell.approve import keep

# Two expressions each: a table, and one that differs from it in one value, type or label.
TABLES = {
    "no rows": ("pd.DataFrame({'a': [], 'b': []})", "pd.DataFrame({'a': [1.0], 'b': [2.0]})"),
    "no rows of text": ("pd.DataFrame({'a': pd.Series([], dtype='str')})", "pd.DataFrame({'a': []})"),
    "no columns": ("pd.DataFrame(index=[1, 2])", "pd.DataFrame(index=[1, 3])"),
    "no columns, an empty label": ("pd.DataFrame(index=['', 'a'])", "pd.DataFrame(index=['', ''])"),
    "nothing": ("pd.DataFrame()", "pd.DataFrame({'a': []})"),
    "two columns of one name": (
        "pd.DataFrame([[1, 2], [3, 4]], columns=['a', 'a'])",
        "pd.DataFrame([[1, 2], [3, 5]], columns=['a', 'a'])",
    ),
    "columns that pandas would mangle": (
        "pd.DataFrame([[1, 2]], columns=['a', 'a.1'])",
        "pd.DataFrame([[1, 2]], columns=['a', 'a'])",
    ),
    "rows by two labels": (
        "pd.DataFrame({'n': [1, 2]}, index=pd.MultiIndex.from_tuples([('a', 1), ('b', 2)]))",
        "pd.DataFrame({'n': [1, 2]}, index=pd.MultiIndex.from_tuples([('a', 1), ('b', 3)]))",
    ),
    "levels of another type": (
        "pd.DataFrame({'n': [1]}, index=pd.MultiIndex.from_arrays([np.array([1], 'i4'), ['a']]))",
        "pd.DataFrame({'n': [1]}, index=pd.MultiIndex.from_arrays([np.array([1], 'i8'), ['a']]))",
    ),
    "columns by two labels": (
        "pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([('a', 1), ('a', 2)]))",
        "pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([('a', 1), ('a', '2')]))",
    ),
    "a category that is not used": (
        "pd.Series(pd.Categorical(['a'], ['a', 'b']))",
        "pd.Series(pd.Categorical(['a'], ['a', 'c']))",
    ),
    "the order of categories": (
        "pd.Series(pd.Categorical(['a'], ['a', 'b'], ordered=True))",
        "pd.Series(pd.Categorical(['a'], ['b', 'a'], ordered=True))",
    ),
    "one of many categories": (
        "pd.Series(pd.Categorical([0], range(300)))",
        "pd.Series(pd.Categorical([0], [*range(150), 999, *range(151, 300)]))",
    ),
    "objects of many types": (
        "pd.Series([1, 'a', None, 2.5, True, b'x'], dtype=object)",
        "pd.Series([1, 'a', None, 2.5, 1, b'x'], dtype=object)",
    ),
    "texts like numbers": ("pd.Series(['NA', '1.0', 'True'])", "pd.Series(['NA', '1.00', 'True'])"),
    "empty or missing": ("pd.Series(['', None, 'a'])", "pd.Series([None, None, 'a'])"),
    "called missing": ("pd.Series(['<missing>', None])", "pd.Series([None, None])"),
    "leading zeros": ("pd.Series(['007', '7'])", "pd.Series(['7', '7'])"),
    "blanks": ("pd.Series([' a', 'a ', '\\t'])", "pd.Series(['a', 'a ', '\\t'])"),
    "lines": (r"pd.Series(['a\nb', 'a\r\nb', 'a\rb'])", r"pd.Series(['a\nb', 'a\nb', 'a\rb'])"),
    "one line, or two": (r"pd.Series(['a\rb'])", r"pd.Series(['a\nb'])"),
    "quotes": ("pd.Series(['\"a\"', \"'b'\", ','])", "pd.Series(['\"a\"', 'b', ','])"),
    "NUL": (r"pd.Series(['a\0b'])", r"pd.Series(['a'])"),
    "half a character": (r"pd.Series(['\ud800'], dtype=object)", r"pd.Series(['\ud801'], dtype=object)"),
    "a long text": ("pd.Series(['a' * 200_000])", "pd.Series(['a' * 199_999 + 'b'])"),
    "numbers as columns": ("pd.DataFrame([[1]], columns=[1])", "pd.DataFrame([[1]], columns=['1'])"),
    "None as a column": ("pd.DataFrame([[1]], columns=[None])", "pd.DataFrame([[2]], columns=[None])"),
    "dates as columns": (
        "pd.DataFrame([[1]], columns=[pd.Timestamp('2020')])",
        "pd.DataFrame([[1]], columns=[pd.Timestamp('2021')])",
    ),
    "columns of many types": (
        "pd.DataFrame([[1, 2]], columns=['a', 1])",
        "pd.DataFrame([[1, 2]], columns=['a', 1.0])",
    ),
    "a column with lines": (r"pd.DataFrame([[1]], columns=['a\r\n'])", r"pd.DataFrame([[1]], columns=['a\n'])"),
    "labels of many types": (
        "pd.Series([1, 2], index=pd.Index([1, 'a'], dtype=object))",
        "pd.Series([1, 2], index=pd.Index(['1', 'a'], dtype=object))",
    ),
    "a missing label": ("pd.Series([1, 2], index=['a', None])", "pd.Series([1, 2], index=['a', 'nan'])"),
    "labels that are categories": (
        "pd.Series([1], index=pd.CategoricalIndex([1]))",
        "pd.Series([1], index=pd.CategoricalIndex(['1']))",
    ),
    "a label": ("pd.Series([1, 2], index=['a', 'b'])", "pd.Series([1, 2], index=['a', 'c'])"),
    "a label with lines": (r"pd.Series([1], index=['a\r'])", r"pd.Series([1], index=['a'])"),
    "a label twice": ("pd.Series([1, 2], index=['a', 'a'])", "pd.Series([1, 3], index=['a', 'a'])"),
    "the name of the index": (
        "pd.Series([1], index=pd.Index(['a'], name='id'))",
        "pd.Series([1], index=pd.Index(['a'], name='key'))",
    ),
    "the name of a series": ("pd.Series([1], name='a')", "pd.Series([1], name='b')"),
    "a number as the name": ("pd.Series([1], name=0)", "pd.Series([1])"),
    "whole numbers and NA": (
        "pd.Series([1, None], dtype='Int64')",
        "pd.Series([1, 0], dtype='Int64')",
    ),
    "booleans and NA": ("pd.Series([True, None], dtype='boolean')", "pd.Series([True, False], dtype='boolean')"),
    "strings and NA": ("pd.Series(['a', None], dtype='string')", "pd.Series(['a', '<NA>'], dtype='string')"),
    "another dtype": ("pd.Series([1, 2], dtype='int32')", "pd.Series([1, 2], dtype='int64')"),
    "time zones": (
        "pd.Series(pd.to_datetime(['2020-01-01'])).dt.tz_localize('UTC')",
        "pd.Series(pd.to_datetime(['2020-01-01'])).dt.tz_localize('Europe/Berlin')",
    ),
    "a nanosecond": ("pd.Series([pd.Timestamp(1)])", "pd.Series([pd.Timestamp(2)])"),
    "no date": ("pd.Series([pd.NaT, pd.Timestamp(1)])", "pd.Series([pd.Timestamp(0), pd.Timestamp(1)])"),
    "periods": ("pd.Series(pd.period_range('2020', periods=2, freq='M'))", "pd.Series(pd.period_range('2020', periods=2, freq='Q'))"),
    "durations": ("pd.Series([pd.Timedelta(1)])", "pd.Series([pd.Timedelta(2)])"),
    "intervals": ("pd.Series(pd.interval_range(0, 2))", "pd.Series(pd.interval_range(0, 2, closed='left'))"),
    "sparse": ("pd.Series(pd.arrays.SparseArray([0, 0, 1]))", "pd.Series(pd.arrays.SparseArray([0, 0, 2]))"),
    "complex": ("pd.Series([1 + 2j])", "pd.Series([1 - 2j])"),
    "lists": ("pd.Series([[1, [2]], {'a': 1}])", "pd.Series([[1, [3]], {'a': 1}])"),
    "long arrays": (
        "pd.Series([np.arange(5000.0)])",
        "pd.Series([np.where(np.arange(5000) == 2500, 0.5, np.arange(5000.0))])",
    ),
    "exact arrays": ("pd.Series([np.array([0.1])])", "pd.Series([np.array([0.1 + 1e-16])])"),
    "tables in cells": (
        "pd.Series([pd.DataFrame({'a': range(500)})])",
        "pd.Series([pd.DataFrame({'a': [*range(250), 0, *range(251, 500)]})])",
    ),
    "minus zero": ("pd.Series([-0.0])", "pd.Series([0.0])"),
    "infinite": ("pd.Series([float('inf'), float('nan')])", "pd.Series([float('-inf'), float('nan')])"),
    "tiny": ("pd.Series([1e-320])", "pd.Series([0.0])"),
    "the last bit": ("pd.Series([0.1])", "pd.Series([np.nextafter(0.1, 1)])"),
    "beyond 2**53": ("pd.Series([2**53 + 1])", "pd.Series([2**53])"),
    "beyond 64 bits": ("pd.Series([2**70], dtype=object)", "pd.Series([2**70 + 1], dtype=object)"),
    "long doubles": ("pd.Series([np.longdouble(1)])", "pd.Series([np.longdouble(2)])"),
    "wide": ("pd.DataFrame(np.zeros((1, 3000)))", "pd.DataFrame(np.arange(3000) // 2999 * 1.0).T"),
    "long": ("pd.DataFrame({'a': range(50_000)})", "pd.DataFrame({'a': [*range(49_999), 0]})"),
    "index": ("pd.Index(['a', 'b'])", "pd.Index(['a', 'c'])"),
    "index of dates": ("pd.date_range('2020', periods=2)", "pd.date_range('2021', periods=2)"),
    "array": ("np.array([1.0, 2.0])", "np.array([1.0, 2.5])"),
    "array, flat or not": ("np.array([[1], [2]])", "np.array([1, 2])"),
    "array without dimension": ("np.array(5)", "np.array([5])"),
    "array of records": (
        "np.array([(1, 2.0)], dtype=[('a', 'i4'), ('b', 'f8')])",
        "np.array([(1, 2.0)], dtype=[('a', 'i4'), ('b', 'f4')])",
    ),
    "array of records of arrays": (
        "np.array([(1, (2, 3))], dtype=[('a', 'i4'), ('b', 'f8', 2)])",
        "np.array([(1, (2, 4))], dtype=[('a', 'i4'), ('b', 'f8', 2)])",
    ),
    "array of texts": ("np.array(['a', 'b'])", "np.array(['a', 'b'], dtype='U2')"),
    "array of bytes": ("np.array([b'a'])", "np.array([b'b'])"),
    "array of days": ("np.array(['2020-01-01'], 'M8[D]')", "np.array(['2020-01-01'], 'M8[s]')"),
    "array without rows": ("np.zeros((0, 3))", "np.zeros((0, 2))"),
    "masked": ("np.ma.array([1, 2], mask=[0, 1])", "np.ma.array([1, 2], mask=[1, 0])"),
    "sparse matrix": ("sparse.csr_matrix([[0, 1]])", "sparse.csr_matrix([[0, 2]])"),
}  # fmt: skip

VALUES = {
    "float": ("0.1", "np.nextafter(0.1, 1)"),
    "bool or int": ("True", "1"),
    "text": ("'a'", "'b'"),
    "half a character": (r"'\ud800'", r"'\ud801'"),
    "a long text": ("'a' * 5000", "'a' * 4999 + 'b'"),
    "a long text with half a character": (r"'\ud800' * 5000", r"'\ud800' * 4999"),
    "list of arrays": ("[np.arange(5000)]", "[np.append(np.arange(4999), 0)]"),
    "dict of tables": ("{'a': pd.DataFrame({'b': [0.1]})}", "{'a': pd.DataFrame({'b': [0.1 + 1e-16]})}"),
    "a set in a dict": ("{'a': {'x', 'y'}}", "{'a': {'x', 'z'}}"),
    "tuple": ("(1,)", "[1]"),
    "NaN": ("float('nan')", "None"),
}  # fmt: skip


def made(expression: str) -> Any:
    """The value of one of these expressions."""
    from scipy import sparse  # pylint: disable=import-outside-toplevel # for one of them

    # pylint: disable-next=eval-used # of the tables above alone
    return eval(expression, {"pd": pd, "np": np, "sparse": sparse})


def loaded(path: Path) -> Any:
    """A test file as a module."""
    spec = importlib.util.spec_from_file_location("generated", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def generated(
    folder: Path, tables: tuple[str, ...] = (), values: tuple[str, ...] = (), rows: bool = True
) -> Any:
    """The module that a generated test file is."""
    script, here = PurePosixPath("../job.py"), PurePosixPath("..")
    plan = Plan(Source.FUNCTION, script, here, tables, values, function="run", keeps_rows=rows)
    path = folder / "test_characterization.py"
    path.write_text(file_of(plan), encoding="utf-8")
    return loaded(path)


def moved(tests: Any, test: Any, value: Any) -> str:
    """What the generated test says of this value; empty if it is green."""
    try:
        test(({"it": value}, {}), "it")
    except (AssertionError, tests.pytest.fail.Exception) as error:
        return str(error) or "red"
    return ""


@pytest.mark.parametrize(("before", "after"), TABLES.values(), ids=TABLES)
def test_a_table_is_green_as_it_was_and_red_when_one_value_changed(
    tmp_path: Path, before: str, after: str
):
    tests = generated(tmp_path, tables=("it",))
    assert not keep(tests, {"it": made(before)}, {}, tmp_path)
    assert not moved(tests, tests.test_table_is_as_approved, made(before))
    assert "it" in moved(tests, tests.test_table_is_as_approved, made(after))


@pytest.mark.parametrize(("before", "after"), VALUES.values(), ids=VALUES)
def test_a_value_is_green_as_it_was_and_red_when_it_changed(
    tmp_path: Path, before: str, after: str
):
    tests = generated(tmp_path, values=("it",))
    assert not keep(tests, {"it": made(before)}, {}, tmp_path)
    assert not moved(tests, tests.test_value_is_as_approved, made(before))
    assert moved(tests, tests.test_value_is_as_approved, made(after))


@pytest.mark.parametrize(("before", "after"), TABLES.values(), ids=TABLES)
def test_a_stages_check_sums_are_of_any_table(before: str, after: str):
    tests = generated_notebook()
    assert tests.checksums({"it": made(before)}) == tests.checksums({"it": made(before)})
    assert made(after) is not None


def generated_notebook() -> Any:
    """The module that the committed tests of the messy notebook are."""
    return loaded(ROOT / "tests" / "characterization" / "test_characterization.py")


def test_check_sums_tell_two_columns_of_one_name_apart():
    tests = generated_notebook()
    frames = [pd.DataFrame([[n, 2]], columns=["a", "a"]) for n in (1, 3)]
    assert tests.checksums({"it": frames[0]}) != tests.checksums({"it": frames[1]})


cells = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5),
    st.sampled_from(["NA", "", "1.0", "<missing>", "\r", "\n", '"', "\ud800", "007", "nan", "'a'"]),
)  # fmt: skip
labels = st.one_of(st.integers(-3, 3), st.text(max_size=3), st.none())


@st.composite
def small_tables(draw: Any) -> pd.DataFrame:
    """Small tables of anything."""
    rows, columns = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    kind = draw(st.sampled_from([object, None]))
    data = {
        at: pd.Series(draw(st.lists(cells, min_size=rows, max_size=rows)), dtype=kind)
        for at in range(columns)
    }
    frame = pd.DataFrame(data, index=range(rows))
    frame.columns = pd.Index(draw(st.lists(labels, min_size=columns, max_size=columns)), dtype=kind)
    frame.index = pd.Index(draw(st.lists(labels, min_size=rows, max_size=rows)), dtype=kind)
    return frame


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(small_tables(), st.data())
def test_any_table_is_green_and_with_another_cell_red(
    tmp_path: Path, frame: pd.DataFrame, data: st.DataObject
):
    tests = generated(tmp_path, tables=("it",))
    assert not keep(tests, {"it": frame}, {}, tmp_path)
    assert not moved(tests, tests.test_table_is_as_approved, frame.copy())
    if frame.size:
        row = data.draw(st.integers(0, frame.shape[0] - 1))
        column = data.draw(st.integers(0, frame.shape[1] - 1))
        columns = [frame.iloc[:, at].tolist() for at in range(frame.shape[1])]
        new = data.draw(cells)
        is_other = repr(new) != repr(columns[column][row])
        columns[column][row] = new
        changed = pd.concat([pd.Series(c, dtype=frame.dtypes.iloc[at]) if at != column
                             else pd.Series(c, dtype=object) for at, c in enumerate(columns)], axis=1)  # fmt: skip
        changed.columns, changed.index = frame.columns, frame.index
        if is_other and frame.dtypes.iloc[column] == object:
            assert moved(tests, tests.test_table_is_as_approved, changed)


REFUSED = {
    "objects without a text": "pd.Series([object()], dtype=object)",
    "a function in a list": "[lambda: 1]",
    "a class of one's own": "pd.Series([type('A', (), {})()], dtype=object)",
}


@pytest.mark.parametrize("expression", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_kept_is_refused_by_name_with_the_reason(tmp_path: Path, expression: str):
    value = made(expression)
    is_table = isinstance(value, pd.Series)
    names = {"tables": ("it",)} if is_table else {"values": ("it",)}
    refused = keep(generated(tmp_path, **names), {"it": value}, {}, tmp_path)
    assert refused == {"it": "it holds objects that only their place in memory tells apart"}


def test_what_is_read_back_as_another_is_refused(tmp_path: Path):
    """As where a file system takes ``X.csv`` and ``x.csv`` for one file."""
    tests = generated(tmp_path, tables=("it",))
    tests.as_csv = lambda value: "the file of another\n"
    reason = keep(tests, {"it": pd.Series([1])}, {}, tmp_path)["it"]
    assert reason.startswith("what is read back is another (")


SCRIPT = """import numpy as np
import pandas as pd


class Mine:
    pass


def run():
    results = {}
    results["empty"] = pd.DataFrame({"a": [], "b": []})
    results["twice"] = pd.DataFrame([[1, 2]], columns=["a", "a"])
    results["sets"] = pd.Series([{"x", "y", "z", "w"}, frozenset("abc")])
    results["odd"] = pd.Series(["a\\rb", "<missing>", None])
    results[1] = pd.Series([1])
    return results
"""


@pytest.mark.usefixtures("warm")
def test_pytest_is_green_on_unchanged_code_and_names_the_table_that_changed(tmp_path: Path):
    (tmp_path / "job.py").write_text(SCRIPT, encoding="utf-8")
    done = completed_inside("characterize", "job.py", "--approve", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    written_long_ago(tmp_path / "job.py")
    assert "5 passed" in pytest_there(tmp_path, "tests").stdout
    changed = SCRIPT.replace("[[1, 2]]", "[[1, 3]]")
    (tmp_path / "job.py").write_text(changed, encoding="utf-8")
    output = pytest_there(tmp_path, "tests").stdout
    assert "twice, column a: 1 of 1 rows moved" in output and "1 failed, 4 passed" in output


@pytest.mark.usefixtures("warm")
def test_approving_refuses_by_name_and_leaves_the_golden_data_as_it_was(tmp_path: Path):
    (tmp_path / "job.py").write_text(SCRIPT, encoding="utf-8")
    assert completed_inside("characterize", "job.py", "--approve", cwd=tmp_path).returncode == 0
    golden = tmp_path / "tests" / "golden"
    before = {path.name: path.read_bytes() for path in golden.iterdir()}
    own = SCRIPT.replace('["x", "y"', '["x"').replace('frozenset("abc")', "Mine()")
    (tmp_path / "job.py").write_text(own, encoding="utf-8")
    done = completed_inside("characterize", "job.py", "--approve", cwd=tmp_path)
    output = " ".join(done.stderr.split())
    assert done.returncode == 2 and "Traceback" not in output
    assert "sets cannot be approved: it holds objects that only their place in memory" in output
    assert {path.name: path.read_bytes() for path in golden.iterdir()} == before


def test_golden_data_of_an_older_nbkata_is_as_good_as_before(tmp_path: Path):
    """It tells neither names nor the types of labels: those are not compared then."""
    tests = generated(tmp_path, tables=("it",))
    frame = pd.DataFrame({1: [1.5]}, index=pd.Index(["a"], name="id"))
    assert not keep(tests, {"it": frame}, {}, tmp_path)
    schema = json.loads((tmp_path / "it.schema.json").read_text(encoding="utf-8"))
    old = {part: schema[part] for part in ("kind", "number of rows", "dtypes")}
    assert schema != old
    write_json(tmp_path / "it.schema.json", old)
    assert not moved(tests, tests.test_table_is_as_approved, frame)
    assert moved(tests, tests.test_table_is_as_approved, frame + 1)


def test_line_ends_that_git_changed_on_windows_change_nothing(tmp_path: Path):
    tests = generated(tmp_path, tables=("it",))
    frame = pd.DataFrame({"a": ["x\ny", "z"], "b": ["1\r2", "3"]})
    assert not keep(tests, {"it": frame}, {}, tmp_path)
    path = tmp_path / "it.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert not moved(tests, tests.test_table_is_as_approved, frame)


ROUNDED = {"exact arrays", "minus zero", "the last bit", "float", "dict of tables"}
"""What an adopted notebook's tests pass over on purpose: they may run on another processor."""
BOTH = {f"table, {name}": pair for name, pair in TABLES.items()}
BOTH |= {f"value, {name}": pair for name, pair in VALUES.items()}


@pytest.mark.parametrize("name", BOTH)
def test_the_tests_of_an_adopted_notebook_see_the_same_changes(tmp_path: Path, name: str):
    before, after = BOTH[name]
    is_table = name.startswith("table")
    names = ("it",)
    tests = generated(tmp_path, names if is_table else (), () if is_table else names, rows=False)
    test = tests.test_table_is_as_approved if is_table else tests.test_value_is_as_approved
    assert not keep(tests, {"it": made(before)}, {}, tmp_path)
    assert not moved(tests, test, made(before))
    if name.partition(", ")[2] not in ROUNDED:
        assert "it" in moved(tests, test, made(after))
