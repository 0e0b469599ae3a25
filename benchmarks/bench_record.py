"""What recording costs beside plain nbclient: one run each of the messy notebook, in turn.

python benchmarks/bench_record.py [--rounds N]
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from nbkata.record.shell.record import Recorded, record_notebook

MESS = Path(__file__).parents[1] / "notebooks" / "titanic.ipynb"
TARGET = 1.3


def main() -> int:
    """Print the medians and their ratio; 1 where the target is missed."""
    parser = argparse.ArgumentParser(description="Time record beside plain nbclient.")
    parser.add_argument("--rounds", type=int, default=5)
    seconds: dict[str, list[float]] = {"nbclient": [], "record": []}
    for _ in range(parser.parse_args().rounds):
        seconds["nbclient"].append(timed(plain))
        seconds["record"].append(timed(recorded))
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    ratio = medians["record"] / medians["nbclient"]
    print(f"nbclient {medians['nbclient']:.2f} s, record {medians['record']:.2f} s")
    print(f"recording takes {ratio:.2f} times as long (target {TARGET})")
    return 0 if ratio <= TARGET else 1


def plain() -> None:
    """Execute the notebook as anyone would."""
    notebook = nbformat.read(MESS, as_version=4)  # type: ignore[no-untyped-call] # untyped library
    NotebookClient(notebook, resources={"metadata": {"path": str(MESS.parent)}}).execute()


def recorded() -> None:
    """Execute it and record every name after every cell."""
    assert isinstance(record_notebook(MESS), Recorded)


def timed(action: Callable[[], None]) -> float:
    """Its wall clock in seconds."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
