"""Checking a step: run the workspace's notebook, compare its results, test its shape."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbkata.core.behaviour import behaviour_light
from nbkata.core.compare import compare
from nbkata.core.kata import Step
from nbkata.core.lights import Verdict
from nbkata.core.record import Record, record_from_text
from nbkata.core.refusal import Refusal
from nbkata.core.run import DEFAULT_CELL_TIMEOUT_S, Stopped
from nbkata.shell.kit import Kit
from nbkata.shell.record import record_notebook
from nbkata.shell.shape import run_shape_tests
from nbkata.shell.workspace import shown_path


@dataclass(frozen=True, slots=True)
class Observation:
    """What one fresh run of a workspace's notebook gave."""

    document: dict[str, Any]
    """The notebook as the run left it."""
    results: Record
    """The kata's results, after the last cell."""
    cells: int
    seconds: float


def observe(
    kit: Kit,
    workspace: Path,
    timeout_s: int = DEFAULT_CELL_TIMEOUT_S,
    before_cell: Callable[[int], None] | None = None,
) -> Observation | Refusal:
    """Run the notebook from a fresh kernel and record the kata's results."""
    path = workspace / kit.kata.notebook
    recorded = record_notebook(
        path, names=kit.kata.results, timeout_s=timeout_s, before_cell=before_cell
    )
    if isinstance(recorded, Refusal):
        return recorded
    if isinstance(recorded.run, Stopped):
        return recorded.run.refusal(shown_path(path))
    document = recorded.run.document
    cells = sum(1 for cell in document["cells"] if cell.get("execution_count"))
    return Observation(document, recorded.record, cells, recorded.run.seconds)


def judge(kit: Kit, step: Step, workspace: Path, observed: Observation) -> Verdict | Refusal:
    """Both lights of a step. ``seconds`` of the verdict are those of the run."""
    golden = load_golden(kit)
    if isinstance(golden, Refusal):
        return golden
    shape = run_shape_tests(kit, step, workspace, observed.document)
    if isinstance(shape, Refusal):
        return shape
    difference = compare(golden, observed.results)
    behaviour = behaviour_light(difference, len(kit.kata.results), observed.cells, observed.seconds)
    return Verdict(step.slug, behaviour, shape, observed.seconds)


def golden_path(kit: Kit) -> Path:
    """Where the behaviour to keep is recorded."""
    return kit.exercises / "golden.json"


def load_golden(kit: Kit) -> Record | Refusal:
    """The kata's golden record."""
    path = golden_path(kit)
    try:
        return record_from_text(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        what = f"the golden record cannot be read ({error})."
        return Refusal(what, str(path), "Bring the file back (git checkout) and run again.")
