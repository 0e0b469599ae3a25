"""How many mutants a second `nbkata strength` judges, beside mutmut 3 and cosmic-ray.

    python benchmarks/bench_strength.py [--quick]

The same module and the same tests for all; each tool's own mutants. Two rates are told. "In all" is
mutants by the clock of the whole command, start and preparations included. "Judging" leaves
those out: ours is what all mutants take beyond one; mutmut's is the rate that it prints itself;
cosmic-ray prepares in a command of its own. cosmic-ray is stopped after a while: it tells how many
it has done. mutmut changes nothing outside functions, so its mutants all are of the quick sort.
With tests that take long (a model is trained in each) every tool waits for the tests, and the
rates come closer. The others get an environment of their own, made on the first run.
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
import time
import venv
from pathlib import Path
from tempfile import TemporaryDirectory

from nbkata.common.shell.cache import cache_root

OTHERS = cache_root() / "bench-strength"
TOOLS = ["mutmut>=3", "cosmic-ray>=8", "pandas", "pytest"]
TARGET = 5.0
RUNS = 5
"""Of ours: one run differs from the next by more than the preparations take."""
HEAD = "import pandas as pd\n\nTITLES = {'Mr': 0, 'Mrs': 1, 'Miss': 2}\n"
FUNCTIONS = """

def titled_{n}(df):
    df = df.copy()
    df['Title'] = df['Name'].str.split(',').str[1].str.split('.').str[0].str.strip()
    df['Title'] = df['Title'].map(TITLES).fillna(3)
    return df


def binned_{n}(df):
    df = df.copy()
    df.loc[df['Age'] <= 12, 'Age'] = 0
    df.loc[(df['Age'] > 12) & (df['Age'] <= 20), 'Age'] = 1
    return df
"""
TESTS = """

def test_titled_{n}():
    df = pd.DataFrame({{'Name': ['A, Mr. B', 'C, Miss. D', 'E, Dr. F']}})
    assert list(features.titled_{n}(df)['Title']) == [0, 2, 3]


def test_binned_{n}():
    df = pd.DataFrame({{'Age': [5.0, 15.0, 30.0, 12.0, 20.0]}})
    assert list(features.binned_{n}(df)['Age']) == [0, 1, 30, 0, 1]
"""
SETTINGS = """[project]
name = "bench"
version = "0"

[tool.pytest.ini_options]
pythonpath = ["src"]

[tool.mutmut]
source_paths = ["src"]
"""
COSMIC = """[cosmic-ray]
module-path = "src/features.py"
timeout = 60.0
excluded-modules = []
test-command = "{python} -m pytest -x -q tests"

[cosmic-ray.distributor]
name = "local"
"""


def main() -> int:
    """Print one line a tool; 1 where judging misses the target."""
    parser = argparse.ArgumentParser(description="Time nbkata strength beside other tools.")
    parser.add_argument("--quick", action="store_true", help="a smaller module, a shorter wait")
    quick = parser.parse_args().quick
    scripts = environment()
    with TemporaryDirectory() as folder:
        place = project(Path(folder), 2 if quick else 8)
        ours = own_rates(place)
        others = {
            "mutmut": mutmut_rates(place, scripts),
            "cosmic-ray": cosmic_rates(place, scripts, 30 if quick else 90),
        }
    print(f"nbkata strength: {ours[0]:.2f} mutants a second in all, judging {ours[1]:.1f}")
    for name, rates in others.items():
        print(
            f"{name}: {rates[0]:.2f} in all, judging {rates[1]:.1f};"
            f" ours is {ours[0] / rates[0]:.1f} and {ours[1] / rates[1]:.1f} times as fast"
        )
    return 0 if all(ours[1] / rates[1] >= TARGET for rates in others.values()) else 1


def project(folder: Path, pairs: int) -> Path:
    """A module of small functions with a test for each."""
    (folder / "src").mkdir()
    (folder / "tests").mkdir()
    numbers = range(pairs)
    code = HEAD + "".join(FUNCTIONS.format(n=n) for n in numbers)
    tests = "import features\nimport pandas as pd\n" + "".join(TESTS.format(n=n) for n in numbers)
    (folder / "src" / "features.py").write_text(code, encoding="utf-8")
    (folder / "tests" / "test_features.py").write_text(tests, encoding="utf-8")
    (folder / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    return folder


Rates = tuple[float, float]
"""Mutants a second: in all, and judging alone."""


def own_rates(folder: Path) -> Rates:
    """Of `nbkata strength`: for one mutant and for all in turn, and of each the median."""
    ones, alls = [], []
    for _ in range(RUNS):
        ones.append(own_run(folder, "--sample", "1")[0])
        seconds, judged = own_run(folder)
        alls.append(seconds)
    one_s, all_s = statistics.median(ones), statistics.median(alls)
    return judged / all_s, (judged - 1) / max(all_s - one_s, 0.01)


def own_run(folder: Path, *options: str) -> tuple[float, int]:
    """Seconds, and how many mutants were judged."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "nbkata", "strength", "--json", "--folder", str(folder)]
    done = subprocess.run([*command, *options], capture_output=True, check=True, encoding="utf-8")
    answer = json.loads(done.stdout)
    judged = answer["total"] + sum(answer["not_counted"].values())
    return time.perf_counter() - started, int(judged)


def mutmut_rates(folder: Path, scripts: Path) -> Rates:
    """Of `mutmut run`, and as it says itself."""
    started = time.perf_counter()
    command = [str(scripts / "mutmut"), "run"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=True, encoding="utf-8")
    seconds = time.perf_counter() - started
    output = re.findall(r"([\d.]+) mutations/second", done.stdout)
    return int(re.findall(r"(\d+)/\d+ ", done.stdout)[-1]) / seconds, float(output[-1])


def cosmic_rates(folder: Path, scripts: Path, limit_s: int) -> Rates:
    """Of `cosmic-ray exec`, which is stopped at the limit; it does nothing but judge."""
    config = folder / "cosmic.toml"
    python = (scripts / "python").as_posix()
    config.write_text(COSMIC.format(python=python), encoding="utf-8")
    tool = str(scripts / "cosmic-ray")
    subprocess.run([tool, "init", config.name, "all.sqlite"], cwd=folder, check=True)
    started = time.perf_counter()
    try:
        command = [tool, "exec", config.name, "all.sqlite"]
        subprocess.run(command, cwd=folder, timeout=limit_s, check=True)
    except subprocess.TimeoutExpired:
        pass
    seconds = time.perf_counter() - started
    report = [str(scripts / "cr-report"), "all.sqlite"]
    answer = subprocess.run(report, cwd=folder, capture_output=True, check=True, encoding="utf-8")
    found = re.search(r"complete: (\d+)", answer.stdout)
    rate = int(found.group(1) if found else 0) / seconds
    return rate, rate


def environment() -> Path:
    """The other tools' scripts."""
    scripts = OTHERS / ("Scripts" if sys.platform == "win32" else "bin")
    if not (scripts / "cosmic-ray").exists() and not (scripts / "cosmic-ray.exe").exists():
        venv.create(OTHERS, with_pip=True)
        python = str(scripts / "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", *TOOLS], check=True)
    return scripts


if __name__ == "__main__":
    sys.exit(main())
