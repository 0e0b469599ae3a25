"""What it takes to be there at once: the commands that are typed most beside an empty Python.

python benchmarks/bench_startup.py [--rounds N]
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import create_workspace

TARGET = 4.0
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "nbkata --help": ["-m", "nbkata", "--help"],
    "nbkata status": ["-m", "nbkata", "status"],
    "nbkata hint": ["-m", "nbkata", "hint"],
}


def main() -> int:
    """Print the medians of processor time, measured in turn; 1 where the target is missed."""
    parser = argparse.ArgumentParser(description="Time the quick commands beside an empty Python.")
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as after ./go, which compiles the kit
    kit = load_kit()
    assert isinstance(kit, Kit)
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as folder:
        create_workspace(Path(folder, "dojo"), kit)
        for _ in range(rounds + 1):
            for name, arguments in COMMANDS.items():
                times[name].append(processor_ms(arguments, Path(folder, "dojo")))
    medians = {name: statistics.median(values[1:]) for name, values in times.items()}  # 1: warm up
    empty = medians["python -c pass"]
    for name, median in medians.items():
        print(f"{name:16} {median:6.1f} ms   {median / empty:4.1f} times")
    print(f"target: {TARGET} times")
    return 0 if max(medians.values()) <= TARGET * empty else 1


def processor_ms(arguments: list[str], cwd: Path) -> float:
    """What one run takes of a processor, whatever else the machine does; on Windows, by the clock."""
    before = _spent_s()
    subprocess.run([sys.executable, *arguments], cwd=cwd, stdout=subprocess.DEVNULL, check=True)
    return 1000 * (_spent_s() - before)


def _spent_s() -> float:
    if sys.platform == "win32":
        return time.perf_counter()
    import resource  # POSIX only

    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


if __name__ == "__main__":
    sys.exit(main())
