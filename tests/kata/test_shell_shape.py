"""The shape light of one step or several, and when it is looked at."""

from pathlib import Path

import pytest

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.cores import COUNT
from nbkata.kata.shell.check import check_step
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
    assert check_step(kit, kit.kata.steps[5], tmp_path, lambda: noted("run")) == Refusal("run")
    assert sorted(seen) == begun
