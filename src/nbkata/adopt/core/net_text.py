"""The characterization tests of an adopted notebook: plain pytest, check sums and summaries.

Unlike `nbkata.characterize.core.characterize` it keeps no rows: a stranger's data stays in the data folder.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Net:
    """What the tests hold still."""

    module: str
    """The script's name without ``.py``."""
    results: tuple[str, ...]
    ranges: Mapping[str, tuple[float, float]]
    """What stays random, from its least to its most."""
    left_out: Mapping[str, str]
    has_seam: bool
    is_seeded: bool
    """Whether the notebook draws without a seed: then the tests set one."""


def net_tests(net: Net) -> str:
    """``tests/test_characterization.py``, but for its formatting."""
    left_out = "".join(f"#   {name}: {why}\n" for name, why in sorted(net.left_out.items()))
    places = {
        "module": net.module,
        "results": _listed(net.results),
        "ranges": _listed(tuple(sorted(net.ranges))),
        "left_out": f"# Not compared:\n{left_out}" if left_out else "",
        "seed": _SEED if net.is_seeded else "",
        "seed_all": _SEED_ALL if net.is_seeded else "",
        "seed_imports": "import random\n" if net.is_seeded else "",
        "imports": "" if net.has_seam else "import runpy\n",
        "run": _CALL if net.has_seam else _RUN,
    }
    text = _TEXT if net.ranges else _TEXT.replace(_RANGE_TEST, "")
    for key in ("run", "seed", *places):
        text = text.replace(f"<<{key}>>", places[key])
    return text


def approve_text() -> str:
    """``tests/approve.py``."""
    return _APPROVE


def golden_document(
    facts: Mapping[str, object], ranges: Mapping[str, Sequence[float]]
) -> dict[str, object]:
    """``tests/golden/results.json``."""
    return {"results": dict(facts), "ranges": {name: list(pair) for name, pair in ranges.items()}}


def _listed(names: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"


_SEED = """
        seed_all()"""
_CALL = """
    sys.path.insert(0, str(HERE.parent / "src"))
    import <<module>>  # from the folder just named

    with contextlib.chdir(HERE.parent), contextlib.redirect_stdout(io.StringIO()):<<seed>>
        return <<module>>.run()
"""
_RUN = """
    sys.path.insert(0, str(HERE.parent / "src"))
    with contextlib.chdir(HERE.parent), contextlib.redirect_stdout(io.StringIO()):<<seed>>
        return runpy.run_path(str(HERE.parent / "src" / "<<module>>.py"), run_name="__main__")
"""
_SEED_ALL = '''

def seed_all():
    """Seeds for what the code draws without one of its own."""
    random.seed(SEED)
    np.random.seed(SEED)
    np.random.default_rng = lambda seed=SEED: GENERATOR(seed)


GENERATOR = np.random.default_rng
'''
_RANGE_TEST = """

@pytest.mark.parametrize("name", RANGES)
def test_random_result_stays_in_its_range(results, name):
    low, high = approved()["ranges"][name]
    assert low <= results[name] <= high, f"{name} is {results[name]}, never seen so far from usual"
"""
_TEXT = (
    '''"""Characterization tests of src/<<module>>.py: what it computes today, right or wrong.

They hold the code still while you refactor it. When one fails, undo your last step: the message
names what moved. Only when you change behaviour on purpose, approve the new results and read the
diff of tests/golden before you commit it:

    python tests/approve.py
"""

import contextlib
import hashlib
import io
import json
<<seed_imports>>import re
<<imports>>import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

HERE = Path(__file__).parent
GOLDEN = HERE / "golden" / "results.json"
SEED = 1
RESULTS = <<results>>
RANGES = <<ranges>>
<<left_out>>

def run():
    """Run it all; returns its results by name."""<<run>><<seed_all>>

def approved():
    """The golden results. Nothing is approved by itself: without them every test fails."""
    if not GOLDEN.exists():
        pytest.fail("Nothing is approved yet: python tests/approve.py, then read what it wrote.")
    return json.loads(GOLDEN.read_text(encoding="utf-8"))


@pytest.fixture(scope="module", name="results")
def fixture_results():
    """One run for all tests."""
    approved()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return run()


@pytest.mark.parametrize("name", RESULTS)
def test_result_is_as_approved(results, name):
    assert name in results, f"{name} is gone"
    golden, now = approved()["results"][name], facts(results[name])
    moved = [line for line in differences(golden, now, name)]
    if moved:
        pytest.fail("\\n".join(moved[:8]), pytrace=False)
'''
    + _RANGE_TEST
    + '''

def differences(golden, now, where):
    """Lines that tell what moved: first the shape, then the columns."""
    if not isinstance(golden, dict) or not isinstance(now, dict):
        if golden != now:
            yield f"{where} is {now}, was approved as {golden}"
        return
    for key in [*golden, *(key for key in now if key not in golden)]:
        if key not in now or key not in golden:
            yield f"{where}, {key} is {'gone' if key not in now else 'new'}"
        elif golden[key] != now[key]:
            yield from differences(golden[key], now[key], f"{where}, {key}")


def facts(value):
    """What is kept of a value: type, shape, check sums, and summaries of numbers; never its rows."""
    if isinstance(value, pd.DataFrame):
        columns = {}
        for at, label in enumerate(map(str, value.columns)):
            columns[f"{label} at place {at}" if label in columns else label] = column(value.iloc[:, at])
        labels = {"labels": column(value.columns)["sum"]}
        return {**table(value), "order": [*map(str, value.columns)], **labels, "columns": columns}
    if isinstance(value, (pd.Series, pd.Index)):
        return {**table(value), "name": text(value.name), "values": column(value)}
    if isinstance(value, np.ndarray) and value.dtype.names:
        fields = {name: facts(value[name]) for name in value.dtype.names}
        return {"type": "ndarray", "shape": [*map(int, value.shape)], "fields": fields}
    if isinstance(value, np.ndarray):
        told = {"type": "ndarray", "shape": [*map(int, value.shape)], "dtype": str(value.dtype)}
        return {**told, "values": column(pd.Series(value.ravel()))}
    if type(value).__module__.startswith("scipy.sparse"):
        return {"type": type(value).__name__, "values": facts(value.toarray())}
    if hasattr(value, "get_params") and not isinstance(value, type):
        parameters = {name: text(item) for name, item in value.get_params(deep=False).items()}
        return {"type": type(value).__name__, "parameters": parameters, "learned": learned(value)}
    if isinstance(value, (bool, int, float, complex, np.generic)) or value is None:
        return f"{type(value).__name__} {text(value)}"
    if isinstance(value, (list, tuple, dict, set, frozenset, str, bytes)):
        return {"type": type(value).__name__, "length": len(value), "sum": checksum([text(value)])}
    return {"type": type(value).__name__}


def table(value):
    """Rows and index."""
    index = value if isinstance(value, pd.Index) else value.index
    names = [*map(str, index.names)]
    dtypes = [*map(str, index.dtypes if isinstance(index, pd.MultiIndex) else [index.dtype])]
    told = [*names, *dtypes, column(index)["sum"]]
    return {"type": type(value).__name__, "rows": len(value), "index": told}


def column(values):
    """One column: dtype, gaps, check sum, and of numbers the least, the most and the mean."""
    values = values.to_series() if isinstance(values, pd.Index) else values
    told = {"dtype": str(values.dtype), "missing": int(values.isna().sum())}
    if told["dtype"] == "category":
        kinds = values.cat.categories
        told["categories"] = [column(kinds)["sum"], str(kinds.dtype), str(values.cat.ordered)]
    if values.dtype.kind == "f" and values.to_numpy().dtype == object:
        values = values.astype("float64")  # pandas' own Float64, whose gaps are pd.NA
    if values.dtype.kind in "iuf" and len(values) > told["missing"]:
        numbers = rounded(values.dropna().to_numpy())
        summary = (numbers.min(), numbers.max(), numbers.mean())
        told["least, most, mean"] = [f"{number:.6g}" for number in summary]
    plain = values.to_numpy()  # objects where there are time zones, or gaps in pandas' own Int64
    if plain.dtype.kind in "iubmM":
        raw = np.ascontiguousarray(plain).view("u1").tobytes()
        return {**told, "sum": hashlib.sha256(raw).hexdigest()[:16]}
    if values.dtype.kind == "f":
        raw = np.ascontiguousarray(rounded(values.to_numpy())).tobytes()
        return {**told, "sum": hashlib.sha256(raw).hexdigest()[:16]}
    return {**told, "sum": checksum(map(text, values.astype(object)))}


def rounded(numbers):
    """To seven digits of the largest: processors, and threads, differ in the last bits."""
    numbers = numbers.astype("float64")
    finite = np.abs(numbers[np.isfinite(numbers)])
    top = finite.max() if len(finite) else 0.0
    step = 2.0 ** (np.floor(np.log2(top)) - 24) if top else 0.0
    if not step:  # nothing but zeros, or numbers near the least that there is
        return numbers + 0.0
    return np.round(numbers / step) * step + 0.0


def text(value, depth=0):
    """A text that is the same in every run; memory addresses and the order of sets are left out."""
    if isinstance(value, (bool, np.bool_)) or value is None:
        return str(value)
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (float, np.floating)):
        return f"{float(value):.10g}" if abs(value) > 1e-12 else "0"
    if isinstance(value, str) or depth > 8:
        return repr(value) if isinstance(value, str) else type(value).__name__
    if isinstance(value, dict):
        items = (f"{text(key, depth + 1)}: {text(item, depth + 1)}" for key, item in value.items())
        return "{" + ", ".join(items) + "}"
    if isinstance(value, (set, frozenset)):
        return "{" + ", ".join(sorted(text(item, depth + 1) for item in value)) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(text(item, depth + 1) for item in value) + "]"
    if isinstance(value, (pd.DataFrame, pd.Series, pd.Index, np.ndarray)) or hasattr(value, "get_params"):
        return json.dumps(facts(value))
    if isinstance(value, type) or callable(value):
        return getattr(value, "__qualname__", type(value).__name__)
    is_plain = type(value).__module__.partition(".")[0] in PLAIN
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value)) if is_plain else type(value).__name__


PLAIN = ("datetime", "decimal", "fractions", "builtins", "numpy", "pandas", "pathlib")


def checksum(parts):
    """Of texts, in order."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part.encode("utf-8", "surrogatepass") + b"\\x1f")
    return total.hexdigest()[:16]


def learned(model):
    """Numbers and tables that a fitted model keeps, by name."""
    found = {}
    for name in sorted(vars(model)):
        value = vars(model)[name]
        if name.endswith("_") and isinstance(value, (int, float, list, np.generic, np.ndarray)):
            found[name] = facts(value)
    return found
'''
)
_APPROVE = '''"""Approve what the code computes now: python tests/approve.py, then look at the diff."""

import json
import warnings

import test_characterization as net

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    results = net.run()
    before = json.loads(net.GOLDEN.read_text(encoding="utf-8")) if net.GOLDEN.exists() else {}
    golden = {
        "results": {name: net.facts(results[name]) for name in net.RESULTS},
        "ranges": {name: before["ranges"][name] for name in net.RANGES},
    }
    net.GOLDEN.parent.mkdir(exist_ok=True)
    text = json.dumps(golden, indent=1, ensure_ascii=False) + "\\n"
    net.GOLDEN.write_bytes(text.encode("utf-8", "backslashreplace"))
    for name in net.RESULTS:  # proven: what is read back is what was written
        net.test_result_is_as_approved(results, name)
'''
