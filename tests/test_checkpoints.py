"""The proof of the kit's own steps: what `nbkata dev check` proves holds."""

import filecmp
from functools import cache

import pytest
from builders import ROOT

from nbkata.core.proof import StepProof
from nbkata.shell.kit import Kit, load_kit
from nbkata.shell.proof import prove

SOLUTIONS = ROOT / "solutions" / "refactoring"


def kit() -> Kit:
    found = load_kit()
    assert isinstance(found, Kit)
    return found


@cache
def proofs() -> dict[str, StepProof]:
    """All of them at once: each checkpoint is looked at once, on all cores."""
    return {proof.slug: proof for proof in prove(kit(), kit().kata.steps)}


@pytest.mark.xdist_group("proof")
@pytest.mark.parametrize(
    "slug", [path.name for path in sorted(SOLUTIONS.iterdir()) if path.is_dir()]
)
def test_a_step_is_red_before_green_after_and_each_mistake_is_told(slug: str):
    proof = proofs()[slug]
    assert proof.ok, "\n".join(proof.problems)
    assert proof.behaviour and proof.fails_before and proof.passes_after
    assert proof.wrong_states[0] == proof.wrong_states[1] >= 4


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
