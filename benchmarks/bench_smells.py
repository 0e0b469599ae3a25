"""How fast `nbkata smells` is, beside what a user would run instead.

    python benchmarks/bench_smells.py [--quick]

In one run, on the same 60-cell notebook: nbQA with pylint and all its rules, pynblint, and ours
without its cache. Then ours on 60 to 5,000 cells, and on 100 notebooks with one core and with all.
The other tools get an environment of their own, made on the first run (pynblint needs click < 8.2).
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nbkata.common.shell.cache import cache_root

ROOT = Path(__file__).parents[1]
MESS = ROOT / "notebooks" / "titanic.ipynb"
OTHERS = cache_root() / "bench-smells"
LINTERS = ["nbqa", "pylint", "pynblint", "click<8.2"]
IMPORTED = ["pandas", "scikit-learn", "seaborn", "matplotlib"]
TARGETS = {"nbqa with pylint": 5.0, "pynblint": 3.0}
ROUNDS = 3


def main() -> int:
    """Print one line a measurement; 1 where a target is missed."""
    parser = argparse.ArgumentParser(description="Time nbkata smells beside other tools.")
    parser.add_argument("--quick", action="store_true", help="one round, no 5,000 cells")
    quick = parser.parse_args().quick
    with TemporaryDirectory() as folder:
        place = Path(folder)
        kept = [
            compare_with_others(place, 1 if quick else ROUNDS),
            grows_linearly(place, (60, 300, 1_200) if quick else (60, 300, 1_250, 5_000)),
            uses_all_cores(place),
        ]
    return 0 if all(kept) else 1


def compare_with_others(folder: Path, rounds: int) -> bool:
    """Medians of whole processes, taken in turn so that a busy machine slows all of them."""
    notebook = write(folder / "sixty.ipynb", 60)
    scripts = environment()
    commands = {
        "nbqa with pylint": [str(scripts / "nbqa"), "pylint", str(notebook)],
        "pynblint": [str(scripts / "pynblint"), str(notebook)],
        "nbkata smells": ours(notebook, "--no-cache"),
    }
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            seconds[name].append(timed(command))
    own = statistics.median(seconds["nbkata smells"])
    print(f"60 cells, nbkata smells: {own:.2f} s")
    kept = True
    for name, target in TARGETS.items():
        ratio = statistics.median(seconds[name]) / own
        kept = kept and ratio >= target
        print(f"60 cells, {name}: {ratio:.1f} times ours (target {target:.0f})", flush=True)
    return kept


def grows_linearly(folder: Path, sizes: Sequence[int]) -> bool:
    """Milliseconds a cell, without a process' start; the last at most twice the others' largest."""
    start = timed(ours(write(folder / "one.ipynb", 1), "--no-cache"))
    costs = []
    for size in sizes:
        spent = timed(ours(write(folder / f"{size}.ipynb", size), "--no-cache", "--format", "json"))
        costs.append((spent - start) / size * 1000)
        print(f"{size} cells: {spent:.2f} s, {costs[-1]:.2f} ms a cell", flush=True)
    return costs[-1] <= 2 * max(costs[:-1])


def uses_all_cores(folder: Path) -> bool:
    """100 notebooks with one process and with one a core."""
    many = folder / "many"
    many.mkdir()
    for number in range(100):
        write(many / f"n{number}.ipynb", 115)
    one, every = (timed(ours(many, "--no-cache", "--workers", count)) for count in ("1", "0"))
    cores = os.cpu_count() or 1
    print(f"100 notebooks: {every:.1f} s, {one / every:.2f} times as fast on {cores} cores")
    return cores == 1 or one > every


def ours(path: Path, *options: str) -> list[str]:
    """Our command as a user runs it."""
    return [sys.executable, "-m", "nbkata", "smells", str(path), *options]


def write(path: Path, count: int) -> Path:
    """The messy notebook's code cells, over and over, without magics and outputs."""
    document: dict[str, Any] = json.loads(MESS.read_text(encoding="utf-8"))
    plain = [
        {**cell, "outputs": []}
        for cell in document["cells"]
        if cell["cell_type"] == "code"
        and "".join(cell["source"]).strip()
        and not "".join(cell["source"]).startswith(("cd ", "%", "!"))
    ]
    document["cells"] = [
        {**plain[number % len(plain)], "id": f"cell-{number}", "execution_count": number + 1}
        for number in range(count)
    ]
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def environment() -> Path:
    """The folder with the other tools' programs."""
    scripts = OTHERS / ("Scripts" if os.name == "nt" else "bin")
    if not any(scripts.glob("nbqa*")):
        python = str(scripts / "python")
        uv = shutil.which("uv")
        if uv:
            quietly([uv, "venv", "--quiet", str(OTHERS)])
            quietly([uv, "pip", "install", "--python", python, *LINTERS, *IMPORTED])
        else:
            venv.create(OTHERS, with_pip=True)
            quietly([python, "-m", "pip", "install", *LINTERS, *IMPORTED])
    return scripts


def quietly(command: Sequence[str]) -> None:
    """Whatever the exit code: all of these tools have one for findings."""
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def timed(command: Sequence[str]) -> float:
    """Seconds of a whole process on the wall clock."""
    start = time.perf_counter()
    quietly(command)
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
