"""The editors' shared settings: well-formed, of today's names, and what they name exists."""

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from builders import ROOT

from nbkata.cli import COMMANDS

VSCODE = {path.stem: path for path in (ROOT / ".vscode").glob("*.json")}
IDEA = [*(ROOT / ".idea").rglob("*.xml"), *(ROOT / ".idea").glob("*.iml")]


def read(name: str) -> Any:
    return json.loads(VSCODE[name].read_text(encoding="utf-8"))


def test_vscode_has_settings_extensions_tasks_and_launch():
    assert {"settings", "extensions", "tasks", "launch"} <= set(VSCODE)


def test_vscode_settings_use_no_name_that_was_taken_away():
    gone = [key for key in read("settings") if re.match(r"python\.(linting|formatting)\.", key)]
    assert not gone


def test_vscode_formatter_and_linter_are_recommended_extensions():
    recommended = read("extensions")["recommendations"]
    assert all(re.fullmatch(r"[\w-]+\.[\w-]+", name) for name in recommended)
    assert read("settings")["[python]"]["editor.defaultFormatter"] in recommended
    assert "ms-python.pylint" in recommended


@pytest.mark.parametrize("task", read("tasks")["tasks"], ids=lambda task: task["label"])
def test_each_vscode_task_runs_a_command_that_exists_on_every_system(task: dict[str, Any]):
    unix, windows = task["command"], task["windows"]["command"]
    if unix == "./go":
        assert (ROOT / "go").is_file() and windows == ".\\go.bat" and (ROOT / "go.bat").is_file()
        assert task.get("args", []) in ([], ["test"])
    else:
        assert unix == "${workspaceFolder}/.venv/bin/nbkata"
        assert windows == "${workspaceFolder}\\.venv\\Scripts\\nbkata.exe"
        assert task["args"][0] in COMMANDS


def test_each_vscode_launch_configuration_is_for_debugpy():
    launch = read("launch")
    assert launch["version"] == "0.2.0"
    for configuration in launch["configurations"]:
        assert {"name", "type", "request"} <= set(configuration)
        assert configuration["type"] == "debugpy"
        if configuration.get("module") == "nbkata":
            assert configuration["args"][0] in COMMANDS


@pytest.mark.parametrize("path", IDEA, ids=lambda path: path.name)
def test_each_pycharm_file_is_well_formed_and_names_paths_that_exist(path: Path):
    tree = ET.parse(path)
    for element in tree.iter():
        for value in element.attrib.values():
            for place in re.findall(r"\$(?:MODULE|PROJECT)_DIR\$/([\w./-]+)", value):
                mine = place.startswith((".venv", "workspace"))
                assert mine or (ROOT / place).exists(), f"{path.name} names {place}"


def test_pycharm_run_configurations_call_commands_that_exist():
    for path in (ROOT / ".idea" / "runConfigurations").glob("*.xml"):
        options = {o.get("name"): o.get("value") for o in ET.parse(path).iter("option")}
        if "SCRIPT_NAME" in options:
            assert options["SCRIPT_NAME"] == "nbkata"
            assert (options["PARAMETERS"] or "").split()[0] in COMMANDS
        else:
            assert options["_new_target"] == '"$PROJECT_DIR$/tests"'


def test_pycharm_formats_with_black_and_tests_with_pytest():
    misc = (ROOT / ".idea" / "misc.xml").read_text(encoding="utf-8")
    assert '<component name="Black">' in misc
    module = (ROOT / ".idea" / "nbkata.iml").read_text(encoding="utf-8")
    assert 'name="PROJECT_TEST_RUNNER" value="py.test"' in module


def test_personal_editor_state_is_not_committed():
    assert "/workspace.xml" in (ROOT / ".idea" / ".gitignore").read_text(encoding="utf-8")
