"""The strength meter: what is caught, what survives, what is not counted, what is contained."""

import json
import sys
from pathlib import Path

import pytest
from support.builders import output_of, run_inside

from nbkata.child.shell.pytest_options import one_process
from nbkata.common.core.refusal import Refusal
from nbkata.strength.core.mutants import mutants
from nbkata.strength.core.strength import MutantResult, MutantStatus, Strength, settled
from nbkata.strength.shell.protocol import StrengthRequest
from nbkata.strength.shell.session import _spread
from nbkata.strength.shell.strength import count_flakes, measure_strength

pytestmark = pytest.mark.usefixtures("no_plugins")

FEATURES = """import pandas as pd


def binned(df):
    df = df.copy()
    df.loc[df["Age"] <= 12, "Age"] = 0
    return df


def never():
    return 5
"""
STRONG = """import pandas as pd
from features import binned


def test_binned():
    ages = binned(pd.DataFrame({"Age": [5, 12, 13, 40]}))["Age"]
    assert list(ages) == [0, 0, 13, 40]
"""
WEAK = STRONG.replace("assert list(ages) == [0, 0, 13, 40]", "assert len(ages) == 4")


# The same without pandas, whose import takes as long as a measurement.
LISTS = """def binned(ages):
    ages = list(ages)
    ages = [0 if age <= 12 else age for age in ages]
    return ages


def never():
    return 5
"""
STRONG_OF_LISTS = """from features import binned


def test_binned():
    assert binned([5, 12, 13, 40]) == [0, 0, 13, 40]
"""
WEAK_OF_LISTS = STRONG_OF_LISTS.replace(
    "binned([5, 12, 13, 40]) == [0, 0, 13, 40]", "len(binned([5, 12, 13, 40])) == 4"
)


def project(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return folder


def measured(folder: Path, **options: object) -> Strength:
    found = measure_strength(StrengthRequest(folder, workers=2, **options))  # type: ignore[arg-type]
    assert isinstance(found, Strength), found
    return found


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_strong_tests_catch_what_weak_ones_let_through(tmp_path: Path, method: str) -> None:
    if method == "fork" and sys.platform != "linux":
        pytest.skip("fork is used on Linux alone")
    strong = measured(project(tmp_path, features=FEATURES, test_it=STRONG), method=method)
    weak = measured(project(tmp_path, features=FEATURES, test_it=WEAK), method=method)
    tried = [one for one in strong.survivors if one.status is MutantStatus.SURVIVED]
    assert not tried and strong.caught >= 4
    assert weak.caught == 0 and weak.total == strong.total
    boundary = next(one for one in weak.survivors if one.operator == "comparison")
    assert (boundary.path, boundary.line) == ("features.py", 6)
    assert "binned() returns, column Age, differs in 1 of 4 rows" in boundary.seen_by
    assert "assert_frame_equal" in boundary.seen_by


def test_a_test_of_purity_does_not_run_all_tests_again_for_each_change(tmp_path: Path) -> None:
    impure = LISTS.replace("ages = list(ages)", "print(len(ages))")
    asks = "\n\ndef test_pure(assert_pure):\n    assert_pure('features')\n"
    plugin = "pytest_plugins = ['nbkata.purity.shell.fixture']\n"
    files = {"features": impure, "test_it": STRONG_OF_LISTS + asks, "conftest": plugin}

    found = measured(project(tmp_path, **files))

    assert found.caught >= 2, "where it is asked, it fails, and strength needs green tests"


def test_it_stops_when_the_rest_cannot_change_whether_enough_are_caught(tmp_path: Path) -> None:
    weak = project(tmp_path, features=LISTS, test_it=WEAK_OF_LISTS)
    assert len(measured(weak, enough=90).tested) < len(measured(weak).tested)


C, S, E = MutantStatus.CAUGHT, MutantStatus.SURVIVED, MutantStatus.EQUAL


@pytest.mark.parametrize(
    ("kinds", "planted", "tested"),
    [
        ([C] * 9, 10, 9),  # 9 of 10 whatever the last one does
        ([C] * 8, 10, None),
        ([C, S, S], 10, 3),  # 8 of 10 at best
        ([C, S, E], 10, 3),  # 8 of 9 at best
        ([E] * 5, 5, 5),  # nothing could be changed, so nothing was missed
        ([None, S, S], 10, None),  # the first is still at work
    ],
)
def test_what_is_certain_before_the_end(
    kinds: list[MutantStatus | None], planted: int, tested: int | None
) -> None:
    answer = {n: MutantResult("m.py", n, "", "", kind) for n, kind in enumerate(kinds) if kind}
    found = settled(answer, planted, enough=90)
    assert (len(found) if found is not None else None) == tested


def test_a_line_that_no_test_runs_is_a_survivor_of_its_own_kind(tmp_path: Path) -> None:
    found = measured(project(tmp_path, features=LISTS, test_it=STRONG_OF_LISTS))
    unseen = [one for one in found.survivors if one.status is MutantStatus.UNSEEN]
    assert {one.line for one in unseen} == {8}


def test_changes_without_effect_and_changes_that_crash_are_not_counted(tmp_path: Path) -> None:
    code = "def f(x):\n    y = [x, 1]\n    z = y[0]\n    z = z * 1\n    return z\n"
    test = "import m\n\n\ndef test_f():\n    assert m.f(3) == 3\n"
    found = measured(project(tmp_path, m=code, test_m=test))
    kinds = {one.diff.splitlines()[-1]: one.status for one in found.tested}
    assert kinds["+    z = z / 1"] is MutantStatus.CAUGHT or found.count(MutantStatus.EQUAL)
    assert kinds["+    y = [x, 2]"] is MutantStatus.EQUAL
    assert found.total == sum(one.status in ("caught", "survived") for one in found.tested)


def test_what_one_mutant_or_test_leaves_behind_misleads_no_verdict(tmp_path: Path) -> None:
    code = (
        "import functools\n\nSEEN = []\nLIMIT = 5\n\n\n@functools.cache\ndef table(n):\n"
        "    return [n * 2, n + 1]\n\n\ndef label(x):\n    SEEN.append(x)\n"
        "    return 'big' if x > LIMIT else 'small'\n"
    )
    late = "def late(x):\n    return x * 2 + 1\n"
    test = (
        "import m\n\n\ndef test_table():\n    assert m.table(3) == [6, 4]\n\n\n"
        "def test_cached():\n    assert m.table(3)[1] == 4\n\n\n"
        "def test_label():\n    assert [m.label(n) for n in (6, 5)] == ['big', 'small']\n\n\n"
        "def test_needs_the_test_before():\n    assert m.SEEN == [6, 5] and m.label(9) == 'big'\n\n\n"
        "def test_imports_late():\n    import late\n    assert [late.late(n) for n in (2, 3)] == [5, 7]\n"
    )
    found = measured(project(tmp_path, m=code, late=late, test_m=test))
    assert not found.survivors
    changed = {(one.path, one.line) for one in found.tested if one.status is MutantStatus.CAUGHT}
    assert changed == {("m.py", 4), ("m.py", 9), ("m.py", 13), ("m.py", 14), ("late.py", 2)}


CONSTANTS = """TITLES = {"Mr": 0, "Mrs": 1, "Miss": 2}
EDGES = [12, 20]
FIRST = EDGES[0]
BASE = [1]
MADE = [*BASE, 5]
BASE.append(2)
UNUSED = 7


def titled(titles):
    return [TITLES[title] for title in titles]


def banded(ages):
    return [sum(age > edge for edge in EDGES) - FIRST for age in ages]


def made():
    return len(MADE)
"""
OF_CONSTANTS = """import features


def test_titled():
    assert features.titled(["Mr", "Miss"]) == [0, 2]


def test_banded():
    assert features.banded([5, 15]) == [-12, -11]


def test_made():
    assert features.made() == 2


def test_a_title():
    assert features.TITLES["Mrs"] == 1
"""


@pytest.mark.skipif(sys.platform != "linux", reason="fork is used on Linux alone")
def test_constants_are_judged_alike_whether_they_are_bound_anew_or_imported(tmp_path: Path) -> None:
    project(tmp_path, features=CONSTANTS, test_it=OF_CONSTANTS)
    forked, spawned = measured(tmp_path, method="fork"), measured(tmp_path, method="spawn")
    verdicts = [
        {(one.diff, one.status, one.seen_by) for one in found.tested} for found in (forked, spawned)
    ]
    assert verdicts[0] == verdicts[1]
    answer = {one.diff.splitlines()[-1]: one for one in forked.tested}
    removed = answer['+TITLES = {"Mr": 0, "Miss": 2}']
    assert removed.status is MutantStatus.CAUGHT and removed.test.endswith("test_a_title")
    assert answer["+EDGES = [12, 21]"].status is MutantStatus.SURVIVED
    assert answer["+EDGES = [12, 21]"].seen_by


@pytest.mark.parametrize(
    ("options", "spread"),
    [
        ("addopts = -n 2", True),
        ("addopts = -q -nauto", True),
        ('addopts = ["-q", "-n", "4"]', True),
        ("addopts = --numprocesses=3", True),
        ("addopts = --strict-markers --no-header", False),
        ('addopts = ["--import-mode=importlib"]', False),
    ],
)
def test_only_what_asks_for_several_processes_is_switched_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: str, spread: bool
) -> None:
    monkeypatch.setitem(sys.modules, "xdist", sys)
    (tmp_path / "pytest.ini").write_text(f"[pytest]\n{options}\n", encoding="utf-8")
    assert one_process(tmp_path) == (["-n0"] if spread else [])


def test_where_warnings_are_errors_it_measures_as_well(tmp_path: Path) -> None:
    folder = project(tmp_path, features=LISTS, test_it=STRONG_OF_LISTS)
    (folder / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n", encoding="utf-8")
    assert measured(folder, sample=4).total


def test_what_loops_deletes_or_starts_processes_is_contained(tmp_path: Path) -> None:
    code = (
        "import os, shutil, subprocess, sys\nfrom pathlib import Path\nHERE = Path(__file__).parent\n"
        "def f(n):\n    total = 0\n    while n > 0:\n        total += n\n        n -= 1\n"
        "    if total != 6:\n        shutil.rmtree(HERE / 'data', ignore_errors=True)\n"
        "        subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "    return total\n"
    )
    test = "import m\n\n\ndef test_f():\n    assert m.f(3) == 6\n"
    folder = project(tmp_path, m=code, test_m=test)
    (folder / "data").mkdir()
    (folder / "data" / "kept.csv").write_text("a,b\n", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}
    found = measured(folder)
    assert found.count(MutantStatus.STOPPED) >= 1, "n -= 1 becomes n += 1: it never ends"
    assert found.caught >= 2
    assert {p.name: p.read_bytes() for p in folder.rglob("*.*") if p.is_file()} == before


def test_a_script_that_tests_start_as_a_process_is_measured_too(tmp_path: Path) -> None:
    code = "import sys\nx = 2 + 3\ny = x * 1\nprint(x)\n"
    test = (
        "import subprocess, sys\n\n\ndef test_it():\n"
        "    done = subprocess.run([sys.executable, 'script.py'], capture_output=True, text=True)\n"
        "    assert done.stdout == '5\\n'\n"
    )
    folder = project(tmp_path, script=code, test_script=test)
    found = measured(folder, targets=("script.py",))
    assert found.caught >= 2
    assert any("y" in one.seen_by for one in found.survivors)


def test_a_sample_takes_one_mutant_of_each_statement_before_a_second_one() -> None:
    source = "".join(f"def f{n}(x):\n    return x + {n} * 2 > 3\n" for n in range(5))
    found = _spread(list(mutants(source, "m.py")))
    assert len(found) > 10 and len({mutant.statement for mutant in found[:5]}) == 5


def test_the_same_seed_gives_the_same_sample_and_verdicts(tmp_path: Path) -> None:
    folder = project(tmp_path, features=LISTS, test_it=STRONG_OF_LISTS)
    one, two, other = (measured(folder, sample=3, seed=seed) for seed in (1, 1, 2))
    key = [sorted((j.diff, j.status) for j in found.tested) for found in (one, two, other)]
    assert key[0] == key[1] and len(one.tested) == 3
    assert key[0] != key[2]


REFUSED = {
    "no tests": ({"m": "x = 1\n"}, (), "pytest finds no tests here"),
    "red tests": (
        {"test_m": "def test_m():\n    assert 1 == 2\n"},
        (),
        "test_m.py::test_m fails before anything was changed",
    ),
    "a conftest that stops": (
        {"conftest": "import no_such_package\n", "test_m": "def test_m():\n    pass\n"},
        (),
        "pytest cannot begin here: ImportError while loading conftest 'conftest.py': "
        "ModuleNotFoundError: No module named 'no_such_package'.",
    ),
    "untested target": (
        {"m": "x = 1\n", "test_m": "def test_m():\n    pass\n"},
        ("m.py",),
        "no test runs m.py",
    ),
    "missing target": ({"test_m": "def test_m():\n    pass\n"}, ("n.py",), "no such file"),
    "python 2": (
        {"m": "print 1\n", "test_m": "def test_m():\n    pass\n"},
        ("m.py",),
        "not Python 3",
    ),
}


@pytest.mark.parametrize(("files", "targets", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_measured_is_refused_with_the_reason(
    tmp_path: Path, files: dict[str, str], targets: tuple[str, ...], message: str
) -> None:
    found = measure_strength(
        StrengthRequest(project(tmp_path, **files), targets=targets, workers=1)
    )
    assert isinstance(found, Refusal)
    assert message in str(found)


def test_the_flake_meter_counts_failures_of_unchanged_tests(tmp_path: Path) -> None:
    flaky = "def test_order():\n    assert list({'a', 'b'})[0] == 'a'\n"
    found = count_flakes(StrengthRequest(project(tmp_path, test_f=flaky), workers=2), runs=4)
    assert not isinstance(found, Refusal)
    assert 0 < found[0] < 4
    assert found[1] == ("test_f.py::test_order",)


def test_no_other_hash_seed_is_tried_after_a_failure_if_one_is_enough(tmp_path: Path) -> None:
    files = {
        "test_f": "import os\n\n\ndef test_seed():\n    assert os.environ['PYTHONHASHSEED'] != '1'\n"
    }
    request, done = StrengthRequest(project(tmp_path, **files), workers=1), []
    for until_failed, runs in ((True, 4), (False, 6)):
        found = count_flakes(
            request, 6, lambda run, _: done.append(run), hash_seeds=3, until_failed=until_failed
        )
        assert found == (2, ("test_f.py::test_seed",))
        assert done[-1] == runs


FITTED = """import os
import tempfile

from sklearn.ensemble import RandomForestClassifier
from sklearn.ensemble import _forest as forest


def test_fit(monkeypatch):
    def counted(*args, original=forest._parallel_build_trees, **kwargs):
        open(os.path.join(tempfile.gettempdir(), os.environ["PYTHONHASHSEED"]), "x").close()
        return original(*args, **kwargs)

    monkeypatch.setattr(forest, "_parallel_build_trees", counted)
    model = RandomForestClassifier(1, random_state=0).fit([[1], [2], [3]], [0, 1, 1])
    assert model.predict([[3]]) == [1]
"""
"""A forest that can be grown once for each hash seed."""


def test_under_each_hash_seed_the_same_model_is_fitted_once(tmp_path: Path) -> None:
    request = StrengthRequest(project(tmp_path, test_f=FITTED), workers=1)
    assert count_flakes(request, 4, hash_seeds=2) == (0, ())


def test_one_warm_process_repeats_the_unchanged_tests_and_plants_as_long_as_is_wanted(
    tmp_path: Path,
) -> None:
    request = StrengthRequest(
        project(tmp_path, features=LISTS, test_it=WEAK_OF_LISTS), workers=2, repeat=3
    )
    found = measure_strength(request, has_to_end=lambda done: done == 2)
    assert isinstance(found, Strength)
    assert (found.flakes, found.runs, len(found.tested), found.planted) == (0, 3, 2, 2)


def test_unseeded_random_numbers_are_fresh_in_every_run(tmp_path: Path) -> None:
    flaky = "import numpy as np\n\n\ndef test_r():\n    assert np.random.rand() < 0.5\n"
    found = count_flakes(
        StrengthRequest(project(tmp_path, test_f=flaky), workers=2), runs=16, hash_seeds=1
    )
    assert not isinstance(found, Refusal)
    assert 0 < found[0] < 16


def test_the_command_prints_json_alone_and_obeys_fail_under(tmp_path: Path) -> None:
    folder = project(tmp_path, features=LISTS, test_it=WEAK_OF_LISTS)
    code, out, _ = run_inside("strength", "--folder", str(folder), "--json", "--fail-under", "90")
    answer = json.loads(out)
    assert code == 1
    assert {"caught", "total", "seconds", "flakes", "runs", "survivors"} <= set(answer)
    assert set(answer["survivors"][0]) >= {"path", "line", "diff"}


def test_fail_under_never_passes_without_a_measure(tmp_path: Path) -> None:
    folder = project(tmp_path, features="LIMIT = 3\n", test_it="def test_it():\n    assert True\n")
    for options, code, output in (
        (["--repeat", "2", "--fail-under", "90"], 2, "measures no strength"),
        (["--fail-under", "90"], None, ""),
    ):
        done, out, err = output_of("strength", "--folder", str(folder), *options)
        assert done == code if code else done != 0, out
        assert output in err
