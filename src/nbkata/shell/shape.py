"""Running a step's shape tests in a process of their own."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbkata.core.kata import Step
from nbkata.core.lights import Light
from nbkata.core.refusal import Refusal
from nbkata.shell.kit import Kit
from nbkata.shell.run_code import child_environment

TIMEOUT_S = 240
"""The learner's code runs in there: it may loop for ever."""


def run_shape_tests(
    kit: Kit, steps: Sequence[Step], workspace: Path, executed: dict[str, Any] | None
) -> dict[str, Light] | Refusal:
    """The shape light of each of the steps, by slug: their ``test_shape.py`` on the workspace.

    ``executed`` is the notebook's document as a fresh run just left it, where one ran. Several
    steps share one process, in which the learner's code runs once.
    """
    with tempfile.TemporaryDirectory(prefix="nbkata-") as folder:
        fresh, report = Path(folder, "fresh.ipynb"), Path(folder, "report.json")
        if executed is not None:
            fresh.write_text(json.dumps(executed), encoding="utf-8")
        tests = [str(kit.exercises / step.slug / "test_shape.py") for step in steps]
        command = [
            *(sys.executable, "-m", "pytest", *tests),
            *("-c", str(kit.exercises / "pytest.ini"), "-p", "nbkata.pytest_plugin"),
            *(f"--nbkata-workspace={workspace.resolve()}", f"--nbkata-fresh={fresh}"),
            f"--nbkata-report={report}",
        ]
        environment = {**child_environment(), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False,
                encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL, env=environment,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            said = f"The shape tests did not end within {TIMEOUT_S} s: is there an endless loop?"
            return {step.slug: Light(False, (said,)) for step in steps}
        if not report.exists():
            last = (done.stdout + done.stderr).strip().splitlines()[-3:]
            what = "the shape tests could not run: " + " ".join(last)
            return Refusal(what, str(kit.exercises / steps[0].slug), "Run ./go again.")
        told = json.loads(report.read_text(encoding="utf-8"))
    return {
        step.slug: _light([test for test in told if test["folder"] == step.slug]) for step in steps
    }


def _light(tests: list[dict[str, Any]]) -> Light:
    failed = tuple(test["message"] for test in tests if not test["ok"])
    if not tests:
        return Light(False, ("The step has no shape tests.",))
    return Light(False, failed) if failed else Light(True, ("all that the step asks is there",))
