"""A kata of one step, a function that adds up a till, in a folder of its own: its check takes a second."""

import os
import shutil
from pathlib import Path

from support.builders import notebook_of, output_of, write_json

ROOT = Path(__file__).parents[2]
KATA = """
[kata]
title = "A function that adds up"
notebook = "notebooks/till.ipynb"
shown = []

[kata.files]
"notebooks/till.ipynb" = "notebooks/till.ipynb"
"data/sales.csv" = "notebooks/sales.csv"
"src/till.py" = "notebooks/till.py"

[[behaviour]]
since = "00-add-up"
run = "seam"
file = "src/till.py"
seam = "total_of"
takes = "data/sales.csv"
golden = "golden.json"
results = ["total"]

[[step]]
slug = "00-add-up"
title = "Add up"
minutes = 5
goal = "A function adds up the till."
todo = ["Extract the function add_up."]
"""
TILL = """import csv


def add_up(rows):
    return sum(float(row["price"]) for row in rows)


def total_of(path):
    with open(path, encoding="utf-8") as lines:
        return {"total": add_up(csv.DictReader(lines))}
"""
SHAPE = """
def test_a_function_adds_up(learner):
    assert "add_up" in [function.name for function in learner.run.functions], "Nothing is called add_up yet."
"""


def make_till_kata(root: Path) -> Path:
    """Make the kata `till` below ``root``, its golden record approved; give that as NBKATA_KIT."""
    exercises, solution = root / "exercises" / "till", root / "solutions" / "till" / "00-add-up"
    for path, text in (
        (exercises / "kata.toml", KATA),
        (exercises / "00-add-up" / "test_shape.py", SHAPE),
        (solution / "src" / "till.py", TILL),
        (root / "notebooks" / "till.py", TILL),
        (root / "notebooks" / "sales.csv", "item,price\ntea,2.5\ncake,5\n"),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    write_json(root / "notebooks" / "till.ipynb", notebook_of("total = 7.5"))
    shutil.copy(ROOT / "exercises" / "refactoring" / "pytest.ini", exercises)
    before = os.environ.get("NBKATA_KIT")
    os.environ["NBKATA_KIT"] = str(root)
    try:
        code, output, complaint = output_of("dev", "golden", "--kata", "till")
        assert code == 0, output + complaint
    finally:
        os.environ.pop("NBKATA_KIT")
        if before is not None:
            os.environ["NBKATA_KIT"] = before
    return root
