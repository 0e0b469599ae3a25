"""The editors' shared settings: of today's names, what they name exists, and one verdict for all."""

import json
import os
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ET
from fnmatch import fnmatch
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from kit import test_quality
from support import ide_schemas
from support.builders import ROOT
from support.ide_schemas import mistakes

from nbkata.cli import COMMANDS
from nbkata.drills.commands.drill import WORDS

VSCODE = {path.stem: path for path in (ROOT / ".vscode").glob("*.json")}
IDEA = [*(ROOT / ".idea").rglob("*.xml"), *(ROOT / ".idea").glob("*.iml")]
RUN = ROOT / ".idea" / "runConfigurations"


def document(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def read(name: str) -> Any:
    return document(VSCODE[name])


TASKS = {task["label"]: task for task in read("tasks")["tasks"]}
SNIPPETS = document(ROOT / ".vscode" / "nbkata.code-snippets")
TOUR = document(ROOT / ".tours" / "the-kit.tour")
DEVCONTAINER = document(ROOT / ".devcontainer" / "devcontainer.json")


def test_vscode_settings_have_names_and_values_that_vscode_knows():
    settings = read("settings")
    outer = {key: value for key, value in settings.items() if not key.startswith("[")}
    assert not mistakes(outer, ide_schemas.SETTINGS)
    for language in settings.keys() - outer.keys():
        assert language in ("[python]", "[markdown]")
        assert not mistakes(settings[language], ide_schemas.SETTINGS, f"{language} ")


def test_vscode_finds_by_name_what_git_passes_over_only_in_the_workspace():
    settings = read("settings")
    assert settings["search.useIgnoreFiles"] is False
    hidden = [*settings["search.exclude"], *settings["files.exclude"]]
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    names = {line.strip("/") for line in ignored if not line.startswith("#")}
    found = {
        name
        for name in names
        if not any(fnmatch(name, pattern.removeprefix("**/")) for pattern in hidden)
    }
    assert found == {"workspace"}


def test_a_setting_that_was_taken_away_would_be_seen():
    assert mistakes({"python.linting.pylintEnabled": True}, ide_schemas.SETTINGS)
    assert mistakes({"files.eol": "LF"}, ide_schemas.SETTINGS)


def test_vscode_tasks_have_keys_that_vscode_knows():
    assert set(read("tasks")) == {"version", "tasks"} and read("tasks")["version"] == "2.0.0"
    for label, task in TASKS.items():
        assert not mistakes(task, ide_schemas.TASK, f"{label}: ")
        group = task["group"]
        assert (group["kind"] if isinstance(group, dict) else group) in ide_schemas.GROUPS
        assert set(task.get("dependsOn", [])) <= set(TASKS)


def test_vscode_launch_configurations_debug_the_script_and_a_test():
    launch = read("launch")
    assert set(launch) == {"version", "configurations"} and launch["version"] == "0.2.0"
    for configuration in launch["configurations"]:
        assert not mistakes(configuration, ide_schemas.LAUNCH, f"{configuration['name']}: ")
        assert {"name", "type", "request"} <= set(configuration)
        assert sum(key in configuration for key in ("program", "module", "connect")) == 1
        if configuration.get("module") == "nbkata":
            assert configuration["args"][0] in COMMANDS
    targets = [c.get("program", c.get("module")) for c in launch["configurations"]]
    assert "${workspaceFolder}/workspace/src/train.py" in targets and "pytest" in targets


def test_vscode_formatter_and_linter_are_recommended_extensions():
    extensions = read("extensions")
    assert set(extensions) == {"recommendations", "unwantedRecommendations"}
    recommended = extensions["recommendations"]
    assert all(re.fullmatch(r"[a-z][\w-]*\.[\w-]+", name) for name in recommended)
    assert read("settings")["[python]"]["editor.defaultFormatter"] in recommended
    assert {"ms-python.pylint", "ms-python.debugpy"} <= set(recommended)


@pytest.mark.parametrize("label", TASKS)
def test_each_vscode_task_runs_a_command_that_exists_on_every_system(label: str):
    task = TASKS[label]
    if "dependsOn" in task:
        return
    unix, windows = task["command"], task["windows"]["command"]
    if unix == "./go":
        assert (ROOT / "go").is_file() and windows == ".\\go.bat" and (ROOT / "go.bat").is_file()
        assert task.get("args", []) in ([], ["test"])
        return
    program = unix.removeprefix("${workspaceFolder}/.venv/bin/")
    assert windows == f"${{workspaceFolder}}\\.venv\\Scripts\\{program}.exe"
    assert program in ("nbkata", "python")
    if program == "nbkata":
        assert task["args"][0] in COMMANDS
        assert task["args"][0] != "drill" or task["args"][1] in WORDS
    else:
        assert task["args"][0] == "-m"
        assert_runs(task["args"][1])


def assert_runs(module: str) -> None:
    """As ``python -m``; that it does its work is seen in the one verdict below."""
    found = find_spec(module)
    is_package = found is not None and found.submodule_search_locations is not None
    assert found and (not is_package or find_spec(f"{module}.__main__")), module


def test_the_snippets_are_python_once_their_stops_are_filled_in():
    assert {snippet["prefix"] for snippet in SNIPPETS.values()} == {"aaa", "chartest", "frametest"}
    for name, snippet in SNIPPETS.items():
        assert not mistakes(snippet, ide_schemas.SNIPPET, f"{name}: ")
        code = expanded("\n".join(snippet["body"]))
        assert "$" not in code
        compile(code, name, "exec")
        assert code.startswith("def test_") and "assert" in code


def expanded(body: str) -> str:
    """A snippet as it stands when every stop is left at its default."""
    body = re.sub(r"\$\{CURRENT_\w+\}", "01", body)
    body = re.sub(r"\$\{\d+:((?:\\.|[^}\\])*)\}", lambda stop: stop[1].replace("\\}", "}"), body)
    return re.sub(r"\$\{?\d+\}?", "", body)


@pytest.mark.parametrize("stop", TOUR["steps"], ids=lambda stop: stop["file"])
def test_each_stop_of_the_tour_is_a_place_that_exists(stop: dict[str, Any]):
    assert not mistakes(stop, ide_schemas.STOP)
    text = (ROOT / stop["file"]).read_text(encoding="utf-8")
    if "pattern" in stop:
        assert len(re.findall(stop["pattern"], text, re.MULTILINE)) == 1
    for command in re.findall(r"`nbkata (\w+)", stop["description"]):
        assert command in COMMANDS


def test_the_tour_has_only_keys_that_codetour_knows():
    assert not mistakes(TOUR, ide_schemas.TOUR)
    assert TOUR["title"] == "The kit in ten stops" and len(TOUR["steps"]) == 10


def test_the_container_has_a_python_of_the_kit_and_the_same_extensions():
    assert not mistakes(DEVCONTAINER, ide_schemas.DEVCONTAINER)
    assert re.fullmatch(r"python:3\.1[123]", DEVCONTAINER["image"])
    inside = DEVCONTAINER["customizations"]["vscode"]["extensions"]
    assert inside == read("extensions")["recommendations"]
    assert DEVCONTAINER["postCreateCommand"] == "./go"


@pytest.mark.parametrize("path", IDEA, ids=lambda path: path.name)
def test_each_pycharm_file_has_components_and_options_that_pycharm_reads(path: Path):
    root = ET.parse(path).getroot()
    assert root.tag == ide_schemas.ROOTS.get(path.name, "component")
    components = [root] if root.tag == "component" else root.findall("component")
    assert components
    for component in components:
        name = component.get("name", "")
        assert name in ide_schemas.COMPONENTS, f"{path.name}: component {name}"
        options = {option.get("name") or "" for option in component.iter("option")}
        assert options <= ide_schemas.COMPONENTS[name], f"{path.name}: {options}"


def test_no_editor_is_sent_to_an_interpreter_or_to_tests_that_the_learner_does_not_have():
    for path in IDEA:
        elements = list(ET.parse(path).iter())
        assert not [e for e in elements if e.get("project-jdk-name") or e.get("name") == "sdkName"]
    assert read("settings")["python.testing.pytestArgs"] == ["workspace"]
    for guide in (ROOT / "exercises" / "ide-drills").glob("*/README.md"):
        if "Pyrefly" in guide.read_text(encoding="utf-8"):
            assert "meta.pyrefly" in read("extensions")["recommendations"]


@pytest.mark.parametrize("path", IDEA, ids=lambda path: path.name)
def test_each_path_in_a_pycharm_file_exists(path: Path):
    for element in ET.parse(path).iter():
        for value in element.attrib.values():
            for place in re.findall(r"\$(?:MODULE|PROJECT)_DIR\$/([\w./-]+)", value):
                mine = place.startswith((".venv", "workspace"))
                assert mine or (ROOT / place).exists(), f"{path.name} names {place}"


def options_of(path: Path) -> dict[str, str]:
    return {o.get("name", ""): o.get("value", "") for o in ET.parse(path).iter("option")}


@pytest.mark.parametrize("path", sorted(RUN.glob("*.xml")), ids=lambda path: path.stem)
def test_each_pycharm_run_configuration_runs_something_that_exists(path: Path):
    configuration = ET.parse(path).getroot().find("configuration")
    assert configuration is not None
    kind = (configuration.get("type"), configuration.get("factoryName"))
    assert configuration.get("default") == "false" and configuration.get("name")
    assert [m.get("v") for m in configuration.findall("method")] == ["2"]
    options = options_of(path)
    if kind == ("tests", "py.test"):
        assert json.loads(options["_new_targetType"]) == "PATH"
        target = json.loads(options["_new_target"]).removeprefix("$PROJECT_DIR$/")
        assert target == "workspace/tests" or (ROOT / target).is_dir()
        return
    assert kind == ("PythonConfigurationType", "Python")
    if options["MODULE_MODE"] == "false":
        assert options["SCRIPT_NAME"] == "$PROJECT_DIR$/workspace/src/train.py"
    elif options["SCRIPT_NAME"] == "nbkata":
        assert options["PARAMETERS"].split()[0] in COMMANDS
    else:
        assert_runs(options["SCRIPT_NAME"])


def test_pycharm_formats_with_black_and_tests_with_pytest():
    misc = (ROOT / ".idea" / "misc.xml").read_text(encoding="utf-8")
    assert '<component name="Black">' in misc
    module = (ROOT / ".idea" / "nbkata.iml").read_text(encoding="utf-8")
    assert 'name="PROJECT_TEST_RUNNER" value="py.test"' in module


def test_personal_editor_state_is_not_committed():
    assert "/workspace.xml" in (ROOT / ".idea" / ".gitignore").read_text(encoding="utf-8")


# One verdict: the editors' tasks, the git hook, CI and the command line say the same of a file.

MISTAKEN = '''"""A format slip, a lint error and a failing test."""

import os


def test_the_sum_is_right( ):
    assert 1 + 1 == 3
'''
CLEAN = '''"""Nothing to complain of."""


def test_the_sum_is_right():
    assert 1 + 1 == 2
'''
TOOLS = ("format", "lint", "test")


@cache
def output(command: tuple[str, ...]) -> tuple[bool, str]:
    """Whether it is content, and all that it says; where two say the same command, it runs once."""
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False, errors="replace",
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},  # half a second of each start
    )  # fmt: skip
    return done.returncode == 0, done.stdout + done.stderr


def vscode_commands(file: str) -> dict[str, list[str]]:
    commands = {}
    for tool in TOOLS:
        task = TASKS[f"this file: {tool}"]
        assert task["command"].endswith("/python")
        arguments = [argument.replace("${file}", file) for argument in task["args"]]
        commands[tool] = [sys.executable, *arguments]
    assert TASKS["this file: verdict"]["dependsOn"] == [f"this file: {tool}" for tool in TOOLS]
    return commands


def pycharm_commands(file: str) -> dict[str, list[str]]:
    commands = {}
    for tool in ("format", "lint"):
        options = options_of(RUN / f"file_{tool}.xml")
        arguments = options["PARAMETERS"].replace("$FilePath$", file)
        commands[tool] = [sys.executable, "-m", options["SCRIPT_NAME"], *shlex.split(arguments)]
    # The tests of a file are PyCharm's own run: the module's test runner on that file.
    runner = options_of(ROOT / ".idea" / "nbkata.iml")["PROJECT_TEST_RUNNER"]
    commands["test"] = [sys.executable, "-m", runner.replace(".", ""), file]
    return commands


def hook_commands(file: str) -> dict[str, list[str]]:
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    (repository,) = yaml.safe_load(text)["repos"]
    assert repository["repo"] == "local"
    hooks = {hook["id"]: hook for hook in repository["hooks"]}
    for hook in hooks.values():
        assert set(hook) == {"id", "name", "language", "entry", "files"}
        assert hook["language"] == "system"
    entries = {tool: shlex.split(hooks[tool]["entry"]) for tool in TOOLS}
    assert all(entry[0] == "python" for entry in entries.values())
    return {tool: [sys.executable, *entry[1:], file] for tool, entry in entries.items()}


def command_line(file: str) -> dict[str, list[str]]:
    plain = {"format": ["black", "--check"], "lint": ["pylint", "--score=n"], "test": ["pytest"]}
    return {tool: [sys.executable, "-m", *words, file] for tool, words in plain.items()}


@pytest.fixture(scope="module", name="files")
def fixture_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verdict")
    (folder / "test_slipped.py").write_text(MISTAKEN, encoding="utf-8")
    (folder / "test_clean.py").write_text(CLEAN, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "commands", [vscode_commands, pycharm_commands, hook_commands, command_line]
)
def test_a_file_gets_one_verdict_from_editor_hook_and_command_line(commands: Any, files: Path):
    mistaken, clean = files / "test_slipped.py", files / "test_clean.py"
    bad = {tool: output(tuple(command)) for tool, command in commands(str(mistaken)).items()}
    assert {tool: ok for tool, (ok, _) in bad.items()} == dict.fromkeys(TOOLS, False)
    assert "would be reformatted" in bad["format"][1] or "would reformat" in bad["format"][1]
    assert "unused-import" in bad["lint"][1] and ":3:" in bad["lint"][1]
    assert "1 failed" in bad["test"][1] and "assert (1 + 1) == 3" in bad["test"][1]
    good = {tool: output(tuple(command)) for tool, command in commands(str(clean)).items()}
    assert {tool: ok for tool, (ok, _) in good.items()} == dict.fromkeys(TOOLS, True), good


def test_ci_gives_the_same_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "test_slipped.py").write_text(MISTAKEN, encoding="utf-8")
    monkeypatch.setattr(test_quality, "OURS", [str(tmp_path)])
    with pytest.raises(AssertionError, match="test_the_sum_is_right"):
        test_quality.test_black_would_change_nothing()
    with pytest.raises(AssertionError, match="unused-import"):
        test_quality.test_pylint_finds_nothing_in_the_kit_and_its_tests()
    (tmp_path / "test_slipped.py").write_text(CLEAN, encoding="utf-8")
    test_quality.test_black_would_change_nothing()
    test_quality.test_pylint_finds_nothing_in_the_kit_and_its_tests()


def test_ci_the_editors_and_a_person_run_the_same_command():
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    everywhere, *set_up_jobs = re.split(r"(?m)^  [\w-]+:$", workflow.partition("\njobs:\n")[2])[1:]
    assert re.findall(r"run: (.*)", everywhere) == ["./go test -rs", "go.bat test -rs"]
    assert len(set_up_jobs) == 2  # with the pip of an interpreter, and with Debian's
    for job in set_up_jobs:
        assert re.findall(r"run: (\./go.*)", job) == ["./go", "./go test tests/kit/test_lock.py"]
    assert "\n./go test -rs </dev/null\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert [TASKS["kit: all tests"]["command"], *TASKS["kit: all tests"]["args"]] == [
        "./go",
        "test",
    ]
