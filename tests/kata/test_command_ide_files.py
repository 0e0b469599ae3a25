"""The editors' settings of a workspace that stands alone."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

from support import ide_schemas
from support.ide_schemas import mistakes

from nbkata.cli import COMMANDS
from nbkata.kata.core.ide_files import fitted
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.settings import settings_for

PYTHON = "/opt/tools/nbkata/bin/python"


def files() -> dict[str, str]:
    kit = load_kit()
    assert isinstance(kit, Kit)
    return fitted({n: p.read_text(encoding="utf-8") for n, p in kit.ide_files.items()}, PYTHON)


def test_nothing_leads_to_the_repository_any_more():
    for name, text in files().items():
        for sign in ("}/workspace", "$/workspace", ".venv/bin", "solutions/", "./go"):
            assert sign not in text, name
        assert not Path(name).name.startswith("kit")


def test_vscode_runs_the_programs_that_nbkata_was_installed_with():
    settings = json.loads(files()[".vscode/settings.json"])
    assert settings["python.defaultInterpreterPath"] == PYTHON
    assert "search.useIgnoreFiles" not in settings  # what its git passes over is the kit's own
    outer = {key: value for key, value in settings.items() if not key.startswith("[")}
    assert not mistakes(outer, ide_schemas.SETTINGS)
    tasks = json.loads(files()[".vscode/tasks.json"])["tasks"]
    labels = {task["label"] for task in tasks}
    for task in tasks:
        assert not mistakes(task, ide_schemas.TASK, task["label"])
        assert task.get("command", PYTHON) == PYTHON
        assert set(task.get("dependsOn", [])) <= labels
    own = [task["args"][2] for task in tasks if task.get("args", [])[:2] == ["-m", "nbkata"]]
    assert {"check", "status"} <= set(own) <= set(COMMANDS)


def test_pycharm_finds_sources_and_tests():
    module = ET.fromstring(files()[".idea/nbkata.iml"])
    folders = [folder.get("url") for folder in module.iter("sourceFolder") if folder.get("url")]
    assert folders == ["file://$MODULE_DIR$/src", "file://$MODULE_DIR$/tests"]
    for name, text in files().items():
        if name.endswith(".xml"):
            ET.fromstring(text)


def test_in_the_clone_the_repositorys_own_settings_hold(tmp_path: Path):
    kit = load_kit()
    assert isinstance(kit, Kit)
    assert set(settings_for(kit, kit.root / "workspace")) == set(kit.settings_files)
    assert ".vscode/settings.json" in settings_for(kit, tmp_path)
