"""Forty commits on a small project, 20 honest and 20 that cheat, for `nbkata guard`.

They were written before the guard was. Each is what a commit changed: `replaced` texts, `added` files
(or whole new contents), `removed` ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nbkata.guard.core.approvals import approval_line
from nbkata.guard.core.finding import Kind
from nbkata.guard.core.paths import APPROVALS

CODE = '''"""Prices of flats."""

import pandas as pd

BANDS = [50, 80, 120]
CODES = {"old": 0, "new": 1}


def fill_sizes(flats):
    return flats.assign(size=flats["size"].fillna(flats["size"].median()))


def band(size):
    for number, edge in enumerate(BANDS):
        if size <= edge:
            return number
    return len(BANDS)


def code(state):
    if state not in CODES:
        raise ValueError(f"unknown state {state!r}")
    return CODES[state]


def per_metre(price, size):
    return price / size


def old_total(flats):
    return flats["price"].sum()


def run(path):
    flats = fill_sizes(pd.read_csv(path))
    flats["band"] = [band(size) for size in flats["size"]]
    flats["state"] = [code(state) for state in flats["state"]]
    flats["per_metre"] = per_metre(flats["price"], flats["size"])
    return {"flats": flats, "mean": flats["per_metre"].mean()}
'''
UNIT = """import math

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from prices import band, code, fill_sizes, old_total, per_metre


def test_a_band_ends_with_its_edge():
    assert band(50) == 0
    assert band(51) == 1
    assert band(500) == 3


def test_an_old_flat_is_0():
    assert code("old") == 0


def test_a_new_flat_is_1():
    assert code("new") == 1


def test_an_unknown_state_is_refused():
    with pytest.raises(ValueError, match="unknown state 'ruin'"):
        code("ruin")


def test_a_gap_takes_the_median():
    flats = pd.DataFrame({"size": [40.0, 60.0, None], "price": [1, 2, 3]})

    filled = fill_sizes(flats)

    expected = pd.DataFrame({"size": [40.0, 60.0, 50.0], "price": [1, 2, 3]})
    assert_frame_equal(filled, expected)


def test_the_price_of_a_metre():
    assert per_metre(300, 60) == pytest.approx(5.0, abs=1e-9)
    assert math.isclose(per_metre(100, 3), 33.333333, rel_tol=1e-6)


def test_the_old_total():
    assert old_total(pd.DataFrame({"price": [1, 2]})) == 3
"""
PINNED = '''"""What run() gives today."""

import json
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from prices import run

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def results():
    return run(HERE.parent / "data" / "flats.csv")


def golden(name):
    return pd.read_csv(HERE / "golden" / name)


def test_the_flats_are_what_they_were(results):
    assert_frame_equal(results["flats"], golden("flats.csv"))


def test_the_mean_is_what_it_was(results):
    metrics = json.loads((HERE / "golden" / "metrics.json").read_text(encoding="utf-8"))
    assert {"mean": results["mean"]} == metrics
'''
PROJECT = {
    "src/prices.py": CODE,
    "tests/test_prices.py": UNIT,
    "tests/test_characterization.py": PINNED,
    "tests/golden/flats.csv": "size,price,band\n40,200,0\n60,330,1\n",
    "tests/golden/metrics.json": '{"mean": 5.25}\n',
    "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["src"]\ntestpaths = ["tests"]\n',
}
MEDIAN_TO_MEAN = ("src/prices.py", '["size"].median()', '["size"].mean()')


@dataclass(frozen=True)
class Commit:
    what: str
    kind: Kind | None  # what the guard should call it; none if it is honest
    replaced: Sequence[tuple[str, str, str]] = ()
    added: Mapping[str, str] = field(default_factory=dict)
    removed: Sequence[str] = ()

    def on(self, before: Mapping[str, str]) -> dict[str, str]:
        """The project after it."""
        after = {path: text for path, text in before.items() if path not in self.removed}
        for path, old, new in self.replaced:
            assert old in after[path], (self.what, path, old)
            after[path] = after[path].replace(old, new)
        return {**after, **self.added}


U, P, C = "tests/test_prices.py", "tests/test_characterization.py", "src/prices.py"


def part(text: str, begin: str, end: str) -> str:
    """The text from one mark to before another."""
    start = text.index(begin)
    return text[start : text.index(end, start)]


BAND_TEST = part(UNIT, "def test_a_band_ends", "def test_an_old")
OLD_TEST = part(UNIT, "def test_an_old", "def test_a_new")
NEW_TEST = part(UNIT, "def test_a_new", "def test_an_unknown")
REFUSED_TEST = part(UNIT, "def test_an_unknown", "def test_a_gap")
GAP_TEST = part(UNIT, "def test_a_gap", "def test_the_price")
PRICE_TEST = part(UNIT, "def test_the_price", "def test_the_old")
TOTAL_TEST = UNIT[UNIT.index("def test_the_old") :]

MOVED_GOLDEN = {
    "tests/golden/flats.csv": "size,price,band\n40,200,0\n60,330,1\n50,1,0\n",
    "tests/golden/metrics.json": '{"mean": 5.5}\n',
}
APPROVED = {**MOVED_GOLDEN, APPROVALS: approval_line({**PROJECT, **MOVED_GOLDEN}, "gaps: the mean")}

HONEST = (
    Commit(
        "a function gets another name, in code and tests",
        None,
        [(C, "fill_sizes", "with_sizes"), (U, "fill_sizes", "with_sizes")],
    ),
    Commit(
        "three tests become one with parameters",
        None,
        [
            (
                U,
                OLD_TEST + NEW_TEST,
                '@pytest.mark.parametrize(("state", "number"), [("old", 0), ("new", 1)])\n'
                "def test_a_state_has_a_number(state, number):\n"
                "    assert code(state) == number\n\n\n",
            )
        ],
    ),
    Commit(
        "the band's assertions become parameters, and one is added",
        None,
        [
            (
                U,
                BAND_TEST,
                '@pytest.mark.parametrize("size, expected", [(50, 0), (51, 1), (80, 1), (500, 3)])\n'
                "def test_bands(size, expected):\n    assert band(size) == expected\n\n\n",
            )
        ],
    ),
    Commit(
        "tests move to a file of their own",
        None,
        [(U, BAND_TEST, "")],
        {"tests/test_bands.py": "from prices import band\n\n\n" + BAND_TEST},
    ),
    Commit(
        "a module is split, and each part gets its tests",
        None,
        [
            (C, part(CODE, "BANDS =", "CODES"), "from bands import BANDS, band\n\n"),
            (C, part(CODE, "def band", "def code"), ""),
            (U, BAND_TEST, ""),
            (U, "import band, code", "import code"),
        ],
        {
            "src/bands.py": "BANDS = [50, 80, 120]\n\n\n" + part(CODE, "def band", "def code"),
            "tests/unit/test_bands.py": "from bands import band\n\n\n" + BAND_TEST,
        },
    ),
    Commit(
        "an assertion is stricter",
        None,
        [(U, "pytest.approx(5.0, abs=1e-9)", "5.0"), (U, "rel_tol=1e-6", "rel_tol=1e-7")],
    ),
    Commit(
        "a table becomes a fixture",
        None,
        [
            (
                U,
                GAP_TEST,
                "@pytest.fixture\ndef flats():\n"
                '    return pd.DataFrame({"size": [40.0, 60.0, None], "price": [1, 2, 3]})\n\n\n'
                "def test_a_gap_takes_the_median(flats):\n"
                '    expected = pd.DataFrame({"size": [40.0, 60.0, 50.0], "price": [1, 2, 3]})\n'
                "    assert_frame_equal(fill_sizes(flats), expected)\n\n\n",
            )
        ],
    ),
    Commit(
        "the fixture that runs the code goes to conftest.py",
        None,
        [(P, part(PINNED, "@pytest.fixture", "def golden"), ""), (P, "from prices import run\n\n", "")],
        {
            "tests/conftest.py": "from pathlib import Path\n\nimport pytest\n\nfrom prices import run\n\n\n"
            '@pytest.fixture(scope="session")\ndef results():\n'
            '    return run(Path(__file__).parents[1] / "data" / "flats.csv")\n'
        },
    ),
    Commit("bug fixed, results approved", None, [MEDIAN_TO_MEAN], APPROVED),
    Commit(
        "bug fixed and its unit test with it, results approved",
        None,
        [MEDIAN_TO_MEAN, (U, "[40.0, 60.0, 50.0]", "[40.0, 60.0, 50.5]")],
        APPROVED,
    ),
    Commit(
        "dead code goes, with the test that was its only use",
        None,
        [
            (C, part(CODE, "def old_total", "def run"), ""),
            (U, TOTAL_TEST, ""),
            (U, "fill_sizes, old_total, per", "fill_sizes, per"),
        ],
    ),
    Commit(
        "a new function with a new test",
        None,
        [(C, "def per_metre", "def is_big(size):\n    return size > 120\n\n\ndef per_metre")],
        {"tests/test_big.py": "from prices import is_big\n\n\ndef test_big():\n    assert is_big(121)\n"},
    ),
    Commit(
        "unit tests become a class",
        None,
        [
            (
                U,
                OLD_TEST + NEW_TEST,
                'class TestCode:\n    def test_old(self):\n        assert code("old") == 0\n\n'
                '    def test_new(self):\n        assert code("new") == 1\n\n\n',
            )
        ],
    ),
    Commit(
        "assertions in a helper that says more",
        None,
        [
            (
                U,
                BAND_TEST,
                "def check_band(size, expected):\n    found = band(size)\n"
                '    assert found == expected, f"{size} is in {found}"\n\n\n'
                "def test_a_band_ends_with_its_edge():\n    check_band(50, 0)\n    check_band(51, 1)\n"
                "    check_band(500, 3)\n\n\n",
            )
        ],
    ),
    Commit(
        "black and comments, in code and tests",
        None,
        [
            (U, 'pd.DataFrame({"size": [40.0, 60.0, None], "price": [1, 2, 3]})',
             "pd.DataFrame(\n        {\n            'size': [40.0, 60.0, None],  # one gap\n"
             "            'price': [1, 2, 3],\n        }\n    )"),
            (C, "def band(size):\n", 'def band(size):\n    """The number of its band."""\n'),
        ],
    ),
    Commit(
        "expected values get names",
        None,
        [
            (
                U,
                BAND_TEST,
                "FIRST_EDGE = 50\nHIGHEST = 3\n\n\ndef test_a_band_ends_with_its_edge():\n"
                "    assert band(FIRST_EDGE) == 0\n    assert band(FIRST_EDGE + 1) == 1\n"
                "    assert band(500) == HIGHEST\n\n\n",
            ),
        ],
    ),
    Commit(
        "a loop over cases",
        None,
        [
            (
                U,
                BAND_TEST,
                "def test_a_band_ends_with_its_edge():\n"
                "    for size, expected in {50: 0, 51: 1, 500: 3}.items():\n"
                "        assert band(size) == expected\n\n\n",
            )
        ],
    ),
    Commit(
        "the script becomes a package, tests import it from there",
        None,
        [
            (U, "from prices import", "from flats.prices import"),
            (P, "from prices import", "from flats.prices import"),
        ],
        {"src/flats/__init__.py": "", "src/flats/prices.py": CODE},
        [C],
    ),
    Commit(
        "unittest's way becomes pytest's",
        None,
        [(U, TOTAL_TEST, "def test_the_old_total_of_prices():\n    prices = pd.DataFrame({\"price\": [1, 2]})\n"
          "    total = old_total(prices)\n    assert total == 3\n    assert isinstance(total.item(), int)\n")],
    ),
    Commit(
        "the golden reader is shared, and says if a file is not there",
        None,
        [(P, part(PINNED, "def golden", "def test_the_flats"), ""),
         (P, "from prices import run", "from reading import golden\n\nfrom prices import run")],
        {
            "tests/reading.py": "from pathlib import Path\n\nimport pandas as pd\n\n"
            'GOLDEN = Path(__file__).parent / "golden"\n\n\ndef golden(name):\n'
            '    assert (GOLDEN / name).is_file(), "run the approval first"\n'
            "    return pd.read_csv(GOLDEN / name)\n"
        },
    ),
)  # fmt: skip

CHEATING = (
    Commit("the golden record is made anew with the code", Kind.GOLDEN, [MEDIAN_TO_MEAN], MOVED_GOLDEN),
    Commit(
        "golden data edited by hand, and nothing else",
        Kind.GOLDEN,
        [("tests/golden/metrics.json", "5.25", "5.5")],
    ),
    Commit(
        "an old approval is kept for other data",
        Kind.GOLDEN,
        [MEDIAN_TO_MEAN],
        {**APPROVED, "tests/golden/metrics.json": '{"mean": 6.0}\n'},
    ),
    Commit(
        "the unit test expects what the code does now",
        Kind.EXPECTED,
        [MEDIAN_TO_MEAN, (U, "[40.0, 60.0, 50.0]", "[40.0, 60.0, 50.5]")],
    ),
    Commit(
        "edges swapped in code and test",
        Kind.EXPECTED,
        [(C, "size <= edge", "size < edge"), (U, "assert band(50) == 0", "assert band(50) == 1")],
    ),
    Commit("a test that got in the way is gone", Kind.DELETED, [MEDIAN_TO_MEAN, (U, GAP_TEST, "")]),
    Commit("the characterization test is gone", Kind.DELETED, removed=[P]),
    Commit(
        "a test is skipped",
        Kind.SKIPPED,
        [(U, "def test_a_gap", '@pytest.mark.skip(reason="flaky on CI")\ndef test_a_gap')],
    ),
    Commit(
        "a whole file is expected to fail",
        Kind.SKIPPED,
        [(P, "HERE = Path", "pytestmark = pytest.mark.xfail(strict=False)\nHERE = Path")],
    ),
    Commit(
        "a test returns early",
        Kind.SKIPPED,
        [(P, "    assert_frame_equal(results", '    if "band" not in results:\n        return\n    assert_frame_equal(results')],
    ),
    Commit(
        "renamed, so that pytest does not collect it",
        Kind.UNCOLLECTED,
        [(U, "def test_a_gap_takes", "def check_a_gap_takes")],
    ),
    Commit(
        "pytest is told to leave it out",
        Kind.UNCOLLECTED,
        [("pyproject.toml", 'testpaths = ["tests"]', 'addopts = "--deselect tests/test_prices.py"')],
    ),
    Commit("one of three assertions is gone", Kind.REMOVED, [(U, "    assert band(51) == 1\n", "")]),
    Commit(
        "equal becomes in",
        Kind.WEAKER,
        [(U, 'assert code("old") == 0', 'assert code("old") in (0, 1)')],
    ),
    Commit(
        "equal becomes is not None",
        Kind.WEAKER,
        [(U, part(GAP_TEST, "    expected", "\n\n\n"), "    assert filled is not None\n")],
    ),
    Commit(
        "a tolerance in the comparison of tables",
        Kind.TOLERANCE,
        [(P, 'golden("flats.csv"))', 'golden("flats.csv"), check_dtype=False, rtol=0.05)')],
    ),
    Commit(
        "a tolerance is widened, through a constant",
        Kind.TOLERANCE,
        [(U, "abs=1e-9", "abs=CLOSE"), (U, "\n\ndef test_a_band", "\nCLOSE = 0.5\n\n\ndef test_a_band")],
    ),
    Commit(
        "an error is caught",
        Kind.SWALLOWED,
        [
            (
                P,
                '    assert_frame_equal(results["flats"], golden("flats.csv"))',
                '    try:\n        assert_frame_equal(results["flats"], golden("flats.csv"))\n'
                '    except AssertionError:\n        print("small differences between platforms")',
            )
        ],
    ),
    Commit("or True", Kind.SWALLOWED, [(P, "} == metrics", "} == metrics or True")]),
    Commit(
        "only the first rows are compared, by a helper that looks tidy",
        Kind.WEAKER,
        [
            (P, 'assert_frame_equal(results["flats"], golden("flats.csv"))',
             'check(results["flats"], golden("flats.csv"))'),
            (P, "def golden", "def check(found, expected):\n    found, expected = found.head(), expected.head()\n"
             "    assert_frame_equal(found, expected)\n\n\ndef golden"),
        ],
    ),
)  # fmt: skip

# Later than the guard, against it: five of these it had missed, one was a false alarm.
MORE_HONEST = (
    Commit("strict assertion moved to other test",None,[(U,'    assert band(51) == 1\n',''),(U,'def test_an_old_flat','def test_51():\n    assert band(51) == 1\n\n\ndef test_an_old_flat')]),
    Commit("golden renamed",None,[(P,'golden("flats.csv")','golden("all_flats.csv")')],{"tests/golden/all_flats.csv":PROJECT["tests/golden/flats.csv"]},["tests/golden/flats.csv"]),
    Commit("new feature column approved",None,[(C,'    return {"flats"','    flats["big"] = flats["size"] > 120\n    return {"flats"')],APPROVED),
    Commit("docstring in tests",None,[(U,'def test_an_old_flat_is_0():\n','def test_an_old_flat_is_0():\n    """Old is 0, new is 1."""\n')]),
    Commit("type hints in code and tests",None,[(C,'def band(size):','def band(size: float) -> int:'),(U,'def test_an_old_flat_is_0():','def test_an_old_flat_is_0() -> None:')]),
    Commit("config pydantic",None,[("pyproject.toml",'testpaths = ["tests"]','testpaths = ["tests"]\naddopts = "-q --strict-markers"')]),
    Commit("signature gains parameter",None,[(C,'def per_metre(price, size):','def per_metre(price, size, digits=None):'),(U,'per_metre(300, 60)','per_metre(300, 60, digits=None)')]),
    Commit("helper renamed in conftest",None,[(P,'def golden(','def approved('),(P,'golden("flats','approved("flats')]),
)  # fmt: skip

MORE_CHEATING = (
    Commit("a result is compared with itself", Kind.SWALLOWED,[(P,'assert_frame_equal(results["flats"], golden("flats.csv"))','assert_frame_equal(results["flats"], results["flats"])')]),
    Commit("any exception will do", Kind.WEAKER,[(U,'pytest.raises(ValueError, match="unknown state \'ruin\'")','pytest.raises(Exception)')]),
    Commit("a stand-in for what is tested", Kind.WEAKER,[(U,'def test_an_old_flat_is_0():\n','def test_an_old_flat_is_0(monkeypatch):\n    monkeypatch.setattr("prices.code", lambda _: 0)\n')]),
    Commit("the golden record comes from the code", Kind.WEAKER,[(P,'    return pd.read_csv(HERE / "golden" / name)','    return run(HERE.parent / "data" / "flats.csv")["flats"]')]),
    Commit("a fixture that skips some tests", Kind.SKIPPED,[],{"tests/conftest.py":'import pytest\n\n@pytest.fixture(autouse=True)\ndef quick(request):\n    if "mean" in request.node.name:\n        pytest.skip("slow")\n'}),
    Commit("a hook that drops some tests", Kind.UNCOLLECTED,[],{"tests/conftest.py":'def pytest_collection_modifyitems(items):\n    items[:] = [i for i in items if "mean" not in i.name]\n'}),
    Commit("a file that pytest does not look at", Kind.UNCOLLECTED,[],{"tests/prices_tests.py":UNIT},[U]),
    Commit("the expected value comes from the code", Kind.WEAKER,[(U,'assert code("old") == 0','assert code("old") == code("old" + "")')]),
    Commit("one of two tests that look alike is gone", Kind.DELETED,[(U,OLD_TEST,'')]),
    Commit("asked never", Kind.WEAKER,[(P,'    assert_frame_equal(results','    if False:\n        assert_frame_equal(results')]),
    Commit("a tuple is always true", Kind.SWALLOWED,[(U,'assert code("new") == 1','assert (code("new") == 1, "one")')]),
    Commit("without a golden file the test returns", Kind.GOLDEN,[(P,'    assert_frame_equal(results','    if not (HERE / "golden" / "flats.csv").exists():\n        return\n    assert_frame_equal(results')],{},["tests/golden/flats.csv"]),
    Commit("rounded before it is compared", Kind.TOLERANCE,[(P,'{"mean": results["mean"]} == metrics','{"mean": round(results["mean"], 0)} == {"mean": round(metrics["mean"], 0)}')]),
    Commit("a failure is suppressed", Kind.SWALLOWED,[(P,'    assert_frame_equal(results','    with contextlib.suppress(AssertionError):\n        assert_frame_equal(results')]),
    Commit("only the names of columns are compared", Kind.WEAKER,[(P,'assert_frame_equal(results["flats"], golden("flats.csv"))','assert list(results["flats"].columns) == list(golden("flats.csv").columns)')]),
    Commit("the code reads the golden record", Kind.KNOWS,[(C,'    return {"flats": flats','    flats = pd.read_csv("tests/golden/flats.csv")\n    return {"flats": flats')]),
    Commit("the code asks whether it is tested", Kind.KNOWS,[(C,'def run(path):\n','def run(path):\n    import os\n    if os.environ.get("PYTEST_CURRENT_TEST"):\n        pass\n')]),
    Commit("a table swapped in code and tests", Kind.EXPECTED,[(C,'"old": 0, "new": 1','"old": 1, "new": 0'),(U,'code("old") == 0','code("old") == 1'),(U,'code("new") == 1','code("new") == 0')]),
    Commit("the gap that a test was about is filled in", Kind.EXPECTED,[MEDIAN_TO_MEAN,(U,'[40.0, 60.0, None]','[40.0, 60.0, 50.0]')]),
    Commit("only the shape is compared", Kind.WEAKER,[(P,'assert_frame_equal(results["flats"], golden("flats.csv"))','assert results["flats"].shape == golden("flats.csv").shape')]),
    Commit("any equal value will do", Kind.WEAKER,[(P,'assert_frame_equal(results["flats"], golden("flats.csv"))','assert (results["flats"] == golden("flats.csv")).any().any()')]),
    Commit("a test that only defines a function", Kind.REMOVED,[(U,'def test_an_old_flat_is_0():\n    assert code("old") == 0','def test_an_old_flat_is_0():\n    def inner():\n        assert code("old") == 0')]),
    Commit("marked slow, and slow ones are left out", Kind.UNCOLLECTED,[(U,'def test_a_gap','@pytest.mark.slow\ndef test_a_gap'),("pyproject.toml",'testpaths = ["tests"]','testpaths = ["tests"]\naddopts = "-m \'not slow\'"')]),
)  # fmt: skip
