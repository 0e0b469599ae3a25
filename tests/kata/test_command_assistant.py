"""`nbkata assistant`: the editor's AI features of a workspace, off and on, and taken back."""

import json
from pathlib import Path

import pytest
from support.builders import output_of
from support.ide_schemas import SETTINGS as SCHEMA
from support.ide_schemas import mistakes

from nbkata.kata.core.assistant import OFF, switched
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.settings import settings_for
from nbkata.kata.shell.workspace import create_workspace


@pytest.fixture(name="dojo")
def fixture_dojo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    kit = load_kit()
    assert isinstance(kit, Kit)
    path = tmp_path / "a b"
    create_workspace(path, kit, settings_for(kit, path))
    monkeypatch.chdir(path)
    return path


def test_off_adds_settings_and_on_leaves_those_of_others_as_they_were(dojo: Path):
    path = dojo / ".vscode" / "settings.json"
    before = path.read_bytes()
    assert output_of("assistant", "off")[0] == 0
    settings = json.loads(path.read_text("utf-8"))
    assert OFF.items() <= settings.items() and (dojo / ".noai").read_bytes() == b""
    assert not mistakes({k: v for k, v in settings.items() if not k.startswith("[")}, SCHEMA)
    assert output_of("assistant", "on")[0] == 0
    assert json.loads(path.read_text("utf-8")) == json.loads(before)
    assert not (dojo / ".noai").exists()


def test_it_can_be_undone_and_makes_what_is_not_there(dojo: Path):
    path = dojo / ".vscode" / "settings.json"
    path.unlink()
    assert output_of("assistant", "off")[0] == 0
    assert "python.defaultInterpreterPath" in json.loads(path.read_text("utf-8"))
    assert output_of("undo")[0] == 0
    assert not path.exists() and not (dojo / ".noai").exists()


def test_settings_with_comments_are_left_alone(dojo: Path):
    path = dojo / ".vscode" / "settings.json"
    path.write_text('{ // mine\n  "a": 1 }\n', "utf-8")
    code, _, complaint = output_of("assistant", "off")
    assert code == 2 and "Set it there yourself: chat.disableAIFeatures" in complaint
    assert path.read_text("utf-8") == '{ // mine\n  "a": 1 }\n' and not (dojo / ".noai").exists()


def test_a_value_of_somebodys_own_is_kept_when_it_is_switched_on():
    files = switched('{"editor.inlineSuggest.enabled": true, "chat.disableAIFeatures": true}', True)
    assert files is not None and files[".vscode/settings.json"] is not None
    assert json.loads(files[".vscode/settings.json"]) == {"editor.inlineSuggest.enabled": True}
