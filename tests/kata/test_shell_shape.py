"""The shape light of one step or several, and when it is looked at."""

import os
from pathlib import Path

import pytest

from nbkata.child.shell.launch import WARM
from nbkata.child.shell.warm import CAN_FORK
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.cores import COUNT
from nbkata.kata.core.kata import Step
from nbkata.kata.core.lights import Light
from nbkata.kata.shell.check import Observation, check_step, look_back
from nbkata.kata.shell.kit import load_kit
from nbkata.kata.shell.reported_tests import Report
from nbkata.kata.shell.shape import run_shape_tests


def test_tests_that_do_not_end_are_red_for_one_step_and_no_verdict_on_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    limits = []

    def too_late(*arguments: object) -> Report:
        limits.append(arguments[3])
        return Report((), late=True)

    monkeypatch.setattr("nbkata.kata.shell.shape.run_reported", too_late)
    kit = load_kit()
    assert not isinstance(kit, Refusal)
    one = run_shape_tests(kit, kit.kata.steps[5:6], tmp_path, None)
    assert not isinstance(one, Refusal)
    assert "did not end within 240 s" in one["05-dead-code"].message
    several = run_shape_tests(kit, kit.kata.steps[5:8], tmp_path, None)
    assert isinstance(several, Refusal)
    assert several.what == "looking at 3 steps did not end within 360 s."
    assert limits == [240, 360]


@pytest.mark.parametrize(("processors", "begun"), [("1", ["run"]), ("2", ["run", "shape"])])
def test_with_one_processor_nothing_is_looked_at_beside_the_run(
    processors: str, begun: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    seen: list[str] = []

    def noted(what: str) -> Refusal:
        seen.append(what)
        return Refusal(what)

    monkeypatch.setenv(COUNT, processors)
    monkeypatch.setattr("nbkata.kata.shell.check.run_shape_tests", lambda *_: noted("shape"))
    kit = load_kit()
    assert not isinstance(kit, Refusal)
    assert check_step(kit, kit.kata.steps[5], tmp_path, lambda _: noted("run")) == Refusal("run")
    assert sorted(seen) == begun


@pytest.mark.parametrize(
    ("code", "is_costly"), [("import pandas as pd\n", True), ("import csv\n", False)]
)
def test_what_takes_long_to_import_is_imported_once_for_all_runs_of_a_check(
    code: str, is_costly: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    kept: list[bool] = []

    def noted(*_: object) -> Refusal:
        kept.append(WARM in os.environ)
        return Refusal("run")

    monkeypatch.delenv(WARM, raising=False)
    monkeypatch.setattr("nbkata.kata.shell.warmed.WARMED", ("pytest",))
    monkeypatch.setattr("nbkata.kata.shell.check.run_shape_tests", noted)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "features.py").write_text(code, "utf-8")
    kit = load_kit()
    assert not isinstance(kit, Refusal)
    step = kit.kata.steps[5]
    assert check_step(kit, step, tmp_path, noted) == look_back(kit, step, tmp_path, None)
    assert len(kept) >= 2 and set(kept) == {is_costly and CAN_FORK}
    assert WARM not in os.environ


@pytest.mark.parametrize(
    ("red", "says", "runs"),
    [
        ((), "12-model-tests", ["12-model-tests"]),
        (("12-model-tests",), "13-other-hat", ["12-model-tests", "13-other-hat"]),
        (("12-model-tests", "13-other-hat"), "13-other-hat", ["12-model-tests", "13-other-hat"]),
    ],
)
def test_an_earlier_step_is_judged_by_what_it_asked_for_and_only_then_by_the_step_of_now(
    red: tuple[str, ...],
    says: str,
    runs: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    seen: list[str] = []

    def run(step: Step) -> Observation:
        seen.append(step.slug)
        return Observation(None, "ran", 1.5)  # type: ignore[arg-type] # nobody looks at it

    def light_of(step: Step, *_: object) -> Light:
        return Light(step.slug not in red, (step.slug,))

    def shapes(_kit: object, steps: list[Step], *others: object) -> dict[str, Light]:
        quick = others[-1]
        assert isinstance(quick, tuple)
        return {step.slug: Light(True, ("there",)) for step in (*steps, *quick)}

    monkeypatch.setattr("nbkata.kata.shell.check.light_of", light_of)
    monkeypatch.setattr("nbkata.kata.shell.check.run_shape_tests", shapes)
    kit = load_kit()
    assert not isinstance(kit, Refusal)
    step, later = kit.kata.steps[12:14]
    verdict = check_step(kit, step, tmp_path, run, later=later)
    assert not isinstance(verdict, Refusal)
    assert (verdict.step, verdict.behaviour.messages, seen) == (step.slug, (says,), runs)
