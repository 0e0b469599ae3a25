"""Checking a step: run the workspace's notebook, compare its results, test its shape."""

import time
from collections.abc import Callable
from pathlib import Path

from nbkata.core.kata import Step
from nbkata.core.lights import Light, Verdict
from nbkata.core.refusal import Refusal
from nbkata.core.run import Stopped
from nbkata.shell.kit import Kit
from nbkata.shell.notebook_files import read_notebook_json
from nbkata.shell.run_notebook import run_notebook
from nbkata.shell.shape import run_shape_tests
from nbkata.shell.workspace import shown_path


def check_step(
    kit: Kit, step: Step, workspace: Path, timeout_s: int, before_cell: Callable[[int], None]
) -> Verdict | Refusal:
    """Both lights of ``step`` for the workspace, from a fresh run of its notebook."""
    started = time.perf_counter()
    path = workspace / kit.kata.notebook
    document = read_notebook_json(path)
    if isinstance(document, Refusal):
        return document
    run = run_notebook(document, path.parent, timeout_s=timeout_s, before_cell=before_cell)
    if isinstance(run, Stopped):
        return run.refusal(shown_path(path))
    behaviour = Light(True, ("ran",))
    shape = run_shape_tests(kit, step, workspace, run.document)
    if isinstance(shape, Refusal):
        return shape
    return Verdict(step.slug, behaviour, shape, time.perf_counter() - started)
