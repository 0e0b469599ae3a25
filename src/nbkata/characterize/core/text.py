"""The pieces that generated characterization tests are made of, with their ``<<places>>``."""

HEAD = '''
"""Characterization tests of <<name>>: what it does today, right or wrong.

They hold the code still while you refactor it. When one fails, undo your last step: the message
names what moved. Only when you change behaviour on purpose, approve the new data and read its
diff before you commit it:

    <<command>>
"""

import contextlib
<<csv>>import hashlib
<<io>>import json
<<random>>import re
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
<<ranges>>
# Not compared:
<<left_out>>
'''

SCRIPT = '''
def run():
    """Run the script; returns all that it leaves behind, by name."""
    sys.path.insert(0, str(<<parent>>))
    with contextlib.chdir(<<folder>>):<<seed>>
        names = runpy.run_path(str(<<path>>), run_name="__main__")
    return names, <<stages>>
'''

FUNCTION = '''
def run():
    """Call <<function>>(); returns its results by name."""
    sys.path.insert(0, str(<<parent>>))
    import <<module>>  # from the folder just named

    with contextlib.chdir(<<folder>>):<<seed>>
        results = <<module>>.<<function>>()
    if hasattr(results, "_asdict"):
        results = results._asdict()
    elif hasattr(results, "__dataclass_fields__"):
        results = vars(results)
    elif isinstance(results, tuple):
        results = {f"result_{place}": result for place, result in enumerate(results)}
    elif not isinstance(results, dict):
        results = {"result": results}
    return {str(name): result for name, result in results.items()}, {}
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

PLAIN_NOTEBOOK = '''
def run():
    """Run the notebook's cells in order; returns its names, and check sums after every cell."""
    notebook = json.loads((<<path>>).read_text(encoding="utf-8"))
    stages, names = {}, {"__name__": "__main__", "display": lambda *values, **how: None}
    with contextlib.chdir(<<folder>>):
        for number, cell in enumerate(notebook["cells"]):
            if cell["cell_type"] == "code" and "".join(cell["source"]).strip():
                source = IPYTHONS.sub("", "".join(cell["source"]))
                with contextlib.redirect_stdout(io.StringIO()):
                    exec(compile(source, f"cell {number}", "exec"), names)
                stages[f"cell {number}"] = checksums(names)
    return names, stages


# Lines that only say how Jupyter shows something.
IPYTHONS = re.compile(
    r"^[ \\t]*%(?:matplotlib|config|load_ext|reload_ext|autoreload)\\b.*$|^%%?time(?=\\s)", re.MULTILINE
)
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

SEED = """
        seed_all()"""

SEED_ALL = '''
def seed_all():
    """Seeds for what the code draws without one of its own."""
    random.seed(1)
    np.random.seed(1)
    np.random.default_rng = lambda seed=1: GENERATOR(seed)


GENERATOR = np.random.default_rng
'''

TESTS = '''
@pytest.mark.parametrize("name", TABLES)
def test_table_is_as_approved(results, name):
    assert name in results[0], f"{name} is gone"
    assert_same_table(results[0][name], name)


@pytest.mark.parametrize("name", VALUES)
def test_value_is_as_approved(results, name):
    assert name in results[0], f"{name} is gone"
    approved = json.loads((GOLDEN / "values.json").read_text(encoding="utf-8"))
    assert_same(as_value(results[0][name]), approved[name], name)


def assert_same(now, approved, name):
    """Fail with the lines that tell what moved."""
    moved = list(differences(now, approved, name))
    if moved:
        pytest.fail("\\n".join(moved[:8]), pytrace=False)


def differences(now, approved, where):
    """Lines that tell what moved, part by part."""
    if not isinstance(approved, dict) or not isinstance(now, dict):
        if now != approved:
            yield f"{where} is {now}, was approved as {approved}"
        return
    for part in dict.fromkeys([*approved, *now]):
        if part not in now or part not in approved:
            yield f"{where}, {part} is {'new' if part in now else 'gone'}"
        else:
            yield from differences(now[part], approved[part], f"{where}, {part}")
'''

RANGE_TEST = """
@pytest.mark.parametrize("name", RANGES)
def test_random_result_stays_in_its_range(results, name):
    low, high = RANGES[name]
    value = results[0][name]
    assert low <= value <= high, f"{name} is {value}, not from {low} to {high}"
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
                    where = f"{name}, column {column}"
                    where += f" at place {place}" if where in found else ""
                    found[where] = f"{values.dtype} {checksum(values)}"
    return found


def checksum(values):
    """Of a column's values and their order."""
    try:
        rows = pd.util.hash_pandas_object(values).to_numpy().tobytes()
    except (TypeError, ValueError, NotImplementedError):  # there is none of this dtype
        rows = repr(as_texts(values)).encode()
    return hashlib.sha256(rows).hexdigest()[:16]
'''
