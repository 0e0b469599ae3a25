"""The pieces that generated characterization tests are made of, with their ``<<places>>``."""

HEAD = '''
"""Characterization tests of <<name>>: what it does today, right or wrong.

They hold the code still while you refactor it. When one fails, undo your last step: the message
names what moved. Only when you change behaviour on purpose, approve the new data and read its
diff before you commit it:

    <<command>> --approve
"""

import contextlib
import hashlib
<<io>>import json
<<imports>>import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
<<ipython>>
HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
<<tables>>
<<values>>
<<unsteady>>
# Not compared:
<<left_out>>
'''

SCRIPT = '''
def run():
    """Run the script; returns all that it leaves behind, by name."""
    sys.path.insert(0, str(<<parent>>))
    with contextlib.chdir(<<folder>>):
        names = runpy.run_path(str(<<path>>), run_name="__main__")
    return names, {"end": checksums(names)}
'''

FUNCTION = '''
def run():
    """Call <<function>>(); returns its results by name."""
    sys.path.insert(0, str(<<parent>>))
    import <<module>>  # from the folder just named

    with contextlib.chdir(<<folder>>):
        results = <<module>>.<<function>>()
    if hasattr(results, "_asdict"):
        results = results._asdict()
    elif hasattr(results, "__dataclass_fields__"):
        results = vars(results)
    elif isinstance(results, tuple):
        results = {f"result_{place}": result for place, result in enumerate(results)}
    elif not isinstance(results, dict):
        results = {"result": results}
    return results, {}
'''

NOTEBOOK = '''
class QuietShell(InteractiveShell):
    """IPython without windows, as the notebook's magics expect it."""

    def enable_gui(self, gui=None):
        """Open none."""


def run():
    """Run the notebook's cells in order; returns its names, and check sums after every cell."""
    shell = QuietShell(config=Config({"HistoryManager": {"enabled": False}}))
    notebook = json.loads((<<path>>).read_text(encoding="utf-8"))
    stages = {}
    with contextlib.chdir(<<folder>>):
        for number, cell in enumerate(notebook["cells"]):
            if cell["cell_type"] == "code" and "".join(cell["source"]).strip():
                with contextlib.redirect_stdout(io.StringIO()):
                    result = shell.run_cell("".join(cell["source"]))
                if result.error_in_exec or result.error_before_exec:
                    pytest.fail(f"cell {number}: {result.error_in_exec or result.error_before_exec}")
                stages[f"cell {number}"] = checksums(shell.user_ns)
    return shell.user_ns, stages
'''

FIXTURE = '''
@pytest.fixture(scope="module", name="results")
def fixture_results():
    """What <<name>> makes of its data now: one run for all tests."""
    if not (GOLDEN / "values.json").exists():
        pytest.fail("Nothing is approved yet. Look at the results, then run the command above.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return run()
'''

TESTS = """
@pytest.mark.parametrize("name", TABLES)
def test_table_is_as_approved(results, name):
    assert_same_table(results[0][name], name)


@pytest.mark.parametrize("name", VALUES)
def test_value_is_as_approved(results, name):
    approved = json.loads((GOLDEN / "values.json").read_text(encoding="utf-8"))
    assert as_value(results[0][name]) == approved[name], f"{name} moved"
"""

STAGES = '''
def test_no_stage_moved(results):
    """Every table after every stage, as check sums: the message names the first that moved."""
    approved = json.loads((GOLDEN / "stages.json").read_text(encoding="utf-8"))
    before, now = {}, {}
    for stage in approved:
        assert stage in results[1], f"{stage} is not there any more"
        before.update(approved[stage])
        now = results[1][stage]
        moved = [where for where, checksum in before.items() if now.get(where, checksum) != checksum]
        if moved:
            pytest.fail(f"{stage} is the first that moved: {', '.join(moved[:5])}", pytrace=False)


def checksums(names):
    """A check sum for every column of every table, by "name, column"."""
    found, plain = {}, (str, int, float, type(None))
    for name, value in sorted(names.items()):
        is_table = isinstance(value, (pd.DataFrame, pd.Series, np.ndarray)) and value.ndim <= 2
        if is_table and not name.startswith("_") and name not in UNSTEADY:
            table = as_frame(value)
            found[f"{name}, rows and columns"] = str((len(table), *table.columns))
            for place, column in enumerate(table.columns[:100]):
                values = table.iloc[:, place]
                if values.dtype.kind == "f":
                    values = values.round(9)  # processors differ in the last bits
                if values.dtype != object or values.map(lambda item: isinstance(item, plain)).all():
                    rows = pd.util.hash_pandas_object(values).to_numpy()  # and their order
                    checksum = hashlib.sha256(rows.tobytes()).hexdigest()[:16]
                    found[f"{name}, column {column}"] = f"{values.dtype} {checksum}"
    return found
'''

COMPARE = '''
def assert_same_table(actual, name):
    """Compare with the approved table: first dtypes and shape, then every value, exactly."""
    table = as_frame(actual)
    schema = json.loads((GOLDEN / f"{name}.schema.json").read_text(encoding="utf-8"))
    for part, approved in schema.items():
        assert as_schema(actual)[part] == approved, f"{name}: its {part} moved"
    approved = pd.read_csv(GOLDEN / f"{name}.csv", dtype=str, keep_default_na=False)
    approved = approved.set_index(approved.columns[0]).rename_axis(None)
    actual_text = as_text(table)
    moved = actual_text.to_numpy() != approved.to_numpy()
    lines = []
    for place, column in enumerate(approved.columns):
        rows = np.flatnonzero(moved[:, place])
        if len(rows):
            lines.append(f"{name}, column {column}: {len(rows)} of {len(moved)} rows moved")
        for row in rows[:3]:
            was, is_now = approved.iloc[row, place], actual_text.iloc[row, place]
            lines.append(f"    row {approved.index[row]}: is {is_now}, was approved as {was}")
    if lines:
        pytest.fail("\\n".join(lines), pytrace=False)
    pd.testing.assert_frame_equal(actual_text, approved)


def as_frame(value):
    """Series and arrays as a frame of one or more columns."""
    if isinstance(value, pd.DataFrame):
        return value
    if isinstance(value, (pd.Series, pd.Index)):
        return value.to_frame()
    return pd.DataFrame(value if value.ndim else [value])


def as_text(table):
    """Every value as text that loses nothing: None, NaN and "" differ, and so do 1 and 1.0."""
    columns = [
        column.fillna("<missing>") if column.dtype == "str" else column.astype(object).map(repr)
        for _, column in table.items()
    ]
    text = pd.concat(columns, axis=1) if columns else pd.DataFrame(index=table.index)
    text.columns = [str(label) for label in table.columns]
    return text.set_axis([str(label) for label in table.index]).astype("str")


def as_schema(value):
    """What the values alone do not tell."""
    table = as_frame(value)
    dtypes = [f"{label}: {dtype!r}" for label, dtype in table.dtypes.items()]
    kind = f"{type(value).__name__} with an index of {table.index.dtype}"
    return {"kind": kind, "number of rows": len(table), "dtypes": dtypes}


def as_value(value):
    """A number, text or container as text; a model as its parameters and what it learned."""
    if hasattr(value, "get_params"):
        learned = {
            name: np.asarray(getattr(value, name))
            for name in dir(value)
            if name.endswith("_") and not name.startswith("_") and hasattr(value, name)
        }
        numbers = {
            name: [f"{number:.10g}" for number in array.ravel()]
            for name, array in learned.items()
            if array.dtype.kind in "iufb" and array.size <= 1000
        }
        parameters = {name: repr(item) for name, item in value.get_params(deep=False).items()}
        return {"model": type(value).__name__, **parameters, **numbers}
    if isinstance(value, (set, frozenset)):
        return f"{type(value).__name__} of {sorted(map(repr, value))}"
    text = repr(value)
    if len(text) > 1000:
        return f"{text[:100]}… sha256 {hashlib.sha256(text.encode()).hexdigest()}"
    return text
'''
