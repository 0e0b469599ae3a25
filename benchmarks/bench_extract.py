"""How the time of extract's analysis and picture grows with a notebook: 2,000 cells over 500.

    python benchmarks/bench_extract.py

Three kinds of notebook: the messy one again and again, one of columns that each have a name of their own,
and one of models of the same shape. Processor time, the least of three runs. Four times is linear.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.extract.shell.flow_page import flow_page
from nbkata.extract.shell.run import read_flow

ROOT = Path(__file__).parents[1]
SMALL, LARGE = 500, 2000
MOST = 6.0
START = "import pandas as pd\nfrom sklearn.linear_model import LogisticRegression\ndf = pd.read_csv('a.csv')"
COLUMNS = (
    "df['c{n}'] = df['a'] * {n} + df['b']\ndf['c{n}'] = df['c{n}'].fillna(0)",
    "m{n} = df['c{n}'].mean()\nprint(m{n})",
    "df.loc[df['c{n}'] > m{n}, 'd{n}'] = {n}",
    "for v in ['a', 'b']:\n    df[v] = df[v].map({{1: {n}}})",
    "df = df.drop(columns=['d{n}'])\ndf.head()",
)
MODEL = (
    "model{n} = LogisticRegression(C={n})\nmodel{n}.fit(df[['a', 'b']], df['c0'])\n"
    "score{n} = model{n}.score(df[['a', 'b']], df['c0'])\nscore{n}"
)


def the_messy_one(cells: int) -> list[str]:
    document = json.loads((ROOT / "notebooks" / "titanic.ipynb").read_text("utf-8"))
    code = ["".join(c["source"]) for c in document["cells"] if c["cell_type"] == "code"]
    return [code[number % len(code)] for number in range(cells)]


def many_columns(cells: int) -> list[str]:
    parts = [COLUMNS[n % 5].format(n=n // 5) for n in range(cells - 2)]
    return [START, *parts, "LogisticRegression().fit(df[['a', 'b']], df['c0']).score(df, df['c0'])"]


def many_models(cells: int) -> list[str]:
    return [START, "df['c0'] = df['a'] > 1", *(MODEL.format(n=n) for n in range(cells - 2))]


KINDS: tuple[Callable[[int], list[str]], ...] = (the_messy_one, many_columns, many_models)


def seconds(path: Path, runs: int = 3) -> float:
    """Of the processor, to read, judge and draw it."""
    least = float("inf")
    for _ in range(runs):
        start = time.process_time()
        flow = read_flow(path)
        assert not isinstance(flow, Refusal), flow
        flow_page(flow, {}, path.name)
        least = min(least, time.process_time() - start)
    return least


def notebook(folder: str, cells: list[str]) -> Path:
    made = [
        {
            "cell_type": "code",
            "source": code,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
        for code in cells
    ]
    path = Path(folder, f"{len(cells)}.ipynb")
    document = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def main() -> int:
    """Print a line for each kind; 1 if one grows faster than ``MOST`` times."""
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            small = seconds(notebook(folder, kind(SMALL)))
            large = seconds(notebook(folder, kind(LARGE)))
            worst = max(worst, large / small)
            print(f"{kind.__name__:14} {small:6.2f} s {large:6.2f} s  {large / small:4.1f} times")
    return int(worst > MOST)


if __name__ == "__main__":
    sys.exit(main())
