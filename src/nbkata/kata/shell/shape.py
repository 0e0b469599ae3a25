"""Running a step's shape tests in a process of their own."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.kata.core.kata import Step
from nbkata.kata.core.lights import Light, LightSoFar
from nbkata.kata.shell.kit import Kit
from nbkata.kata.shell.reported_tests import Report, ReportedTest, red, run_reported

# The learner's code runs in there: it may loop for ever.
TIMEOUT_S = 240
# More for each further step, on a busy machine.
LOOKING_BACK_S = 60


def run_shape_tests(
    kit: Kit,
    steps: Sequence[Step],
    workspace: Path,
    executed: dict[str, Any] | None,
    on_progress: Callable[[LightSoFar], None] = lambda so_far: None,
    quick: Sequence[Step] = (),
    until: str = "",
) -> dict[str, Light] | Refusal:
    """The shape light of each of the steps, by slug: their ``test_shape.py`` on the workspace.

    ``executed`` is the notebook's document as a fresh run just left it, where one ran. Several
    steps share one process, in which the learner's code runs once. ``on_progress`` is given what the
    quick tests say where others take their time. The tests of ``quick`` steps are run besides.
    It ends with the first red test if it is to go on ``until`` something is said: the tests that
    say it most likely come first.
    """
    with TemporaryFolder() as folder:
        fresh = Path(folder, "fresh.ipynb")
        if executed is not None:
            fresh.write_text(json.dumps(executed), encoding="utf-8")
        tests = [kit.exercises / step.slug / "test_shape.py" for step in (*steps, *quick)]
        options = [f"--nbkata-workspace={workspace.resolve()}", f"--nbkata-fresh={fresh}"]
        options += ["--exitfirst", f"--nbkata-until={until}"] if until else []
        timeout_s = TIMEOUT_S + LOOKING_BACK_S * (len(steps) - 1)
        slugs = [step.slug for step in steps]
        report = run_reported(
            kit, tests, options, timeout_s, lambda report: on_progress(_light_so_far(report, slugs))
        )
    if report.late and len(steps) > 1:  # no step got lost by that
        late = f"looking at {len(steps)} steps did not end within {timeout_s} s."
        return Refusal(late, next_step="Is the machine busy? Run it again.")
    if report.late:
        late = f"The shape tests did not end within {TIMEOUT_S} s: is there an endless loop?"
        if report.slow:
            late = f"{report.slow[0].capitalize()} took too long. Is the machine busy? Check again."
        return {step.slug: Light(False, (late,)) for step in (*steps, *quick)}
    if not report.ended:
        what = f"the shape tests could not run: {report.output}"
        return Refusal(what, str(kit.exercises / steps[0].slug), "Run ./go again.")
    return {
        step.slug: _light([test for test in report.tests if test.folder == step.slug])
        for step in (*steps, *quick)
    }


def _light(tests: Sequence[ReportedTest]) -> Light:
    if not tests:
        return Light(False, ("The step has no shape tests.",))
    notes = tuple(test.note for test in tests if test.note)
    all_there = "all that the step asks is there"
    return Light(False, red(tests)) if red(tests) else Light(True, (all_there, *notes))


def _light_so_far(report: Report, slugs: Sequence[str]) -> LightSoFar:
    """Open as far as nothing is wrong: it says what is still looked at."""
    failed = red([test for test in report.tests if test.folder in slugs])
    done, total, so_far = report.progress or (0, None, "")
    found = f", {so_far}" if so_far else ""
    count = f" ({done} of {total}{found})" if total else ""
    left = report.slow[report.slow.index(report.work) :] if report.work else report.slow
    still = f"still at work{count}: {', then '.join(left)}"
    light = Light(False, failed) if failed else Light(False, (still,), is_open=True)
    return LightSoFar(light, left[0], done, total, so_far)
