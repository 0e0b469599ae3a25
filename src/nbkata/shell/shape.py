"""Running a step's shape tests in a process of their own."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from nbkata.core.kata import Step
from nbkata.core.lights import Light
from nbkata.core.refusal import Refusal
from nbkata.shell.kit import Kit

TIMEOUT_S = 120
"""The learner's code runs in there: it may loop for ever."""


def run_shape_tests(
    kit: Kit, step: Step, workspace: Path, executed: dict[str, Any]
) -> Light | Refusal:
    """The shape light: the step's ``test_shape.py`` on the workspace.

    ``executed`` is the notebook's document as a fresh run just left it.
    """
    with tempfile.TemporaryDirectory(prefix="nbkata-") as folder:
        fresh, report = Path(folder, "fresh.ipynb"), Path(folder, "report.json")
        fresh.write_text(json.dumps(executed), encoding="utf-8")
        command = [
            *(sys.executable, "-m", "pytest", str(kit.exercises / step.slug / "test_shape.py")),
            *("-c", str(kit.exercises / "pytest.ini"), "-p", "nbkata.pytest_plugin"),
            *(f"--nbkata-workspace={workspace}", f"--nbkata-fresh={fresh}"),
            f"--nbkata-report={report}",
        ]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False,
                encoding="utf-8", errors="replace", env=_ENVIRONMENT | dict(os.environ),
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return Light(False, (f"The shape tests did not end within {TIMEOUT_S} s.",))
        if not report.exists():
            last = (done.stdout + done.stderr).strip().splitlines()[-3:]
            what = "the shape tests could not run: " + " ".join(last)
            return Refusal(what, str(kit.exercises / step.slug), "Run ./go again.")
        return _light(json.loads(report.read_text(encoding="utf-8")))


_ENVIRONMENT = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # a third of pytest's start


def _light(tests: list[dict[str, Any]]) -> Light:
    failed = tuple(test["message"] for test in tests if not test["ok"])
    if not tests:
        return Light(False, ("The step has no shape tests.",))
    return Light(False, failed) if failed else Light(True, ("all that the step asks is there",))
