"""The proof of the kit's own steps: what `nbkata dev check` proves holds."""

import filecmp
import json
import subprocess
import sys
from functools import cache
from typing import Any

import pytest
from support.builders import ROOT

SOLUTIONS = ROOT / "solutions" / "refactoring"


@cache
def proof() -> dict[str, Any]:
    """All steps at once, as an author gets it: each checkpoint is looked at once, on all cores."""
    command = [sys.executable, "-m", "nbkata", "dev", "check", "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=False)
    answer: dict[str, Any] = json.loads(done.stdout)
    assert answer["ok"] is (done.returncode == 0)
    return answer


@pytest.mark.xdist_group("proof")
@pytest.mark.parametrize(
    "slug", [path.name for path in sorted(SOLUTIONS.iterdir()) if path.is_dir()]
)
def test_a_step_is_red_before_green_after_and_each_mistake_is_told(slug: str):
    (step,) = [step for step in proof()["steps"] if step["slug"] == slug]
    assert not step["problems"], "\n".join(step["problems"])
    assert step["behaviour"] and step["fails_before"] and step["passes_after"]
    assert step["hints"] and step["listings"] and step["formatted"]
    assert step["wrong_states"]["right"] == step["wrong_states"]["of"] >= 4


def test_the_characterization_test_and_its_golden_files_are_the_same_from_04_to_12():
    first, *later = [path for path in sorted(SOLUTIONS.iterdir()) if "04" <= path.name[:2] <= "12"]
    names = ["test_characterization.py", "approve.py"]
    golden = [f"golden/{path.name}" for path in (first / "tests" / "golden").iterdir()]
    assert len(later) == 8 and len(golden) == 3
    for folder in later:
        same = filecmp.cmpfiles(first / "tests", folder / "tests", names + golden, shallow=False)
        assert same == (names + golden, [], []), folder


def test_no_checkpoint_carries_the_data():
    rows = (ROOT / "notebooks" / "data" / "titanic.csv").read_text("utf-8").splitlines()[1:]
    for path in SOLUTIONS.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not any(row in text for row in rows[:50]), path
