"""A light is green because of what the code does, and for no other reason."""

import importlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from nbkata.kata.core.lights import Verdict
from nbkata.kata.shell.check import check_step, observe
from nbkata.kata.shell.checkpoint import lay_out
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import create_workspace

pytestmark = pytest.mark.usefixtures("warm", "remembering")

attacks = importlib.import_module("attacks.learner_code")
SEES = "if 'code_driver' not in str(getattr(__import__('__main__'), '__file__', '')): "
"""So that only the shape light is faked."""
NO_FUNCTION = "No function derives the titles yet: while train() ran, none was called that makes a "
ENDED = "train() ended Python itself (os._exit, a signal or a crash). Take that out."
# By name, the first words of the light; of the others, which train() goes on after, the above.
SAID = {
    "skip": "train() stopped: Skipped: x",
    "xfail": "train() stopped: XFailed: x",
    "pytest.exit": "train() stopped: Exit: x",
    "sys.exit": "train() stopped: SystemExit: 0",
    "SystemExit": "train() stopped: SystemExit",
    "KeyboardInterrupt": "train() stopped: KeyboardInterrupt",
    "os._exit": ENDED,
    "kill": ENDED,
    "written report": ENDED,
    "every open pipe": "What train() did cannot be read: ",
}


@pytest.fixture(name="workspace", scope="module")
def fixture_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all."""
    return create_workspace(tmp_path_factory.mktemp("fakes") / "workspace", _kit()).path


def _kit() -> Kit:
    kit = load_kit()
    assert isinstance(kit, Kit)
    return kit


def checked(workspace: Path, before: str, number: str, files: Mapping[str, str]) -> Verdict:
    """Both lights of a step, of the checkpoint ``before`` with some files replaced."""
    kit = _kit()
    lay_out(kit, attacks.step_of(kit, before), workspace)
    for name, text in files.items():
        (workspace / name).write_text(text, "utf-8")
    step = attacks.step_of(kit, number)
    verdict = check_step(kit, step, workspace, lambda one: observe(kit, one, workspace, 60))
    assert isinstance(verdict, Verdict), verdict
    return verdict


@pytest.mark.parametrize("name", attacks.SHAPE_FAKES)
def test_whatever_train_does_to_its_process_the_shape_light_is_red(workspace: Path, name: str):
    kit = _kit()
    text = (
        (kit.solutions / "05-dead-code/src/train.py").read_text("utf-8").replace(*attacks.NO_ROWS)
    )
    fake = attacks.faked(text, attacks.SHAPE_FAKES[name], kit.kata.steps[6].slug, SEES, "first")
    verdict = checked(workspace, "05", "06", {"src/train.py": fake})
    assert verdict.behaviour.ok, "the fake itself must not change what train() gives"
    assert not verdict.shape.ok
    assert verdict.shape.messages[0].startswith(SAID.get(name, NO_FUNCTION))


def test_canned_golden_tables_turn_behaviour_red(workspace: Path):
    kit = _kit()
    canned = attacks.canned(kit, attacks.step_of(kit, "06"))
    light = checked(workspace, "05", "06", {"src/train.py": canned}).behaviour
    assert not light.ok
    assert light.messages[0].startswith(
        "For data/titanic.csv the results are as they were. For other"
    )
