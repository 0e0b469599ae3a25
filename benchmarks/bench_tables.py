"""Tables are logic: what mutation testers say of step 11's unit tests, and what they change in tables.

    python benchmarks/bench_tables.py [--python PYTHON]

The module is `features.py` of the kit's own step 11, its tests are the unit tests alone, without the
characterization test. Each tool plants its own mutants and gives its own score. Beside it: how many of its
mutants are in a table of the module (titles, codes, band edges), outside all functions. The guides of steps 04
and 12 quote the scores: another one here is a 1. The others get an environment of their own, made on
the first run; pytest-leela needs Python 3.12, which ``--python`` may name, and is left out without.
"""

import argparse
import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from nbkata.common.shell.cache import cache_root
from nbkata.kata.shell.kit import kit_root

OTHERS = cache_root() / "bench-tables"
MODULE = "src/features.py"
SETTINGS = """[project]
name = "bench"
version = "0"

[tool.pytest.ini_options]
pythonpath = ["src"]
testpaths = ["tests"]
"""
QUOTED = {"nbkata strength": 23, "irradiate": 98, "pytest-leela": 89}


class Score(NamedTuple):
    """What one tool says."""

    caught: int
    total: int  # the mutants that some test reaches
    in_tables: int  # of all its mutants, or of ours the survivors


def main() -> int:
    """Print one line a tool; 1 if a score is not the quoted one."""
    parser = argparse.ArgumentParser(description="Compare the scores of mutation testers.")
    parser.add_argument("--python", default=sys.executable, help="for the others' environment")
    python = environment(parser.parse_args().python)
    with TemporaryDirectory() as folder:
        place, tables = project(Path(folder)), table_lines()
        scores = {"nbkata strength": own_score(place, tables)}
        scores["irradiate"] = irradiate_score(place, python, tables)
        if has_leela(python):
            scores["pytest-leela"] = leela_score(place, python, tables)
    wrong = 0
    for name, score in scores.items():
        percent = 100 * score.caught / score.total
        what = "survivors" if name.startswith("nbkata") else "mutants"
        print(f"{name}: {percent:.1f} %, {score.caught} of {score.total} mutants caught;", end=" ")
        print(f"{score.in_tables} {what} in tables")
        wrong += round(percent) != QUOTED[name]
    return int(wrong > 0)


def project(folder: Path) -> Path:
    """Step 11's code and unit tests."""
    step = kit_root() / "solutions" / "refactoring" / "11-core-and-shell"
    shutil.copytree(step / "src", folder / "src")
    (folder / "tests").mkdir()
    shutil.copy(step / "tests" / "test_features.py", folder / "tests")
    (folder / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    return folder


def table_lines() -> set[int]:
    """The lines of the module that no function holds."""
    step = kit_root() / "solutions" / "refactoring" / "11-core-and-shell"
    tree = ast.parse((step / MODULE).read_text(encoding="utf-8"))
    return {
        line
        for node in tree.body
        if isinstance(node, ast.Assign)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


def own_score(folder: Path, tables: set[int]) -> Score:
    """Of `nbkata strength`."""
    command = [sys.executable, "-m", "nbkata", "strength", "--json", "--target", MODULE]
    answer = json.loads(said_by([*command, "--folder", str(folder)], folder))
    lines = [one["line"] for one in answer["survivors"]]
    return Score(answer["caught"], answer["total"], sum(line in tables for line in lines))


def irradiate_score(folder: Path, python: Path, tables: set[int]) -> Score:
    """Of `irradiate run`; its score leaves out the mutants that no test reaches."""
    report = folder / "irradiate.json"
    command = [str(python.parent / "irradiate"), "run", MODULE, "--python", str(python)]
    said_by([*command, "--report", "json", "-o", str(report)], folder)
    (found,) = json.loads(report.read_text(encoding="utf-8"))["files"].values()
    ends = [one["status"] for one in found["mutants"]]
    lines = [one["location"]["start"]["line"] for one in found["mutants"]]
    killed = ends.count("Killed") + ends.count("Timeout")
    return Score(killed, killed + ends.count("Survived"), sum(line in tables for line in lines))


def leela_score(folder: Path, python: Path, tables: set[int]) -> Score:
    """Of `pytest --leela`."""
    page = folder / "leela.html"
    command = [str(python), "-m", "pytest", "-q", "--leela", f"--target={MODULE}"]
    output = said_by([*command, f"--leela-html={page}"], folder)
    killed, total = map(int, re.findall(r"Overall: (\d+)/(\d+) killed", output)[0])
    lines = map(int, re.findall(r'"line(?:no)?"\s*:\s*(\d+)', page.read_text(encoding="utf-8")))
    return Score(killed, total, sum(line in tables for line in lines))


def said_by(command: list[str], folder: Path) -> str:
    """What a tool prints; its exit code says how good the tests are, and counts for nothing here."""
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, encoding="utf-8")
    return done.stdout


def environment(python: str) -> Path:
    """The Python of the others' environment."""
    home = OTHERS / ("Scripts" if sys.platform == "win32" else "bin")
    found = home / ("python.exe" if sys.platform == "win32" else "python")
    if not found.exists():
        subprocess.run([python, "-m", "venv", str(OTHERS)], check=True)
        install = [str(found), "-m", "pip", "install", "--quiet"]
        subprocess.run([*install, "irradiate", "pytest", "pandas", "scikit-learn"], check=True)
        subprocess.run([*install, "pytest-leela"], check=False)  # not on Python 3.11
    return found


def has_leela(python: Path) -> bool:
    """Whether pytest-leela could be installed."""
    command = [str(python), "-c", "import importlib.metadata as m; m.version('pytest-leela')"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
